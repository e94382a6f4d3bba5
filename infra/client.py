"""The API of a running register, for programs: sends a request until there is an answer that lasts."""

import http.client
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

_TIMEOUT = 35.0
_ATTEMPTS = 8
_LONGEST_PAUSE = 61.0
_PASSING = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}

Json = dict[str, Any]


class Unreachable(Exception):
    """No lasting answer came; the message says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def read(cls, response: http.client.HTTPResponse) -> "Answer":
        """Read a response to its end; raises OSError or HTTPException where the connection is lost before."""
        headers = {name.lower(): value for name, value in response.getheaders()}
        return cls(response.status, headers, response.read())

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        """The body as JSON; raises ValueError where it is none."""
        return json.loads(self.body)

    @property
    def content(self) -> Json:
        """The JSON object of the body; in place of anything else, one whose `detail` is how the body begins."""
        try:
            content = self.json
        except ValueError:
            content = None
        return content if isinstance(content, dict) else {"detail": self.body[:200].decode(errors="replace")}

    @property
    def passes(self) -> bool:
        """Whether the same request may be answered otherwise in a while, as one that is still being answered."""
        is_collision = self.status == HTTPStatus.CONFLICT and "retry-after" in self.headers
        return self.status in _PASSING or is_collision

    @property
    def pause(self) -> float:
        """Seconds until it is worth asking again: those of Retry-After, 1 where it is missing or a date."""
        told = self.headers.get("retry-after", "")
        return float(told) if re.fullmatch("[0-9]{1,9}", told) else 1.0

    @property
    def summary(self) -> str:
        """The status with what the problem says, in one line."""
        content = self.content
        return f"{self.status} {content.get('detail') or content.get('title') or ''}".strip()


@dataclass(frozen=True, slots=True)
class Client:
    """One register and whose key is used; `base_url` ends with the stage (`http://127.0.0.1:8000/v1`)."""

    base_url: str
    key: str | None = field(default=None, repr=False)

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request, again after a lost connection or what passes; raises `Unreachable` after eight attempts.

        It is for requests that do no harm when they happen twice.
        """
        problem = "it did not answer"
        for attempt in range(_ATTEMPTS):
            try:
                answer = self._send(method, path, body, headers or {})
            except (OSError, http.client.HTTPException) as error:
                problem, pause = str(error) or type(error).__name__, 0.1 * 2**attempt
            else:
                if not answer.passes:
                    return answer
                problem, pause = answer.summary, answer.pause
            if attempt < _ATTEMPTS - 1:
                time.sleep(min(pause, _LONGEST_PAUSE))
        raise Unreachable(f"{self.base_url} could not be used after {_ATTEMPTS} attempts: {problem}")

    def _send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Send one request on a connection of its own: a local server may be restarted at any time."""
        parts = urlsplit(self.base_url.rstrip("/"))
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=_TIMEOUT)
        sent = {"Accept": "application/json", **headers}
        if self.key is not None:
            sent["Authorization"] = f"Bearer {self.key}"
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, parts.path + path, body, sent)
            return Answer.read(connection.getresponse())
        finally:
            connection.close()
