"""What may change within v1: nothing that a client written against the released document relies on."""

import copy
from collections.abc import Callable

import pytest

from infra.openapi.compatibility import bare, broken
from tests.contract.conftest import Json

Change = Callable[[Json], object]


def _operation(document: Json, method: str = "get") -> Json:
    found: Json = document["paths"]["/events"][method]
    return found


def _schema(document: Json, name: str) -> Json:
    found: Json = document["components"]["schemas"][name]
    return found


def _longest(document: Json, name: str, length: int) -> None:
    _schema(document, name)["properties"]["text"] = {"type": "string", "maxLength": length}


BREAKING: dict[str, tuple[Change, str]] = {
    "an operation that is gone": (lambda document: document["paths"]["/events"].pop("get"), "GET /events is gone"),
    "an operation that needs a key": (
        lambda document: _operation(document).update(security=[{"Bearer": []}]),
        "GET /events needs a key",
    ),
    "another name": (
        lambda document: _operation(document).update(operationId="events"),
        "GET /events is called otherwise, and so are the methods of generated clients",
    ),
    "a filter less": (
        lambda document: _operation(document)["parameters"].pop(0),
        "GET /events does not take query kind",
    ),
    "a parameter that must be sent": (
        lambda document: _operation(document)["parameters"].append(
            {"name": "lang", "in": "query", "required": True, "schema": {"type": "string"}}
        ),
        "GET /events asks for query lang",
    ),
    "a value of a filter less": (
        lambda document: _operation(document)["parameters"][0].update(schema={"enum": ["workshop"]}),
        "GET /events query kind has other values",
    ),
    "a form less": (
        lambda document: _operation(document)["responses"]["200"]["content"].pop("text/csv"),
        "GET /events 200 knows no text/csv",
    ),
    "a success less": (
        lambda document: _operation(document)["responses"].pop("200"),
        "GET /events never answers 200",
    ),
    "a header less": (
        lambda document: _operation(document)["responses"]["200"]["headers"].pop("ETag"),
        "GET /events 200 lacks ETag",
    ),
    "a field less in answers": (
        lambda document: _schema(document, "Event")["properties"].pop("text"),
        "Event, given has no text",
    ),
    "a field that may be missing": (
        lambda document: _schema(document, "Event").update(required=[]),
        "Event, given may lack id",
    ),
    "a longer text in answers": (
        lambda document: _longest(document, "Event", 101),
        "Event, given.text has another maxLength",
    ),
    "a field less in what is sent": (
        lambda document: _schema(document, "EventInput")["properties"].pop("text"),
        "EventInput, sent has no text",
    ),
    "a field that must be sent": (
        lambda document: _schema(document, "EventInput").update(required=["id", "text"]),
        "EventInput, sent needs text",
    ),
    "a shorter text to send": (
        lambda document: _longest(document, "EventInput", 99),
        "EventInput, sent.text has another maxLength",
    ),
    "a body where none was": (
        lambda document: _operation(document).update(requestBody={"content": {}}),
        "GET /events asks for a body",
    ),
}
ADDITIVE: dict[str, Change] = {
    "a route": lambda document: document["paths"].update({"/venues": {"get": {}}}),
    "a filter": lambda document: _operation(document)["parameters"].append(
        {"name": "lang", "in": "query", "schema": {"type": "string"}}
    ),
    "a value of a filter": lambda document: _operation(document)["parameters"][0]["schema"]["enum"].append("fair"),
    "a form": lambda document: _operation(document)["responses"]["200"]["content"].update({"text/html": {}}),
    "a field in answers": lambda document: _schema(document, "Event")["properties"].update({"new": {}}),
    "a field to send": lambda document: _schema(document, "EventInput")["properties"].update({"new": {}}),
    "a longer text to send": lambda document: _longest(document, "EventInput", 101),
    "a shorter text in answers": lambda document: _longest(document, "Event", 99),
    "an error": lambda document: _operation(document)["responses"].update({"410": {}}),
    "other words": lambda document: _operation(document).update(summary="Something else"),
}


@pytest.fixture
def released() -> Json:
    def schema() -> Json:
        fields = {"id": {"type": "string"}, "text": {"type": "string", "maxLength": 100}}
        return {"type": "object", "properties": fields, "required": ["id"]}

    def content(name: str) -> Json:
        return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}

    answer = {"headers": {"ETag": {}}, "content": {**content("Event"), "text/csv": {"schema": {"type": "string"}}}}
    kind = {"name": "kind", "in": "query", "schema": {"enum": ["workshop", "conference"]}}
    listing = {
        "operationId": "list_events",
        "security": [{}, {"Bearer": []}],
        "parameters": [kind],
        "responses": {"200": answer, "400": {}},
    }
    creating = {
        "operationId": "create_event",
        "requestBody": {"content": content("EventInput")},
        "responses": {"201": {}},
    }
    return {
        "paths": {"/events": {"get": listing, "post": creating}},
        "components": {"schemas": {"Event": schema(), "EventInput": schema()}},
    }


@pytest.mark.parametrize("change", BREAKING)
def test_what_breaks_a_client_is_told(released: Json, change: str) -> None:
    current = copy.deepcopy(released)
    BREAKING[change][0](current)

    assert broken(released, current) == [BREAKING[change][1]]


@pytest.mark.parametrize("change", ADDITIVE)
def test_what_is_only_added_breaks_nobody(released: Json, change: str) -> None:
    current = copy.deepcopy(released)
    ADDITIVE[change](current)

    assert broken(bare(released), bare(current)) == []


def test_fields_may_be_called_as_words_are() -> None:
    document = {"description": "x", "properties": {"title": {"title": "Title", "properties": {"summary": {}}}}}

    assert bare(document) == {"properties": {"title": {"properties": {"summary": {}}}}}
