"""Runs in a bare interpreter: loads one handler as Lambda does, answers, and says what that took.

Each line of the input is a task: {"folder", "handler", "event"} first, from the import to the answer, then any number
of {"event", "times"}. For each one line comes back: {"cpu", "wall" (seconds for one call), "memory" (bytes, at most so
far), "answer"}. Without a handler nothing is loaded and nothing answered, which tells what the interpreter takes.
"""

import importlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any


class Context:
    """What Lambda tells a function about the invocation."""

    function_name = "measured"
    function_version = "$LATEST"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:eu-central-1:000000000000:function:measured"
    aws_request_id = "8d7f5f2e-6f0c-4a57-9d43-0f1f5d9b6a10"

    def get_remaining_time_in_millis(self) -> int:
        """Return milliseconds."""
        return 20_000


def main() -> None:
    """Do one task after the other."""
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # lines of the handlers' logs
    task = json.loads(sys.stdin.readline())
    sys.path.insert(0, task["folder"])
    handler: Callable[[Any, Context], Any] = lambda _, __: None  # noqa: E731 - what there is before one is loaded

    def load() -> object:
        nonlocal handler
        if task["handler"]:
            module, _, name = task["handler"].rpartition(".")
            handler = getattr(importlib.import_module(module), name)
        return handler(task["event"], Context())

    replies.write(_measured(load, 1))
    for line in sys.stdin:
        event, times = json.loads(line).values()
        replies.write(_measured(lambda: handler(event, Context()), times))  # noqa: B023 - called before the next line


def _measured(work: Callable[[], object], times: int) -> str:
    wall, cpu = time.perf_counter(), time.process_time()
    answer: object = None
    for _ in range(times):
        answer = work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return json.dumps({"cpu": cpu / times, "wall": wall / times, "memory": memory, "answer": answer}) + "\n"


if __name__ == "__main__":
    main()
