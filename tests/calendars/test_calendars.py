"""Calendars as two parsers that know nothing of each other read them (icalendar and vobject)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from functions.calendars import components
from functions.calendars.answers import written
from shared.models import room
from shared.models.dates import exists_in
from shared.models.ids import new_id
from shared.models.languages import in_language
from shared.models.patch import dumps
from shared.models.text import clean
from shared.projection.appointments import appointment
from shared.projection.calendar import Appointments
from shared.projection.summaries import fill

Json = dict[str, Any]

TODAY = "2026-11-21"
ORGANISATION = new_id("organisation", 0, bytes(10))
NAME = 'Müller, Meier; Söhne \\n "& Co" 😀'
ESCAPED_NAME = 'Müller\\, Meier\\; Söhne \\\\n "& Co" 😀'
EVENT, PARENT = (new_id("event", number, bytes(10)) for number in (1, 2))
WHOLE_DAY = {"start": "2026-12-01"}
UID = f"{EVENT}@clusterregister"


def event(**more: object) -> Json:
    return {
        "type": "event",
        "id": EVENT,
        "title": {"de": "Tag", "en": "Day"},
        "kind": "workshop",
        "status": "scheduled",
        "when": WHOLE_DAY,
        "version": 3,
        "created_at": "2026-01-01T08:00:00.000Z",
        "updated_at": "2026-11-20T12:34:56.789Z",
        **more,
    }


def text_of(*records: Json, language: str = "de") -> str:
    shown = [appointment(record) for record in records]
    texts = [fill(each.text, {ORGANISATION: dumps(NAME)}) for each in shown if each is not None]
    return written(Appointments(texts, is_cut=False), language, "Kalender", TODAY)


@dataclass(frozen=True, slots=True)
class Read:
    """What both parsers say of the only event of a calendar."""

    text: str
    first: icalendar.Event
    second: Any

    def values(self, name: str) -> set[str]:
        """The text of a property by either, of which there must be one."""
        return {str(self.first[name]), str(getattr(self.second, name.lower().replace("-", "_")).value)}

    def times(self, name: str) -> set[object]:
        return {_instant(self.first.decoded(name)), _instant(getattr(self.second, name.lower()).value)}

    def has(self, name: str) -> bool:
        assert (name in self.first) is (name.lower() in self.second.contents)
        return name in self.first


def _instant(value: object) -> object:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def read(record: Json, language: str = "de") -> Read:
    text = text_of(record, language=language)
    # It keeps the first zone of a name that it meets, for ever; each calendar has its own.
    vars(vobject.icalendar)["__tzidMap"].clear()
    (first,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    (second,) = vobject.readOne(text).vevent_list
    assert isinstance(first, icalendar.Event)
    return Read(text, first, second)


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def of_event(text: str) -> list[str]:
    lines = unfolded(text)
    return sorted(lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("END:VEVENT")])


# What is written


def test_an_event_is_written_with_all_that_calendars_take() -> None:
    record = event(
        place={
            "name": "Messe",
            "city": "Erfurt",
            "location": {"lat": 50.96, "lon": 10.99},
            "online_url": "https://m.de/a",
        },
        organisers=[{"organisation_id": ORGANISATION}],
        description={"de": "Ein Tag,\nzwei Säle; \\"},
        registration={"url": "https://a.de/b"},
        topics=["it", "it-security"],
        part_of=PARENT,
        website="https://example.org/tag?a=1,2;3",
    )

    lines = of_event(text_of(record))

    assert lines == sorted(
        [
            f"UID:{UID}",
            "SEQUENCE:2",
            "CREATED:20260101T080000Z",
            "DTSTAMP:20261120T123456Z",
            "LAST-MODIFIED:20261120T123456Z",
            "SUMMARY;LANGUAGE=de:Tag",
            "DTSTART;VALUE=DATE:20261201",
            "DTEND;VALUE=DATE:20261202",
            "STATUS:CONFIRMED",
            rf"DESCRIPTION;LANGUAGE=de:Ein Tag\,\nzwei Säle\; \\\n\nVeranstalter: {ESCAPED_NAME}\n\nAnmeldung: https://a.de/b",
            "LOCATION:Messe\\, Erfurt",
            "GEO:50.96;10.99",
            "CONFERENCE;FEATURE=VIDEO;VALUE=URI:https://m.de/a",
            "CATEGORIES:it,it-security",
            f"RELATED-TO;RELTYPE=PARENT:{PARENT}@clusterregister",
            "URL:https://example.org/tag?a=1,2;3",
        ]
    )


def test_a_calendar_says_what_it_is_and_how_often_to_ask() -> None:
    lines = unfolded(text_of(event()))

    assert lines[: lines.index("BEGIN:VEVENT")] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Clusterregister//Clusterregister 1//DE",
        "CALSCALE:GREGORIAN",
        "NAME:Kalender",
        "X-WR-CALNAME:Kalender",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
    ]


def test_a_calendar_without_events_holds_a_time_zone_for_it_must_hold_something() -> None:
    text = text_of()

    parsed = icalendar.Calendar.from_ical(text)

    assert [component.name for component in parsed.subcomponents] == ["VTIMEZONE"]
    assert [zone.tzid.value for zone in vobject.readOne(text).vtimezone_list] == ["Europe/Berlin"]


@pytest.mark.parametrize(
    ("status", "when", "expected", "is_transparent"),
    [
        ("planned", WHOLE_DAY, "TENTATIVE", False),
        ("scheduled", WHOLE_DAY, "CONFIRMED", False),
        ("held", WHOLE_DAY, "CONFIRMED", False),
        ("cancelled", WHOLE_DAY, "CANCELLED", True),
        ("postponed", WHOLE_DAY, "CANCELLED", True),
        ("unknown", WHOLE_DAY, None, False),
        ("scheduled", {"start": "2026-12"}, "TENTATIVE", True),
        ("unknown", {"start": "2026-12"}, "TENTATIVE", True),
        ("cancelled", {"start": "2026-12"}, "CANCELLED", True),
        ("scheduled", {"start": "2026-12", "extent": "whole"}, "CONFIRMED", False),
    ],
)
def test_the_status_says_how_certain_it_is(
    status: str, when: Json, expected: str | None, *, is_transparent: bool
) -> None:
    lines = of_event(text_of(event(status=status, when=when)))

    assert [line for line in lines if line.startswith("STATUS")] == ([f"STATUS:{expected}"] if expected else [])
    assert ("TRANSP:TRANSPARENT" in lines) is is_transparent


@pytest.mark.parametrize(
    ("when", "times"),
    [
        ({"start": "2023-06-15", "end": "2023-06-16"}, ["DTSTART;VALUE=DATE:20230615", "DTEND;VALUE=DATE:20230617"]),
        ({"start": "2023-09"}, ["DTSTART;VALUE=DATE:20230901", "DTEND;VALUE=DATE:20231001"]),
        ({"start": "2024-02-28"}, ["DTSTART;VALUE=DATE:20240228", "DTEND;VALUE=DATE:20240229"]),
        ({"start": "9999-12-30", "end": "9999-12-31"}, ["DTSTART;VALUE=DATE:99991230", "DURATION:P2D"]),
        ({"start": "2018-01-11T17:00"}, ["DTSTART;TZID=Europe/Berlin:20180111T170000"]),
        (
            {"start": "2018-01-11T17:00", "end": "2018-01-11T17:00"},
            ["DTSTART;TZID=Europe/Berlin:20180111T170000"],
        ),
        (
            {"start": "2018-01-11T17:00", "end": "2018-01-12T01:00", "timezone": "America/New_York"},
            ["DTSTART;TZID=America/New_York:20180111T170000", "DTEND;TZID=America/New_York:20180112T010000"],
        ),
    ],
)
def test_whole_days_end_on_the_next_and_times_stand_in_their_zone(when: Json, times: list[str]) -> None:
    lines = of_event(text_of(event(when=when)))

    assert sorted(line for line in lines if line.startswith(("DTSTART", "DTEND", "DURATION"))) == sorted(times)


def test_texts_come_in_the_language_asked_for_or_the_nearest() -> None:
    record = event(
        title={"de": "Tag", "en-GB": "Day"}, description={"fr": "Jour"}, registration={"url": "https://a.de"}
    )

    lines = [of_event(text_of(record, language=language)) for language in ("de", "en")]

    assert [[line for line in each if line.startswith(("SUMMARY", "DESCRIPTION"))] for each in lines] == [
        ["DESCRIPTION;LANGUAGE=fr:Jour\\n\\nAnmeldung: https://a.de", "SUMMARY;LANGUAGE=de:Tag"],
        ["DESCRIPTION;LANGUAGE=fr:Jour\\n\\nRegistration: https://a.de", "SUMMARY;LANGUAGE=en-GB:Day"],
    ]


def test_events_stand_in_the_order_of_time_and_zones_once() -> None:
    later = event(id=PARENT, when={"start": "2027-07-01T09:00"})
    earlier = event(when={"start": "2026-12-01T09:00", "end": "2027-01-01T01:00"})

    lines = unfolded(text_of(later, earlier))

    assert [line for line in lines if line.startswith(("UID", "TZID"))] == [
        "TZID:Europe/Berlin",
        f"UID:{UID}",
        f"UID:{PARENT}@clusterregister",
    ]


def test_a_calendar_that_is_too_large_loses_its_earliest_events_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    later = event(id=PARENT, when={"start": "2027-07-01"})
    monkeypatch.setattr(room, "LARGEST_PAGE", 300)

    texts = [text_of(later, event(), language=language) for language in ("de", "en")]

    for text, told in zip(texts, ("Ältere Termine fehlen", "Older events are missing"), strict=True):
        assert [line for line in unfolded(text) if line.startswith("UID")] == [f"UID:{PARENT}@clusterregister"]
        assert told in str(icalendar.Calendar.from_ical(text)["DESCRIPTION"])


# Around the turns of clocks


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2023-03-25T23:00", "2023-03-26T04:00", ("2023-03-25T22:00", "2023-03-26T02:00")),
        ("2023-03-26T01:59", "2023-03-26T03:00", ("2023-03-26T00:59", "2023-03-26T01:00")),
        ("2023-10-29T01:00", "2023-10-29T02:30", ("2023-10-28T23:00", "2023-10-29T00:30")),
        ("2023-10-29T03:00", "2023-10-29T04:00", ("2023-10-29T02:00", "2023-10-29T03:00")),
        ("2023-12-31T22:00", "2024-01-01T02:00", ("2023-12-31T21:00", "2024-01-01T01:00")),
    ],
)
def test_both_parsers_read_the_same_instants_around_the_turns_of_clocks(
    start: str, end: str, expected: tuple[str, str]
) -> None:
    found = read(event(when={"start": start, "end": end}))

    instants = [{datetime.fromisoformat(f"{text}+00:00")} for text in expected]
    assert [found.times("DTSTART"), found.times("DTEND")] == instants


# Whatever an event says


LETTERS = st.one_of(
    st.sampled_from(
        [",", ";", ":", "\\", "\\n", '"', "ä", "ß", "😀", "👩‍💻", "e\u0301", " ", "BEGIN:VEVENT", "中", "x" * 40]
    ),
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\u202a\u202b\u202c\u202d\u202e"),
)
TEXTS = st.lists(LETTERS, min_size=1, max_size=60).map("".join)


@st.composite
def lines_of_text(draw: st.DrawFn, *, multiline: bool = False) -> str:
    parts = draw(st.lists(TEXTS, min_size=1, max_size=3)) if multiline else [draw(TEXTS)]
    try:
        text = clean("\n".join(parts), multiline=multiline)
    except ValueError:
        text = "x"
    return text or "x"


@st.composite
def whens(draw: st.DrawFn) -> Json:
    if draw(st.booleans()):
        first, last = sorted(draw(st.tuples(st.dates(), st.dates())))
        return {"start": first.isoformat(), "end": last.isoformat()}
    zone = draw(st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Apia", "UTC", "Asia/Kathmandu"]))
    times = st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2100, 1, 1))  # noqa: DTZ001
    start = draw(times).replace(second=0, microsecond=0)
    end = start + timedelta(minutes=draw(st.integers(0, 100_000)))
    assume(exists_in(start, zone) and exists_in(end, zone))
    return {"start": start.isoformat()[:16], "end": end.isoformat()[:16], "timezone": zone}


EVENTS = st.builds(
    event,
    title=st.dictionaries(st.sampled_from(["de", "en", "fr", "de-CH"]), lines_of_text(), min_size=1),
    description=st.dictionaries(st.sampled_from(["de", "en"]), lines_of_text(multiline=True)),
    status=st.sampled_from(["planned", "scheduled", "held", "cancelled", "unknown"]),
    when=whens(),
    place=st.fixed_dictionaries(
        {}, optional={"name": lines_of_text(), "street": lines_of_text(), "city": lines_of_text()}
    ),
    version=st.integers(1, 10**9),
)


@settings(deadline=None, max_examples=150)
@given(record=EVENTS)
@example(record=event(title={"de": "x" * 62 + "ä😀"}))
@example(record=event(title={"de": "😀" * 60}))
@example(record=event(title={"de": r"C:\Netz \\Nord\n\N"}, description={"de": r"\N"}))
@example(record=event(when={"start": f"{MAXYEAR}-12-31"}))
@example(record=event(when={"start": "0001-01-01"}))
def test_whatever_an_event_says_both_parsers_read_it(record: Json) -> None:
    found = read(record)

    title = in_language(record["title"], "de")[1]
    assert found.values("SUMMARY") == {title}
    assert found.values("UID") == {UID}
    assert found.values("SEQUENCE") == {str(record["version"] - 1)}
    assert found.times("DTSTART") == {instant(record, "start")}
    if found.has("DTEND"):
        assert found.times("DTEND") == {instant(record, "end") + timedelta(days="timezone" not in record["when"])}
    if found.has("DESCRIPTION"):
        (described,) = found.values("DESCRIPTION")
        given_text = in_language(record["description"], "de")[1]
        assert described == given_text or described.endswith(" …")
    if found.has("LOCATION"):
        assert len(found.values("LOCATION")) == 1


def instant(record: Json, name: str) -> date:
    when = record["when"]
    value = when.get(name, when["start"])
    if "timezone" not in when:
        return date.fromisoformat(value)
    return datetime.fromisoformat(value).replace(tzinfo=ZoneInfo(when["timezone"])).astimezone(UTC)


@settings(deadline=None, max_examples=150)
@given(record=EVENTS)
def test_whatever_an_event_says_its_lines_are_short_and_whole(record: Json) -> None:
    content = text_of(record).encode()

    lines = content.split(b"\r\n")
    assert lines.pop() == b""
    assert not [line for line in lines if b"\r" in line or b"\n" in line]
    assert max(map(len, lines)) <= 75
    # No character is torn apart by a fold: each line is UTF-8 by itself.
    assert [line.decode() for line in lines]


@settings(deadline=None, max_examples=30)
@given(records=st.lists(EVENTS, max_size=4))
def test_the_same_events_give_the_same_bytes(records: list[Json]) -> None:
    first = text_of(*records)
    components.vevent.cache_clear()

    again = text_of(*json.loads(json.dumps(records)))

    assert again == first


def everything_in(text: str) -> Iterator[str]:
    for line in unfolded(text):
        yield line.partition(":")[0].partition(";")[0]


def test_nobody_is_named_who_did_not_ask_for_it() -> None:
    person = {"key": "p1", "name": "Erika Muster", "email": "erika@example.org", "phone": "+49 3641 1"}
    record = event(people=[person], programme=[{"title": {"de": "Vortrag"}, "speakers": [person]}])

    text = text_of(record)

    assert not {"ORGANIZER", "ATTENDEE", "CONTACT"} & {*everything_in(text)}
    assert "Erika" not in text
    assert "@" not in text.replace(UID, "")
