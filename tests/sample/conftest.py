"""The whole register as `make run` starts it, empty, on a port of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.register import admin_key, whole_register


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of the register, and a key of its own office."""
    register = whole_register(tmp_path)
    try:
        yield f"http://127.0.0.1:{register.port}/v1", admin_key(tmp_path)
    finally:
        register.close()
