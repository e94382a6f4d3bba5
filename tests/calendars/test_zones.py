"""A time zone as a calendar tells it is what the clocks there show, by a parser that knows no other source."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical  # type: ignore[import-untyped]

from functions.calendars.zones import timezone

HOUR = timedelta(hours=1)


def text(name: str, *years: int) -> str:
    return bytes(timezone(name, years).to_ical()).decode()


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("Europe/Berlin", 2023),
        ("Europe/Berlin", 1945),
        ("Europe/Berlin", 1980),
        ("Europe/London", 2018),
        ("Europe/Dublin", 2024),
        ("America/New_York", 2023),
        ("America/St_Johns", 2011),
        ("Australia/Lord_Howe", 2024),
        ("Africa/Casablanca", 2024),
        ("Africa/Cairo", 2010),
        ("Asia/Kolkata", 2024),
        ("Pacific/Apia", 2011),
        ("Asia/Tehran", 2022),
        ("UTC", 2024),
    ],
)
def test_a_zone_shows_what_clocks_show_in_every_hour_of_the_year(name: str, year: int) -> None:
    told, zone = tzical(StringIO(text(name, year))).get(), ZoneInfo(name)
    first = datetime(year, 1, 1, tzinfo=UTC)
    hours = [(first + number * HOUR).astimezone(zone) for number in range(24 * 365)]

    # Of a time that comes twice, calendars mean the first (RFC 5545, section 3.3.5).
    wrong = [
        moment
        for moment in hours
        if moment.fold == 0 and moment.year == year and moment.replace(tzinfo=told).utcoffset() != moment.utcoffset()
    ]

    assert wrong == []


def test_the_two_turns_of_a_year_stand_at_the_times_that_clocks_show_before_them() -> None:
    assert text("Europe/Berlin", 2023, 2024).replace("\r\n", "\n") == (
        "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\n"
        "BEGIN:STANDARD\nDTSTART:20230101T000000\nTZNAME:CET\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\n"
        "BEGIN:DAYLIGHT\nDTSTART:20230326T020000\nRDATE:20240331T020000\n"
        "TZNAME:CEST\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\n"
        "BEGIN:STANDARD\nDTSTART:20231029T030000\nRDATE:20241027T030000\n"
        "TZNAME:CET\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\n"
        "END:VTIMEZONE\n"
    )


def test_years_between_those_that_are_needed_are_left_out() -> None:
    told = tzical(StringIO(text("Europe/Berlin", 1999, 2023))).get()

    offsets = [datetime(year, month, 1, tzinfo=told).utcoffset() for year in (1999, 2023) for month in (1, 7)]

    assert offsets == [HOUR, 2 * HOUR] * 2
    assert "2010" not in text("Europe/Berlin", 1999, 2023)


def test_a_zone_without_turns_is_told_in_one_part() -> None:
    assert text("Asia/Tokyo", 2023, 2024).count("BEGIN:") == 2


@pytest.mark.parametrize("year", [1, 9999])
@pytest.mark.parametrize("name", ["Europe/Berlin", "Pacific/Kiritimati", "America/New_York"])
def test_the_ends_of_the_calendar_are_years_like_others(name: str, year: int) -> None:
    assert f"DTSTART:{year:04}0101T000000" in text(name, year)
