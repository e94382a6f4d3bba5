"""What can be read from a record's JSON: its public part, a past state, whom it names."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.models.dates import certainly_before, parse
from shared.models.views import as_of, city_of, join, objects, persons, reference_label, references, split

ORGANISATION = "org_00000000000000000000000001"
OTHER = "org_00000000000000000000000002"
THIRD = "org_00000000000000000000000003"
EVENT = "evt_00000000000000000000000004"

dates = st.builds(lambda year, rest: f"{year}{rest}", st.integers(2000, 2026), st.sampled_from(["", "-05", "-05-31"]))
statements = st.fixed_dictionaries({"note": st.text("ab", min_size=1)}, optional={"since": dates, "until": dates})
nested = st.fixed_dictionaries(
    {},
    optional={
        "figures": st.lists(statements, max_size=4),
        "offices": st.lists(
            st.fixed_dictionaries({"place": st.just({"city": "Jena"})}, optional={"until": dates}), max_size=3
        ),
        "topics": st.lists(st.sampled_from(["it", "logistik"])),
        "programme": st.lists(st.fixed_dictionaries({"speakers": st.lists(statements, max_size=3)}), max_size=2),
    },
)
person_fields = st.fixed_dictionaries(
    {"name": st.sampled_from(["Jörg Weiß", "Ines Groß"])},
    optional={
        "role": st.just({"de": "Vorstand"}),
        "function": st.just("board"),
        "organisation_id": st.just(ORGANISATION),
        "email": st.just("a@example.org"),
        "phone": st.just("03641 1"),
        "visibility": st.sampled_from(["public", "partners"]),
        "sources": st.just(["pm"]),
    },
)


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a record with persons in every place where persons stand, each with a key of its own."""
    drawn = draw(st.lists(person_fields, min_size=6, max_size=6))
    people = [{"key": f"p{index}", **person} for index, person in enumerate(drawn)]
    return {
        "id": EVENT,
        "people": people[:2],
        "programme": [{"title": {"de": "A"}, "speakers": people[2:4]}, {"title": {"de": "B"}}],
        "parties": [{"organisation_id": OTHER, "signatory": people[4]}, {"signatory": people[5]}],
    }


@given(records())
def test_a_record_is_the_join_of_its_parts(record: dict[str, Any]) -> None:
    before = copy.deepcopy(record)

    public, private = parts = split(record)
    apart = copy.deepcopy(parts)
    whole = join(public, private)

    assert whole == record == before
    assert parts == apart


@given(records())
def test_nothing_hidden_stands_in_the_public_part(record: dict[str, Any]) -> None:
    public, _ = split(record)

    shown = dict(zip(keys(record), (person for _, person in persons(public)), strict=True))
    for _, person in persons(record):
        rest = shown[person["key"]]
        if person.get("visibility") == "public":
            assert rest == person
        elif person.get("visibility") == "partners":
            assert set(rest) <= {"key", "name", "role", "function"}
        else:
            assert rest == {name: value for name, value in person.items() if name not in {"email", "phone"}}


def test_what_is_hidden_stands_under_the_keys_of_its_persons() -> None:
    record = {
        "people": [
            {"key": "a", "name": "Ines Groß", "email": "a@example.org"},
            {"key": "b", "name": "Jörg Weiß", "visibility": "partners", "function": "chair", "affiliation": "TU"},
            {"key": "c", "name": "Eva", "visibility": "public", "phone": "03641 1"},
        ],
    }

    public, private = split(record)

    assert public == {
        "people": [
            {"key": "a", "name": "Ines Groß"},
            {"key": "b", "name": "Jörg Weiß", "function": "chair"},
            {"key": "c", "name": "Eva", "visibility": "public", "phone": "03641 1"},
        ],
    }
    assert private == {"a": {"email": "a@example.org"}, "b": {"visibility": "partners", "affiliation": "TU"}}


def test_persons_of_a_malformed_body_are_passed_over() -> None:
    body = {"people": {"name": "x"}, "programme": [1, {"speakers": "x"}], "parties": [{"signatory": None}, None]}

    assert list(persons(body)) == []


@given(nested, dates)
def test_a_past_state_keeps_exactly_what_may_have_held(record: dict[str, Any], moment: str) -> None:
    view = as_of(record, parse(moment))

    assert [entry for _, entry in objects(view) if impossible(entry, moment)] == []
    assert as_of(view, parse(moment)) == view
    assert view.pop("as_of") == moment
    assert count(view) + dropped(record, moment) == count(record)


@given(nested, dates)
def test_a_past_state_leaves_the_record_as_it_is(record: dict[str, Any], moment: str) -> None:
    before = copy.deepcopy(record)

    as_of(record, parse(moment))

    assert record == before


RENAMED = {
    "name": "Netzwerk Logistik Mitteldeutschland e. V.",
    "other_names": [
        {"value": "Netzwerk Logistik Leipzig-Halle e. V.", "kind": "former", "until": "2018-03"},
        {"value": "Runde der Logistik", "kind": "former", "until": "2008"},
        {"value": "NLLH", "kind": "short", "until": "2006"},
        {"value": "Ohne Ende", "kind": "former", "as_of": "2017"},
    ],
}


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        ("2005", "Runde der Logistik"),
        ("2008", "Netzwerk Logistik Leipzig-Halle e. V."),
        ("2016", "Netzwerk Logistik Leipzig-Halle e. V."),
        ("2018-02", "Netzwerk Logistik Leipzig-Halle e. V."),
        ("2018-03-15", "Netzwerk Logistik Mitteldeutschland e. V."),
        ("2018", "Netzwerk Logistik Mitteldeutschland e. V."),
        ("2019", "Netzwerk Logistik Mitteldeutschland e. V."),
    ],
)
def test_a_past_state_has_the_name_of_its_time(moment: str, name: str) -> None:
    assert as_of(RENAMED, parse(moment))["name"] == name


@pytest.mark.parametrize(
    ("moment", "existed"),
    [("2005", False), ("2006", None), ("2006-05-01", None), ("2020~", None), ("2021", False), ("[..2005]", False)],
)
def test_before_the_founding_and_after_the_end_nothing_existed(moment: str, existed: object) -> None:
    record = {"name": "ACOD", "founded": "2006", "dissolved": "2020"}

    assert as_of(record, parse(moment)).get("existed") is existed


def test_every_other_record_named_is_found_once_at_its_first_place() -> None:
    record = {
        "id": ORGANISATION,
        "managed_by": OTHER,
        "offices": [{"place": {"care_of_id": OTHER}}],
        "people": [{"organisation_id": ORGANISATION}, {"organisation_id": OTHER}],
        "on_behalf_of": {"organisation_ids": [THIRD]},
        "relations": [{"kind": "part_of", "organisation_id": THIRD}],
        "part_of": EVENT,
    }

    assert references(record) == {
        OTHER: "/offices/0/place/care_of_id",
        THIRD: "/on_behalf_of/organisation_ids/0",
        EVENT: "/part_of",
    }


@pytest.mark.parametrize(
    ("record", "city"),
    [
        ({"place": {"city": "Jena"}, "offices": [{"kind": "seat", "place": {"city": "Gera"}}]}, "Jena"),
        (
            {"offices": [{"kind": "office", "place": {"city": "Gera"}}, {"kind": "seat", "place": {"city": "Jena"}}]},
            "Jena",
        ),
        (
            {"offices": [{"kind": "office", "place": {"city": "Gera"}}, {"kind": "office", "place": {"city": "Jena"}}]},
            "Gera",
        ),
        (
            {"offices": [{"kind": "seat", "place": {"street": "x"}}, {"kind": "office", "place": {"city": "Jena"}}]},
            "Jena",
        ),
        (
            {
                "offices": [
                    {"kind": "seat", "place": {"city": "Gera"}, "until": "2015"},
                    {"kind": "seat", "place": {"city": "Jena"}, "since": "2015"},
                ]
            },
            "Jena",
        ),
        ({"place": {"name": "online"}}, None),
        ({}, None),
    ],
)
def test_the_city_is_that_of_the_place_or_the_seat_or_the_first_office(record: dict[str, Any], city: object) -> None:
    assert city_of(record) == city


def test_a_label_says_what_a_reader_needs() -> None:
    record = {"type": "organisation", "id": ORGANISATION, "version": 3, "name": "TowerByte eG", "kind": "network"}

    assert reference_label(record) == {"type": "organisation", "name": "TowerByte eG", "kind": "network"}
    assert reference_label({"type": "event", "title": {"de": "Tag"}, "kind": "series", "place": {"city": "Jena"}}) == {
        "type": "event",
        "title": {"de": "Tag"},
        "kind": "series",
        "city": "Jena",
    }


def keys(record: dict[str, Any]) -> list[str]:
    return [person["key"] for _, person in persons(record)]


def impossible(entry: dict[str, Any], moment: str) -> bool:
    asked = parse(moment)
    return ("since" in entry and certainly_before(asked, parse(entry["since"]))) or (
        "until" in entry and certainly_before(parse(entry["until"]), asked)
    )


def count(value: object) -> int:
    return sum(1 for _ in objects(value))


def dropped(value: object, moment: str) -> int:
    """Count the objects inside list entries that cannot have held, naively."""
    if isinstance(value, dict):
        return sum(dropped(part, moment) for part in value.values())
    if isinstance(value, list):
        return sum(
            count(part) if isinstance(part, dict) and impossible(part, moment) else dropped(part, moment)
            for part in value
        )
    return 0
