"""The embedded DynamoDB engine as a process: ministack's DynamoDB alone, on 127.0.0.1, with a journal behind it.

It runs in an environment of its own, since ministack pins its botocore, and imports nothing else of the project than
its neighbours. It lives as long as its standard input stays open: whoever started it holds the other end, and even
a kill -9 of that process ends this one in good order.
"""

import contextlib
import importlib
import json
import os
import signal
import sys
import threading
import uuid
from collections.abc import Coroutine, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

from infra.local.holding import hold
from infra.local.journal import Change, Journal, JournalDamaged
from infra.local.wire import Limits, Refusal, Request, Response, Server, listen

_LOCK_SECONDS = 15.0
_SYNC_SECONDS = 2.0
REQUEST_BYTES = 20 * 1_024 * 1_024  # a transaction of 4 MB or a batch of 16 MB, with its JSON around it
_DEFINING = {"CreateTable", "DeleteTable", "UpdateTable", "UpdateTimeToLive"}
_SERVED = _DEFINING | {
    "BatchGetItem",
    "BatchWriteItem",
    "DeleteItem",
    "DescribeTable",
    "DescribeTimeToLive",
    "GetItem",
    "ListTables",
    "PutItem",
    "Query",
    "Scan",
    "TransactGetItems",
    "TransactWriteItems",
    "UpdateItem",
}
"""What the journal can follow; other operations would change tables behind its back."""


class Engine:
    """ministack's DynamoDB, one request at a time, each written down before it is answered."""

    def __init__(self, journal: Journal) -> None:
        """Load what the journal holds; raises `JournalDamaged`."""
        self._journal = journal
        self._dynamodb = _ministack("services.dynamodb")
        self._persistence = _ministack("core.persistence")
        self._lock = threading.RLock()
        # Its reaper of expired items runs in a thread of its own, under this name.
        self._dynamodb._lock = self._lock  # noqa: SLF001
        self._changes: list[Change] = []
        self._in_request = False
        self._restore()
        self._follow()

    def respond(self, request: Request) -> Response:
        """Answer one operation of the DynamoDB protocol."""
        operation = (request.header("x-amz-target") or "").rpartition(".")[2]
        if request.method != "POST" or operation not in _SERVED:
            return _error("UnknownOperationException", "This engine does not know that operation.")
        headers = {name.lower(): value for name, value in request.headers}
        with self._lock, self._recorded(operation):
            status, fields, body = _completed(self._dynamodb.handle_request("POST", "/", headers, request.body, {}))
        answer = body if isinstance(body, bytes) else body.encode("utf-8")
        named = {str(name): str(value) for name, value in fields.items() if name.lower() != "content-length"}
        named["x-amzn-RequestId"] = str(uuid.uuid4())
        return Response(int(status), tuple(named.items()), answer)

    def sync(self) -> None:
        """Bring the journal to the disk."""
        with self._lock:
            self._journal.sync()

    def close(self) -> None:
        """Take no more changes; the journal is complete."""
        self._lock.acquire()
        self._journal.close()

    @contextlib.contextmanager
    def _recorded(self, operation: str) -> Iterator[None]:
        self._changes = []
        self._in_request = True
        try:
            yield
        finally:
            self._in_request = False
            self._write_down(operation)

    def _write_down(self, operation: str) -> None:
        try:
            if operation in _DEFINING:
                self._journal.defined(*self._definitions())
            if self._changes:
                self._journal.changed(self._changes)
        except OSError as problem:
            # The tables in memory are now ahead of the disk: answering anybody would acknowledge what is not kept.
            # Its own log may lie on the same full disk.
            with contextlib.suppress(OSError):
                _say(f"the journal cannot be written: {problem}")
            os._exit(1)

    def _definitions(self) -> tuple[str, list[str]]:
        """Return all but the items, in ministack's own form of saving."""
        state = self._dynamodb.get_state()
        for table in state["tables"].all_values():
            table["items"] = {}
        text = json.dumps(state, default=self._persistence._json_default)  # noqa: SLF001
        return text, [table["TableName"] for table in state["tables"].all_values()]

    def _restore(self) -> None:
        contents = self._journal.load()
        if contents.definitions is None:
            return
        state = json.loads(contents.definitions, object_hook=self._persistence._json_object_hook)  # noqa: SLF001
        for table in state["tables"].all_values():
            for (partition, sort), item in contents.items.get(table["TableName"], {}).items():
                table["items"].setdefault(partition, {})[sort] = item
        self._dynamodb.load_persisted_state(state)
        for table in self._dynamodb._tables.all_values():  # noqa: SLF001
            self._dynamodb._items_replaced(table)  # noqa: SLF001

    def _follow(self) -> None:
        """Stand behind the two functions through which every change of an item goes."""
        put, remove = self._dynamodb._set_item, self._dynamodb._remove_item  # noqa: SLF001

        def followed_put(table: dict[str, Any], partition: str, sort: str, item: dict[str, Any]) -> object:
            self._note((table["TableName"], partition, sort, item))
            return put(table, partition, sort, item)

        def followed_remove(table: dict[str, Any], partition: str, sort: str) -> object:
            self._note((table["TableName"], partition, sort, None))
            return remove(table, partition, sort)

        self._dynamodb._set_item = followed_put  # noqa: SLF001
        self._dynamodb._remove_item = followed_remove  # noqa: SLF001

    def _note(self, change: Change) -> None:
        if self._in_request:
            self._changes.append(change)
        else:
            self._changes = [change]
            self._write_down("expiry")


def main(folder: Path) -> int:
    """Serve until standard input ends or a signal comes; returns the exit status."""
    try:
        lock = _lock(folder / "lock")
        unclean = _mark_running(folder)
        engine = Engine(Journal(folder / "journal.jsonl"))
    except (JournalDamaged, TimeoutError, OSError, ImportError) as problem:
        _say(str(problem))
        return 1
    listener = listen("127.0.0.1", 0)
    server = Server(listener, engine.respond, _refuse, Limits(body_bytes=REQUEST_BYTES))
    server.start()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=_watch_lifeline, args=(stop,), daemon=True).start()
    ready = {"endpoint": f"http://127.0.0.1:{listener.getsockname()[1]}", "unclean": unclean}
    os.write(1, json.dumps(ready).encode() + b"\n")
    while not stop.wait(_SYNC_SECONDS):
        engine.sync()
    server.stop(grace=5.0)
    engine.close()
    (folder / "running").unlink()
    lock.close()
    return 0


def _ministack(module: str) -> Any:  # noqa: ANN401 - ministack is untyped
    return importlib.import_module(f"ministack.{module}")


def _lock(path: Path) -> Any:  # noqa: ANN401 - an open file, held for its lock
    """Return the folder's lock, once a predecessor that is still ending has let it go; raises `TimeoutError`."""
    lock = path.open("w")
    if not hold(lock.fileno(), _LOCK_SECONDS):
        lock.close()
        raise TimeoutError("another engine holds the data")
    return lock


def _mark_running(folder: Path) -> bool:
    """Return whether the last run ended without saying so; that stands in `unclean` until somebody has acted on it."""
    if (folder / "running").exists():
        (folder / "unclean").touch()
    (folder / "running").touch()
    return (folder / "unclean").exists()


def _watch_lifeline(stop: threading.Event) -> None:
    while os.read(0, 1_024):
        pass
    stop.set()


def _completed(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - ministack is untyped
    """Return what a coroutine that never waits comes to; an event loop for each request would cost more than it."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    work.close()
    raise RuntimeError("the engine waits for something that nobody brings")


def _refuse(refusal: Refusal) -> Response:
    return _error("SerializationException", refusal.reason)


def _error(kind: str, message: str) -> Response:
    body = json.dumps({"__type": f"com.amazon.coral.service#{kind}", "message": message})
    return Response(HTTPStatus.BAD_REQUEST, (("Content-Type", "application/x-amz-json-1.0"),), body.encode())


def _say(text: str) -> None:
    sys.stderr.write(f"engine: {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
