"""The document and the code say the same: what one refuses, the other refuses."""

import json
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from shared.errors import InvalidContent
from shared.models import examples
from shared.models.document import schemas
from shared.models.ids import RecordType
from shared.models.record import parse_input
from tests.models.records import ITNET, SMALLEST, body, created

COMPONENTS = schemas()
EXAMPLES: dict[RecordType, dict[str, Any]] = {
    "organisation": examples.ORGANISATION,
    "membership": examples.MEMBERSHIP,
    "event": examples.EVENT,
    "cooperation": examples.COOPERATION,
}


def conforms(component: str, value: object) -> bool:
    schema = {"$ref": f"#/components/schemas/{component}", "components": {"schemas": COMPONENTS}}
    return bool(OAS31Validator(schema).is_valid(value))


def is_taken(record_type: RecordType, sent: dict[str, Any]) -> bool:
    try:
        parse_input(record_type, sent)
    except InvalidContent:
        return False
    return True


@pytest.mark.parametrize("record_type", list(EXAMPLES))
def test_the_examples_conform(record_type: RecordType) -> None:
    assert conforms(f"{record_type.title()}Input", EXAMPLES[record_type])


@pytest.mark.parametrize("record_type", list(SMALLEST))
def test_answers_conform(record_type: RecordType) -> None:
    record = created(record_type)

    assert conforms(record_type.title(), json.loads(record.texts()[0]))
    assert conforms(f"{record_type.title()}Input", record.as_input())
    assert conforms(f"{record_type.title()}View", {**record.as_input(), "as_of": "2016", "existed": False, "refs": {}})


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("name", ["TowerByte eG", "ß", "", " ", "a\nb", "a\u202eb", "x" * 300, "x" * 301, 5, ["x"]]),
        ("kind", ["network", "Network", "club", 1, ["network"]]),
        (
            "description",
            [{"de": "a\nb"}, {"de": None, "en": "b"}, {}, {"de": ""}, {"DE": "a"}, {"de-CH": "a"}, "a", {"de": 1}],
        ),
        ("founded", ["2006", "2006-13", "2006-02", "2006-02-28~", "[..2006]", "[2006..]", "0000", "[2006]", 2006]),
        ("topics", [["it"], [], ["IT"], ["a-b"], ["a--b"], ["it", "it"], [f"t{n}" for n in range(21)], "it"]),
        ("regions", [["DE-TH"], ["DE"], ["de-th"], ["DE-TH", "DE-TH"]]),
        (
            "website",
            [
                "https://example.org",
                "http://example.org:8080/a?b=c#d",
                "https://a@example.org",
                "ftp://example.org",
                "https://example.org/ü",
                "https://example.org/%C3%BC",
                "//example.org",
            ],
        ),
        ("email", ["a@example.org", "a.b+c@ex-ample.org", "a@b", "a b@example.org", "@example.org"]),
        (
            "offices",
            [[{"kind": "seat"}], [{"kind": "branch"}], [{}], [{"kind": "seat", "place": {"postal_code": "07743"}}]],
        ),
        (
            "offices",
            [[{"kind": "seat", "place": {"location": {"lat": lat, "lon": 0}}}] for lat in (90, 90.1, -91, "1")],
        ),
        ("figures", [[{"measure": "members", "value": value}] for value in (0, 50, -1, 1.5, "5", 10**12, 10**12 + 1)]),
        (
            "figures",
            [[{"measure": "members"}], [{"measure": "members", "min": 1}], [{"measure": "friends", "value": 1}]],
        ),
        ("people", [[{"name": "a", "key": key}] for key in ("p1", "P1", "a" * 33, "", None)]),
        (
            "people",
            [[{"name": "a", "organisation_id": ITNET}], [{"name": "a", "organisation_id": "org_1"}], [{"nam": "a"}]],
        ),
        ("sources", [[{"key": "a", "title": "b"}], [{"key": "a", "url": "https://example.org"}], [{"key": "a"}], [{}]]),
        ("sources", [[{"key": "a", "title": "b", "about": [pointer]}] for pointer in ("", "/name", "name", "/~2")]),
        ("external_ids", [[{"scheme": scheme, "value": "1"}] for scheme in ("ror", "itnet.crm", "R", "r", "1a")]),
        ("relations", [[{"kind": "related"}], [{"kind": "part_of", "organisation_id": ITNET}]]),
        ("membership_grades", [[{"code": code}] for code in ("a", "A-1", "x" * 32, "x" * 33, "ä", "-a")]),
        ("colour", ["blue"]),
        ("type", ["organisation", "event"]),
    ],
)
def test_what_the_document_refuses_the_code_refuses(name: str, values: list[Any]) -> None:
    answers = {repr(value): is_taken("organisation", body("organisation", **{name: value})) for value in values}

    assert {
        repr(value): conforms("OrganisationInput", body("organisation", **{name: value})) for value in values
    } == answers


@pytest.mark.parametrize(
    "when",
    [
        {"start": "2023-06-15"},
        {"start": "2023-06-15T10:00", "timezone": "Europe/Berlin"},
        {"start": "2023-06-15T10:00:00"},
        {"start": "2023-06-15T24:00"},
        {"start": "2023~", "end": "[2024..]"},
        {"start": "gestern"},
        {"end": "2023"},
        {"start": "2023", "timezone": "Europe Berlin"},
        {"start": "2023", "extent": "whole"},
        {"start": "2023", "precision": "week"},
    ],
)
def test_they_agree_on_when(when: dict[str, Any]) -> None:
    sent = body("event", when=when)

    assert conforms("EventInput", sent) == is_taken("event", sent)
