"""Clients that do no good, on bare sockets: what is no request, what ends in the middle, and what takes its time."""

import contextlib
import http.client
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from random import Random
from typing import Final

from infra.client import Answer
from infra.soak.asking import Course

_HEAD: Final = b"Host: 127.0.0.1\r\n"
_JSON: Final = b"Content-Type: application/json\r\n"
_POST: Final = b"POST /v1/organisations HTTP/1.1\r\n" + _HEAD + _JSON


def _with_body(body: bytes, *, key: bytes = b"") -> bytes:
    return _POST + key + b"Content-Length: %d\r\n\r\n" % len(body) + body


_HOSTILE: Final = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"\x00" * 200 + b"\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET /v1/events\r\n\r\n",
    b"GET /v1/events HTTP/2.0\r\n" + _HEAD + b"\r\n",
    b"GET /v1/events HTTP/1.1\r\n\r\n",
    b"GET /v1/events HTTP/1.1\r\n" + _HEAD + _HEAD + b"\r\n",
    b"GET /v1/events HTTP/1.1\n" + _HEAD + b"\n\n",
    b"GET /v1/events HTTP/1.1\r\n" + _HEAD + b"X : y\r\n\r\n",
    b"GET /v1/" + b"a" * 9_000 + b" HTTP/1.1\r\n" + _HEAD + b"\r\n",
    b"GET /v1/events HTTP/1.1\r\n" + _HEAD + b"X: " + b"y" * 12_000 + b"\r\n\r\n",
    b"GET /v1/events?limit=0 HTTP/1.1\r\n" + _HEAD + b"\r\n",
    b"GET /v1/events?cursor=e30 HTTP/1.1\r\n" + _HEAD + b"\r\n",
    b"GET /v1/search?q=%00 HTTP/1.1\r\n" + _HEAD + b"\r\n",
    b"GET /v1/events/%2e%2e/%ff HTTP/1.1\r\n" + _HEAD + b"\r\n",
    b"GET /v1/organisations/org_x/history/99999999999999999999 HTTP/1.1\r\n" + _HEAD + b"\r\n",
    b"GET /v1/events HTTP/1.1\r\n" + _HEAD + b"Accept: text/html\r\n\r\n",
    b"GET /v1/me HTTP/1.1\r\n" + _HEAD + b"Authorization: Bearer crk_local_x\r\n\r\n",
    b"BREW /v1/events HTTP/1.1\r\n" + _HEAD + b"\r\n",
    b"DELETE /v1/events HTTP/1.1\r\n" + _HEAD + b"\r\n",
    _POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
    _POST + b"Content-Length: -1\r\n\r\n",
    _POST + b"Content-Length: 99999999999\r\n\r\n",
    _POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    _POST + b"Transfer-Encoding: gzip\r\n\r\n",
    _POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    _POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx\r\n0\r\n\r\n",
    _POST + b"Expect: the unexpected\r\nContent-Length: 2\r\n\r\n{}",
    _with_body(b'{"name":"x","kind":"other"}'),
    _with_body(b"[" * 100_000),
    _with_body(b'{"name":' + b"9" * 100_000 + b"}"),
    _with_body(b"\xff\xfe{}"),
    _with_body(b"x" * 300_000),
)
"""Each is to be answered with a 4xx, or a 501 or 505 by a server that says so; nothing else."""


@dataclass(slots=True)
class Rude:
    """One of them."""

    course: Course
    key: str
    random: Random

    def step(self) -> None:
        """Do one rude thing."""
        deeds = {
            self._hostile: 10,
            self._half_a_body: 4,
            self._half_a_head: 3,
            self._half_an_answer: 4,
            self._slow_body: 1,
            self._slow_reader: 1,
        }
        # The server may be dying, or hang up on who is rude.
        with contextlib.suppress(OSError):
            self.random.choices(list(deeds), list(deeds.values()))[0]()

    def _hostile(self) -> None:
        text = self.random.choice(_HOSTILE)
        with self._connected() as connection:
            begun = time.monotonic()
            with contextlib.suppress(OSError):
                connection.sendall(text)
            status = _status(connection)
        if status:
            self.course.note("hostile", begun, Answer(status, {}, b""))
        if status and not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self.course.wrong.append(f"{text[:60]!r} was answered {status}")

    def _half_a_body(self) -> None:
        with self._connected() as connection:
            connection.sendall(_with_body(b'{"name":"', key=self._authorised())[:-1] + b"x" * self.random.randrange(9))
            self._leave(connection)

    def _half_a_head(self) -> None:
        with self._connected() as connection:
            connection.sendall(_POST[: self.random.randrange(len(_POST))])
            self._leave(connection)

    def _half_an_answer(self) -> None:
        path = self.random.choice([b"/v1/openapi.json", b"/v1/export", b"/v1/organisations?limit=200", b"/v1/graph"])
        with self._connected() as connection:
            connection.sendall(b"GET " + path + b" HTTP/1.1\r\n" + _HEAD + b"\r\n")
            if self.random.random() < 0.5:  # noqa: PLR2004 - half of them wait for its beginning
                connection.recv(100)
            self._leave(connection)

    def _slow_body(self) -> None:
        """Send a body a few bytes a second; it is a request all the same."""
        body = b'{"name": 1, "kind": "other"}'
        with self._connected() as connection:
            connection.sendall(_with_body(body, key=self._authorised())[: -len(body)])
            for place in range(0, len(body), 4):
                time.sleep(0.3)
                connection.sendall(body[place : place + 4])
            status = _status(connection)
        if status not in {0, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE}:
            self.course.wrong.append(f"a slow body was answered {status}")

    def _slow_reader(self) -> None:
        with self._connected(received=4_096) as connection:
            connection.sendall(b"GET /v1/openapi.json HTTP/1.1\r\n" + _HEAD + b"Connection: close\r\n\r\n")
            for _ in range(15):
                time.sleep(0.2)
                if not connection.recv(8_192):
                    break

    def _authorised(self) -> bytes:
        return f"Authorization: Bearer {self.key}\r\n".encode()

    def _leave(self, connection: socket.socket) -> None:
        """Close the connection, in order or with a reset."""
        if self.random.random() < 0.5:  # noqa: PLR2004 - half of them
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    @contextlib.contextmanager
    def _connected(self, received: int = 0) -> Iterator[socket.socket]:
        connection = socket.socket()
        try:
            if received:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, received)
            connection.settimeout(15.0)
            connection.connect(("127.0.0.1", self.course.port))
            yield connection
        finally:
            connection.close()


def _status(connection: socket.socket) -> int:
    response = http.client.HTTPResponse(connection)
    try:
        response.begin()
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        response.close()
    return response.status
