import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from infra.openapi.__main__ import COMMITTED, drift, text
from infra.openapi.document import ROUTES
from infra.openapi.operations import errors
from infra.openapi.words import DESCRIPTIONS
from shared.http.routes import Route

Json = dict[str, Any]


def schemas(value: object, place: str = "") -> Iterator[tuple[str, Json]]:
    """Yield every schema in a part of the document with its place; examples are none."""
    if isinstance(value, dict):
        if "type" in value and isinstance(value["type"], str):
            yield place, value
        for name, part in value.items():
            if name not in {"example", "examples", "enum", "const", "default"}:
                yield from schemas(part, f"{place}/{name}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from schemas(part, f"{place}/{index}")


def is_bounded(schema: Json) -> bool:
    if "enum" in schema or "const" in schema:
        return True
    match schema["type"]:
        case "string":
            return "maxLength" in schema or has_longest_match(schema.get("pattern", ".*"))
        case "array":
            return "maxItems" in schema
        case "integer" | "number":
            return "minimum" in schema and "maximum" in schema
        case _:
            return True


def has_longest_match(pattern: str) -> bool:
    without_classes = re.sub(r"\[(\\.|[^\]])*\]|\\.", "x", pattern)
    anchored = pattern.startswith("^") and pattern.endswith("$")
    return anchored and re.search(r"[*+]|\{[0-9]+,\}", without_classes) is None


def test_the_committed_document_says_what_the_code_does() -> None:
    assert drift(COMMITTED.read_text(encoding="utf-8"), text()) == []


def test_a_drift_is_shown_as_a_short_diff() -> None:
    committed = "".join(f"line {number}\n" for number in range(1000))

    shown = drift(committed, committed.replace("line 7\n", "another line\n"))

    assert shown[2:] == ["@@ -6,5 +6,5 @@", " line 5", " line 6", "-line 7", "+another line", " line 8", " line 9"]
    assert len(drift(committed, "")) == 40


def test_it_is_a_valid_openapi_document(document: Json) -> None:
    validate(document)


@pytest.mark.parametrize("part", ["schemas", "parameters", "headers"])
def test_every_component_is_bounded(document: Json, part: str) -> None:
    unbounded = [place for place, schema in schemas(document["components"][part]) if not is_bounded(schema)]

    assert unbounded == []


def test_every_value_in_a_path_is_bounded(document: Json) -> None:
    unbounded = [place for place, schema in schemas(document["paths"]) if not is_bounded(schema)]

    assert unbounded == []


def test_answers_are_null_only_where_that_says_something(document: Json) -> None:
    names = {
        name
        for name in document["components"]["schemas"]
        if not name.endswith(("Input", "Patch")) and f"{name}Input" in document["components"]["schemas"]
    }
    names |= {name for name in document["components"]["schemas"] if name.endswith(("View", "Page", "Summary"))}

    nullable = {
        field
        for name in names
        for field, schema in document["components"]["schemas"][name].get("properties", {}).items()
        if {"type": "null"} in schema.get("anyOf", ())
    }

    assert nullable == {"by", "managed_by", "next", "when"}


def test_a_patch_needs_nothing_and_may_remove_what_may_be_missing(document: Json) -> None:
    found = document["components"]["schemas"]
    # What is null in the patch of a webhook stays as it is.
    patches = {name: schema for name, schema in found.items() if name.endswith("Patch") and name != "WebhookPatch"}

    assert {"OrganisationPatch", "MembershipPatch", "EventPatch", "CooperationPatch", "WhenPatch"} <= patches.keys()
    assert [name for name, schema in patches.items() if "required" in schema or "minProperties" in schema] == []
    kept = {
        name: [
            field
            for field, described in schema.get("properties", {}).items()
            if {"type": "null"} not in described.get("anyOf", ())
        ]
        for name, schema in patches.items()
    }
    whole = {name: found.get(name.replace("Patch", "Input"), found.get(name.removesuffix("Patch"))) for name in patches}
    assert kept == {name: schema.get("required", []) for name, schema in whole.items()}


def test_what_was_made_leads_to_what_can_be_asked_of_it(document: Json) -> None:
    created = document["paths"]["/organisations/{id}/members"]["post"]["responses"]["201"]["links"]
    begun = document["paths"]["/persons/erasure"]["post"]["responses"]["202"]["links"]

    assert list(created) == ["get_membership", "replace_membership", "patch_membership", "delete_membership"]
    assert created["patch_membership"] == {
        "operationId": "patch_membership",
        "parameters": {
            "id": "$request.path.id",
            "membership_id": "$response.body#/id",
            "header.If-Match": "$response.header.ETag",
        },
    }
    assert begun == {"get_job": {"operationId": "get_job", "parameters": {"id": "$response.body#/id"}}}


def test_names_of_components_carry_no_traces_of_their_making(document: Json) -> None:
    assert [
        name
        for part in document["components"].values()
        for name in part
        if not re.fullmatch(r"[A-Z][A-Za-z]*", name) or name.endswith(("Output", "InputInput"))
    ] == []


def test_no_two_schemas_have_the_same_title(document: Json) -> None:
    """Generators name classes by titles: of two alike one is lost, and every operation that needs it."""
    titles = {place: schema["title"] for place, schema in schemas(document) if "title" in schema}

    assert {place: title for place, title in titles.items() if place != f"/components/schemas/{title}"} == {}


def test_messages_have_a_tag_of_their_own(document: Json) -> None:
    """Generators make a class of each tag: one for messages and operations alike would hold the messages alone."""
    told, asked = (
        {tag for methods in document[part].values() for operation in methods.values() for tag in operation["tags"]}
        for part in ("webhooks", "paths")
    )

    assert told == {"messages"}
    assert told.isdisjoint(asked)
    assert {tag["name"] for tag in document["tags"]} == told | asked


def test_conditions_on_answers_describe_no_field_again(document: Json) -> None:
    """Generators would take them for fields that every answer has."""
    components = document["components"]["schemas"]

    assert components["Source"]["allOf"] == [{"anyOf": [{"required": ["title"]}, {"required": ["url"]}]}]
    assert components["Figure"]["allOf"] == [
        {
            "anyOf": [
                {"required": ["value"], "not": {"anyOf": [{"required": ["min"]}, {"required": ["max"]}]}},
                {"required": ["min"], "not": {"anyOf": [{"required": ["value"]}]}},
                {"required": ["max"], "not": {"anyOf": [{"required": ["value"]}]}},
            ]
        }
    ]


def test_a_date_or_time_is_a_text_and_no_choice(document: Json) -> None:
    """Generators make a class of what has choices, which no text of an answer fits."""
    assert document["components"]["schemas"]["Point"].keys() == {"type", "pattern", "maxLength", "examples"}


def test_every_operation_is_explained(document: Json) -> None:
    operations = {route.operation for route in ROUTES}

    assert operations == DESCRIPTIONS.keys()
    assert {one["operationId"] for methods in document["paths"].values() for one in methods.values()} == operations


@pytest.mark.parametrize(
    ("filtered", "parameter", "model", "field"),
    [
        ("list_organisations", "kind", "Organisation", "kind"),
        ("list_offerings", "kind", "Offering", "kind"),
        ("list_events", "kind", "Event", "kind"),
        ("list_events", "status", "Event", "status"),
        ("list_events", "audience", "Event", "audience"),
        ("list_cooperations", "kind", "Cooperation", "kind"),
        ("list_cooperations", "status", "Cooperation", "status"),
        ("list_cooperations", "confirmation", "Confirmation", "state"),
        ("list_organisation_events", "role", "Organiser", "role"),
        ("list_organisation_cooperations", "role", "Party", "roles"),
    ],
)
def test_a_filter_takes_the_words_of_its_field(
    document: Json, filtered: str, parameter: str, model: str, field: str
) -> None:
    (route,) = (route for route in ROUTES if route.operation == filtered)
    (taken,) = (one.kind.schema["enum"] for one in route.query if one.name == parameter)

    described = document["components"]["schemas"][model]["properties"][field]

    assert taken == described.get("items", described)["enum"]


@pytest.mark.parametrize(
    ("operation", "statuses"),
    [
        ("list_organisations", [400, 401, 403, 406, 414, 429, 503]),
        ("create_organisation", [400, 401, 403, 406, 409, 413, 414, 415, 422, 429, 503]),
        ("get_organisation", [400, 401, 403, 404, 406, 410, 414, 429, 503]),
        ("patch_organisation", [400, 401, 403, 404, 406, 409, 410, 412, 413, 414, 415, 422, 428, 429, 503]),
        ("delete_organisation", [400, 401, 403, 404, 406, 409, 410, 412, 414, 422, 428, 429, 503]),
        ("upsert_event_by_ref", [400, 401, 403, 404, 406, 409, 410, 412, 413, 414, 415, 422, 429, 503]),
        ("attach_event_id", [400, 401, 403, 404, 406, 409, 410, 412, 414, 422, 429, 503]),
        ("import_records", [400, 401, 403, 406, 413, 414, 415, 422, 429, 503]),
        ("list_webhooks", [400, 401, 403, 406, 414, 429, 503]),
        ("patch_webhook", [400, 401, 403, 404, 406, 409, 412, 413, 414, 415, 422, 428, 429, 503]),
        ("get_me", [400, 401, 403, 406, 414, 429, 503]),
        ("get_problem", [400, 403, 404, 406, 414, 429, 503]),
    ],
)
def test_errors_follow_from_what_a_route_takes_and_does(operation: str, statuses: list[int]) -> None:
    (route,) = (route for route in ROUTES if route.operation == operation)

    assert errors(route) == statuses


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: str(route.operation))
def test_every_operation_takes_what_its_route_takes(document: Json, route: Route) -> None:
    shared = document["components"]["parameters"]
    given = document["paths"][route.path][route.method.lower()].get("parameters", ())
    described = [shared[each["$ref"].rsplit("/", 1)[1]] if "$ref" in each else each for each in given]

    assert [
        (each["name"], each["description"], each["schema"].get("items", each["schema"]).get("enum"))
        for each in described
        if each["in"] == "query"
    ] == [(each.name, each.description, each.kind.schema.get("enum")) for each in route.query]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: str(route.operation))
def test_every_operation_says_who_may_call_it(document: Json, route: Route) -> None:
    operation = document["paths"][route.path][route.method.lower()]
    scopes = [] if route.access in {"public", "key"} else [route.access]
    ways = [{"Bearer": scopes}, {"ApiKey": scopes}]

    expected = [] if operation["tags"] == ["documentation"] else [{}, *ways] if route.access == "public" else ways

    assert operation["security"] == expected
    keyed = route.path == "/me" or operation["tags"] in (["jobs"], ["webhooks"])
    assert (route.access == "public") == (not route.writes and not keyed)
    assert {name for way in ways for name in way} == document["components"]["securitySchemes"].keys()


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: str(route.operation))
def test_a_write_takes_an_idempotency_key(document: Json, route: Route) -> None:
    parameters = document["paths"][route.path][route.method.lower()].get("parameters", ())

    taken = {"$ref": "#/components/parameters/IdempotencyKey"} in parameters

    assert taken == route.writes


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: str(route.operation))
def test_every_answer_names_its_headers(document: Json, route: Route) -> None:
    operation = document["paths"][route.path][route.method.lower()]

    given = set(operation["responses"][str(route.status)]["headers"])

    expected = {"Cache-Control", "Vary", "X-Request-Id"}
    is_versioned = not (route.reads or route.rows or route.status == 202)
    expected |= {"ETag"} if route.answer and is_versioned else set()
    expected |= {"Location"} if route.status in {201, 202} else set()
    expected |= {"Content-Disposition", "Last-Modified", "Link"} if route.leads else set()
    expected |= {"Link"} if str(route.answer).endswith("Page") or route.formats or route.alternates else set()
    expected |= {"Content-Disposition"} if "csv" in route.formats else set()
    expected |= {"RateLimit", "RateLimit-Policy", "Idempotent-Replayed"} if route.writes else set()
    assert given == expected
    assert ("304" in operation["responses"]) == (route.method == "GET")
