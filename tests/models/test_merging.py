"""What becomes of a record when an organisation that it names turns out to be another."""

import pytest

from shared.models.merging import joined, redirected, with_grades

OLD, NEW, THIRD = (f"org_{number:026}" for number in (1, 2, 3))


def test_every_reference_moves_and_nothing_else() -> None:
    record = {
        "id": THIRD,
        "managed_by": OLD,
        "name": OLD,
        "offices": [{"place": {"care_of_id": OLD}}],
        "people": [{"name": "x", "organisation_id": OLD}],
    }

    assert redirected(record, OLD, NEW) == {
        "id": THIRD,
        "managed_by": NEW,
        "name": OLD,
        "offices": [{"place": {"care_of_id": NEW}}],
        "people": [{"name": "x", "organisation_id": NEW}],
    }


def test_what_would_stand_there_twice_stands_there_once() -> None:
    relation = {"kind": "related"}
    record = {
        "id": THIRD,
        "relations": [{**relation, "organisation_id": OLD}, {**relation, "organisation_id": NEW}],
        "organisers": [{"organisation_id": NEW}, {"organisation_id": OLD}, {"organisation_id": OLD, "role": "host"}],
        "on_behalf_of": {"regions": ["DE-TH"], "organisation_ids": [OLD, THIRD, NEW]},
    }

    assert redirected(record, OLD, NEW) == {
        "id": THIRD,
        "relations": [{**relation, "organisation_id": NEW}],
        "organisers": [{"organisation_id": NEW}, {"organisation_id": NEW, "role": "host"}],
        "on_behalf_of": {"regions": ["DE-TH"], "organisation_ids": [NEW, THIRD]},
    }


def test_a_relation_to_itself_goes() -> None:
    record = {"id": NEW, "relations": [{"kind": "related", "organisation_id": OLD}]}

    assert redirected(record, OLD, NEW) == {"id": NEW}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {}, [{"organisation_id": NEW, "roles": ["party", "lead"]}]),
        ({"until": "2015"}, {"since": "2016"}, None),
        ({"claim": "who"}, {"claim": "who"}, None),
    ],
)
def test_parties_of_the_same_time_are_joined(
    one: dict[str, str], other: dict[str, str], expected: list[dict[str, object]] | None
) -> None:
    parties: list[dict[str, object]] = [
        {"organisation_id": NEW, "roles": ["party"], **one},
        {"organisation_id": OLD, "roles": ["lead", "party"], **other},
    ]

    found = redirected({"id": "coop_1", "parties": parties}, OLD, NEW)["parties"]

    assert found == (expected or [parties[0], {**parties[1], "organisation_id": NEW}])


def test_grades_that_it_lacks_are_taken_over() -> None:
    old = {"membership_grades": [{"code": "a", "label": {"de": "Alt"}, "sources": ["s"]}, {"code": "b"}]}

    assert with_grades({"membership_grades": [{"code": "b"}]}, old) == {
        "membership_grades": [{"code": "b"}, {"code": "a", "label": {"de": "Alt"}}]
    }
    assert with_grades({"name": "x"}, {}) == {"name": "x"}


def test_names_move_along() -> None:
    old = {
        "name": "Alt",
        "other_names": [
            {"value": "Neu", "kind": "short"},
            {"value": "Uralt", "kind": "former", "until": "1999", "sources": ["s"], "claim": "c"},
        ],
    }

    assert joined({"name": "Neu"}, old) == {
        "name": "Neu",
        "other_names": [{"value": "Alt", "kind": "alias"}, {"value": "Uralt", "kind": "former", "until": "1999"}],
    }
    assert joined({"name": "Gleich"}, {"name": "Gleich"}) == {"name": "Gleich"}
