"""What calendars show of an event, and when."""

import json
import sqlite3
from typing import Any

import pytest

from shared.models.ids import new_id
from shared.projection import calendar
from shared.projection.apply import apply
from shared.projection.appointments import LONGEST_DESCRIPTION, appointment
from shared.projection.calendar import appointments, one
from shared.projection.filters import Filters
from shared.projection.intervals import Interval
from shared.tables.tables import Document

Json = dict[str, Any]

TODAY = "2026-11-21"
STAMP = "2026-11-20T12:00:00.000Z"
ORGANISATION = new_id("organisation", 0, bytes(10))
EVENT = new_id("event", 0, bytes(10))
ENVELOPE = {"version": 3, "created_at": "2026-01-01T08:00:00.000Z", "updated_at": STAMP, "managed_by": None}


def event(**more: object) -> Json:
    content = {"type": "event", "id": EVENT, "title": {"de": "Tag"}, "kind": "workshop", "status": "scheduled"}
    return {**content, **ENVELOPE, "when": {"start": "2026-12-01", "precision": "day"}, **more}


def put(connection: sqlite3.Connection, record: Json) -> None:
    apply(connection, Document(record["id"], record["version"], record["updated_at"], json.dumps(record)))


def shown(
    connection: sqlite3.Connection, asked: Filters | None = None, *, tentative: bool = False, today: str = TODAY
) -> list[str]:
    found = appointments(connection, asked or {}, today=today, tentative=tentative)
    return [json.loads(text)["id"] for text in found.texts]


def told(record: Json) -> Json:
    found = appointment(record)
    assert found is not None
    content: Json = json.loads(found.text)
    return content


def test_an_appointment_holds_what_a_calendar_writes() -> None:
    place = {
        "name": "Messe",
        "care_of": "ITnet",
        "street": "Gothaer Str. 34",
        "postal_code": "99094",
        "city": "Erfurt",
        "country": "AT",
        "location": {"lat": 50.96, "lon": 0},
        "online_url": "https://meet.example.org/a",
    }
    organisers = [
        {"organisation_id": ORGANISATION, "note": "nicht im Kalender"},
        {"organisation_id": ORGANISATION, "role": "sponsor"},
    ]
    record = event(
        place=place,
        organisers=organisers,
        description={"de": "Ein Tag."},
        registration={"url": "https://example.org/r", "fee": "20 €"},
        topics=["it"],
        part_of=EVENT,
        website="https://example.org/",
        people=[{"key": "p1", "name": "Erika Muster"}],
    )

    found = told(record)

    assert found == {
        "id": EVENT,
        "title": {"de": "Tag"},
        "status": "scheduled",
        "part_of": EVENT,
        "topics": ["it"],
        "website": "https://example.org/",
        "version": 3,
        "created_at": "2026-01-01T08:00:00.000Z",
        "updated_at": STAMP,
        "description": {"de": "Ein Tag."},
        "location": "Messe, c/o ITnet, Gothaer Str. 34, 99094 Erfurt, AT",
        "geo": {"lat": 50.96, "lon": 0},
        "online_url": "https://meet.example.org/a",
        "registration_url": "https://example.org/r",
        "organisers": [{"id": ORGANISATION, "\x03name": ORGANISATION}],
        "first": "2026-12-01",
        "last": "2026-12-01",
        "is_known": True,
    }


def test_a_time_is_told_in_its_zone() -> None:
    when = {"start": "2026-12-01T09:00", "end": "2026-12-01T17:00", "precision": "minute"}

    times = [told(event(when={**when, **zone})) for zone in ({}, {"timezone": "Europe/London"})]

    assert [{name: found.get(name) for name in ("start", "end", "timezone", "first")} for found in times] == [
        {"start": "2026-12-01T09:00", "end": "2026-12-01T17:00", "timezone": zone, "first": None}
        for zone in ("Europe/Berlin", "Europe/London")
    ]


def test_a_long_description_is_cut_behind_a_word() -> None:
    words = "wörter " * 100

    cut = told(event(description={"de": words, "en": "x" * 600}))["description"]

    assert cut["de"] == "wörter " * 71 + "…"
    assert cut["en"] == "x" * LONGEST_DESCRIPTION + " …"


FORMER, LATER = {"start": "2026-10-01", "precision": "day"}, {"start": "2027-02-01", "precision": "day"}


@pytest.mark.parametrize(
    ("status", "when", "previous_when", "first", "is_off"),
    [
        ("scheduled", LATER, FORMER, "2027-02-01", False),
        ("cancelled", LATER, FORMER, "2027-02-01", True),
        ("cancelled", None, FORMER, "2026-10-01", True),
        ("postponed", LATER, FORMER, "2026-10-01", True),
        ("postponed", None, FORMER, "2026-10-01", True),
        ("postponed", LATER, None, "2027-02-01", True),
    ],
)
def test_what_does_not_take_place_stays_on_its_former_day(
    status: str, when: Json | None, previous_when: Json | None, first: str, *, is_off: bool
) -> None:
    former = {"previous_when": previous_when} if previous_when else {}

    found = appointment(event(status=status, when=when, **former))

    assert found is not None
    assert (found.interval.earliest, found.is_off) == (first, is_off)


@pytest.mark.parametrize("when", [None, {"start": "[..2018]"}, {"start": "2018-01-11", "end": "[2018-01-11..]"}])
def test_what_has_no_date_is_no_appointment(when: Json | None) -> None:
    assert appointment(event(when=when)) is None


@pytest.mark.parametrize(
    ("when", "interval", "is_known"),
    [
        ({"start": "2023-09"}, ("2023-09-01", "2023-09-30", "2023-09-30", "2023-09-01"), False),
        ({"start": "2023-09", "extent": "whole"}, ("2023-09-01", "2023-09-30", "2023-09-01", "2023-09-30"), True),
        ({"start": "2023-09-10~"}, ("2023-09-09", "2023-09-11", "2023-09-11", "2023-09-09"), False),
        ({"start": "2023-09-10", "end": "2023-10"}, ("2023-09-10", "2023-10-31", "2023-09-10", "2023-10-01"), False),
        ({"start": "2023-09-10", "end": "2023-09-12"}, ("2023-09-10", "2023-09-12", "2023-09-10", "2023-09-12"), True),
        ({"start": "2023-09-10T23:00"}, ("2023-09-10",) * 4, True),
    ],
)
def test_an_appointment_is_known_when_first_and_last_day_are(
    when: Json, interval: tuple[str, str, str, str], *, is_known: bool
) -> None:
    found = appointment(event(when=when))

    assert found is not None
    assert found.interval == Interval(*interval)
    assert found.interval.is_known is is_known


@pytest.mark.parametrize(("day", "expected"), [("2025-11-20", []), ("2025-11-21", [EVENT]), ("2099-01-01", [EVENT])])
def test_a_calendar_reaches_back_a_year_and_forward_for_ever(
    connection: sqlite3.Connection, day: str, expected: list[str]
) -> None:
    put(connection, event(when={"start": day}))

    assert shown(connection) == expected


@pytest.mark.parametrize(("asked", "expected"), [({"to": ["2019"]}, [EVENT]), ({"from": ["2019"]}, [])])
def test_from_and_to_take_the_place_of_that_window(
    connection: sqlite3.Connection, asked: Filters, expected: list[str]
) -> None:
    put(connection, event(when={"start": "2018-01-11"}))

    assert shown(connection, asked) == expected


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
@pytest.mark.parametrize(("today", "expected"), [("2027-02-18", [EVENT]), ("2027-02-19", [])])
def test_what_does_not_take_place_is_told_for_ninety_days(
    connection: sqlite3.Connection, status: str, today: str, expected: list[str]
) -> None:
    put(connection, event(status=status))

    alone = one(connection, EVENT, today=today, tentative=False)

    assert shown(connection, today=today) == expected
    assert len(alone.texts) == len(expected)


def test_what_is_not_known_is_there_for_who_asks_for_it(connection: sqlite3.Connection) -> None:
    put(connection, event(when={"start": "2026-12"}))

    alone = [len(one(connection, EVENT, today=TODAY, tentative=tentative).texts) for tentative in (False, True)]

    assert [shown(connection), shown(connection, tentative=True), alone] == [[], [EVENT], [0, 1]]


def test_a_postponed_event_is_found_by_its_former_day(connection: sqlite3.Connection) -> None:
    put(connection, event(status="postponed", when=None, previous_when=FORMER))

    assert [shown(connection, {"from": [day], "to": [day]}) for day in ("2026-10-01", "2026-10-02")] == [
        [EVENT],
        [],
    ]


def test_a_later_version_and_a_deletion_leave_nothing_of_the_former(connection: sqlite3.Connection) -> None:
    put(connection, event())
    put(connection, {**event(when=LATER), "version": 4})
    moved = [shown(connection, {"to": ["2026"]}), shown(connection)]

    apply(connection, Document(EVENT, 5, STAMP, None))

    assert moved == [[], [EVENT]]
    assert connection.execute("SELECT count(*) FROM appointment").fetchone() == (0,)


def test_of_too_many_events_those_stay_that_begin_last(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar, "MOST_EVENTS", 2)
    ids = [new_id("event", number, bytes(10)) for number in range(3)]
    for number, record_id in enumerate(ids):
        put(connection, event(id=record_id, when={"start": f"2026-12-0{number + 1}"}))

    found = [appointments(connection, {"to": [day]}, today=TODAY, tentative=False) for day in ("2027", "2026-12-02")]

    assert [[json.loads(text)["id"] for text in each.texts] for each in found] == [ids[:0:-1], ids[1::-1]]
    assert [each.is_cut for each in found] == [True, False]


def test_an_event_with_two_of_the_values_asked_for_is_there_once(connection: sqlite3.Connection) -> None:
    put(connection, event(topics=["a", "b"]))

    found = appointments(connection, {"topic": ["a", "b"], "kind": ["workshop"]}, today=TODAY, tentative=False)

    assert len(found.texts) == 1
