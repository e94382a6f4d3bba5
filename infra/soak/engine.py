"""The embedded engine behind a door at which calls go wrong: `python -m infra.soak.engine PYTHON -m MODULE FOLDER`.

It stands where `ENGINE_PYTHON` stands: it starts the real engine with the arguments it was given, leaves it the
lifeline, and announces its own address in place of the engine's. DynamoDB never lies, so neither do these faults: a
condition fails where it does not hold, and never by chance.
"""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from typing import Any, Final
from urllib.parse import urlsplit

from infra.local.engine_process import REQUEST_BYTES
from infra.local.wire import Limits, Request, Response, Server, listen

CONTROL: Final = "Soak.Rate"
"""The operation by which the part of calls that go wrong is set, and told what has gone wrong since."""
PATIENCE: Final = 2.2
"""Seconds after which the register has given a call up (`READ_TIMEOUT` of shared/tables/client.py)."""
LATEST: Final = 14.0
"""Seconds after that by which a write may still be carried out; the feed bears up to 16."""
_WRITING: Final = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}
_READING: Final = {"GetItem", "Query", "BatchGetItem"}


@dataclass(slots=True)
class Door:
    """Passes calls on to the engine, but for those that go wrong."""

    endpoint: str
    random: Random
    rate: float = 0.0
    met: Counter[str] = field(default_factory=Counter)
    _own: threading.local = field(default_factory=threading.local)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def respond(self, request: Request) -> Response:
        """Answer a call as the engine does, or as DynamoDB does on a bad day."""
        target = request.header("x-amz-target") or ""
        if target == CONTROL:
            met, self.met = self.met, Counter()
            self.rate = float(json.loads(request.body)["rate"])
            return Response(HTTPStatus.OK, (), json.dumps(met).encode())
        fault = self._drawn(target.rpartition(".")[2])
        match fault:
            case None:
                return self._passed_on(request)
            case "throttled":
                return _error("ThrottlingException", HTTPStatus.BAD_REQUEST)
            case "conflict":
                count = len(json.loads(request.body)["TransactItems"])
                reasons = [{"Code": "TransactionConflict"}, *[{"Code": "None"}] * (count - 1)]
                return _error("TransactionCanceledException", HTTPStatus.BAD_REQUEST, CancellationReasons=reasons)
            case "late":
                delay = PATIENCE + self.random.uniform(0.0, LATEST)
                timer = threading.Timer(delay, self._passed_on, [request])
                timer.daemon = True
                timer.start()
            case "answer lost" | "done and broken":
                self._passed_on(request)
        if "broken" not in fault:
            time.sleep(PATIENCE)
        return _error("InternalServerError", HTTPStatus.INTERNAL_SERVER_ERROR)

    def _drawn(self, operation: str) -> str | None:
        faults = ["throttled", "throttled", "lost", "broken"] if operation in _READING | _WRITING else []
        if operation in _WRITING:
            faults += ["answer lost", "done and broken", "late"]
        if operation == "TransactWriteItems":
            faults += ["conflict", "conflict"]
        with self._lock:
            if not faults or self.random.random() >= self.rate:
                return None
            fault = self.random.choice(faults)
            self.met[fault] += 1
        return fault

    def _passed_on(self, request: Request) -> Response:
        connection: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if connection is None:
            parts = urlsplit(self.endpoint)
            connection = self._own.connection = http.client.HTTPConnection(parts.netloc, timeout=60)
        headers = {name: value for name, value in request.headers if name.lower().startswith(("x-amz-", "content-t"))}
        try:
            connection.request(request.method, "/", request.body, headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            return _error("InternalServerError", HTTPStatus.INTERNAL_SERVER_ERROR)
        kept = tuple(
            (name, value)
            for name, value in answer.getheaders()
            if name.lower() not in {"content-length", "date", "connection"}
        )
        return Response(answer.status, kept, body)


def rate(endpoint: str, part: float) -> dict[str, int]:
    """Let that part of the calls to a door go wrong; gives what has gone wrong there so far. Raises OSError."""
    connection = http.client.HTTPConnection(urlsplit(endpoint).netloc, timeout=10)
    try:
        connection.request("POST", "/", json.dumps({"rate": part}), {"X-Amz-Target": CONTROL})
        met: dict[str, int] = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return met


def _error(kind: str, status: HTTPStatus, **more: object) -> Response:
    body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{kind}", "message": "injected", **more})
    return Response(status, (("Content-Type", "application/x-amz-json-1.0"),), body.encode())


def main(command: Sequence[str]) -> int:
    """Stand before the engine of that command until it ends; returns its exit status."""
    with subprocess.Popen(command, stdout=subprocess.PIPE) as engine:
        if engine.stdout is None:
            raise OSError("The engine has no pipe.")
        announced = engine.stdout.readline()
        if announced:
            ready: dict[str, Any] = json.loads(announced)
            listener = listen("127.0.0.1", 0)
            door = Door(ready["endpoint"], Random(11))  # noqa: S311 - chance that can be repeated
            # Whoever is idle leaves before the engine would shut the connection behind.
            limits = Limits(body_bytes=REQUEST_BYTES, idle_seconds=30.0)
            Server(listener, door.respond, lambda refusal: _error(refusal.reason, refusal.status), limits).start()
            own = {**ready, "endpoint": f"http://127.0.0.1:{listener.getsockname()[1]}"}
            sys.stdout.write(f"{json.dumps(own)}\n")
            sys.stdout.flush()
        return engine.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
