"""A register of its own for programs that measure or attack one: `make run` with the sample data, on a free port."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.local.engine import ROOT

_START: Final = 60.0
_END: Final = 30.0


@dataclass(frozen=True, slots=True)
class Running:
    """A register that answers; `data` is where it keeps everything, `key` is its office's."""

    port: int
    data: Path
    key: str

    @property
    def base_url(self) -> str:
        """The address of the API."""
        return f"http://127.0.0.1:{self.port}/v1"


@contextmanager
def running() -> Iterator[Running]:
    """Start the local server with the sample data, and end it afterwards; raises OSError where it does not start."""
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch, "log")
        told = {**os.environ, "HOST": "127.0.0.1", "PORT": "0", "DATA_DIR": scratch, "PYTHONUNBUFFERED": "1"}
        with (
            log.open("wb") as output,
            subprocess.Popen(
                [sys.executable, "-m", "infra.local"], cwd=ROOT, env=told, stdout=output, stderr=output
            ) as server,
        ):
            try:
                port = _port(Path(scratch), log)
                yield Running(port, Path(scratch), Path(scratch, "admin.key").read_text(encoding="utf-8").strip())
            finally:
                server.terminate()
                server.wait(_END)


def _port(data: Path, log: Path) -> int:
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline:
        if (data / "sample-loaded").exists():
            address = (data / "lock").read_text(encoding="utf-8").strip()
            return int(address.rpartition(":")[2])
        time.sleep(0.2)
    raise OSError(f"make run does not start:\n{log.read_text(encoding='utf-8', errors='replace')}")
