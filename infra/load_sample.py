"""Loads the sample records into a running register, through its API as any partner would; safe to run again."""

import http
import http.client
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from infra.sample.facts import records, slug_named

_TIMEOUT = 30.0
_ATTEMPTS = 8
_LONGEST_PAUSE = 10.0


class LoadError(Exception):
    """The register could not be reached or refused a sample record; the message says which and why."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load found and did."""

    created: int
    """Records that the load added."""
    present: int
    """Records that were there already."""
    ids: Mapping[str, str]
    """The id of every sample record by its slug."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    content: Any


def load(base_url: str, *, key: str | None = None) -> LoadReport:
    """Post all sample records one after another and return their ids; raises `LoadError` at the first refusal.

    `base_url` ends with the stage (`http://127.0.0.1:8000/v1`), `key` is an API key where the register wants one.
    A record whose external id is taken counts as present, so that a load that broke off goes on where it was.
    """
    register = _Register(base_url.rstrip("/"), key)
    ids: dict[str, str] = {}
    created = 0
    for slug, record in records():
        path = _collection(record, ids)
        answer = register.ask("POST", path, record)
        if answer.status == http.HTTPStatus.CREATED:
            created += 1
            ids[slug] = answer.content["id"]
            continue
        present = _present(register, path, record, answer)
        if present is None:
            raise LoadError(_refusal(slug, answer))
        ids[slug] = present
    return LoadReport(created, len(ids) - created, ids)


def _collection(record: Mapping[str, Any], ids: Mapping[str, str]) -> str:
    if record["type"] == "membership":
        return f"/organisations/{ids[slug_named(record['network_id']) or '']}/members"
    return f"/{record['type']}s"


def _present(register: "_Register", path: str, record: Mapping[str, Any], answer: _Answer) -> str | None:
    """Return the id of the record that is in the way, if it is the one that was to be added; else None.

    A membership that is there already also overlaps with itself, and the register may name either reason.
    """
    related = answer.content.get("related")
    if answer.status != http.HTTPStatus.CONFLICT or not related:
        return None
    if not str(answer.content.get("type")).endswith("/external-id-taken"):
        held = register.ask("GET", f"{path}/{related[0]}").content.get("external_ids", ())
        if record["external_ids"][0] not in held:
            return None
    return str(related[0])


@dataclass(frozen=True, slots=True)
class _Register:
    """The API of a running register."""

    base_url: str
    key: str | None

    def ask(self, method: str, path: str, record: Mapping[str, Any] | None = None) -> _Answer:
        """Send a request, again after a lost connection or a 503: external ids keep records from being there twice."""
        problem = "it did not answer"
        for attempt in range(_ATTEMPTS):
            try:
                answer = self._send(method, path, record)
            except (OSError, http.client.HTTPException) as error:
                problem, pause = str(error) or type(error).__name__, 0.1 * 2**attempt
            else:
                if answer.status != http.HTTPStatus.SERVICE_UNAVAILABLE:
                    return answer
                problem, pause = _detail(answer), float(answer.headers.get("retry-after", "1"))
            if attempt < _ATTEMPTS - 1:
                time.sleep(min(pause, _LONGEST_PAUSE))
        raise LoadError(f"{self.base_url} could not be used after {_ATTEMPTS} attempts: {problem}")

    def _send(self, method: str, path: str, record: Mapping[str, Any] | None) -> _Answer:
        """Send one request on a connection of its own: a local server may be restarted at any time."""
        parts = urlsplit(self.base_url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=_TIMEOUT)
        headers = {"Accept": "application/json"}
        if self.key is not None:
            headers["Authorization"] = f"Bearer {self.key}"
        body = None
        if record is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(record).encode()
        try:
            connection.request(method, parts.path + path, body, headers)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        return _Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, _parsed(text))


def _parsed(text: bytes) -> Any:  # noqa: ANN401 - any JSON value
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    return content if isinstance(content, dict) else {"detail": text[:200].decode(errors="replace")}


def _detail(answer: _Answer) -> str:
    return f"{answer.status} {answer.content.get('detail') or answer.content.get('title') or ''}".strip()


def _refusal(slug: str, answer: _Answer) -> str:
    faults = "".join(
        f"\n  {fault.get('pointer') or fault.get('parameter') or fault.get('header')}: {fault.get('message')}"
        for fault in answer.content.get("errors", ())
    )
    return f"The register refused the sample record {slug}: {_detail(answer)}{faults}"


def main() -> int:
    """Load into the register named on the command line and say in one line what came of it."""
    match sys.argv[1:]:
        case [base_url]:
            key = None
        case [base_url, key]:
            pass
        case _:
            print("Usage: python -m infra.load_sample http://127.0.0.1:8000/v1 [API key]", file=sys.stderr)
            return 2
    try:
        report = load(base_url, key=key)
    except LoadError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Sample data: {report.created} records added, {report.present} were there already.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
