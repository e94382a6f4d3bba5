"""The embedded engine as its starter sees it: a process with an endpoint, a lifeline and an end."""

import json
import os
import select
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
RUNNING = "running.json"
"""What `make run` leaves in `DATA_DIR` for operators' commands: the environment of its functions."""
_START_SECONDS = 30.0
_STOP_SECONDS = 20.0


class EngineFailed(Exception):
    """The engine did not start; the message ends with the last lines of its log."""


@dataclass(frozen=True, slots=True)
class RunningEngine:
    """An engine that answers at `endpoint`, for as long as somebody holds `lifeline` open.

    `unclean`: its last run was cut off, so that followers of its feed may know more than it does.
    """

    process_id: int
    lifeline: int
    endpoint: str
    unclean: bool
    folder: Path

    def has_ended(self) -> bool:
        """Return whether the process has ended by itself."""
        try:
            process_id, _ = os.waitpid(self.process_id, os.WNOHANG)
        except ChildProcessError:
            return True
        return process_id != 0

    def unclean_start_settled(self) -> None:
        """Note that whoever had to know of the unclean start has been told."""
        (self.folder / "unclean").unlink(missing_ok=True)

    def stop(self) -> None:
        """Let the lifeline go and wait until the engine has saved and ended; raises `TimeoutError`."""
        os.close(self.lifeline)
        deadline = time.monotonic() + _STOP_SECONDS
        while not self.has_ended():
            if time.monotonic() > deadline:
                raise TimeoutError(f"The engine (process {self.process_id}) does not end.")
            time.sleep(0.01)

    def last_words(self) -> str:
        """Return the end of the engine's log."""
        return last_lines(self.folder / "engine.log")


def start_engine(folder: Path, environment: Mapping[str, str]) -> RunningEngine:
    """Start an engine on the data in `folder` and return it when it answers; raises `EngineFailed`.

    `ENGINE_PYTHON` names the Python of the engine's own environment; the Makefile builds it in `.venv-engine`.
    """
    python = Path(environment.get("ENGINE_PYTHON") or ROOT / ".venv-engine" / "bin" / "python")
    if not python.exists():
        raise EngineFailed(f"The engine's environment is missing ({python}); `make run` builds it.")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "engine.log").open("wb") as log:
        process = subprocess.Popen(
            [str(python), "-m", "infra.local.engine_process", str(folder.resolve())],
            cwd=ROOT,
            env={"PATH": environment.get("PATH", os.defpath), "PYTHONUNBUFFERED": "1", "LOG_LEVEL": "WARNING"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the server, which then ends its engine
        )
    if process.stdin is None or process.stdout is None:
        raise EngineFailed("The engine has no pipes.")
    with process.stdout as announcement:
        readable, _, _ = select.select([announcement], [], [], _START_SECONDS)
        line = announcement.readline() if readable else b""
    lifeline = os.dup(process.stdin.fileno())
    process.stdin.close()
    if not line:
        os.close(lifeline)
        process.kill()
        process.wait()
        raise EngineFailed(f"The DynamoDB engine did not start:\n{last_lines(folder / 'engine.log')}")
    ready = json.loads(line)
    process.returncode = 0  # from here on the process is waited for by its number, also after a reload
    return RunningEngine(process.pid, lifeline, ready["endpoint"], ready["unclean"], folder)


def last_lines(path: Path, count: int = 15) -> str:
    """Return the last lines of a log, or a word that there are none: what is killed says nothing."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return "\n".join(lines[-count:]) or "(It said nothing: it was killed, or the disk is full.)"
