"""What schemathesis cannot know of this API; it loads this in an environment of its own (`schemathesis.toml`).

All that a run has to know of the register comes in its environment, and what it counted goes into its folder.
"""

import atexit
import json
import os
import re
import time
from collections import Counter
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Any, Final

import requests
import schemathesis
from schemathesis.core import NOT_SET
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from infra.attack.beyond import is_beyond
from infra.attack.caller import SCHEME
from infra.attack.living import Living
from shared.http.conditional import IF_MATCH_PATTERN

_FOLDER: Final = Path(os.environ["ATTACK_FOLDER"])
_RECEIVER: Final = os.environ["ATTACK_RECEIVER"].encode()
_ELSEWHERE: Final = "https://receiver.invalid"
"""Nobody answers there, now or ever (RFC 6761, section 6.4)."""
_HOST: Final = re.compile("^https://[^/?]*")
_BY_REFERENCE: Final = "/by-ref/"
_BEHIND: Final = "catching-up"
_ATTEMPTS: Final = 20
_TIMEOUT: Final = 30.0
_NDJSON: Final = "application/x-ndjson"

_living: Final = Living(json.loads((_FOLDER / "records.json").read_text(encoding="utf-8")))
_numbers: Final = count(1)
_requests: Final = Counter[str]()
_beyond: Final = Counter[str]()
_again: Final = Counter[str]()
_wrong: Final = set[str]()
"""Ids of cases that were drawn wrong."""


@atexit.register
def _tell() -> None:
    counted = {"requests": _requests, "beyond": _beyond, "again": _again}
    (_FOLDER / "counted.json").write_text(json.dumps(counted), encoding="utf-8")


@schemathesis.hook
def before_call(_: schemathesis.HookContext, case: schemathesis.Case, __: dict[str, Any]) -> None:
    """Name records that are there, and let nothing be wrong by chance, so that what is tried is reached."""
    meta: Any = case.meta
    tried, is_sound = _tried(meta), meta is not None and meta.generation.mode.is_positive
    if meta is not None and not is_sound:
        _wrong.add(case.id)
    _name_living(case, tried)
    if ParameterLocation.PATH not in tried and "scheme" in case.path_parameters:
        case.path_parameters["scheme"] = SCHEME
    if ParameterLocation.HEADER not in tried:
        _draw_headers(case)
    if is_sound and re.search(IF_MATCH_PATTERN, case.headers.get("If-Match", "*")) is None:
        # The shortest text that it may have is drawn without regard to its pattern.
        case.headers["If-Match"] = "*"
    if isinstance(case.body, dict):
        _mend_body(case, case.body, is_sound=is_sound)
    # Each of these puts one sound value in the place of another: the request stays as right or wrong as it was drawn.
    case._record_starting_state()  # noqa: SLF001 - schemathesis has no public way to say so


def _tried(meta: Any) -> set[ParameterLocation]:  # noqa: ANN401 - a type of schemathesis, which is not in reach
    """Return the parts of the request that are meant to be wrong, or at their limits."""
    if meta is None:
        return set()
    wrong = {location for location, part in meta.components.items() if part.mode.is_negative}
    return {getattr(meta.phase.data, "parameter_location", None), *wrong}


def _mend_body(case: schemathesis.Case, body: dict[str, Any], *, is_sound: bool) -> None:
    """Name the network of the path in a membership, and let a challenge reach no stranger who was drawn by chance."""
    if is_sound and case.path.startswith("/organisations/{id}/members") and body.get("network_id") is not None:
        body["network_id"] = case.path_parameters["id"]
    if case.path.startswith("/webhooks") and isinstance(body.get("url"), str):
        # No longer than it was, where it is as long as it may be.
        body["url"] = _HOST.sub(_ELSEWHERE, body["url"])[: max(len(body["url"]), len(_ELSEWHERE) + 1)]


def _draw_headers(case: schemathesis.Case) -> None:
    """Let each write happen once, and to whatever version there is."""
    if "Idempotency-Key" in case.headers:
        number = f"{next(_numbers):07}"
        case.headers["Idempotency-Key"] = case.headers["Idempotency-Key"][: -len(number)] + number
    if _BY_REFERENCE in case.path and case.method != "GET":
        # Both are optional there, and hinder what they are not meant for: to create, or to replace.
        for name in ("If-Match", "If-None-Match"):
            case.headers.pop(name, None)
    elif "If-Match" in case.headers:
        case.headers["If-Match"] = "*"


def _name_living(case: schemathesis.Case, tried: set[ParameterLocation]) -> None:
    named = case.path_parameters = _living.sent(case.path_parameters)
    case.query = _living.sent(case.query)
    if case.body is not NOT_SET:
        case.body = _living.sent(case.body)
    if (last := _ended_by(case)) is not None:
        named[last] = _living.to_end(str(named[last]))
    if "membership_id" in named and ParameterLocation.PATH not in tried:
        named["id"] = _living.network_of(str(named["membership_id"]), named["id"])


def _ended_by(case: schemathesis.Case) -> str | None:
    """Return the variable of the path that names the record which the request deletes or merges away."""
    if case.path.endswith("/merge"):
        return "id"
    last = "membership_id" if "membership_id" in case.path_parameters else "id"
    return last if case.method == "DELETE" and case.path.endswith(f"/{{{last}}}") else None


@schemathesis.hook
def after_call(_: schemathesis.HookContext, case: schemathesis.Case, response: schemathesis.Response) -> None:
    """Come back where the answer says when, and remember what was made and what was ended."""
    _come_back(response)
    # Locally a receiver may be on this machine, which the document does not say of a deployed register.
    response.content = response.content.replace(_RECEIVER, f"{_ELSEWHERE}/".encode())
    _requests["probes" if case.meta is None else case.meta.phase.name.value] += 1
    if response.status_code == HTTPStatus.CREATED:
        made = response.json()
        _living.made(made["id"], made.get("network_id"))
    elif response.status_code in {HTTPStatus.NO_CONTENT, HTTPStatus.ACCEPTED} and (last := _ended_by(case)) is not None:
        _living.ended(str(case.path_parameters[last]))


def _come_back(response: schemathesis.Response) -> None:
    """Put the lasting answer in the place of one that says when: thousands of writes in a row outrun the lists."""
    for _ in range(_ATTEMPTS):
        if response.status_code != HTTPStatus.SERVICE_UNAVAILABLE or not response.json()["type"].endswith(_BEHIND):
            return
        _again[_BEHIND] += 1
        time.sleep(int(response.headers["retry-after"][0]))
        with requests.Session() as session:
            answer = session.send(response.request, timeout=_TIMEOUT)
        lasting = schemathesis.Response.from_requests(answer, verify=response.verify)
        for name in {*response.__slots__} - {"_override"}:
            setattr(response, name, getattr(lasting, name))


@schemathesis.check
def accepts_what_the_document_allows(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> bool | None:
    """Fail where a request that fits the document is refused, but for rules that no schema can tell."""
    if response.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}:
        problem = response.json()
        faults = problem.get("errors")
        # Keys at their shortest are drawn more than once.
        if problem["type"].endswith("/idempotency-key-reused"):
            return None
        if faults and all(is_beyond(case.operation.label, fault) for fault in faults):
            if case.meta is not None and case.meta.generation.mode.is_positive:
                _beyond.update({fault["code"] for fault in faults})
            return None
    accepted: bool | None = positive_data_acceptance(ctx, response, case)
    return accepted


@schemathesis.check
def refuses_what_the_document_forbids(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> bool | None:
    """Fail where a request is answered that does not fit the document; each row of an import is refused for itself."""
    if case.id not in _wrong:
        # Relabelled after it was sent, when its path was percent-encoded and so longer than it may be.
        return None
    is_import = case.path == "/imports" and response.status_code == HTTPStatus.OK
    if is_import and any(row["verdict"] == "invalid" for row in response.json()["items"]):
        return None
    refused: bool | None = negative_data_rejection(ctx, response, case)
    return refused


@schemathesis.serializer(_NDJSON)
def _lines(_: object, value: object) -> bytes:
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "surrogatepass")


@schemathesis.deserializer(_NDJSON, "text/calendar", "text/html", "text/vnd.graphviz")
def _text(_: object, response: schemathesis.Response) -> str:
    return str(response.content, "utf-8")
