"""Many records at once, each for itself."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.errors import Throttled
from shared.tables.references import without
from shared.tables.register import Outcome, Register
from tests.api.client import EVT, MEM, ORG, Api, Json
from tests.api.conftest import House
from tests.partners.conftest import Enrol, Partner
from tests.partners.rows import company, member, send, verdicts


def test_rows_are_created_then_unchanged_then_updated(itnet: Partner) -> None:
    rows = [company(1), company(2), member(itnet.id, 1)]

    first = send(itnet, *rows)
    again = send(itnet, *rows)
    changed = send(itnet, company(1, phone="+49 1"), *rows[1:])

    ids = [item["id"] for item in first.items]
    assert first.items == [
        {"row": 1, "ref": "itnet.crm:1", "verdict": "create", "id": ORG, "version": 1},
        {"row": 2, "ref": "itnet.crm:2", "verdict": "create", "id": ORG, "version": 1},
        {"row": 3, "ref": "itnet.crm:m1", "verdict": "create", "id": MEM, "version": 1},
    ]
    assert [(item["verdict"], item["id"], item["version"]) for item in again.items] == [
        ("unchanged", record_id, 1) for record_id in ids
    ]
    assert verdicts(changed) == ["update", "unchanged", "unchanged"]
    assert itnet.api.get("/organisations/by-ref/itnet.crm/1").json["version"] == 2


def test_rows_name_each_other_in_any_order(itnet: Partner) -> None:
    event = {
        "title": {"de": "Treffen"},
        "kind": "networking",
        "status": "planned",
        "part_of": {"ref": "itnet.crm:e0"},
        "organisers": [{"organisation_id": {"ref": "itnet.crm:1"}, "role": "organiser"}],
    }
    series = {"title": {"de": "Reihe"}, "kind": "series", "status": "planned"}
    rows = [
        member(itnet.id, 1),
        {"type": "event", "ref": "itnet.crm:e1", "record": event},
        {"type": "event", "ref": "itnet.crm:e0", "record": series},
        company(1),
    ]

    answer = send(itnet, *rows)

    assert verdicts(answer) == ["create"] * 4
    assert [item["row"] for item in answer.items] == [1, 2, 3, 4]
    assert verdicts(send(itnet, *rows)) == ["unchanged"] * 4


def test_rows_that_name_each_other_in_a_circle_are_entered_in_two_steps(itnet: Partner) -> None:
    relation = {"kind": "related", "organisation_id": {"ref": "itnet.crm:1"}}
    rows = [
        company(
            1,
            relations=[
                {**relation, "organisation_id": {"ref": "itnet.crm:2"}},
                {**relation, "organisation_id": itnet.id},
            ],
        ),
        company(2, relations=[relation]),
    ]

    answer = send(itnet, *rows)
    again = send(itnet, *rows)

    one, two = (itnet.api.get(f"/organisations/by-ref/itnet.crm/{number}").json for number in (1, 2))
    assert sorted((item["verdict"], item["version"]) for item in answer.items) == [("create", 1), ("create", 2)]
    assert [entry["organisation_id"] for entry in one["relations"]] == [two["id"], itnet.id]
    assert [entry["organisation_id"] for entry in two["relations"]] == [one["id"]]
    assert verdicts(again) == ["unchanged", "unchanged"]


def test_a_new_row_that_names_itself_is_entered_in_two_steps(itnet: Partner) -> None:
    person = {"key": "p1", "name": "Erika Muster", "organisation_id": {"ref": "itnet.crm:1"}}
    row = company(1, people=[person])

    answer = send(itnet, row)
    again = send(itnet, row)

    record = itnet.api.get("/organisations/by-ref/itnet.crm/1").json
    assert [(item["verdict"], item["version"]) for item in answer.items] == [("create", 2)]
    assert record["people"] == [{**person, "organisation_id": record["id"]}]
    assert verdicts(again) == ["unchanged"]


def test_a_row_that_names_itself_and_one_that_is_missing_says_which(itnet: Partner) -> None:
    relation = {"kind": "related", "organisation_id": {"ref": "itnet.crm:2"}}
    person = {"name": "Erika Muster", "organisation_id": {"ref": "itnet.crm:1"}}

    answer = send(itnet, company(1, people=[person], relations=[relation]))

    assert [(item["verdict"], item["errors"]) for item in answer.items] == [
        (
            "invalid",
            [
                {
                    "pointer": "/record/relations/0/organisation_id",
                    "message": "Use the scheme and value of a record that exists.",
                    "code": "unknown-reference",
                }
            ],
        )
    ]


def test_a_row_that_stands_without_what_it_names_says_so(itnet: Partner) -> None:
    def related(number: int, other: int, **more: object) -> Json:
        relation = {"kind": "related", "organisation_id": {"ref": f"itnet.crm:{other}"}}
        return company(number, f"Firma {number}", relations=[relation], **more)

    answer = send(itnet, related(1, 2), related(2, 1, phone=7))

    stands = itnet.api.get("/organisations/by-ref/itnet.crm/1").json
    assert (stands["version"], stands["relations"]) == (1, [])
    assert verdicts(answer) == ["invalid", "invalid"]
    assert [(item.get("id"), item.get("version")) for item in answer.items] == [(stands["id"], 1), (None, None)]


def test_a_row_goes_behind_one_that_changes_what_it_names(itnet: Partner) -> None:
    network = {"type": "organisation", "ref": "itnet.crm:n", "record": {"name": "Netz", "kind": "network"}}
    send(itnet, network)
    itnet.api.put(f"/organisations/{itnet.id}/external-ids/itnet.crm/us", None)
    ours = {"name": "ITnet", "kind": "network", "membership_grades": [{"code": "gold"}]}
    joined = {"network_id": {"ref": "itnet.crm:us"}, "member_id": {"ref": "itnet.crm:n"}, "grade": "gold"}

    answer = send(
        itnet,
        {"type": "membership", "ref": "itnet.crm:m", "record": joined},
        {"type": "organisation", "ref": "itnet.crm:us", "record": ours},
    )

    assert verdicts(answer) == ["create", "update"]


def test_a_row_that_is_there_already_is_written_once(itnet: Partner) -> None:
    def related(number: int, other: int) -> Json:
        return company(number, relations=[{"kind": "related", "organisation_id": {"ref": f"itnet.crm:{other}"}}])

    send(itnet, company(2))

    answer = send(itnet, related(2, 1), related(1, 2))

    assert [(item["verdict"], item["version"]) for item in answer.items] == [("update", 2), ("create", 1)]


def test_rows_in_a_circle_that_are_sent_again_are_not_written_again(itnet: Partner) -> None:
    def related(number: int, other: int) -> Json:
        return company(number, relations=[{"kind": "related", "organisation_id": {"ref": f"itnet.crm:{other}"}}])

    rows = [related(1, 2), related(2, 1)]
    send(itnet, *rows, idempotency_key="night")
    for number in (1, 2):
        itnet.api.patch(f"/organisations/by-ref/itnet.crm/{number}", {"phone": "+49 1"})

    again = send(itnet, *rows, idempotency_key="night")

    phones = [itnet.api.get(f"/organisations/by-ref/itnet.crm/{number}").json["phone"] for number in (1, 2)]
    assert phones == ["+49 1"] * 2
    assert [item["version"] for item in again.items] == [2, 1]


def test_an_event_goes_before_the_cooperation_that_it_names(itnet: Partner) -> None:
    event = {"title": {"de": "T"}, "kind": "workshop", "status": "planned", "cooperation_id": {"ref": "itnet.crm:c"}}
    cooperation = {
        "title": {"de": "V"},
        "kind": "project",
        "status": "active",
        "parties": [{"organisation_id": itnet.id}],
        "results": [{"title": {"de": "T"}, "event_id": {"ref": "itnet.crm:e"}}],
    }

    answer = send(
        itnet,
        {"type": "cooperation", "ref": "itnet.crm:c", "record": cooperation},
        {"type": "event", "ref": "itnet.crm:e", "record": event},
    )

    assert [(item["verdict"], item["version"]) for item in answer.items] == [("create", 1), ("create", 2)]


def test_a_bad_row_is_named_and_the_others_pass(itnet: Partner) -> None:
    rows: list[Any] = [
        company(1),
        company(2, name="x", founded="2019-02-30"),
        {**company(3), "colour": "red"},
        "row",
        {"type": "organisation", "ref": "no ref", "record": {}},
        company(1, phone="+49 1"),
        member(itnet.id, 99),
    ]

    answer = send(itnet, *rows)

    assert verdicts(answer) == ["create", *["invalid"] * 6]
    faults = [[(fault["pointer"], fault["code"]) for fault in item.get("errors", ())] for item in answer.items]
    assert faults == [
        [],
        [("/record/founded", "partial-date")],
        [("/colour", "unknown-field")],
        [("", "type")],
        [("/ref", "pattern")],
        [("/ref", "duplicate")],
        [("/record/member_id", "unknown-reference")],
    ]


def test_what_others_keep_is_a_conflict(itnet: Partner, logistik: Partner) -> None:
    other = logistik.api.put("/organisations/by-ref/wikidata/Q1", {"name": "Andere", "kind": "company"}).json["id"]
    send(itnet, company(1))
    gone = {"type": "event", "ref": "itnet.crm:e", "record": {"title": {"de": "T"}, "kind": "other", "status": "held"}}
    send(itnet, gone)
    itnet.api.delete("/events/by-ref/itnet.crm/e")

    answer = send(
        itnet,
        {"type": "organisation", "ref": "wikidata:Q1", "record": company(1)["record"]},
        {"type": "organisation", "ref": "logistik.crm:1", "record": company(1)["record"]},
        {**company(1, phone="+49 1"), "if_version": 7},
        gone,
        company(5, external_ids=[{"scheme": "wikidata", "value": "Q1"}]),
    )

    assert verdicts(answer) == ["conflict"] * 5
    assert [item["errors"][0]["code"] for item in answer.items] == [
        "forbidden",
        "forbidden",
        "precondition-failed",
        "gone",
        "external-id-taken",
    ]
    assert answer.items[3]["errors"][0]["message"].endswith(
        "A POST with the id in `external_ids` starts a new one and takes the id over."
    )
    assert answer.items[4]["related"] == [other]
    assert verdicts(send(itnet, {**company(1, phone="+49 1"), "if_version": 1})) == ["update"]


def test_a_dry_run_says_what_would_be_and_writes_nothing(house: House, itnet: Partner) -> None:
    send(itnet, company(1), company(2))
    before = contents(house)
    rows = [
        company(1),
        company(2, phone="+49 1"),
        member(itnet.id, 3),
        company(3),
        company(4, kind="club"),
        member(itnet.id, 99),
        company(6, external_ids=[{"scheme": "itnet.crm", "value": "1"}]),
    ]

    answer = send(itnet, *rows, query="?dry_run=true", idempotency_key="try")

    assert contents(house) == before
    assert [(item["verdict"], item.get("version")) for item in answer.items] == [
        ("unchanged", 1),
        ("update", 2),
        ("create", None),
        ("create", None),
        ("invalid", None),
        ("invalid", None),
        ("conflict", None),
    ]
    assert [item["errors"][0]["pointer"] for item in answer.items[4:6]] == ["/record/kind", "/record/member_id"]
    assert "id" not in answer.items[2]


def test_a_dry_run_refuses_a_row_that_names_a_refused_one(itnet: Partner) -> None:
    rows = [member(itnet.id, 1), company(1, kind="club")]

    rehearsed = send(itnet, *rows, query="?dry_run=true")

    assert rehearsed.json == send(itnet, *rows).json
    assert verdicts(rehearsed) == ["invalid", "invalid"]


def contents(house: House) -> list[str]:
    """All that stands in the tables, but for how often somebody wrote."""
    items = [item for table in house.contents().values() for item in table]
    return sorted(json.dumps(item, default=str, sort_keys=True) for item in items if "QUOTA" not in item["pk"]["S"])


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, {"/rows": "required"}),
        ({"rows": {}}, {"/rows": "type"}),
        ({"rows": []}, {"/rows": "too-few"}),
        ({"rows": [{}] * 501}, {"/rows": "too-many"}),
        ({"rows": [{}], "more": 1}, {"/more": "unknown-field"}),
    ],
)
def test_an_import_is_up_to_500_rows(body: Json, faults: dict[str, str], itnet: Partner) -> None:
    answer = itnet.api.post("/imports", body)

    assert (answer.status, answer.faults()) == (422, faults)


def test_what_time_does_not_suffice_for_is_not_attempted_and_the_same_request_goes_on(
    itnet: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [member(itnet.id, 1), company(1), company(2), company(3)]
    left = [20.0, 20.0, 0.5, 0.5]

    with monkeypatch.context() as patch:
        patch.setattr("shared.budget.Budget.seconds_left", lambda _: left.pop(0))
        first = send(itnet, *rows, idempotency_key="night")
    second = send(itnet, *rows, idempotency_key="night")

    assert verdicts(first) == ["not_attempted", "create", "create", "not_attempted"]
    assert first.items[0] == {"row": 1, "ref": "itnet.crm:m1", "verdict": "not_attempted"}
    assert verdicts(second) == ["create"] * 4
    assert verdicts(send(itnet, *rows)) == ["unchanged"] * 4


def test_what_names_a_row_that_was_not_attempted_is_not_attempted(
    itnet: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [company(1), member(itnet.id, 1), company(2)]
    exactly_once, busy = Register.exactly_once, [Throttled()]

    def throttled_once(self: Register, work: Callable[[], Outcome]) -> Outcome:
        if busy:
            raise busy.pop()
        return exactly_once(self, work)

    monkeypatch.setattr(Register, "exactly_once", throttled_once)

    first = send(itnet, *rows, idempotency_key="night")
    second = send(itnet, *rows, idempotency_key="night")

    assert verdicts(first) == ["not_attempted", "not_attempted", "create"]
    assert verdicts(second) == ["create"] * 3


def test_a_request_that_is_sent_again_has_the_same_answer(itnet: Partner) -> None:
    first = send(itnet, company(1), company(2, kind="club"), idempotency_key="night")

    again = send(itnet, company(1), company(2, kind="club"), idempotency_key="night")
    other = send(itnet, company(1, phone="+49 1"), idempotency_key="night")

    assert again.json == first.json
    assert other.items[0]["errors"][0]["code"] == "idempotency-key-reused"


def test_each_row_counts_as_a_write_but_to_try_them_is_one(itnet: Partner) -> None:
    def left() -> int:
        return int(itnet.api.get("/me", authorization=f"Bearer {itnet.api.key}").json["quota"]["remaining"])

    before = left()
    written = send(itnet, *map(company, range(5)))
    after_writing = left()
    send(itnet, *map(company, range(5)), query="?dry_run=true")

    assert (before - after_writing, after_writing - left()) == (5, 1)
    assert written.headers["ratelimit"].startswith(f'"writes";r={after_writing};')


def test_a_key_writes_only_the_types_of_its_scopes(enrol: Enrol) -> None:
    partner = enrol("Netz", "itnet", ["events:write"])
    event = {"title": {"de": "T"}, "kind": "workshop", "status": "planned"}

    answer = send(partner, company(1), {"type": "event", "ref": "itnet.crm:e", "record": event})

    assert [(item["verdict"], item.get("id")) for item in answer.items] == [("conflict", None), ("create", EVT)]


def test_an_import_needs_a_key(api: Api) -> None:
    assert api.post("/imports", {"rows": [company(1)]}, authorization="").status == 401


def test_what_is_left_of_a_body_keeps_its_places() -> None:
    gone, kept = {"part_of": {"ref": "itnet.crm:1"}}, {"part_of": {"ref": "itnet.crm:2"}}
    body = {"part_of": gone["part_of"], "entries": [{"inner": [gone, kept], **gone}, {"inner": [gone, kept]}]}

    assert without(body, {"itnet.crm:1"}) == {"entries": [{"inner": [kept]}]}
