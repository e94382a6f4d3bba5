import ast
from pathlib import Path
from typing import Any

from functions.cooperations.routes import ROUTES as COOPERATIONS
from functions.documentation.routes import ROUTES as DOCUMENTATION
from functions.events.routes import ROUTES as EVENTS
from functions.feeds.routes import ROUTES as FEEDS
from functions.jobs.routes import ROUTES as JOBS
from functions.network.routes import ROUTES as NETWORK
from functions.organisations.routes import ROUTES as ORGANISATIONS
from functions.overview.routes import ROUTES as OVERVIEW
from functions.partners.routes import ROUTES as PARTNERS
from functions.search.routes import ROUTES as SEARCH
from functions.webhooks.routes import ROUTES as WEBHOOKS
from infra.openapi.document import ROUTES
from shared.http.routes import Route

NOUNS = {
    "organisations": ORGANISATIONS,
    "events": EVENTS,
    "cooperations": COOPERATIONS,
    "search": SEARCH,
    "overview": OVERVIEW,
    "network": NETWORK,
    "feeds": FEEDS,
    "partners": PARTNERS,
    "webhooks": WEBHOOKS,
}


def module_of(noun: str, route: Route) -> str:
    if noun in {"documentation", "jobs"}:
        return f"functions.{noun}.handler"
    return f"functions.{noun}.{'write' if route.writes else 'read'}"


def functions_in(root: Path, module: str) -> set[str]:
    source = (root / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    return {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


def test_the_document_has_an_operation_for_each_route_and_no_other(document: dict[str, Any]) -> None:
    described = {
        (path, method.upper(), operation["operationId"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }

    assert described == {(route.path, route.method, route.operation) for route in ROUTES}


def test_each_operation_is_a_function_of_the_module_that_serves_it(root: Path) -> None:
    missing = [
        f"{module_of(noun, route)}.{route.operation}"
        for noun, routes in {**NOUNS, "jobs": JOBS, "documentation": DOCUMENTATION}.items()
        for route in routes
        if route.operation not in functions_in(root, module_of(noun, route))
    ]

    assert missing == []


def test_every_path_that_names_a_record_can_be_read_but_those_that_begin_something() -> None:
    read = {route.path for route in ROUTES if not route.writes}
    begun = {route.path for route in ROUTES if route.status == 202}

    only_written = {
        route.path.rsplit("}", 1)[1] or route.path.split("/")[-3]
        for route in ROUTES
        if route.path not in read | begun and "{" in route.path
    }

    assert begun.isdisjoint(read)
    assert only_written == {"/managed-by", "/confirmation", "external-ids", "/rotate"}
    assert {route.path for route in ROUTES if "{" not in route.path} - read - begun == {"/imports"}
