"""Clients' common part: a connection that is kept, each exchange written down, and a course that all of them follow."""

import contextlib
import http.client
import json
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final

from infra.client import Answer

_TIMEOUT: Final = 40.0
_PATIENCE: Final = 150.0
"""Seconds after which a write without a lasting answer is a fault of the register."""
_LONGEST_PAUSE: Final = 5.0


class Lost(Exception):
    """The connection ended before the answer was there."""


class Unsettled(Exception):
    """A request got no lasting answer in all the time that it was repeated."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came of it; `status` 0 where the connection was lost."""

    kind: str
    begun: float
    ended: float
    status: int
    retry_after: bool


LOST: Final = Answer(0, {}, b"")
"""In place of an answer where the connection ended."""


@dataclass(slots=True)
class Course:
    """What all clients share: whether it goes on, what has happened, and what was found wrong."""

    port: int
    exchanges: list[Exchange] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    known: dict[str, list[str]] = field(default_factory=dict)
    """Paths of live records by type."""
    _open: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _resting: set[str] = field(default_factory=set)

    def run(self, name: str, step: Callable[[], None], rest: Callable[[], None], pace: float) -> None:
        """Let a client take steps, with a pause of `pace` seconds on average, until the end; it rests where all do."""
        random = Random(name)  # noqa: S311 - chance that can be repeated

        def work() -> None:
            while not self._over.is_set():
                if not self._open.is_set():
                    rest()
                    self._resting.add(name)
                    self._open.wait(0.1)
                    continue
                self._resting.discard(name)
                try:
                    step()
                except Lost:
                    time.sleep(0.3)
                except Exception:  # noqa: BLE001 - whatever a client stumbles over is a finding
                    self.wrong.append(f"{name}: {traceback.format_exc(limit=-3)}")
                self._over.wait(random.uniform(0.0, 2 * pace))
            rest()

        self._threads.append(threading.Thread(target=work, name=name, daemon=True))
        self._threads[-1].start()

    def note(self, kind: str, begun: float, answer: Answer) -> None:
        """Write down an exchange that has just ended."""
        self.exchanges.append(Exchange(kind, begun, time.monotonic(), answer.status, "retry-after" in answer.headers))

    def go(self) -> None:
        """Let all clients work."""
        self._open.set()

    def rest(self) -> None:
        """Let all clients finish their step and close their connections."""
        self._open.clear()
        self._resting.clear()
        deadline = time.monotonic() + _PATIENCE
        while len(self._resting) < len(self._threads) and time.monotonic() < deadline:
            time.sleep(0.1)

    def end(self) -> None:
        """Let all clients finish their step, and return when they have."""
        self._over.set()
        for thread in self._threads:
            thread.join(timeout=_PATIENCE)
            if thread.is_alive():
                self.wrong.append(f"{thread.name} does not come to an end")


@dataclass(slots=True)
class Asker:
    """One client's connection, and whose key it uses."""

    course: Course
    key: str | None = None
    _connection: http.client.HTTPConnection | None = None

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def ask(self, kind: str, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send one request once, and give its answer whatever it is; raises `Lost`. Header names have `_` for `-`."""
        begun = time.monotonic()
        try:
            answer = Answer.read(self._sent(method, path, body, headers).getresponse())
        except (OSError, http.client.HTTPException) as problem:
            self.close()
            self.course.note(kind, begun, LOST)
            raise Lost from problem
        self.course.note(kind, begun, answer)
        return answer

    def hang_up(self, method: str, path: str, body: object = None, **headers: str) -> None:
        """Send a request, and be gone before its answer."""
        with contextlib.suppress(OSError):
            self._sent(method, path, body, headers)
        self.close()

    def _sent(self, method: str, path: str, body: object, headers: Mapping[str, str]) -> http.client.HTTPConnection:
        content = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {name.replace("_", "-").title(): value for name, value in headers.items()}
        if self.key is not None and (method != "GET" or path.startswith("/jobs/")):
            sent["Authorization"] = f"Bearer {self.key}"
        if content is not None:
            sent.setdefault("Content-Type", f"application/{'merge-patch+' if method == 'PATCH' else ''}json")
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.course.port, timeout=_TIMEOUT)
        self._connection.request(method, f"/v1{path}", content, sent)
        return self._connection

    def settle(self, kind: str, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send a request that does no harm when it is repeated until its answer lasts; raises `Unsettled`."""
        deadline = time.monotonic() + _PATIENCE
        pause = 0.2
        while time.monotonic() < deadline:
            try:
                answer = self.ask(kind, method, path, body, **headers)
            except Lost:
                pass
            else:
                if not answer.passes:
                    return answer
                pause = answer.pause
            time.sleep(min(pause, _LONGEST_PAUSE))
        raise Unsettled(f"{method} {path} got no lasting answer in {_PATIENCE:.0f} s")
