"""What an export says of a record, and in which order records stand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.models import exporting

ORG, OTHER = "org_01hzy3v8k2q4w5e6r7t8y9z0ab", "org_01hzy3v8k2q4w5e6r7t8y9z0ac"
EVENT, COOPERATION = "evt_01hzy3v8k2q4w5e6r7t8y9z0ab", "coop_01hzy3v8k2q4w5e6r7t8y9z0ab"
ENVELOPE = {
    "version": 7,
    "created_at": "2026-11-21T09:30:00.000Z",
    "updated_at": "2026-11-22T09:30:00.000Z",
    "managed_by": OTHER,
}


def named(record_id: str) -> str:
    return f"clusterregister:{record_id}"


def test_a_record_is_named_by_the_id_that_it_was_entered_with_first() -> None:
    came = {"scheme": "clusterregister", "value": OTHER}

    assert exporting.name_of({"id": ORG}) == named(ORG)
    assert exporting.name_of({"id": ORG, "external_ids": [{"scheme": "ror", "value": "1"}, came]}) == named(OTHER)


def test_an_organisation_is_said_without_what_only_this_register_knows() -> None:
    person = {"key": "p1", "name": "Jörg Müßig", "organisation_id": ORG}
    record = {
        "type": "organisation",
        "id": ORG,
        **ENVELOPE,
        "name": "Netz",
        "other_names": [{"value": "Früher", "kind": "former", "as_of": "2026-11-21", "certainty": "derived"}],
        "kind": "network",
        "people": [person],
        "external_ids": [{"scheme": "ror", "value": "1"}, {"scheme": "clusterregister", "value": OTHER}],
    }

    assert exporting.row(record, named) == {
        "type": "organisation",
        "ref": named(ORG),
        "record": {
            "name": "Netz",
            "other_names": [{"value": "Früher", "kind": "former", "as_of": "2026-11-21", "certainty": "derived"}],
            "kind": "network",
            "people": [{**person, "organisation_id": {"ref": named(ORG)}}],
            "external_ids": [{"scheme": "ror", "value": "1"}],
        },
    }


def test_an_id_that_only_an_export_gave_is_no_content() -> None:
    record = {
        "type": "organisation",
        "id": ORG,
        "name": "Netz",
        "external_ids": [{"scheme": "clusterregister", "value": OTHER}],
    }

    assert exporting.row(record, named)["record"] == {"name": "Netz"}


def test_an_event_is_said_without_its_former_day_and_how_precise_its_day_is() -> None:
    when = {"start": "2023-09", "extent": "whole"}
    record = {
        "type": "event",
        "id": EVENT,
        **ENVELOPE,
        "status": "postponed",
        "when": {**when, "precision": "month"},
        "previous_when": {"start": "2023-06-15", "precision": "day"},
        "part_of": EVENT,
        "cooperation_id": COOPERATION,
    }

    assert exporting.row(record, named)["record"] == {
        "status": "postponed",
        "when": when,
        "part_of": {"ref": named(EVENT)},
        "cooperation_id": {"ref": named(COOPERATION)},
    }
    assert exporting.row({**record, "when": None}, named)["record"].keys() == {"status", "part_of", "cooperation_id"}


def test_a_cooperation_is_said_without_what_its_parties_answered() -> None:
    party = {"organisation_id": ORG, "roles": ["lead"], "confirmation": {"state": "confirmed", "version": 3}}
    record = {
        "type": "cooperation",
        "id": COOPERATION,
        **ENVELOPE,
        "parties": [party],
        "results": [{"event_id": EVENT}],
    }

    assert exporting.row(record, named)["record"] == {
        "parties": [{"organisation_id": {"ref": named(ORG)}, "roles": ["lead"]}],
        "results": [{"event_id": {"ref": named(EVENT)}}],
    }


def test_every_organisation_of_a_list_is_named() -> None:
    record = {"type": "membership", "id": "mem_1", "on_behalf_of": {"organisation_ids": [ORG, OTHER]}}

    assert exporting.row(record, named)["record"]["on_behalf_of"] == {
        "organisation_ids": [{"ref": named(ORG)}, {"ref": named(OTHER)}]
    }


@pytest.mark.parametrize(
    ("names", "order"),
    [
        ({}, ""),
        ({"b": "", "a": ""}, "ab"),
        ({"a": "b", "b": "c", "c": ""}, "cba"),
        ({"a": "a", "b": ""}, "ab"),
        ({"a": "c", "b": "", "c": "a", "d": "a"}, "acbd"),
        ({"a": "bc", "b": "d", "c": "d", "d": ""}, "dbca"),
        ({"a": "b", "b": "cd", "c": "a", "d": ""}, "dabc"),
    ],
)
def test_what_is_named_stands_ahead_and_a_circle_together(names: dict[str, str], order: str) -> None:
    assert "".join(exporting.in_order(names)) == order


@given(st.dictionaries(st.integers(0, 11), st.sets(st.integers(0, 11), max_size=4)))
def test_the_order_has_each_name_once_and_breaks_nothing_but_circles(numbers: dict[int, set[int]]) -> None:
    names = {f"{one:02}": [f"{other:02}" for other in others if other in numbers] for one, others in numbers.items()}
    reached = {name: _reached(names, name) for name in names}

    order = list(exporting.in_order(names))

    assert sorted(order) == sorted(names)
    places = {name: place for place, name in enumerate(order)}
    for name, others in names.items():
        assert all(places[other] < places[name] or name in reached[other] for other in others)
    circles = [frozenset({name, *(other for other in reached[name] if name in reached[other])}) for name in order]
    assert len(set(circles)) == sum(one != other for one, other in pairwise([None, *circles]))


def _reached(names: dict[str, list[str]], first: str) -> set[str]:
    ahead, found = [*names[first]], set[str]()
    while ahead:
        one = ahead.pop()
        if one not in found:
            found.add(one)
            ahead += names[one]
    return found


def test_a_chain_may_be_as_long_as_the_register() -> None:
    names = {f"{number:06}": [f"{number + 1:06}"] for number in range(20_000)} | {"020000": []}

    assert list(exporting.in_order(names)) == sorted(names, reverse=True)
