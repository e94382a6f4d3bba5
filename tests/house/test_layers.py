"""Imports point one way, readers stay light, and a test keeps both."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BASE = {"shared.errors", "shared.budget", "shared.caller", "shared.once"}
MAY_USE = {
    "shared.errors": set[str](),
    "shared.settings": set[str](),
    "shared.budget": set[str](),
    "shared.once": set[str](),
    "shared.credentials": set[str](),
    "shared.caller": {"shared.errors"},
    "shared.models": {"shared.errors", "shared.models"},
    "shared.tables": {*BASE, "shared.settings", "shared.credentials", "shared.models", "shared.tables"},
    "shared.projection": {"shared.errors", "shared.models", "shared.tables", "shared.projection"},
    "shared.http": {*BASE, "shared.models", "shared.http"},
    "functions": {"shared", "functions"},
}
WITHOUT_PYDANTIC = ["addresses", "dates", "ids", "patch", "room", "text", "views", "vocabulary"]


def modules() -> Iterator[tuple[str, Path]]:
    for top in ("shared", "functions"):
        for path in sorted((ROOT / top).rglob("*.py")):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {name for name in found if name.partition(".")[0] in {"shared", "functions", "infra", "tests"}}


def is_within(name: str, layers: set[str]) -> bool:
    return any(name == layer or name.startswith(f"{layer}.") for layer in layers)


def test_imports_point_one_way() -> None:
    wrong = [
        f"{module} uses {name}"
        for module, path in modules()
        for layer, allowed in MAY_USE.items()
        if is_within(module, {layer})
        for name in imported(path)
        if not is_within(name, allowed)
    ]

    assert wrong == []


def test_every_module_has_a_layer() -> None:
    homeless = [module for module, _ in modules() if not is_within(module, set(MAY_USE)) and module != "shared"]

    assert homeless == []


def loaded_by(statement: str) -> set[str]:
    environment = {
        **{f"{noun}_TABLE": noun for noun in ("ORGANISATIONS", "EVENTS", "COOPERATIONS", "PRIVATE", "REGISTER")},
        "SNAPSHOTS": "s3://snapshots",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "PATH": os.environ["PATH"],
    }
    program = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT, env=environment
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "noun", ["organisations", "events", "cooperations", "search", "overview", "network", "feeds", "webhooks", "exports"]
)
def test_a_reader_loads_neither_pydantic_nor_sqlite_nor_boto3(noun: str) -> None:
    loaded = loaded_by(f"import functions.{noun}.read")

    assert not loaded & {"pydantic", "sqlite3", "boto3", "icalendar", "aws_lambda_powertools.event_handler"}


@pytest.mark.parametrize("name", WITHOUT_PYDANTIC)
def test_plain_models_are_standard_library(name: str) -> None:
    loaded = loaded_by(f"import shared.models.{name}")

    assert not loaded & {"pydantic", "botocore"}


def test_importing_shared_does_nothing() -> None:
    assert {name for name in loaded_by("import shared") if name.startswith("shared")} == {"shared"}


def test_all_exceptions_are_caught_in_one_place() -> None:
    places = [
        module
        for module, path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
        and ast.unparse(node.body[-1]) != "raise"
    ]

    assert places == ["shared.http.edge"]


def test_nothing_scans() -> None:
    scanning = [
        module for module, path in modules() if re.search(r"\bscan\b", path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]

    assert scanning == []
