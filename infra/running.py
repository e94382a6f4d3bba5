"""A register of its own for programs that measure, attack or torment one: `make run` with the sample data."""

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from infra.local.engine import ROOT, last_lines

_START: Final = 120.0
_END: Final = 60.0
_LOG: Final = "server.log"


@dataclass(slots=True)
class Running:
    """A data folder and the local server that runs on it; `port` is free at first and kept through all restarts."""

    data: Path
    environment: dict[str, str] = field(default_factory=dict)
    """What the server is told besides."""
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def base_url(self) -> str:
        """The address of the API."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def key(self) -> str:
        """The office's key."""
        return (self.data / "admin.key").read_text(encoding="utf-8").strip()

    def start(self) -> None:
        """Start the server and return when it answers with its sample data; raises OSError where it does not."""
        own = {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "DATA_DIR": str(self.data),
            "SAMPLE_DATA": "1",
            "DYNAMODB_ENDPOINT": "",
            "PYTHONUNBUFFERED": "1",
        }
        with (self.data / _LOG).open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "infra.local"],
                cwd=ROOT,
                env={**os.environ, **own, **self.environment},
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _START
        while not self._answers():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise OSError(f"make run does not start:\n{last_lines(self.data / _LOG)}")
            time.sleep(0.1)

    def stop(self) -> int:
        """End the server in good order, where it runs; gives its exit status, and raises where it has to be killed."""
        if self.process is None:
            return 0
        self.process.terminate()
        try:
            return self.process.wait(_END)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def _answers(self) -> bool:
        if not (self.data / "sample-loaded").exists():
            return False
        self.port = self.port or int((self.data / "lock").read_text(encoding="utf-8").strip().rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/v1/organisations?limit=1")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@contextmanager
def running() -> Iterator[Running]:
    """Start the local server on a folder of its own, and end it afterwards; raises OSError where it does not start."""
    with tempfile.TemporaryDirectory() as scratch:
        register = Running(Path(scratch))
        try:
            register.start()
            yield register
        finally:
            register.stop()
