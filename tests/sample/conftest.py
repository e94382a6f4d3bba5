"""The whole register as `make run` starts it, empty, on a port of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.register import ROOT, RunningRegister


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of the register, and a key of its own office."""
    settings = {"PORT": "0", "SAMPLE_DATA": "0", "DATA_DIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.local"],
        cwd=ROOT,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    register = RunningRegister(process, tmp_path, [])
    try:
        yield register.wait_for("answers at").split()[-1], register.wait_for("  key  ").split()[1]
    finally:
        register.close()
