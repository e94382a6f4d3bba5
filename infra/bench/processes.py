"""A contestant's process: started afresh, asked, and told to measure itself."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from infra.bench.contest import EVENTS, STATUSES, Contestant

Json = dict[str, Any]

WORKER = Path(__file__).with_name("worker.py")
_BARE = (sys.executable, "-I", "-S", str(WORKER))
"""A bare interpreter: nothing is in reach but the standard library and the contestant's folder."""


class Wrong(Exception):
    """A contestant did not answer as it should, so that its figures would mean nothing."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process that has answered its first request; `first` is what that took, from the import on."""

    first: Json
    tasks: IO[str]
    replies: IO[str]

    def again(self, event: Json, times: int) -> Json:
        """Let it answer so many times, and give what one of these took."""
        self.tasks.write(f"{json.dumps({'event': event, 'times': times})}\n")
        self.tasks.flush()
        reply: Json = json.loads(self.replies.readline())
        return reply


@contextmanager
def started(contestant: Contestant, name: str, environment: Mapping[str, str]) -> Iterator[Process]:
    """Start a process that begins with the request of that name; raises `Wrong` for another status than it should have.

    A copy of the read model is not kept from one process to the next.
    """
    task = _task(contestant, name)
    with (
        tempfile.TemporaryDirectory() as scratch,
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(
            _BARE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**environment, "PROJECTION": f"{scratch}/projection.sqlite"},
        ) as process,
    ):
        if process.stdin is None or process.stdout is None:
            raise OSError("The worker has no pipes.")
        process.stdin.write(f"{task}\n")
        process.stdin.flush()
        reply = json.loads(process.stdout.readline() or "{}")
        errors.seek(0)
        _require(contestant, name, reply, errors.read())
        yield Process(reply, process.stdin, process.stdout)
        process.stdin.close()


def instructions(contestant: Contestant | None, name: str, environment: Mapping[str, str], again: int = 0) -> int:
    """Machine instructions of a fresh process up to its first answer, and so many more, counted by valgrind.

    Without a contestant, those of the interpreter itself. Raises OSError where valgrind is missing.
    """
    tasks = [_task(contestant, name)]
    if again:
        tasks.append(json.dumps({"event": EVENTS[name], "times": again}))
    with tempfile.TemporaryDirectory() as scratch:
        counter = ("valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={scratch}/counted")
        done = subprocess.run(
            [*counter, *_BARE],
            input="\n".join(tasks),
            capture_output=True,
            text=True,
            check=True,
            env={**environment, "PROJECTION": f"{scratch}/projection.sqlite"},
        )
        if contestant is not None:
            _require(contestant, name, json.loads(done.stdout.splitlines()[-1]), done.stderr)
        summary = Path(scratch, "counted").read_text(encoding="utf-8")
    counted = re.search(r"^summary: (\d+)", summary, re.MULTILINE)
    if counted is None:
        raise OSError("valgrind counted nothing.")
    return int(counted[1])


def _task(contestant: Contestant | None, name: str) -> str:
    folder, handler = ("", "") if contestant is None else (str(contestant.folder), contestant.handlers[name])
    return json.dumps({"folder": folder, "handler": handler, "event": EVENTS[name]})


def _require(contestant: Contestant, name: str, reply: Json, errors: str) -> None:
    answer = reply.get("answer") or {}
    if answer.get("statusCode") != STATUSES[name]:
        raise Wrong(f"{contestant.name} answers {name} with {answer.get('statusCode')}: {answer.get('body')}\n{errors}")
