"""HTTP/1.1 over a socket (RFC 9112), for the gateway and the engine alike: strict, bounded in bytes and in time."""

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus

_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_TARGET = re.compile(rb"[!-~]+")
_HOST_OF_TARGET = re.compile(r"^https?://[^/?#]*")
_VERSION = re.compile(rb"HTTP/(\d)\.(\d)")
_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
_LENGTH = re.compile(rb"\d{1,12}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
BEYOND_ASCII = "Percent-encode the address as UTF-8; curl does it for a query: -G --data-urlencode 'q=…'."
_LINE_BYTES = 1_024
_LINGER_BYTES = 32 * 1_024 * 1_024
_BODILESS = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came: the target undecoded, the fields in their order, the body whole."""

    method: str
    target: str
    version: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    peer: str

    def header(self, name: str) -> str | None:
        """Return the last value of a field, or None; names are compared without regard to case."""
        values = [value for each, value in self.headers if each.lower() == name]
        return values[-1] if values else None

    @property
    def path(self) -> str:
        """The path as it was sent, without scheme and host where the target has them (RFC 9112, section 3.2.2)."""
        return self._split()[0]

    @property
    def query(self) -> str:
        """What stands behind the question mark, undecoded."""
        return self._split()[1]

    def _split(self) -> tuple[str, str]:
        target = _HOST_OF_TARGET.sub("", self.target.partition("#")[0])
        path, _, query = target.partition("?")
        return path or "/", query


@dataclass(frozen=True, slots=True)
class Response:
    """One answer; Content-Length, Date and Connection are added on the way out."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Limits:
    """Where patience ends; `head_bytes` is what API Gateway allows for request line and fields together."""

    head_bytes: int = 10_240
    body_bytes: int = 10 * 1_024 * 1_024
    connections: int = 128
    idle_seconds: float = 60.0
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    send_seconds: float = 30.0


class Refusal(Exception):
    """What was sent is no request that could be answered; the connection ends with this status."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        """Keep the status and one sentence for whoever sent it."""
        super().__init__(reason)
        self.status = status
        self.reason = reason


class _Ended(Exception):
    """The other side has gone; nobody is left to answer."""


@dataclass(frozen=True, slots=True)
class _Head:
    method: str
    target: str
    version: str
    headers: tuple[tuple[str, str], ...]

    def values(self, name: str) -> list[str]:
        return [value for each, value in self.headers if each.lower() == name]

    def tokens(self, name: str) -> list[str]:
        return [token.strip().lower() for value in self.values(name) for token in value.split(",") if token.strip()]


@dataclass(slots=True)
class _Stream:
    """Bytes from a socket, with one deadline for all of what is being read."""

    connection: socket.socket
    held: bytearray = field(default_factory=bytearray)

    def more(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.connection.settimeout(left)
        received = self.connection.recv(65_536)
        if not received:
            raise _Ended
        self.held += received

    def take(self, count: int) -> bytes:
        taken = bytes(self.held[:count])
        del self.held[:count]
        return taken

    def exactly(self, count: int, deadline: float) -> bytes:
        while len(self.held) < count:
            self.more(deadline)
        return self.take(count)

    def line(self, deadline: float) -> bytes:
        while (end := self.held.find(b"\r\n")) < 0:
            if len(self.held) > _LINE_BYTES:
                raise Refusal(HTTPStatus.BAD_REQUEST, "A line of the chunked body is too long.")
            self.more(deadline)
        return self.take(end + 2)[:-2]


def parse_head(text: bytes) -> _Head:
    """Return the request line and fields of a head without its empty line; raises `Refusal` for anything unsound."""
    lines = text.split(b"\r\n")
    if any(b"\n" in line or b"\r" in line for line in lines):
        raise Refusal(HTTPStatus.BAD_REQUEST, "Lines end with CR LF.")
    parts = lines[0].split(b" ")
    version = _VERSION.fullmatch(parts[-1])
    if len(parts) == 3 and version and any(byte >= 0x80 for byte in parts[1]):  # noqa: PLR2004 - beyond ASCII
        raise Refusal(HTTPStatus.BAD_REQUEST, BEYOND_ASCII)
    if len(parts) != 3 or version is None or not _TOKEN.fullmatch(parts[0]) or not _TARGET.fullmatch(parts[1]):  # noqa: PLR2004 - method, target, version
        raise Refusal(HTTPStatus.BAD_REQUEST, "The request line is not METHOD target HTTP/1.1.")
    if version[1] != b"1":
        raise Refusal(HTTPStatus.BAD_REQUEST, "HTTP/1.1 is spoken here.")
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        value = value.strip(b" \t")
        if not colon or not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
            raise Refusal(HTTPStatus.BAD_REQUEST, "A header field is malformed.")
        headers.append((name.decode("ascii"), value.decode("latin-1")))
    head = _Head(parts[0].decode("ascii"), parts[1].decode("ascii"), parts[2].decode("ascii"), tuple(headers))
    if len(head.values("host")) != 1 and head.version == "HTTP/1.1":
        raise Refusal(HTTPStatus.BAD_REQUEST, "Exactly one Host field is needed.")
    return head


def body_length(head: _Head) -> int | None:
    """Return how many bytes follow the head, None for a chunked body; raises `Refusal` where fields contradict."""
    lengths = set(head.values("content-length"))
    codings = head.tokens("transfer-encoding")
    if codings and (lengths or head.version != "HTTP/1.1"):
        raise Refusal(HTTPStatus.BAD_REQUEST, "Content-Length and Transfer-Encoding exclude each other.")
    if codings and codings != ["chunked"]:
        raise Refusal(HTTPStatus.BAD_REQUEST, "Of the transfer codings, only chunked is understood.")
    if codings:
        return None
    if len(lengths) > 1 or not all(_LENGTH.fullmatch(length.encode("latin-1")) for length in lengths):
        raise Refusal(HTTPStatus.BAD_REQUEST, "Content-Length is not one number.")
    return int(lengths.pop()) if lengths else 0


class Server:
    """Answers on a listening socket, a thread to each connection, until `stop` is called."""

    def __init__(
        self,
        listener: socket.socket,
        respond: Callable[[Request], Response],
        refuse: Callable[[Refusal], Response],
        limits: Limits | None = None,
    ) -> None:
        """Take what answers a request, and what says why something was none; neither may raise."""
        self._listener = listener
        self._respond = respond
        self._refuse = refuse
        self._limits = limits or Limits()
        self._free = threading.BoundedSemaphore(self._limits.connections)
        self._idle: dict[socket.socket, bool] = {}  # every connection: whether it waits after an answer
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._accept, name="accept", daemon=True)

    def start(self) -> None:
        """Begin to answer, in a thread of its own."""
        self._listener.settimeout(0.1)
        self._thread.start()

    def stop(self, grace: float) -> None:
        """Take no more requests, and return when those under way are answered or the seconds are over.

        The listening socket stays open: whoever made it closes it, or hands it on.
        """
        self._stopping = True
        self._thread.join(timeout=1.0)
        self._end(grace / 10, idle_only=True)
        self._end(grace, idle_only=False)

    def _end(self, seconds: float, *, idle_only: bool) -> None:
        """Let connections read no further, and wait for their end."""
        with self._changed:
            for connection, idle in self._idle.items():
                if idle or not idle_only:
                    with contextlib.suppress(OSError):
                        connection.shutdown(socket.SHUT_RD)
            self._changed.wait_for(lambda: not self._idle, timeout=seconds)

    def _accept(self) -> None:
        while not self._stopping:
            if not self._free.acquire(timeout=0.1):
                continue
            try:
                connection, address = self._listener.accept()
            except OSError:
                self._free.release()
                continue
            with self._changed:
                self._idle[connection] = False
            threading.Thread(target=self._serve, args=(connection, str(address[0])), daemon=True).start()

    def _serve(self, connection: socket.socket, peer: str) -> None:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stream = _Stream(connection)
            while self._exchange(stream, peer):
                self._mark(connection, idle=True)
        except (OSError, _Ended):
            pass
        finally:
            connection.close()
            self._free.release()
            with self._changed:
                del self._idle[connection]
                self._changed.notify_all()

    def _mark(self, connection: socket.socket, *, idle: bool) -> None:
        with self._changed:
            self._idle[connection] = idle

    def _exchange(self, stream: _Stream, peer: str) -> bool:
        """Answer one request, and return whether another may follow on the connection."""
        self._await_first_byte(stream)
        self._mark(stream.connection, idle=False)
        try:
            head = self._head(stream)
            body = self._body(stream, head)
        except Refusal as refusal:
            self._send(stream, self._refuse(refusal), method="GET", last=True)
            self._linger(stream)
            return False
        request = Request(head.method, head.target, head.version, head.headers, body, peer)
        response = self._respond(request)
        last = self._stopping or head.version == "HTTP/1.0" or "close" in head.tokens("connection")
        self._send(stream, response, method=head.method, last=last)
        return not last

    def _await_first_byte(self, stream: _Stream) -> None:
        """Wait for a request to begin; empty lines before it are skipped (RFC 9112, section 2.2)."""
        deadline = time.monotonic() + self._limits.idle_seconds
        while True:
            while stream.held.startswith(b"\r\n"):
                stream.take(2)
            if stream.held and stream.held != b"\r":
                return
            stream.more(deadline)

    def _head(self, stream: _Stream) -> _Head:
        deadline = time.monotonic() + self._limits.head_seconds
        while (end := _HEAD_END.search(stream.held)) is None:
            if len(stream.held) > self._limits.head_bytes:
                self._too_long(bytes(stream.held))
            try:
                stream.more(deadline)
            except TimeoutError as late:
                raise Refusal(HTTPStatus.REQUEST_TIMEOUT, "The request took too long to arrive.") from late
        if end.start() > self._limits.head_bytes:
            self._too_long(bytes(stream.held))
        text = stream.take(end.end())[: end.start()]
        return parse_head(text)

    def _too_long(self, text: bytes) -> None:
        line = text.split(b"\n", 1)[0]
        if len(line) > self._limits.head_bytes // 2:
            raise Refusal(HTTPStatus.REQUEST_URI_TOO_LONG, "The address is too long.")
        raise Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The header fields are too long.")

    def _body(self, stream: _Stream, head: _Head) -> bytes:
        length = body_length(head)
        if length is not None and length > self._limits.body_bytes:
            raise self._too_large()
        expected = head.tokens("expect")
        if expected and expected != ["100-continue"]:
            raise Refusal(HTTPStatus.EXPECTATION_FAILED, "Only 100-continue can be expected.")
        if expected and length != 0:
            stream.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        deadline = time.monotonic() + self._limits.body_seconds
        try:
            return self._chunks(stream, deadline) if length is None else stream.exactly(length, deadline)
        except TimeoutError as late:
            raise Refusal(HTTPStatus.REQUEST_TIMEOUT, "The body took too long to arrive.") from late

    def _too_large(self) -> Refusal:
        megabytes = self._limits.body_bytes // 1_048_576
        return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body is larger than {megabytes} MB.")

    def _chunks(self, stream: _Stream, deadline: float) -> bytes:
        body = bytearray()
        while True:
            size = _CHUNK_SIZE.fullmatch(stream.line(deadline))
            if size is None:
                raise Refusal(HTTPStatus.BAD_REQUEST, "A chunk does not begin with its size.")
            count = int(size[1], 16)
            if len(body) + count > self._limits.body_bytes:
                raise self._too_large()
            if count == 0:
                break
            body += stream.exactly(count, deadline)
            if stream.exactly(2, deadline) != b"\r\n":
                raise Refusal(HTTPStatus.BAD_REQUEST, "A chunk is longer than its size says.")
        trailer_bytes = 0
        while line := stream.line(deadline):
            trailer_bytes += len(line)
            if trailer_bytes > self._limits.head_bytes:
                raise Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The trailer fields are too long.")
        return bytes(body)

    def _send(self, stream: _Stream, response: Response, *, method: str, last: bool) -> None:
        phrase = HTTPStatus(response.status).phrase if response.status in set(HTTPStatus) else ""
        fields = [*response.headers, ("Date", formatdate(usegmt=True))]
        bodiless = response.status in _BODILESS
        if not bodiless and (response.body or method != "HEAD"):
            fields.append(("Content-Length", str(len(response.body))))
        if last:
            fields.append(("Connection", "close"))
        head = f"HTTP/1.1 {response.status} {phrase}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields)
        body = b"" if bodiless or method == "HEAD" else response.body
        stream.connection.settimeout(self._limits.send_seconds)
        stream.connection.sendall(head.encode("latin-1") + b"\r\n" + body)

    def _linger(self, stream: _Stream) -> None:
        """Read on for a moment, or the answer would be lost with what the client is still sending (RFC 9112, 9.6)."""
        stream.connection.shutdown(socket.SHUT_WR)
        deadline = time.monotonic() + 2.0
        read = 0
        with contextlib.suppress(TimeoutError):
            while read < _LINGER_BYTES:
                stream.more(deadline)
                read += len(stream.held)
                stream.held.clear()


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises `OSError` where the address is taken or not ours."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener
