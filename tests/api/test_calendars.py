"""Calendars as a calendar program asks for them."""

import gzip

import icalendar
import pytest

from shared.tables.client import Clock
from tests.api import samples
from tests.api.client import Answer, Api, Json, Like
from tests.api.conftest import House, altered

DAY: Json = {"status": "scheduled", "when": {"start": "2099-06-15"}}
CALENDAR = "text/calendar; charset=utf-8"
NINETY_DAYS = 90 * 86_400


def events(answer: Answer) -> dict[str, icalendar.Event]:
    """The events of a calendar by their titles."""
    assert (answer.status, answer.headers["content-type"]) == (200, CALENDAR)
    found = icalendar.Calendar.from_ical(answer.content.decode()).walk("VEVENT")
    return {str(event["SUMMARY"]): event for event in found if isinstance(event, icalendar.Event)}


def titles(api: Api, path: str) -> list[str]:
    return [*events(api.get(path))]


def test_a_calendar_takes_the_filters_of_the_list(api: Api) -> None:
    network, member = samples.network(api, "Netz"), samples.company(api)
    api.create(f"/organisations/{network}/members", {"member_id": member})
    umbrella = samples.plain_event(api, "Dach", kind="series", **DAY)
    samples.plain_event(
        api,
        "Tag",
        organisers=[{"organisation_id": member, "role": "host"}],
        topics=["it"],
        place={"city": "Jena", "region": "DE-TH"},
        audience="public",
        part_of=umbrella,
        sources=[{"key": "a", "url": "https://example.org/a"}],
        **DAY,
    )
    samples.plain_event(api, "Anderer", kind="workshop", status="held", when={"start": "2098-01-01"})

    found = {
        query: titles(api, f"/events.ics?{query}")
        for query in (
            f"organiser={member}",
            f"network={network}",
            "region=DE-TH",
            "city=jena",
            "topic=it",
            "audience=public",
            f"part_of={umbrella}",
            "parts=only",
            "source=https://example.org/a",
            "kind=networking",
        )
    }

    assert set(map(tuple, found.values())) == {("Tag",)}
    assert titles(api, "/events.ics") == ["Anderer", "Dach", "Tag"]
    assert titles(api, "/events.ics?from=2099&kind=series&kind=workshop") == ["Dach"]
    assert titles(api, "/events.ics?to=2098&status=held") == ["Anderer"]
    assert titles(api, "/events.ics?updated_since=2099-01-01T00:00:00Z") == []


def test_an_organisation_has_a_calendar_under_its_name(api: Api) -> None:
    network = samples.network(api, "ITnet Thüringen")
    other = samples.network(api, "Anderes Netz")
    samples.plain_event(api, "Gastgeber", organisers=[{"organisation_id": network, "role": "host"}], **DAY)
    samples.plain_event(api, "Fremd", organisers=[{"organisation_id": other}], **DAY)

    answers = [
        api.get(path)
        for path in (
            f"/organisations/{network}/events.ics",
            f"/organisations/{network}/events.ics?role=organiser",
            f"/events.ics?organiser={network}",
            f"/events.ics?organiser={network}&organiser={other}",
        )
    ]

    assert [[*events(answer)] for answer in answers] == [["Gastgeber"], [], ["Gastgeber"], ["Gastgeber", "Fremd"]]
    assert [icalendar.Calendar.from_ical(answer.content.decode())["X-WR-CALNAME"] for answer in answers] == [
        "ITnet Thüringen",
        "ITnet Thüringen",
        "ITnet Thüringen",
        "Clusterregister",
    ]


def test_unchanged_data_give_the_same_bytes_and_a_304(api: Api) -> None:
    event = samples.plain_event(api, **DAY)
    paths = ["/events.ics", f"/events/{event}.ics"]

    first, again = [api.get(path) for path in paths], [api.get(path) for path in paths]
    asked = [api.get(path, if_none_match=answer.etag) for path, answer in zip(paths, first, strict=True)]

    assert [answer.content for answer in again] == [answer.content for answer in first]
    assert [(answer.status, answer.content, answer.etag) for answer in asked] == [(304, b"", one.etag) for one in first]
    assert {answer.headers["cache-control"] for answer in (*first, *asked)} == {"public, no-cache"}


def test_the_etag_of_an_event_alone_is_good_for_a_write(api: Api) -> None:
    event = samples.plain_event(api, **DAY)
    etag = api.get(f"/events/{event}.ics").etag

    answers = [api.patch(f"/events/{event}", {"topics": ["it"]}, if_match=etag) for _ in range(2)]

    assert etag == Like(r'"1-ics\.[0-9a-f]{16}"')
    assert [answer.status for answer in answers] == [200, 412]


def test_a_change_raises_the_sequence_and_keeps_the_uid(api: Api) -> None:
    event = samples.plain_event(api, **DAY)
    before = events(api.get("/events.ics"))["Treffen"]

    api.change(f"/events/{event}", {"when": {"start": "2099-07-01"}, "title": {"de": "Verlegt"}})

    found = events(api.get("/events.ics"))
    assert [*found] == ["Verlegt"]
    assert [(each["UID"], each["SEQUENCE"]) for each in (before, found["Verlegt"])] == [
        (f"{event}@clusterregister", 0),
        (f"{event}@clusterregister", 1),
    ]


@pytest.mark.parametrize(
    ("change", "day"),
    [
        ({"status": "cancelled"}, "2099-06-15"),
        ({"status": "postponed"}, "2099-06-15"),
        ({"status": "postponed", "when": None}, "2099-06-15"),
        ({"status": "postponed", "when": {"start": "2100-05"}}, "2099-06-15"),
    ],
)
def test_what_does_not_take_place_is_told_on_its_former_day_for_ninety_days(
    house: House, api: Api, change: dict[str, object], day: str
) -> None:
    event = samples.plain_event(api, **DAY)
    now = house.process.TABLES.clock.now()

    api.change(f"/events/{event}", change)
    told = events(api.get("/events.ics"))["Treffen"]
    with altered(house.process.TABLES, clock=Clock(now=lambda: now + NINETY_DAYS + 86_400)):
        later = [api.get("/events.ics"), api.get(f"/events/{event}.ics")]

    assert (told["STATUS"], told["SEQUENCE"]) == ("CANCELLED", 1)
    assert told.decoded("DTSTART").isoformat() == day
    assert [[*events(answer)] for answer in later] == [[], []]


def test_a_deleted_event_vanishes(api: Api) -> None:
    event = samples.plain_event(api, **DAY)

    api.delete(f"/events/{event}", if_match="*")

    assert titles(api, "/events.ics") == []
    assert api.get(f"/events/{event}.ics").status == 410


@pytest.mark.parametrize(
    ("when", "usual", "tentative"),
    [
        ({"start": "2099-09"}, [], ["Treffen"]),
        ({"start": "2099-09", "extent": "whole"}, ["Treffen"], ["Treffen"]),
        ({"start": "2099-09-10~"}, [], ["Treffen"]),
        ({"start": "[2099..]"}, [], []),
        (None, [], []),
    ],
)
def test_what_is_not_known_to_the_day_is_left_out_unless_asked_for(
    api: Api, when: dict[str, str] | None, usual: list[str], tentative: list[str]
) -> None:
    event = samples.plain_event(api, status="planned", when=when)

    found = [
        [titles(api, path + query) for path in ("/events.ics", f"/events/{event}.ics")]
        for query in ("", "?tentative=include")
    ]

    assert found == [[usual, usual], [tentative, tentative]]


def test_one_event_is_there_however_long_ago_it_was(api: Api) -> None:
    event = samples.plain_event(api, status="held", when={"start": "2018-01-11"})

    assert [titles(api, "/events.ics"), titles(api, f"/events/{event}.ics")] == [[], ["Treffen"]]


def test_texts_are_in_german_or_english(api: Api) -> None:
    api.create("/events", {"title": {"de": "Tag", "en": "Day"}, "kind": "workshop", **DAY})

    assert [titles(api, f"/events.ics{query}") for query in ("", "?lang=de", "?lang=en")] == [["Tag"], ["Tag"], ["Day"]]


@pytest.mark.parametrize(
    "query", ["undated=include", "limit=5", "cursor=a", "include=refs", "lang=fr", "tentative=yes"]
)
def test_parameters_of_lists_that_mean_nothing_here_are_refused(api: Api, query: str) -> None:
    assert api.get(f"/events.ics?{query}").status == 400


def test_a_calendar_is_compressed_where_asked(api: Api) -> None:
    for number in range(5):
        samples.plain_event(api, f"Treffen {number}", **DAY)

    plain, packed = api.get("/events.ics"), api.get("/events.ics", accept_encoding="gzip")

    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content


def test_a_calendar_is_given_to_programs_that_name_other_media_types(api: Api) -> None:
    event = samples.plain_event(api, **DAY)

    answers = [
        api.get(path, accept=accept)
        for path in ("/events.ics", f"/events/{event}.ics")
        for accept in ("text/calendar", "*/*", "text/html", "application/json", "text/calendar;q=0")
    ]

    assert {(answer.status, answer.headers["content-type"]) for answer in answers} == {
        (200, "text/calendar; charset=utf-8")
    }


def test_the_writer_knows_that_a_calendar_is_only_read(api: Api) -> None:
    event = samples.plain_event(api, **DAY)

    answers = [api.send(method, f"/events/{event}.ics", {}, if_match="*") for method in ("PUT", "PATCH", "DELETE")]

    assert [(answer.status, answer.headers["allow"]) for answer in answers] == [(405, "GET, HEAD, OPTIONS")] * 3
