"""A row of the table finds out whether a register says its fact."""

from typing import Any

import pytest

from infra.sample.facts import check_fact, facts, path_of, records, with_ids

Json = dict[str, Any]
SAMPLE = dict(records())
IDS = {slug: f"id-{slug}" for slug in SAMPLE}
OFFICE = {"kind": "office", "place": {"postal_code": "07743"}}


def row(**says: object) -> Json:
    return {"source": "pm-2015", "fact": "A fact", "record": "towerbyte", "pointer": "/offices/0", **says}


def pages(path: str) -> Json:
    served: dict[str, Json] = {
        "/organisations/id-itnet/events": {
            "items": [{"id": "id-digitaltag-2023"}],
            "next": "/v1/organisations/id-itnet/events?cursor=2",
        },
        "/organisations/id-itnet/events?cursor=2": {"items": [{"id": "id-jahresempfang-2023"}], "next": None},
    }
    return served[path]


def events(**says: list[str]) -> Json:
    named = {name: [{"ref": f"sample:{slug}"} for slug in slugs] for name, slugs in says.items()}
    return {"source": "interview", "fact": "A list", "path": "/organisations/{itnet}/events", **named}


def test_a_register_that_serves_the_sample_says_all_facts_of_records() -> None:
    served = {path_of(record, IDS): with_ids({"when": None, **record}, IDS) for record in SAMPLE.values()}

    deviations = [
        wrong
        for fact in facts()
        if "record" in fact and (wrong := check_fact(served.__getitem__, fact, IDS)) is not None
    ]

    assert deviations == []


@pytest.mark.parametrize(
    ("says", "wrong"),
    [
        ({"expected": {"kind": "office"}}, None),
        ({"expected": {"kind": "seat"}}, f"/offices/0 is {OFFICE!r} instead of { ({'kind': 'seat'})!r}"),
        ({"pointer": "/offices/0/place/postal_code", "expected": "07743"}, None),
        (
            {"pointer": "/offices/0/place/postal_code", "expected": 7743},
            "/offices/0/place/postal_code is '07743' instead of 7743",
        ),
        ({"pointer": "/offices/1", "expected": {}}, "/offices/1 is not there"),
        ({"pointer": "/email", "absent": True}, None),
        ({"pointer": "/offices/0/kind", "absent": True}, "/offices/0/kind should not be there, but is 'office'"),
    ],
)
def test_a_record_says_what_is_expected_at_a_pointer(says: Json, wrong: str | None) -> None:
    document = {"id": "id-towerbyte", "offices": [OFFICE]}

    found = check_fact(lambda _path: document, row(**says), IDS)

    assert found == wrong


def test_a_path_says_what_is_expected_at_a_pointer() -> None:
    fact = {"path": "/organisations/{towerbyte}?as_of=2016", "pointer": "/name", "expected": "TowerByte eG"}
    served = {"/organisations/id-towerbyte?as_of=2016": {"name": "TowerByte eG"}}

    found = check_fact(served.__getitem__, fact, IDS)

    assert found is None


@pytest.mark.parametrize(
    ("fact", "wrong"),
    [
        (events(items=["digitaltag-2023", "jahresempfang-2023"]), None),
        (events(contains=["jahresempfang-2023"], lacks=["it-security-day-2023"]), None),
        (
            events(items=["digitaltag-2023", "it-security-day-2023"]),
            (
                "/organisations/id-itnet/events lacks ['it-security-day-2023'] "
                "and has ['jahresempfang-2023'] beyond the fact"
            ),
        ),
        (
            events(lacks=["digitaltag-2023"]),
            "/organisations/id-itnet/events lacks [] and has ['digitaltag-2023'] beyond the fact",
        ),
    ],
)
def test_a_list_is_read_to_its_end_and_compared(fact: Json, wrong: str | None) -> None:
    found = check_fact(pages, fact, IDS)

    assert found == wrong
