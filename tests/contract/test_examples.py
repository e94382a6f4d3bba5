from collections.abc import Iterator
from typing import Any, get_args

import pytest

from infra.openapi import examples
from shared.models.ids import RecordType
from shared.models.patch import merge_patch
from shared.models.record import parse_input
from tests.contract.validation import faults, resolve

Json = dict[str, Any]

TYPES: tuple[RecordType, ...] = get_args(RecordType)


def contents(document: Json) -> Iterator[tuple[str, Json]]:
    """Yield each body of a request or answer with its place."""
    for methods in (*document["paths"].values(), *document["webhooks"].values()):
        for operation in methods.values():
            bodies = {"request": operation.get("requestBody", {}), **operation["responses"]}
            for name, body in bodies.items():
                for content in resolve(document, body).get("content", {}).values():
                    yield f"{operation.get('operationId', operation['summary'])} {name}", content


def shown(parameter: Json) -> Iterator[tuple[Json, object]]:
    """Yield the examples of a parameter with what they have to fit."""
    schema = parameter["schema"]
    if "example" in parameter:
        yield schema, parameter["example"]
    for described in (schema, schema.get("items", {})):
        for example in described.get("examples", ()):
            yield described, example


def test_only_what_must_be_sent_is_filled_in_for_who_tries_a_request(document: Json) -> None:
    filled_in = {
        (parameter["in"], parameter["name"])
        for methods in document["paths"].values()
        for operation in methods.values()
        for parameter in (resolve(document, one) for one in operation.get("parameters", ()))
        if "example" in parameter
    }

    in_paths = {("path", name) for name in ("id", "membership_id", "party_id", "scheme", "value", "version")}
    assert filled_in == {*in_paths, ("header", "If-Match")}


def test_every_example_of_a_body_fits_its_schema(document: Json) -> None:
    wrong = [
        (place, title, found)
        for place, content in contents(document)
        for title, example in content.get("examples", {}).items()
        if (found := faults(document, content["schema"], example["value"]))
    ]

    assert wrong == []


def test_every_json_body_has_an_example(document: Json) -> None:
    # The document is its own example, and files are no JSON.
    without = [place for place, content in contents(document) if not content.get("examples")]

    assert sorted(without) == ["get_asset 200", "get_openapi 200", "get_page 200"]


def test_every_example_of_a_parameter_fits_its_schema(document: Json) -> None:
    listed = [resolve(document, one) for one in document["components"]["parameters"].values()]
    for methods in document["paths"].values():
        for operation in methods.values():
            listed += [resolve(document, one) for one in operation.get("parameters", ())]

    wrong = [
        (one["name"], found)
        for one in listed
        for schema, example in shown(one)
        if (found := faults(document, schema, example))
    ]

    assert wrong == []


def test_every_example_of_a_schema_fits_it(document: Json) -> None:
    wrong = [
        (name, found)
        for name, schema in document["components"]["schemas"].items()
        for example in schema.get("examples", ())
        if (found := faults(document, schema, example))
    ]

    assert wrong == []


@pytest.mark.parametrize("record_type", TYPES)
def test_the_example_of_an_input_is_taken(record_type: RecordType) -> None:
    body = examples.resolved(examples.INPUT[record_type])

    content = parse_input(record_type, body)

    assert content.model_dump(exclude_unset=True) == body


@pytest.mark.parametrize("record_type", TYPES)
def test_the_example_of_a_patch_is_taken(record_type: RecordType) -> None:
    held = examples.record(record_type)
    patched = merge_patch(held.as_input(), examples.PATCH[record_type])

    content = parse_input(record_type, patched, held=held)

    assert content.model_dump(exclude_none=True) == {
        name: value for name, value in patched.items() if value is not None
    }


@pytest.mark.parametrize("record_type", TYPES)
def test_what_was_read_whole_can_be_sent_back(document: Json, record_type: RecordType) -> None:
    held = examples.record(record_type)
    schema = document["components"]["schemas"][f"{record_type.capitalize()}Input"]

    assert faults(document, schema, held.as_input()) == []
    assert parse_input(record_type, held.as_input(), held=held).model_dump(exclude_unset=True) == held.as_input()


@pytest.mark.parametrize(
    ("model", "value", "said"),
    [
        ("PartialDateText", "2023-13", False),
        ("PartialDateText", "[..2015-09-16]", True),
        ("Line", " ", False),
        ("Line", "Jena\u202e", False),
        ("Line", "Weiß & Söhne", True),
        ("Url", "ftp://example.org", False),
        ("Url", "https://example.org/über", False),
        ("LocalisedLine", {}, False),
        ("LocalisedLine", {"de": "Grüße", "en-GB": "Greetings"}, True),
        ("LocalisedLine", {"deutsch": "Grüße"}, False),
    ],
)
def test_the_document_knows_the_rules_of_values(document: Json, model: str, value: object, *, said: bool) -> None:
    assert (faults(document, document["components"]["schemas"][model], value) == []) is said
