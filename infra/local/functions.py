"""The real handlers, called as Lambda calls them: imported once, an event and a context in, an answer out."""

import contextlib
import pkgutil
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TextIO, cast

from infra.template import Function

GATEWAY_SECONDS = 29
"""How long API Gateway waits for a function, whatever the function's own time-out."""

Handler = Callable[[dict[str, Any], "Context"], object]


class FunctionFailed(Exception):
    """The function raised, or could not be imported; the traceback is on standard error, for the developer alone."""


@dataclass(frozen=True, slots=True)
class Context:
    """What Lambda tells a function about the invocation."""

    function_name: str
    memory_limit_in_mb: int
    timeout: float
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    function_version: str = "$LATEST"
    identity: None = None
    client_context: None = None
    started: float = field(default_factory=time.monotonic)

    @property
    def invoked_function_arn(self) -> str:
        """The function's name as AWS writes it."""
        return f"arn:aws:lambda:local:000000000000:function:{self.function_name}"

    @property
    def log_group_name(self) -> str:
        """Where the function's lines would go."""
        return f"/aws/lambda/{self.function_name}"

    @property
    def log_stream_name(self) -> str:
        """The one stream of the group."""
        return "local"

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds that are left, never below 0."""
        return max(0, int((self.started + self.timeout - time.monotonic()) * 1_000))


class Functions:
    """Every function of the template, ready to be invoked from any thread."""

    def __init__(self, functions: tuple[Function, ...], log: TextIO | None = None) -> None:
        """Import every handler; what cannot be imported fails when it is invoked, so that the others still answer.

        `log` gets the lines of loggers that are made during the import, as a log group would; else standard output.
        """
        with contextlib.redirect_stdout(log or sys.stdout):
            self._handlers = {function.logical_id: _load(function) for function in functions}

    def invoke(self, function: Function, event: Mapping[str, Any], *, seconds: int = GATEWAY_SECONDS) -> object:
        """Return what the handler returns; raises `FunctionFailed`."""
        handler = self._handlers[function.logical_id]
        if handler is None:
            raise FunctionFailed(f"{function.logical_id} could not be imported")
        context = Context(function.logical_id, function.memory, min(function.timeout, seconds))
        try:
            return handler(dict(event), context)
        except Exception as problem:
            # Lambda's own edge: whatever a function raises ends with its invocation.
            traceback.print_exc()
            raise FunctionFailed(f"{function.logical_id} raised") from problem


class Schedules:
    """The functions that run by the clock, each in a thread of its own."""

    def __init__(self, functions: Functions, scheduled: tuple[Function, ...]) -> None:
        """Take what is to be run; nothing runs before `start`."""
        self._functions = functions
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(function, seconds), daemon=True)
            for function in scheduled
            for seconds in function.schedules
        ]

    def start(self) -> None:
        """Run each function whenever its period is over, for the first time after one period."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Begin no further run."""
        self._stop.set()

    def _run(self, function: Function, seconds: int) -> None:
        while not self._stop.wait(seconds):
            try:
                self._functions.invoke(function, scheduled_event(), seconds=function.timeout)
            except FunctionFailed as problem:
                print(f"{problem}; it runs again in {seconds} s.", file=sys.stderr, flush=True)


def scheduled_event() -> dict[str, Any]:
    """Return the event that a rule of EventBridge sends."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "local",
        "resources": [],
        "detail": {},
    }


def resolved(*names: str) -> list[Any] | None:
    """Give what each `module:name` stands for; None, with the traceback printed, where the code is broken just now."""
    try:
        return [pkgutil.resolve_name(name) for name in names]
    except Exception:  # noqa: BLE001 - a module under work may raise anything while it is imported
        traceback.print_exc()
        return None


def _load(function: Function) -> Handler | None:
    module, _, name = function.handler.rpartition(".")
    found = resolved(f"{module}:{name}")
    return None if found is None else cast("Handler", found[0])
