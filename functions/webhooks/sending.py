"""One POST to a public address: to an address that was checked, without redirects or proxies, in bounded time."""

import http.client
import io
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, Literal, cast

from shared.models import addresses
from shared.models.addresses import Target

Reason = Literal["name", "address", "connect", "tls", "timeout", "answer"]
"""The name stands for nothing; for an address that is not public; no connection, or none that can be trusted; no answer
in time; none that is HTTP, or one without end."""
Resolve = Callable[[str, int], Sequence[str]]
"""Gives the IP addresses of a name; raises OSError."""

CONNECT_SECONDS: Final = 5.0
WHOLE_SECONDS: Final = 10.0
LONGEST_ANSWER: Final = 64 * 1024
READ_OF_BODY: Final = 4096
MOST_ADDRESSES: Final = 3
"""Addresses of one name that are tried."""
LONGEST_RETRY_AFTER: Final = 3600
SENT_AS: Final = "Clusterregister-Webhooks/1"


class Unreachable(Exception):
    """No answer came; `reason` says how far it went, and nothing that the other side made up."""

    def __init__(self, reason: Reason) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: `retry_after` in seconds where a number was given, and the beginning of the body."""

    status: int
    retry_after: int | None
    body: bytes


def resolve(host: str, port: int) -> list[str]:
    """Give the addresses of a name as the system knows them; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends to public https addresses; where `localhost` is set, to this machine too."""

    localhost: bool = False
    resolve: Resolve = resolve
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context
    port: int | None = None
    """In place of 443, for tests, which may not listen there."""
    monotonic: Callable[[], float] = time.monotonic
    _contexts: list[ssl.SSLContext] = field(default_factory=list)

    def post(self, url: str, body: bytes, headers: Mapping[str, str], *, listens: bool = False) -> Reply:
        """Send JSON and give the answer, whatever its status; its body only to who `listens`. Raises `Unreachable`."""
        deadline = self.monotonic() + WHOLE_SECONDS
        try:
            target = addresses.parse(url, localhost=self.localhost)
        except ValueError:
            raise Unreachable("address") from None
        connection = self._connected(target, self._checked(target), deadline)
        try:
            connection.settimeout(self._left(deadline))
            connection.sendall(_request(target, body, headers))
            return _answer(_Bounded(connection, deadline, self.monotonic), listens=listens)
        except TimeoutError:
            raise Unreachable("timeout") from None
        except (OSError, ValueError, http.client.HTTPException):
            raise Unreachable("answer") from None
        finally:
            connection.close()

    def _checked(self, target: Target) -> Sequence[str]:
        """The addresses of the target, all of which it may have; one that is not public spoils them all."""
        pool = ThreadPoolExecutor(1)
        try:
            found = pool.submit(self.resolve, target.host, target.port).result(CONNECT_SECONDS)
        except (OSError, UnicodeError):
            raise Unreachable("name") from None
        finally:
            # The system's own time-out for names is longer than ours, and cannot be shortened: nobody waits for it.
            pool.shutdown(wait=False)
        if not found:
            raise Unreachable("name")
        allowed = addresses.is_loopback if target.is_local else addresses.is_public
        if not all(map(allowed, found)):
            raise Unreachable("address")
        return found[:MOST_ADDRESSES]

    def _connected(self, target: Target, found: Sequence[str], deadline: float) -> socket.socket:
        """A connection to one of the addresses themselves, so that what was checked is what is used."""
        reason: Reason = "connect"
        until = min(deadline, self.monotonic() + CONNECT_SECONDS)
        for address in found:
            try:
                port = target.port if target.is_local else self.port or target.port
                plain = socket.create_connection((address, port), timeout=self._left(until))
                return self._secured(plain, target, until)
            except ssl.SSLError:
                raise Unreachable("tls") from None
            except TimeoutError:
                reason = "timeout"
            except OSError:
                reason = "connect"
        raise Unreachable(reason)

    def _secured(self, plain: socket.socket, target: Target, until: float) -> socket.socket:
        if target.is_local:
            return plain
        if not self._contexts:
            self._contexts.append(self.trust())
        try:
            plain.settimeout(self._left(until))
            return self._contexts[0].wrap_socket(plain, server_hostname=target.host)
        except OSError:
            plain.close()
            raise

    def _left(self, until: float) -> float:
        """The seconds until then; raises TimeoutError where there are none."""
        seconds = until - self.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


def _request(target: Target, body: bytes, headers: Mapping[str, str]) -> bytes:
    host = f"{target.host}:{target.port}" if target.is_local else target.host
    fields = {
        "Host": host,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "User-Agent": SENT_AS,
        "Accept": "application/json",
        "Connection": "close",
        **headers,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"POST {target.target} HTTP/1.1\r\n{lines}\r\n".encode("ascii") + body


class _Bounded(io.RawIOBase):
    """What a connection says, as long as there is time and it is not too much."""

    def __init__(self, connection: socket.socket, deadline: float, monotonic: Callable[[], float]) -> None:
        """Begin to read."""
        super().__init__()
        self._connection = connection
        self._deadline = deadline
        self._monotonic = monotonic
        self._left = LONGEST_ANSWER

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read what there is; raises TimeoutError, or OSError for an answer that is too long."""
        seconds = self._deadline - self._monotonic()
        if seconds <= 0:
            raise TimeoutError
        if self._left <= 0:
            raise OSError
        self._connection.settimeout(seconds)
        count = self._connection.recv_into(buffer[: self._left])
        self._left -= count
        return count

    def makefile(self, _: str) -> io.BufferedReader:
        """Be the socket that http.client reads from."""
        return io.BufferedReader(self)


def _answer(stream: _Bounded, *, listens: bool) -> Reply:
    response = http.client.HTTPResponse(cast("socket.socket", stream), method="POST")
    response.begin()
    return Reply(
        response.status,
        _seconds(response.getheader("Retry-After", "")),
        response.read(READ_OF_BODY) if listens else b"",
    )


def _seconds(sent: str) -> int | None:
    """The seconds of a Retry-After field; None for a date (RFC 9110, section 10.2.3), which needs a clock like ours."""
    return min(int(sent), LONGEST_RETRY_AFTER) if re.fullmatch("[0-9]{1,9}", sent) else None
