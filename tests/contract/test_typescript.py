import shutil
import subprocess
from pathlib import Path

from tests.contract.conftest import run

CLIENT = Path(__file__).resolve().parent / "client.ts"
STRICT = ["--noEmit", "--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes", "--target", "es2022"]


def test_a_generated_client_compiles(tools: Path, schema: Path, tmp_path: Path) -> None:
    shutil.copy(CLIENT, tmp_path)
    shutil.copy(schema, tmp_path)

    assert run([str(tools / "tsc"), *STRICT, "client.ts"], tmp_path) == ""


def test_a_client_that_breaks_the_contract_does_not(tools: Path, schema: Path, tmp_path: Path) -> None:
    shutil.copy(schema, tmp_path)
    broken = 'export const kind: import("./schema").components["schemas"]["Event"]["kind"] = "party";'
    (tmp_path / "broken.ts").write_text(broken)

    result = subprocess.run(
        [str(tools / "tsc"), *STRICT, "broken.ts"], cwd=tmp_path, check=False, capture_output=True, text=True
    )

    assert "error TS2322" in result.stdout
