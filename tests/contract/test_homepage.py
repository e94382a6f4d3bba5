"""The homepage against the contract: its modules compile with the types of the OpenAPI document."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.contract.conftest import run

STRICT = {
    "allowJs": True,
    "checkJs": True,
    "noEmit": True,
    "strict": True,
    "noUncheckedIndexedAccess": True,
    "noImplicitReturns": True,
    "noUnusedLocals": True,
    "target": "es2022",
    "module": "es2022",
    "moduleResolution": "bundler",
    "lib": ["es2023", "dom", "dom.iterable"],
    "types": [],
}


@pytest.fixture
def project(root: Path, schema: Path, tmp_path: Path) -> Path:
    """A copy of the homepage beside the generated types; worker.js runs under other globals and is left out."""
    shutil.copytree(root / "infra" / "site", tmp_path / "site", ignore=shutil.ignore_patterns("worker.js"))
    shutil.copy(root / "infra" / "typescript" / "site.d.ts", tmp_path)
    shutil.copy(schema, tmp_path / "schema.d.ts")
    settings = {"compilerOptions": STRICT, "include": ["site/**/*.js", "site.d.ts"]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    return tmp_path


def test_the_homepage_compiles_against_the_contract(project: Path, tools: Path) -> None:
    assert run([str(tools / "tsc"), "--project", "."], project) == ""


def test_a_homepage_that_reads_what_no_answer_has_does_not(project: Path, tools: Path) -> None:
    line = "/** @param {EventSummary} event */\nexport const party = (event) => event.guests;\n"
    (project / "site" / "app" / "broken.js").write_text(line, encoding="utf-8")

    result = subprocess.run(
        [str(tools / "tsc"), "--project", "."], cwd=project, check=False, capture_output=True, text=True
    )

    assert "site/app/broken.js(2,39): error TS2339" in result.stdout
