"""The embedded DynamoDB engine for tests that need threads: `dynamodb_engine` is its endpoint."""

import os
from collections.abc import Iterator

import pytest

from infra.local.engine import start_engine


@pytest.fixture(scope="session")
def dynamodb_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    engine = start_engine(tmp_path_factory.mktemp("engine"), os.environ)
    yield engine.endpoint
    engine.stop()
