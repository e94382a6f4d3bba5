"""The rules between fields of one record."""

import json
from typing import Any

import pytest

from shared.models.ids import OWN_SCHEME, RecordType
from shared.models.record import rewritten
from tests.models.records import (
    ACOD,
    COOPERATION,
    EVENT,
    ITNET,
    LOGISTIK,
    SMALLEST,
    TOWERBYTE,
    body,
    created,
    faults,
    sent,
)

PRESS = {"key": "pm", "title": "Presse"}
AGREED = [{"organisation_id": ITNET}, {"organisation_id": TOWERBYTE}]


@pytest.mark.parametrize("record_type", list(SMALLEST))
def test_sources_have_keys_of_their_own(record_type: RecordType) -> None:
    sent = body(record_type, sources=[PRESS, {"key": "site", "url": "https://example.org"}, PRESS])

    assert faults(record_type, sent) == [("/sources/2/key", "duplicate-source")]


def test_a_statement_names_sources_of_its_record_at_any_depth() -> None:
    speakers = [{"name": "Ines Groß", "sources": [" pm ", "gone", 5]}]
    sent = body("event", sources=[PRESS], programme=[{"title": {"de": "Auftakt"}, "speakers": speakers}])

    named = "/programme/0/speakers/0/sources"
    assert faults("event", sent) == [(f"{named}/2", "type"), (f"{named}/1", "unknown-source")]


def test_times_run_forwards_as_far_as_that_is_certain() -> None:
    fine = [
        {"measure": "members", "value": 1, "since": "2018", "until": "2018"},
        {"measure": "members", "value": 1, "since": "2018-06", "until": "2018"},
        {"measure": "members", "value": 1, "since": "2019", "until": "2018~"},
        {"measure": "members", "value": 1, "since": "2019", "until": "[2018..]"},
    ]
    bad = {"measure": "members", "value": 1, "since": "2019", "until": "2018-12-31"}

    found = faults("organisation", body("organisation", figures=[*fine, bad]))

    assert found == [("/figures/4/until", "end-before-start")]


def test_persons_have_keys_of_their_own_in_the_whole_record() -> None:
    person = {"key": "groß".replace("ß", "ss"), "name": "Ines Groß"}
    sent = body("event", people=[person], programme=[{"title": {"de": "A"}, "speakers": [{"name": "Neu"}, person]}])

    assert faults("event", sent) == [("/programme/0/speakers/1/key", "duplicate-person")]


def test_whoever_signs_is_one_of_the_persons() -> None:
    parties = [{"organisation_id": party, "signatory": {"key": "ines", "name": "Ines"}} for party in (ITNET, TOWERBYTE)]

    assert faults("cooperation", body("cooperation", parties=parties)) == [
        ("/parties/1/signatory/key", "duplicate-person")
    ]


@pytest.mark.parametrize(
    ("figure", "found"),
    [
        ({}, [("/figures/0", "figure-without-number")]),
        ({"value": 5, "min": 1}, [("/figures/0", "figure-with-two-numbers")]),
        ({"value": None, "min": 5, "max": 4}, [("/figures/0/max", "max-below-min")]),
    ],
)
def test_a_figure_is_a_value_or_a_range(figure: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert faults("organisation", body("organisation", figures=[{"measure": "members", **figure}])) == found


@pytest.mark.parametrize("figure", [{"value": 0}, {"min": 5}, {"max": 5}, {"min": 5, "max": 5}])
def test_a_range_may_be_open(figure: dict[str, Any]) -> None:
    assert created("organisation", figures=[{"measure": "members", **figure}]).version == 1


def test_an_external_id_stands_once() -> None:
    unnamed = [{"scheme": "ror"}, {"scheme": "ror"}]
    pairs = [{"scheme": "ror", "value": "1"}, {"scheme": "ror", "value": "2"}, {"scheme": "ror", "value": " 1 "}]

    assert faults("organisation", body("organisation", external_ids=[*unnamed, *pairs])) == [
        ("/external_ids/0/value", "required"),
        ("/external_ids/1/value", "required"),
        ("/external_ids/4", "duplicate-external-id"),
    ]


def test_a_new_record_has_six_external_ids_and_one_of_an_export_those_that_others_gave() -> None:
    pairs = [{"scheme": "ror", "value": str(number)} for number in range(7)]
    exported = {"scheme": OWN_SCHEME, "value": ITNET}

    assert created("organisation", external_ids=pairs[:6]).version == 1
    assert faults("organisation", body("organisation", external_ids=pairs)) == [("/external_ids", "too-many")]
    assert created("organisation", external_ids=[exported, *pairs]).version == 1


def test_rival_claims_stand_side_by_side() -> None:
    people = [
        {"name": "Dieter Näther", "function": "chair", "claim": "chair", "sources": ["pm"]},
        {"name": "Dierk Näther", "function": "chair", "claim": "chair", "sources": ["pm"]},
    ]

    record = created("organisation", people=people, sources=[PRESS]).as_input()

    assert [person["name"] for person in record["people"]] == ["Dieter Näther", "Dierk Näther"]


def test_an_organisation_ends_after_it_began() -> None:
    sent = body("organisation", founded="2006", dissolved="2005")

    assert faults("organisation", sent) == [("/dissolved", "end-before-start")]


def test_an_organisation_has_no_relation_to_itself() -> None:
    held = created("organisation")
    sent = body("organisation", relations=[{"kind": "related", "organisation_id": ITNET}])

    assert faults("organisation", sent, held) == [("/relations/0/organisation_id", "relation-to-itself")]


def test_nobody_is_a_member_of_itself() -> None:
    assert faults("membership", {"network_id": ITNET, "member_id": ITNET}) == [("/member_id", "member-of-itself")]


def test_a_membership_keeps_its_pair() -> None:
    held = created("membership")
    sent = {"network_id": LOGISTIK, "member_id": ACOD}

    assert faults("membership", sent, held) == [("/network_id", "pair-is-fixed"), ("/member_id", "pair-is-fixed")]


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ({"start": "2023-06-15", "end": "2023-06-14"}, [("/when/end", "end-before-start")]),
        ({"start": "2023-06-15T10:00", "end": "2023-06-15T09:59"}, [("/when/end", "end-before-start")]),
        ({"start": "2023-06-15", "end": "2023-06-15T09:59"}, [("/when/end", "mixed-precision")]),
        ({"start": "2023-03-26T02:30"}, [("/when/start", "no-such-time")]),
        ({"start": "2023-03-12T02:30", "timezone": "America/New_York"}, [("/when/start", "no-such-time")]),
        ({"start": "2023-03-12T02:30", "timezone": "Mars/Olympus"}, [("/when/timezone", "time-zone")]),
        ({"start": "2023-06-15T10:00:00"}, [("/when/start", "partial-date")]),
        ({"start": "2023-06-31"}, [("/when/start", "partial-date")]),
        ({"end": "2023-06-15"}, [("/when/start", "required")]),
        ({"start": "2023-06", "extent": "half"}, [("/when/extent", "choice")]),
    ],
)
def test_a_when_makes_sense(when: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert faults("event", body("event", when=when)) == found


@pytest.mark.parametrize(
    ("when", "precision"),
    [
        ({"start": "2018-01-11T17:00"}, "minute"),
        ({"start": "2018-01-11T17:00", "end": "2018-01-11T17:00", "timezone": "Europe/London"}, "minute"),
        ({"start": "2023-03-26T02:30", "timezone": "America/New_York"}, "minute"),
        ({"start": "2023-06-15", "end": "2023-06-16"}, "day"),
        ({"start": "2023-09"}, "month"),
        ({"start": "2023", "extent": "whole"}, "year"),
        ({"start": "[..2023-05-01]"}, "open"),
    ],
)
def test_an_event_is_as_precise_as_known(when: dict[str, Any], precision: str) -> None:
    assert created("event", when=when).as_input()["when"] == {**when, "precision": precision}


def test_an_event_without_a_date_says_so() -> None:
    assert created("event").as_input()["when"] is None


def test_programme_and_registration_run_forwards() -> None:
    sent = body(
        "event",
        programme=[{"title": {"de": "Auftakt"}, "starts": "2018-01-11T18:00", "ends": "2018-01-11T17:00"}],
        registration={"opens_at": "2018-01-02", "closes_at": "2018-01-01"},
    )

    assert faults("event", sent) == [
        ("/programme/0/ends", "end-before-start"),
        ("/registration/closes_at", "end-before-start"),
    ]


@pytest.mark.parametrize(("record_type", "own"), [("event", EVENT), ("cooperation", COOPERATION)])
def test_a_record_is_no_part_of_itself(record_type: RecordType, own: str) -> None:
    held = created(record_type)

    assert faults(record_type, body(record_type, part_of=own), held) == [("/part_of", "part-of-itself")]


@pytest.mark.parametrize("kind", ["agreement", "partnership", "sales_partnership"])
@pytest.mark.parametrize(
    "parties",
    [
        [{"organisation_id": ITNET}],
        [{"organisation_id": ITNET}, {"organisation_id": TOWERBYTE, "roles": ["subject"]}],
        [{"organisation_id": ITNET, "until": "2015"}, {"organisation_id": ITNET, "since": "2016"}],
    ],
)
def test_an_agreement_needs_two_who_agree(kind: str, parties: list[Any]) -> None:
    assert faults("cooperation", body("cooperation", kind=kind, parties=parties)) == [("/parties", "too-few-parties")]


def test_two_who_agree_are_enough() -> None:
    assert created("cooperation", kind="agreement", parties=AGREED).version == 1


def test_a_project_needs_one_party_and_takes_thirty() -> None:
    assert faults("cooperation", body("cooperation", parties=[])) == [("/parties", "too-few")]
    assert faults("cooperation", body("cooperation", parties=AGREED * 16))[0] == ("/parties", "too-many")


def test_an_organisation_is_party_once_in_each_period() -> None:
    twice = [{"organisation_id": ITNET}, {"organisation_id": TOWERBYTE}, {"organisation_id": ITNET, "since": "2019"}]
    periods = [{"organisation_id": ITNET, "until": "2015"}, {"organisation_id": ITNET, "since": "2016"}]
    rivals = [
        {"organisation_id": ITNET, "claim": "a"},
        {"organisation_id": ITNET, "claim": "a", "certainty": "implied"},
    ]

    assert faults("cooperation", body("cooperation", parties=twice)) == [("/parties/2", "party-twice")]
    assert created("cooperation", parties=periods).version == 1
    assert created("cooperation", parties=rivals).version == 1


def test_a_cooperation_ends_after_it_began() -> None:
    sent = body("cooperation", effective_from="2015", planned_end="2014", ended_on="2014-12-31")

    assert faults("cooperation", sent) == [("/planned_end", "end-before-start"), ("/ended_on", "end-before-start")]


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "event"},
        {"id": ITNET},
        {"version": 1},
        {"created_at": "2026-11-21T02:17:48.123Z"},
        {"updated_at": "2026-11-21T02:17:48.123Z"},
        {"managed_by": ITNET},
    ],
)
def test_nothing_of_the_envelope_is_taken_for_a_new_record(fields: dict[str, Any]) -> None:
    (name,) = fields

    found = faults("organisation", body("organisation", **fields))

    assert found == [(f"/{name}", "choice" if name == "type" else "server-kept")]


def test_the_right_type_and_null_are_taken_for_a_new_record() -> None:
    assert created("organisation", type="organisation", id=None, version=None, managed_by=None).version == 1


def test_the_envelope_is_taken_when_equal_to_what_is_held() -> None:
    held = created("organisation")
    wrong = {"id": ACOD, "version": 2, "created_at": "2026-11-21T02:17:48.124Z", "managed_by": ACOD}

    found = faults("organisation", {**held.as_input(), **wrong}, held)

    assert found == [(f"/{name}", "server-kept") for name in wrong]


@pytest.mark.parametrize("form", ["2026-11-21T02:17:48.500000+00:00", "2026-11-21T02:17:48.5Z"])
def test_instants_are_taken_back_as_typed_clients_write_them(form: str) -> None:
    moment = "2026-11-21T02:17:48.500Z"
    confirmed = {"state": "confirmed", "at": moment, "version": 1}
    held = rewritten(
        created("cooperation", parties=AGREED),
        {**created("cooperation").as_input(), "parties": [{**AGREED[0], "confirmation": confirmed}]},
    ).stamped(moment)

    again = sent(held, json.loads(json.dumps(held.as_input()).replace(moment, form)))

    assert again.same_content(held)


def test_what_the_register_keeps_of_an_event_is_not_for_clients() -> None:
    held = created("event", when={"start": "2023-06-15"})
    sent = {
        **held.as_input(),
        "when": {"start": "2023-06-15", "precision": "month"},
        "previous_when": {"start": "2022"},
    }

    assert faults("event", sent, held) == [("/previous_when", "server-kept"), ("/when/precision", "server-kept")]


def test_a_confirmation_is_the_partys_own() -> None:
    held = created("cooperation", parties=AGREED)
    parties = [
        {**AGREED[0], "confirmation": {"state": "unanswered", "at": None}},
        {**AGREED[1], "confirmation": {"state": "confirmed"}},
    ]

    assert faults("cooperation", {**held.as_input(), "parties": parties}, held) == [
        ("/parties/1/confirmation", "server-kept")
    ]
