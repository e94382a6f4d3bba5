import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine import dynamodb_engine
from tests.local.register import Project

__all__ = ["dynamodb_engine"]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project(tmp_path)
    yield project
    for register in project.running:
        register.close()


@pytest.fixture
def occupied_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]
