"""What one record puts into the read model, where chance alone would hardly look."""

import json
import sqlite3
from datetime import date, timedelta
from typing import Any

import pytest

from shared.projection.apply import apply
from shared.projection.connections import members
from shared.projection.pages import Ask, summaries
from shared.projection.periods import Period, joined
from shared.projection.queries import events
from shared.projection.rows import newest_first, span_class
from shared.tables.tables import Document

ENVELOPE = {"version": 1, "created_at": "2026-11-20T12:00:00.000Z", "updated_at": "2026-11-20T12:00:00.000Z"}
NETWORK, MEMBER, OTHER = (f"org_01hzy3v8k2q4w5e6r7t8y9z0{letter}" for letter in ("na", "nb", "nc"))
MEMBERSHIP, SECOND = (f"mem_01hzy3v8k2q4w5e6r7t8y9z0{letter}" for letter in ("na", "nb"))
EVENT = "evt_01hzy3v8k2q4w5e6r7t8y9z0na"


def document(content: dict[str, Any], version: int = 1) -> Document:
    record = {**content, **ENVELOPE, "version": version, "managed_by": None}
    return Document(record["id"], version, record["updated_at"], json.dumps(record, ensure_ascii=False))


def organisation(record_id: str, name: str) -> dict[str, Any]:
    return {"type": "organisation", "id": record_id, "name": name, "kind": "network"}


def membership(record_id: str, member: str) -> dict[str, Any]:
    return {"type": "membership", "id": record_id, "network_id": NETWORK, "member_id": member}


def event(first: str, last: str) -> dict[str, Any]:
    content = {"type": "event", "id": EVENT, "title": {"de": "Tage"}, "kind": "series", "status": "held"}
    return {**content, "when": {"start": first, "end": last, "precision": "day"}}


@pytest.mark.parametrize("days", [*range(1, 20), 63, 64, 65, 255, 256, 257, 1024, 1025, 4095, 4096, 4097, 20_000])
def test_an_event_is_found_on_its_last_day_and_not_on_the_next_however_long_it_is(
    connection: sqlite3.Connection, days: int
) -> None:
    first = date(1950, 1, 1)
    last = first + timedelta(days=days - 1)
    apply(connection, document(event(first.isoformat(), last.isoformat())))

    found = [
        len(events(connection, Ask(filters={"from": [(last + later).isoformat()]}, limit=5, today="2026-11-21")).items)
        for later in (timedelta(0), timedelta(1))
    ]

    assert found == [1, 0]


def test_a_member_that_arrives_after_its_membership_takes_its_place_by_name(connection: sqlite3.Connection) -> None:
    apply(connection, document(organisation(NETWORK, "Netz")))
    apply(connection, document(membership(MEMBERSHIP, MEMBER)))
    apply(connection, document(membership(SECOND, OTHER)))
    before = members(connection, Ask(filters={}, limit=5, today="2026-11-21"), NETWORK)

    apply(connection, document(organisation(MEMBER, "Zebra")))
    apply(connection, document(organisation(OTHER, "Anker")))

    after = members(connection, Ask(filters={}, limit=5, today="2026-11-21"), NETWORK)
    assert before.items == []
    assert [json.loads(item)["member_name"] for item in after.items] == ["Anker", "Zebra"]


def test_a_name_that_is_not_there_yet_is_left_out(connection: sqlite3.Connection) -> None:
    organisers = {"organisers": [{"organisation_id": MEMBER, "role": "host"}]}
    apply(connection, document({**event("2018", "2018"), **organisers}))

    item = summaries(connection, [EVENT])[EVENT]

    assert json.loads(item)["organisers"] == [{"organisation_id": MEMBER, "role": "host"}]


def test_an_older_version_never_replaces_a_newer_one(connection: sqlite3.Connection) -> None:
    newer = document(organisation(NETWORK, "neu"), version=2)
    older = document(organisation(NETWORK, "alt"), version=1)

    applied = [apply(connection, one) for one in (newer, newer, older)]

    assert applied == [True, False, False]
    assert json.loads(summaries(connection, [NETWORK])[NETWORK])["name"] == "neu"


def test_a_tombstone_leaves_nothing_that_a_filter_could_find(connection: sqlite3.Connection) -> None:
    apply(connection, document(organisation(NETWORK, "Netz")))
    apply(connection, document(organisation(MEMBER, "Mitglied")))
    apply(connection, document(membership(MEMBERSHIP, MEMBER)))

    for record_id in (MEMBERSHIP, MEMBER, NETWORK):
        apply(connection, Document(record_id, 2, "2026-11-20T12:00:01.000Z", None))

    left = connection.execute(
        "SELECT (SELECT count(*) FROM facet), (SELECT count(*) FROM edge), (SELECT count(*) FROM reference)"
    ).fetchone()
    assert left == (0, 0, 0)


def test_periods_that_share_a_day_become_one() -> None:
    periods = [
        Period("2018-02-01", "2018-03-01"),
        Period("2017-01-01", "2017-06-01"),
        Period("2018-03-01", "2018-04-01"),
    ]

    whole = joined([*periods, Period("2018-02-02", "2018-02-03"), Period("2019-02-01", "2019-01-01")])

    assert whole == [Period("2017-01-01", "2017-06-01"), Period("2018-02-01", "2018-04-01")]


def test_newer_days_order_before_older_ones() -> None:
    days = ["0001-01-01", "2018-09-30", "2018-10-01", "9999-12-31"]

    assert sorted(days, key=newest_first) == days[::-1]


def test_classes_of_spans_begin_at_the_powers_of_four() -> None:
    assert [span_class(days) for days in (-5, 0, 1, 3, 4, 15, 16, 4095, 4096, 3_000_000)] == [
        0,
        0,
        1,
        1,
        2,
        2,
        3,
        6,
        7,
        7,
    ]
