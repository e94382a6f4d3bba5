"""The small project of these tests, and the local server that runs on it."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = Path(__file__).resolve().parent / "project"


@dataclass
class RunningRegister:
    """A `python -m infra.local` of the small project, with what it has printed so far."""

    process: subprocess.Popen[str]
    folder: Path
    lines: list[str]
    port: int = 0

    def wait_for(self, text: str, seconds: float = 20.0) -> str:
        with self.printed:
            found = self.printed.wait_for(lambda: any(text in line for line in self.lines) or self.ended, seconds)
        assert found, f"{text!r} was never printed: {self.lines}"
        matching = [line for line in self.lines if text in line]
        assert matching, f"it ended without {text!r}: {self.lines}"
        return matching[-1]

    def __post_init__(self) -> None:
        self.printed = threading.Condition()
        self.ended = False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self.printed:
                self.lines.append(line.rstrip("\n"))
                self.printed.notify_all()
        with self.printed:
            self.ended = True
            self.printed.notify_all()

    def call(self, method: str, path: str, body: str | None = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        return answer.status, json.loads(text) if text else None

    def close(self) -> None:
        if self.process.poll() is None:
            self.end(signal.SIGTERM)
        with self.printed:
            self.printed.wait_for(lambda: self.ended, 20)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=20)


class Project:
    """A copy of the local server with small functions of its own, to be run, edited and killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: list[RunningRegister] = []
        for name in ("infra", "shared"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.lock"))
        shutil.copytree(PROJECT / "functions", folder / "functions", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(PROJECT / "template.yaml", folder / "template.yaml")

    def start(self, **environment: str) -> RunningRegister:
        settings = {"PORT": "0", "SAMPLE_DATA": "0", "ENGINE_PYTHON": str(ROOT / ".venv-engine" / "bin" / "python")}
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.local"],
            cwd=self.folder,
            env={"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"} | settings | os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        register = RunningRegister(process, self.folder, [])
        self.running.append(register)
        return register

    def run(self, **environment: str) -> RunningRegister:
        register = self.start(**environment)
        register.port = int(register.wait_for("answers at").rsplit(":", 1)[1].partition("/")[0])
        return register


def whole_register(data: Path, **environment: str) -> RunningRegister:
    """The whole register, without sample data unless it is asked for, on a folder of its own."""
    settings = {"PORT": "0", "SAMPLE_DATA": "0", "DATA_DIR": str(data), "PYTHONUNBUFFERED": "1"} | environment
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.local"],
        cwd=ROOT,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    register = RunningRegister(process, data, [])
    register.port = int(register.wait_for("answers at").rsplit(":", 1)[1].partition("/")[0])
    register.wait_for("stop ")
    return register


def operate(data: Path, command: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What an operator's command did on the register of a folder."""
    return subprocess.run(
        [sys.executable, "-m", f"infra.{command}", *arguments],
        check=False,
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(data), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def admin_key(data: Path) -> str:
    """The office's key."""
    return (data / "admin.key").read_text(encoding="utf-8").strip()


def ask(port: int, key: str, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
    """Status and content of an answer to a request with a key."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    sent = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    sent |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    try:
        connection.request(method, f"/v1{path}", None if body is None else json.dumps(body), sent)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or "null")
    finally:
        connection.close()
