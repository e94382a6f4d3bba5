"""The local server as its tormentor sees it: a command that is started, killed and measured from outside (Linux)."""

import contextlib
import http.client
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from infra.bench.measuring import ROOT
from infra.local.engine import RUNNING
from infra.local.wire import listen

_START_SECONDS: Final = 120.0
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_ROLES: Final = {"infra.soak.engine": "door", "infra.local.engine_process": "engine", "infra.local": "server"}


class CannotStart(Exception):
    """The server does not answer; the message ends with what it printed."""


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


@dataclass(slots=True)
class Register:
    """One data folder, and the server that runs on it."""

    data: Path
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    log: IO[bytes] = field(init=False)

    def __post_init__(self) -> None:
        """Write down how the engine is started, and take a port that is kept through all restarts."""
        with contextlib.closing(listen("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        real = os.environ.get("ENGINE_PYTHON") or str(ROOT / ".venv-engine" / "bin" / "python")
        starter = self.data / "engine-python"
        starter.write_text(
            f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m infra.soak.engine {shlex.quote(real)} "$@"\n'
        )
        starter.chmod(0o700)
        self.log = (self.data / "server.log").open("ab")

    def start(self) -> None:
        """Start the server and return when it answers with its sample data; raises `CannotStart`."""
        told = {
            **os.environ,
            "PORT": str(self.port),
            "DATA_DIR": str(self.data),
            "PYTHONUNBUFFERED": "1",
            "ENGINE_PYTHON": str(self.data / "engine-python"),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "infra.local"], cwd=ROOT, env=told, stdout=self.log, stderr=self.log
        )
        deadline = time.monotonic() + _START_SECONDS
        while not ((self.data / "sample-loaded").exists() and self._answers()):
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise CannotStart(f"The server does not answer:\n{self.last_words()}")
            time.sleep(0.1)

    def kill(self, role: str) -> None:
        """End its server or its engine with SIGKILL, and return when both are gone."""
        family = self.family()
        os.kill(next(number for number, name in family.items() if name == role), signal.SIGKILL)
        self._wait(family)

    def stop(self) -> int:
        """End the server in good order; gives its exit status."""
        if self.process is None:
            return 0
        family = self.family()
        self.process.terminate()
        return self._wait(family)

    def _wait(self, family: dict[int, str]) -> int:
        if self.process is None:
            return 0
        status = self.process.wait(timeout=60)
        deadline = time.monotonic() + 30
        while any(Path(f"/proc/{number}/stat").exists() for number in family) and time.monotonic() < deadline:
            time.sleep(0.05)
        return status

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/v1/organisations?limit=1")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    @property
    def admin_key(self) -> str:
        """The office's key."""
        return (self.data / "admin.key").read_text(encoding="utf-8").strip()

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

    def last_words(self) -> str:
        """The end of what the server printed."""
        return "\n".join((self.data / "server.log").read_text(encoding="utf-8", errors="replace").splitlines()[-20:])

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


def _stat(folder: Path) -> list[str]:
    """The fields behind the command's name (proc(5)): the state, the parent, and so on."""
    return (folder / "stat").read_text().rpartition(")")[2].split()


def _role(number: int) -> str:
    try:
        words = Path(f"/proc/{number}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return "gone"
    return next((role for module, role in _ROLES.items() if module in words), "other")
