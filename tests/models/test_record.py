"""From one version of a record to the next."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidContent
from shared.models import examples
from shared.models.ids import RecordType
from shared.models.kept import answered
from shared.models.patch import merge_patch
from shared.models.record import RECORDS, create, parse_input, rewritten
from tests.models.records import (
    FIRST,
    IDS,
    ITNET,
    SECOND,
    SMALLEST,
    TOWERBYTE,
    body,
    changed,
    created,
    keys,
    organisation_id,
    sent,
)

HIDDEN = {"key": "ines", "name": "Ines Groß", "email": "ines@example.org", "phone": "03641 1"}


def test_a_record_is_stored_as_it_is_served() -> None:
    record = created("organisation", people=[HIDDEN], topics=["it"])

    public, private = record.texts()

    assert public == (
        f'{{"type":"organisation","id":"{ITNET}","version":1,"created_at":"{FIRST}","updated_at":"{FIRST}",'
        '"managed_by":null,"name":"ITnet Thüringen e. V.","kind":"network","topics":["it"],'
        '"people":[{"key":"ines","name":"Ines Groß"}]}'
    )
    assert private == '{"ines":{"email":"ines@example.org","phone":"03641 1"}}'


def test_an_entry_says_what_it_says_before_since_when_and_by_whom() -> None:
    figure = {"sources": ["pm"], "as_of": "2018-01", "value": 50, "qualifier": "about", "measure": "members"}

    record = created("organisation", figures=[figure], sources=[{"title": "Presse", "key": "pm"}])

    assert list(record.as_input()["figures"][0]) == ["measure", "qualifier", "value", "as_of", "sources"]


@pytest.mark.parametrize("record_type", list(SMALLEST))
def test_what_was_stored_is_loaded_again(record_type: RecordType) -> None:
    people = (
        {} if record_type == "membership" else {"people": [HIDDEN, {"name": "Jörg Weiß", "visibility": "partners"}]}
    )
    record = created(record_type, **people)

    loaded = RECORDS[record_type].load(*record.texts())

    assert (loaded, loaded.as_input()) == (record, record.as_input())


@pytest.mark.parametrize("record_type", list(SMALLEST))
def test_what_was_read_can_be_sent_back_and_changes_nothing(record_type: RecordType) -> None:
    held = created(record_type)

    whole, public = sent(held, held.as_input()), sent(held, json.loads(held.texts()[0]))

    assert whole.same_content(held)
    assert public.same_content(held)
    assert (whole.version, whole.as_input()["created_at"], whole.as_input()["updated_at"]) == (2, FIRST, SECOND)


def test_another_word_is_another_content() -> None:
    held = created("organisation")

    assert not changed(held, legal_form="e.V.").same_content(held)


@pytest.mark.parametrize(
    ("record_type", "example"),
    [
        ("organisation", examples.ORGANISATION),
        ("membership", examples.MEMBERSHIP),
        ("event", examples.EVENT),
        ("cooperation", examples.COOPERATION),
    ],
)
def test_the_examples_are_taken(record_type: RecordType, example: dict[str, Any]) -> None:
    content = parse_input(record_type, referring(example))

    record = create(content, id=IDS[record_type], managed_by=None, new_key=keys())

    assert RECORDS[record_type].load(*record.texts()) == record


def test_persons_get_keys_that_nobody_else_has() -> None:
    people = [{"name": "Ines Groß"}, {"name": "Jörg Weiß", "key": "p1"}, {"name": "Eva"}]

    record = created("organisation", people=people).as_input()

    assert [person["key"] for person in record["people"]] == ["p2", "p1", "p3"]


def test_a_person_who_comes_back_by_its_key_keeps_what_is_hidden() -> None:
    held = created("organisation", people=[HIDDEN])

    after = sent(held, body("organisation", people=[{"key": "ines", "name": "Dr. Ines Groß"}]))

    assert after.as_input()["people"] == [{**HIDDEN, "name": "Dr. Ines Groß"}]


def test_a_null_removes_a_hidden_field() -> None:
    held = created("organisation", people=[HIDDEN])

    after = sent(held, body("organisation", people=[{"key": "ines", "name": "Ines Groß", "email": None}]))

    assert after.as_input()["people"] == [{"key": "ines", "name": "Ines Groß", "phone": "03641 1"}]


def test_a_person_who_comes_back_without_its_key_is_another_one() -> None:
    held = created("organisation", people=[HIDDEN])

    after = sent(held, body("organisation", people=[{"name": "Ines Groß"}]))

    assert after.as_input()["people"] == [{"key": "q1", "name": "Ines Groß"}]


def test_a_public_field_that_is_left_out_goes() -> None:
    held = created("organisation", people=[{**HIDDEN, "visibility": "public", "honorific_prefix": "Dr."}])

    after = sent(held, body("organisation", people=[{"key": "ines", "name": "Ines Groß"}]))

    assert after.as_input()["people"] == [{"key": "ines", "name": "Ines Groß"}]


def test_what_partners_may_see_survives_a_write_of_the_public_form() -> None:
    person = {**HIDDEN, "visibility": "partners", "affiliation": "TU Ilmenau"}
    held = created("cooperation", parties=[{"organisation_id": ITNET, "signatory": person}])

    after = sent(held, json.loads(held.texts()[0]))

    assert after.same_content(held)
    assert json.loads(held.texts()[0])["parties"][0]["signatory"] == {"key": "ines", "name": "Ines Groß"}


def test_a_hidden_source_that_goes_is_reported_where_it_is_named() -> None:
    person = {**HIDDEN, "visibility": "partners", "sources": ["pm"]}
    held = created("organisation", people=[person], sources=[{"key": "pm", "title": "Presse"}])

    with pytest.raises(InvalidContent) as caught:
        sent(held, body("organisation", people=[{"key": "ines", "name": "Ines Groß"}]))

    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [("/people/0/sources/0", "unknown-source")]


FORMER = {"value": "ITnet Thüringen e. V.", "kind": "former", "as_of": "2026-11-21", "certainty": "derived"}
SHORT = {"value": "ITnet", "kind": "short"}


def test_a_name_that_is_given_up_is_kept_as_former() -> None:
    after = changed(created("organisation", other_names=[SHORT]), name="ITnet Mitteldeutschland")

    assert after.as_input()["other_names"] == [SHORT, FORMER]


def test_the_last_day_of_a_name_is_that_of_the_register() -> None:
    held = created("organisation").stamped("2026-06-30T22:30:00.000Z")

    after = changed(held, name="ITnet Mitteldeutschland")

    assert after.as_input()["other_names"] == [{**FORMER, "as_of": "2026-07-01"}]


def test_no_former_name_is_added_when_the_request_edits_the_names() -> None:
    dated = {"value": "ITnet Thüringen e. V.", "kind": "former", "until": "2026-10"}

    after = changed(created("organisation"), name="ITnet Mitteldeutschland", other_names=[dated])

    assert after.as_input()["other_names"] == [dated]


def test_a_correction_leaves_no_former_name() -> None:
    after = changed(created("organisation"), name="ITnet Thüringen e.V.", correction=True)

    assert "other_names" not in after.as_input()


def test_former_names_survive_a_write_that_omits_them() -> None:
    renamed = changed(created("organisation", other_names=[SHORT]), name="ITnet Mitteldeutschland")

    omitted = sent(renamed, body("organisation", name="ITnet Mitteldeutschland", other_names=[SHORT]))
    edited = sent(renamed, body("organisation", name="ITnet Mitteldeutschland"))
    repeated = sent(renamed, body("organisation", name="ITnet Mitteldeutschland", other_names=[FORMER]))

    assert omitted.same_content(renamed)
    assert edited.as_input()["other_names"] == repeated.as_input()["other_names"] == [FORMER]


def test_a_correction_may_drop_a_former_name() -> None:
    renamed = changed(created("organisation"), name="ITnet Mitteldeutschland")

    after = sent(renamed, body("organisation", name="ITnet Mitteldeutschland"), correction=True)

    assert "other_names" not in after.as_input()


def test_a_patch_of_the_name_alone_keeps_the_former_one() -> None:
    held = created("organisation", other_names=[SHORT])

    after = sent(held, merge_patch(held.as_input(), {"name": "ITnet Mitteldeutschland"}))

    assert after.as_input()["other_names"] == [SHORT, FORMER]


JUNE = {"start": "2023-06-15", "precision": "day"}


@pytest.mark.parametrize(
    ("change", "previous"),
    [
        ({"when": {"start": "2023-09-15"}}, JUNE),
        ({"when": {"start": "2023-06"}}, JUNE),
        ({"when": None, "status": "postponed"}, JUNE),
        ({"when": {"start": "2023-06-15T10:00"}}, None),
        ({"when": {"start": "2023-06-15", "end": "2023-06-16"}}, None),
        ({"status": "postponed"}, None),
        ({"website": "https://example.org"}, None),
    ],
)
def test_the_former_day_is_kept_when_an_event_moves(change: dict[str, Any], previous: object) -> None:
    held = created("event", status="scheduled", when={"start": "2023-06-15"})

    after = changed(held, **change)

    assert after.as_input().get("previous_when") == previous


SUMMER = {"start": "2023-06-15", "end": "2023-06-16", "precision": "day"}


@pytest.mark.parametrize(
    ("when", "previous"),
    [
        ({"start": "2023-06-15", "end": "2023-06-17"}, SUMMER),
        ({"start": "2023-06-14", "end": "2023-06-16"}, SUMMER),
        ({"start": "2023-06-15"}, SUMMER),
        ({"start": "2023-06-15T10:00", "end": "2023-06-16T12:00"}, None),
    ],
)
def test_an_event_of_several_days_moves_with_either_end(when: dict[str, Any], previous: object) -> None:
    held = created("event", when={"start": "2023-06-15", "end": "2023-06-16"})

    after = changed(held, when=when)

    assert after.as_input().get("previous_when") == previous


def test_the_former_day_stays_known_until_the_day_moves_again() -> None:
    postponed = changed(created("event", when={"start": "2023-06-15"}), when=None, status="postponed")

    again = changed(postponed, when={"start": "2023-09-15"}, status="scheduled")
    moved = changed(again, when={"start": "2023-10-15"})

    assert again.as_input()["previous_when"] == JUNE
    assert moved.as_input()["previous_when"] == {"start": "2023-09-15", "precision": "day"}


def test_a_date_that_becomes_more_precise_has_not_moved() -> None:
    after = changed(created("event", when={"start": "2023-09"}), when={"start": "2023-09-11"}, status="scheduled")

    assert "previous_when" not in after.as_input()


def test_a_corrected_day_was_never_the_day() -> None:
    after = changed(created("event", when={"start": "2023-06-15"}), when={"start": "2023-06-16"}, correction=True)

    assert "previous_when" not in after.as_input()


def test_a_confirmation_stays_with_its_party() -> None:
    given = {"state": "confirmed", "at": FIRST, "version": 1}
    first = created("cooperation", parties=[{"organisation_id": ITNET}, {"organisation_id": TOWERBYTE}]).as_input()
    first["parties"][1]["confirmation"] = given
    held = RECORDS["cooperation"].model_validate(first)
    third = organisation_id(9)

    after = changed(held, parties=[{"organisation_id": third}, {"organisation_id": TOWERBYTE, "roles": ["lead"]}])

    assert after.as_input()["parties"] == [
        {"organisation_id": third, "confirmation": {"state": "unanswered"}},
        {"organisation_id": TOWERBYTE, "roles": ["lead"], "confirmation": given},
    ]


def test_a_record_takes_96_kilobytes_of_utf_8() -> None:
    texts = [{"title": {"de": "ü"}, "description": {"de": "ü" * 9_000}} for _ in range(6)]

    with pytest.raises(InvalidContent) as caught:
        created("organisation", offerings=texts)

    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [("", "record-too-large")]
    assert created("organisation", offerings=texts[:5]).version == 1


def test_a_record_names_38_others_at_most() -> None:
    relations = [{"kind": "related", "organisation_id": organisation_id(number)} for number in range(10, 49)]

    with pytest.raises(InvalidContent) as caught:
        created("organisation", relations=relations)

    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [
        ("/relations/38/organisation_id", "too-many-references")
    ]
    assert created("organisation", relations=relations[:38]).version == 1


@pytest.mark.parametrize(
    ("change", "is_current"),
    [
        ({"external_ids": [{"scheme": "ror", "value": "1"}]}, True),
        ({"topics": ["it"]}, False),
        ({"parties": [{"organisation_id": ITNET, "roles": ["lead"]}, {"organisation_id": TOWERBYTE}]}, False),
    ],
)
def test_an_answer_is_to_all_that_a_cooperation_says_but_its_external_ids(
    change: dict[str, Any], *, is_current: bool
) -> None:
    first = created("cooperation", parties=[{"organisation_id": ITNET}, {"organisation_id": TOWERBYTE}])
    confirmed = answered(first.as_input(), ITNET, "confirmed", SECOND)
    assert confirmed is not None

    after = changed(rewritten(first, confirmed), **change)

    assert [party["confirmation"] for party in after.as_input()["parties"]] == [
        {"state": "confirmed", "at": SECOND, "version": 1, "current": is_current},
        {"state": "unanswered"},
    ]


titles = st.dictionaries(st.sampled_from(["de", "en"]), st.text("aäß ", min_size=1).filter(str.strip), min_size=1)
patches = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["ITnet", "TowerByte eG"]),
        "description": st.none() | titles,
        "topics": st.none() | st.lists(st.sampled_from(["it", "logistik"]), unique=True),
        "people": st.none() | st.just([{"key": "ines", "name": "Ines"}, {"name": "Jörg", "visibility": "partners"}]),
        "website": st.none() | st.just("https://example.org"),
    },
)


@given(st.lists(patches, max_size=4))
def test_after_any_patches_what_is_stored_is_whole_and_can_be_sent_back(changes: list[dict[str, Any]]) -> None:
    record = created("organisation", people=[HIDDEN])

    for change in changes:
        record = sent(record, merge_patch(record.as_input(), change))

    assert RECORDS["organisation"].load(*record.texts()) == record
    assert sent(record, record.as_input()).same_content(record)
    assert sent(record, json.loads(record.texts()[0])).same_content(record)


def referring(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value with references by external id replaced, as the table layer does."""
    if isinstance(value, dict):
        if set(value) == {"ref"}:
            return organisation_id(int(value["ref"][-4:]))
        return {name: referring(part) for name, part in value.items()}
    return [referring(part) for part in value] if isinstance(value, list) else value


def test_a_record_that_is_rewritten_keeps_the_ids_that_others_gave_it() -> None:
    ids = [{"scheme": f"p{number}.crm", "value": "1"} for number in range(12)]
    held = created("organisation")
    given = rewritten(held, {**held.as_input(), "external_ids": ids})

    successor = rewritten(given, {**given.as_input(), "name": "ITnet"})

    assert successor.as_input() == {**held.as_input(), "version": 3, "name": "ITnet", "external_ids": ids}
