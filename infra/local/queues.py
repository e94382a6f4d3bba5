"""Queues of the template as files, and the functions that their messages go to."""

import importlib
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.local.functions import FunctionFailed, Functions
from infra.template import Function, QueueSource

if TYPE_CHECKING:
    from shared.tables.file_queue import FileQueue, Received

_WORKERS = 4
"""Batches of one queue that are in work at the same time, so that a slow one holds up no other."""
_LOOK_SECONDS = 0.5


def queue_file(folder: Path, logical_id: str) -> Path:
    """Return where the queue with this logical id lies."""
    return folder / f"{logical_id}.sqlite"


class Queues:
    """The functions that take messages, each queue in threads of its own."""

    def __init__(self, functions: Functions, template: Iterable[Function], folder: Path) -> None:
        """Take what is to be run; what another process had in hand when it ended is due again."""
        self._functions = functions
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        for function in template:
            for source in function.queues:
                queue = _opened(queue_file(folder, source.logical_id))
                queue.release()
                arguments = (function, source, queue)
                self._threads += [
                    threading.Thread(target=self._run, args=arguments, daemon=True) for _ in range(_WORKERS)
                ]

    def start(self) -> None:
        """Take messages as they come."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Take no further message; those in hand come back at the next start unless they are done before the end."""
        self._stop.set()

    def _run(self, function: Function, source: QueueSource, queue: "FileQueue") -> None:
        while not self._stop.is_set():
            found = queue.receive(source.batch, source.hidden, source.most_receipts)
            if not found:
                self._stop.wait(_LOOK_SECONDS)
                continue
            try:
                answer = self._functions.invoke(function, queue_event(found), seconds=function.timeout)
            except FunctionFailed as problem:
                print(f"{problem}; its messages come again in {source.hidden} s.", file=sys.stderr, flush=True)
            else:
                failed = set(_failed(answer))
                queue.delete(one.id for one in found if str(one.id) not in failed)


def _opened(path: Path) -> "FileQueue":
    module: Any = importlib.import_module("shared.tables.file_queue")
    path.parent.mkdir(parents=True, exist_ok=True)
    queue: FileQueue = module.FileQueue(path)
    return queue


def _failed(answer: object) -> Iterator[str]:
    """Yield the ids of the messages that a partial batch response names."""
    failures = answer.get("batchItemFailures", ()) if isinstance(answer, dict) else ()
    yield from (failure["itemIdentifier"] for failure in failures)


def queue_event(received: "Iterable[Received]") -> dict[str, Any]:
    """Return the event that Lambda makes of messages of SQS."""
    return {
        "Records": [
            {
                "messageId": str(one.id),
                "receiptHandle": str(one.id),
                "body": one.body,
                "attributes": {"ApproximateReceiveCount": str(one.receipts), "MessageGroupId": one.group},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "awsRegion": "local",
            }
            for one in received
        ]
    }
