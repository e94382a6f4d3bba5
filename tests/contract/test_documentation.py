import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from functions.documentation import handler as handling
from functions.documentation.handler import handler
from functions.documentation.routes import ASSETS
from shared.errors import PROBLEMS, ProblemError
from shared.settings import data_license

Json = dict[str, Any]


@dataclass
class Context:
    milliseconds: int = 10_000

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


def get(path: str, **headers: str) -> Json:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer: Json = handler({"httpMethod": "GET", "path": path, "headers": named}, Context())
    return answer


def test_the_document_is_served_as_committed(document: Json) -> None:
    answer = get("/openapi.json")

    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (200, "application/json")
    assert json.loads(answer["body"]) == document


def test_the_document_names_the_licence_that_the_operator_gives_the_data(
    document: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LICENSE_NAME", "CC0 1.0")
    monkeypatch.setenv("LICENSE_URL", "https://example.org/cc0")

    served = json.loads(handling._document(*data_license()).body)

    assert served["info"]["license"] == {"name": "CC0 1.0 (the data)", "url": "https://example.org/cc0"}
    assert {**served, "info": document["info"]} == document


def test_an_unchanged_document_is_not_sent_again() -> None:
    etag = get("/openapi.json")["headers"]["ETag"]

    answer = get("/openapi.json", If_None_Match=etag)

    assert (answer["statusCode"], answer["body"]) == (304, "")


def test_the_page_runs_only_what_this_api_serves() -> None:
    answer = get("/docs")

    policy = answer["headers"]["Content-Security-Policy"]
    assert answer["headers"]["Content-Type"] == "text/html; charset=utf-8"
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in policy
    assert re.findall(r"<script(?![^>]*src=)|\bstyle=|<style|\bon\w+=|https?:", answer["body"]) == []


def test_the_page_finds_everything_that_it_names() -> None:
    named = re.findall(r'(?:src|href)="(?!data:)([^"]+)"', get("/docs")["body"])

    # Seen from /v1/docs, a relative address stands beside the page.
    statuses = {name: get(f"/{name}")["statusCode"] for name in named}

    assert statuses == {"openapi.json": 200, **{f"docs/{name}": 200 for name in ASSETS}}


@pytest.mark.parametrize(("name", "media_type"), ASSETS.items())
def test_assets_are_served_with_their_type(name: str, media_type: str) -> None:
    answer = get(f"/docs/{name}", Accept=f"{media_type},*/*;q=0.1")

    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (200, f"{media_type}; charset=utf-8")
    assert answer["body"] != ""


@pytest.mark.parametrize("path", ["/docs/page.html", "/docs/__init__.py", "/docs/..", "/problems/none", "/docs/"])
def test_nothing_else_is_served(path: str) -> None:
    answer = get(path)

    assert (answer["statusCode"], json.loads(answer["body"])["type"]) == (404, "/v1/problems/not-found")


@pytest.mark.parametrize(("slug", "problem"), PROBLEMS.items())
def test_the_type_of_a_problem_leads_to_what_it_means(slug: str, problem: type[ProblemError]) -> None:
    answer = get(f"/problems/{slug}", Accept="text/html,*/*;q=0.8")

    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {
        "type": f"/v1/problems/{slug}",
        "title": problem.title,
        "status": problem.status,
        "advice": problem.advice,
    }


def test_it_needs_no_table_no_model_and_no_event_handler(root: Path) -> None:
    program = (
        "import sys, functions.documentation.handler;"
        "print(*sorted({'botocore.session', 'pydantic', 'sqlite3', 'shared.tables', 'functions.process',"
        " 'aws_lambda_powertools.event_handler'} & set(sys.modules)))"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=root, env={}, check=True, capture_output=True, text=True
    ).stdout

    assert loaded == "\n"
