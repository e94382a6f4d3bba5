"""The API as a client sees it: a request in, the answer of the real gateway and handlers out; no socket, no network."""

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from infra import client
from infra.local.functions import Functions
from infra.local.gateway import Gateway
from infra.local.wire import Request
from infra.template import Template

Json = dict[str, Any]

WRITER = "https://office.example"
"""The one origin from which a browser may write in these tests."""
WRITES = {"POST", "PUT", "PATCH", "DELETE"}
TYPES = {"PATCH": "application/merge-patch+json"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        return json.loads(self.content)

    @property
    def etag(self) -> str:
        return self.headers["etag"]

    @property
    def items(self) -> list[Json]:
        items: list[Json] = self.json["items"]
        return items

    def names(self) -> list[str]:
        """What a page shows, by name or title."""
        return [item["name"] if "name" in item else item["title"]["de"] for item in self.items]

    def faults(self) -> dict[str, str]:
        """Codes by pointer, parameter or header."""
        return {
            next(fault[place] for place in ("pointer", "parameter", "header") if place in fault): fault["code"]
            for fault in self.json["errors"]
        }


@dataclass(frozen=True, slots=True)
class Api:
    """Sends requests as `api.get("/events?from=2023", accept="application/json")`."""

    gateway: Gateway
    key: str = ""
    """Sent with every write, and with every request for more than the public part, unless the test says otherwise."""

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        content = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        )
        needed = method in WRITES or "view=full" in path
        keyed = {"authorization": f"Bearer {self.key}"} if self.key and needed else {}
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        fields = {"host": "127.0.0.1", **keyed, **sent}
        if not fields.get("authorization", "no key"):
            del fields["authorization"]
        if content:
            fields.setdefault("content-type", TYPES.get(method, "application/json"))
        request = Request(method, f"/v1{path}", "HTTP/1.1", tuple(fields.items()), content, "127.0.0.1")
        response = self.gateway.respond(request)
        return Answer(response.status, {name.lower(): value for name, value in response.headers}, response.body)

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, **headers)

    def head(self, path: str, **headers: str) -> Answer:
        return self.send("HEAD", path, **headers)

    def options(self, path: str, **headers: str) -> Answer:
        return self.send("OPTIONS", path, **headers)

    def post(self, path: str, body: object, **headers: str) -> Answer:
        return self.send("POST", path, body, **headers)

    def put(self, path: str, body: object, **headers: str) -> Answer:
        return self.send("PUT", path, body, **headers)

    def patch(self, path: str, body: object, **headers: str) -> Answer:
        return self.send("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.send("DELETE", path, **headers)

    def create(self, path: str, body: Json) -> Json:
        """A record that the test takes for granted."""
        answer = self.post(path, body)
        assert answer.status == 201, answer.content
        record: Json = answer.json
        return record

    def id(self, path: str, body: Json) -> str:
        return str(self.create(path, body)["id"])

    def change(self, path: str, patch: Json) -> Json:
        """The record after a patch that the test takes for granted."""
        answer = self.patch(path, patch, if_match="*")
        assert answer.status == 200, answer.content
        record: Json = answer.json
        return record


@dataclass(frozen=True, slots=True)
class Direct(client.Client):
    """What an operator's program asks with, led to the register of a test without a socket."""

    api: Api = field(kw_only=True)

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> client.Answer:
        sent = {name.lower().replace("-", "_"): value for name, value in (headers or {}).items()}
        answer = self.api.send(method, path, body, **sent)
        return client.Answer(answer.status, answer.headers, answer.content)


def load(template: Template, **environment: str) -> tuple[Functions, ModuleType]:
    """The real handlers in an environment of their own, and what their process shares, whatever was imported before."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "functions"]:
        del sys.modules[name]
    declared = {name: value for function in template.functions for name, value in function.environment.items()}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            **declared,
            "SNAPSHOT_FUNCTION": "",
            "JOBS_FUNCTION": "",
            "EXPORT_FUNCTION": "",
            "WRITE_ORIGINS": WRITER,
            **environment,
        }.items():
            patch.setenv(name, value)
        functions = Functions(template.functions)
        return functions, sys.modules["functions.process"]


def forget_projection(process: ModuleType, path: Path) -> None:
    """Let the next list and the next search begin copies of their own."""
    for opened, copy in ((process._opened, process.projection), (process._opened_for_search, process.searching)):
        if opened.cache_info().currsize:
            copy().close()
        opened.cache_clear()
    for stem in (path.stem, f"{path.stem}-search"):
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path.with_stem(stem)}{suffix}").unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Like:
    """Equals every text that fits a pattern: for what the register draws itself."""

    pattern: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and re.fullmatch(self.pattern, other) is not None

    def __hash__(self) -> int:
        return hash(self.pattern)


ORG, MEM, EVT, COOP = (Like(f"{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}") for prefix in ("org", "mem", "evt", "coop"))
STAMP = Like(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
KEY = Like(r"p[0-9a-f]{10}")
UUID = Like(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def envelope(record_type: str, record_id: object, version: int = 1) -> Json:
    """The six fields around every record."""
    return {
        "type": record_type,
        "id": record_id,
        "version": version,
        "created_at": STAMP,
        "updated_at": STAMP,
        "managed_by": None,
    }


def problem(slug: str, status: int, title: str, detail: str, **more: object) -> Json:
    """A whole problem body."""
    return {
        "type": f"/v1/problems/{slug}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": Like(f"urn:uuid:{UUID.pattern}"),
        **more,
    }
