import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from infra.openapi.__main__ import COMMITTED

CLIENT = Path(__file__).resolve().parent / "client.ts"
STRICT = ["--noEmit", "--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes", "--target", "es2022"]


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


def test_a_generated_client_compiles(tools: Path, tmp_path: Path) -> None:
    shutil.copy(CLIENT, tmp_path)

    run([str(tools / "openapi-typescript"), str(COMMITTED), "--output", str(tmp_path / "schema.d.ts")], tools.parent)

    assert run([str(tools / "tsc"), *STRICT, "client.ts"], tmp_path) == ""


def test_a_client_that_breaks_the_contract_does_not(tools: Path, tmp_path: Path) -> None:
    run([str(tools / "openapi-typescript"), str(COMMITTED), "--output", str(tmp_path / "schema.d.ts")], tools.parent)
    broken = 'export const kind: import("./schema").components["schemas"]["Event"]["kind"] = "party";'
    (tmp_path / "broken.ts").write_text(broken)

    result = subprocess.run(
        [str(tools / "tsc"), *STRICT, "broken.ts"], cwd=tmp_path, check=False, capture_output=True, text=True
    )

    assert "error TS2322" in result.stdout
