"""The homepage over the sample data, served as `make run` does, in a real browser."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from infra.browser import launched
from tests.browser.visit import Visit, visiting
from tests.contract.conftest import root, tools
from tests.local.register import whole_register

__all__ = ["root", "tools"]

SAMPLE_SECONDS = 60


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    register = whole_register(tmp_path_factory.mktemp("register"), SAMPLE_DATA="1")
    try:
        register.wait_for("The sample data is there", SAMPLE_SECONDS)
        yield f"http://127.0.0.1:{register.port}"
    finally:
        register.close()


@pytest.fixture(scope="session")
def ids(origin: str) -> dict[str, str]:
    """Ids of the sample's records by their key, such as `towerbyte`."""
    found: dict[str, str] = {}
    for noun in ("organisations", "events", "cooperations"):
        for item in ask(origin, f"/v1/{noun}?limit=200")["items"]:
            record = ask(origin, f"/v1/{noun}/{item['id']}")
            keys = [each["value"] for each in record["external_ids"] if each["scheme"] == "sample"]
            found |= dict.fromkeys(keys, item["id"])
    return found


def ask(origin: str, path: str) -> Any:  # noqa: ANN401 - any JSON value
    with urllib.request.urlopen(f"{origin}{path}") as answer:  # noqa: S310 - our own server
        return json.load(answer)


@pytest.fixture(scope="session")
def axe(tools: Path) -> str:
    return (tools.parent / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def visit(browser: Browser, origin: str) -> Iterator[Visit]:
    with visiting(browser, origin) as visit:
        yield visit
