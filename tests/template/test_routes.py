"""The template's routes and the code's are the same."""

import importlib
from collections.abc import Iterable

import pytest

from infra.template import Function, Template
from shared.http.routes import Route
from tests.template.conftest import Json, of_type

NOUNS = [
    "organisations",
    "events",
    "cooperations",
    "partners",
    "webhooks",
    "jobs",
    "changes",
    "documentation",
    "search",
    "overview",
    "network",
    "feeds",
]


def declared(noun: str) -> tuple[Route, ...]:
    routes: tuple[Route, ...] = importlib.import_module(f"functions.{noun}.routes").ROUTES
    return routes


def entrances(functions: Iterable[Function], module: str) -> set[tuple[str, str]]:
    (function,) = (each for each in functions if each.handler == f"functions.{module}.handler")
    return {(route.method, route.path) for route in function.routes}


@pytest.mark.parametrize("noun", NOUNS)
def test_the_reader_gets_every_path_with_every_method(template: Template, noun: str) -> None:
    paths = {route.entrance for route in declared(noun)}

    module = f"{noun}.handler" if noun in {"jobs", "documentation"} else f"{noun}.read"

    assert entrances(template.functions, module) == {("ANY", path) for path in paths}


@pytest.mark.parametrize("noun", NOUNS[:5])
def test_the_writer_gets_the_methods_that_write(template: Template, noun: str) -> None:
    writing = {(str(route.method), route.entrance) for route in declared(noun) if route.writes}

    assert writing
    assert entrances(template.functions, f"{noun}.write") == writing


def test_the_api_has_one_stage_that_is_named_v1(resources: Json) -> None:
    assert [stage["StageName"] for stage in of_type(resources, "AWS::ApiGateway::Stage").values()] == ["v1"]
    assert all("StageName" not in each for each in of_type(resources, "AWS::ApiGateway::Deployment").values())


def test_every_function_with_a_route_answers_before_the_gateway_gives_up(template: Template) -> None:
    gateway_seconds = 29

    answering = [function for function in template.functions if function.routes]

    assert len(answering) == 18
    assert all(function.timeout < gateway_seconds for function in answering)
