"""The local server as its tormentor sees it: a command that is started, killed and measured from outside (Linux)."""

import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.local.engine import ROOT, RUNNING
from infra.running import Running

_END: Final = 60.0
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_ROLES: Final = {"infra.soak.engine": "door", "infra.local.engine_process": "engine", "infra.local": "server"}


@dataclass(frozen=True, slots=True)
class Sample:
    """What one process holds at a moment; `memory` in bytes, `cpu` in seconds since its start."""

    moment: float
    role: str
    process_id: int
    memory: int
    files: int
    sockets: int
    threads: int
    cpu: float


class Register(Running):
    """One data folder, and the server that runs on it with an engine behind a door."""

    def __init__(self, data: Path) -> None:
        """Write down how the engine is started."""
        real = os.environ.get("ENGINE_PYTHON") or str(ROOT / ".venv-engine" / "bin" / "python")
        starter = data / "engine-python"
        starter.write_text(
            f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m infra.soak.engine {shlex.quote(real)} "$@"\n'
        )
        starter.chmod(0o700)
        super().__init__(data, {"ENGINE_PYTHON": str(starter)})

    def kill(self, role: str) -> None:
        """End its server or its engine with SIGKILL, and return when both are gone."""
        family = self.family()
        os.kill(next(number for number, name in family.items() if name == role), signal.SIGKILL)
        if self.process is not None:
            self.process.wait(_END)
        _gone(family)

    def stop(self) -> int:
        """End the server in good order, and return when its engine is gone, too; gives the server's exit status."""
        family = self.family()
        status = super().stop()
        _gone(family)
        return status

    @property
    def door(self) -> str:
        """Where calls of DynamoDB go wrong."""
        told: dict[str, str] = json.loads((self.data / RUNNING).read_text(encoding="utf-8"))
        return told["DYNAMODB_ENDPOINT"]

    def command(self, module: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """What an operator's command did on this register."""
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            check=False,
            cwd=ROOT,
            env={**os.environ, "DATA_DIR": str(self.data)},
            capture_output=True,
            text=True,
        )

    def family(self) -> dict[int, str]:
        """The server's process and all that descend from it, by number, with the part that each plays."""
        if self.process is None:
            return {}
        parents: dict[int, list[int]] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                parents.setdefault(int(_stat(folder)[1]), []).append(int(folder.name))
        family, found = [self.process.pid], 0
        while found < len(family):
            family += parents.get(family[found], [])
            found += 1
        return {number: _role(number) for number in family}

    def samples(self) -> Iterator[Sample]:
        """What each of its processes holds now."""
        moment = time.monotonic()
        for number, role in self.family().items():
            folder = Path(f"/proc/{number}")
            with contextlib.suppress(OSError):
                stat = _stat(folder)
                opened = [str(link.readlink()) for link in (folder / "fd").iterdir()]
                sockets = sum(name.startswith("socket:") for name in opened)
                yield Sample(
                    moment,
                    role,
                    number,
                    int(stat[21]) * _PAGE,
                    len(opened) - sockets,
                    sockets,
                    int(stat[17]),
                    (int(stat[11]) + int(stat[12])) / _TICKS,
                )


def _gone(processes: Iterable[int]) -> None:
    """Return when none of them is there any more; raises `TimeoutError`."""
    deadline = time.monotonic() + _END
    while left := [number for number in processes if _is_alive(number)]:
        if time.monotonic() > deadline:
            raise TimeoutError(f"The processes {left} do not end.")
        time.sleep(0.05)


def _is_alive(number: int) -> bool:
    """Whether a process is there and not just waiting to be reaped."""
    try:
        return _stat(Path(f"/proc/{number}"))[0] != "Z"
    except OSError:
        return False


def _stat(folder: Path) -> list[str]:
    """The fields behind the command's name (proc(5)): the state, the parent, and so on."""
    return (folder / "stat").read_text().rpartition(")")[2].split()


def _role(number: int) -> str:
    try:
        words = Path(f"/proc/{number}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return "gone"
    return next((role for module, role in _ROLES.items() if module in words), "other")
