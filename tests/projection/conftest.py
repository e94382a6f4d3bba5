import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shared.projection.engine import Projection
from shared.projection.folder import Folder
from shared.projection.schema import create
from tests.projection.register import Register

Open = Callable[..., Projection]


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
def snapshots(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "bucket")


@pytest.fixture
def open_projection(tmp_path: Path, register: Register, snapshots: Folder) -> Iterator[Open]:
    """Open a projection of the register in a file of that name; all are closed after the test."""
    opened: list[Projection] = []

    def open_one(name: str = "copy.sqlite", **options: object) -> Projection:
        settings = {"feed": register, "snapshots": snapshots, "clock": lambda: register.now, **options}
        opened.append(Projection(tmp_path / name, **settings))  # type: ignore[arg-type]
        return opened[-1]

    yield open_one
    for projection in opened:
        projection.close()


@pytest.fixture
def projection(open_projection: Open) -> Projection:
    return open_projection()


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """An empty copy, in memory."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        create(opened, "0")
        yield opened
