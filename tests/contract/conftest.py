import hashlib
import json
import shutil
import subprocess
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


def run(command: list[str], folder: Path) -> str:
    result = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="session")
def tools(root: Path) -> Path:
    """The folder of the locked packages' programs, installed when the lock has changed."""
    assert shutil.which("npm"), "Node.js with npm is needed. On Debian and Ubuntu: apt-get install nodejs npm"
    locked = [root / "infra" / "typescript" / name for name in ("package.json", "package-lock.json")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in locked)).hexdigest()
    folder = root / ".cache" / "typescript"
    stamp = folder / "installed"
    if not stamp.exists() or stamp.read_text() != digest:
        folder.mkdir(parents=True, exist_ok=True)
        for path in locked:
            shutil.copy(path, folder)
        run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
        stamp.write_text(digest)
    return folder / "node_modules" / ".bin"


@pytest.fixture(scope="session")
def schema(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The TypeScript types of the committed OpenAPI document."""
    path = tmp_path_factory.mktemp("types") / "schema.d.ts"
    run([str(tools / "openapi-typescript"), str(COMMITTED), "--output", str(path)], tools.parent)
    return path
