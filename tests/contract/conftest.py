import json
from pathlib import Path
from typing import Any

import pytest

from infra.openapi.__main__ import COMMITTED
from tests.api.conftest import api, house, log, register

__all__ = ["api", "house", "log", "register"]

Json = dict[str, Any]


@pytest.fixture(scope="session")
def document() -> Json:
    found: Json = json.loads(COMMITTED.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).resolve().parents[2]
