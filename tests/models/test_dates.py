"""Dates as precise as known: forms, bounds, certainty."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.models.dates import (
    PartialDate,
    certain_span,
    certainly_before,
    certainly_overlap,
    day_of,
    exists_in,
    home_day,
    may_hold,
    parse,
    parse_date_time,
    parse_instant,
    precision_of,
)

days = st.dates()
plain = days.flatmap(lambda day: st.sampled_from([f"{day.year:04}", day.isoformat()[:7], day.isoformat()]))
closed = st.builds(lambda text, about: text + about, plain, st.sampled_from(["", "~"]))
partial_dates = st.one_of(closed, closed.map(lambda text: f"[..{text}]"), closed.map(lambda text: f"[{text}..]"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019", PartialDate("2019", "2019-01-01", "2019-12-31", "year")),
        ("2023-09", PartialDate("2023-09", "2023-09-01", "2023-09-30", "month")),
        ("2018-01-11", PartialDate("2018-01-11", "2018-01-11", "2018-01-11", "day")),
        ("2018~", PartialDate("2018~", "2017-01-01", "2019-12-31", "year", about=True)),
        ("2023-12~", PartialDate("2023-12~", "2023-11-01", "2024-01-31", "month", about=True)),
        ("2023-01~", PartialDate("2023-01~", "2022-12-01", "2023-02-28", "month", about=True)),
        ("2024-03-01~", PartialDate("2024-03-01~", "2024-02-29", "2024-03-02", "day", about=True)),
        ("[..2015-09-16]", PartialDate("[..2015-09-16]", "0001-01-01", "2015-09-16", "day", open_start=True)),
        ("[2006..]", PartialDate("[2006..]", "2006-01-01", "9999-12-31", "year", open_end=True)),
        ("[..2018~]", PartialDate("[..2018~]", "0001-01-01", "2019-12-31", "year", about=True, open_start=True)),
        ("0001~", PartialDate("0001~", "0001-01-01", "0002-12-31", "year", about=True)),
        ("0001-01~", PartialDate("0001-01~", "0001-01-01", "0001-02-28", "month", about=True)),
        ("9999-12-31~", PartialDate("9999-12-31~", "9999-12-30", "9999-12-31", "day", about=True)),
    ],
)
def test_every_form_has_an_earliest_and_a_latest_day(text: str, expected: PartialDate) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0000",
        "2023-13",
        "2023-00",
        "2023-02-29",
        "2023-04-31",
        "1900-02-29",
        "2023-9",
        "23",
        "2023-09-1",
        "2023~~",
        "~2023",
        "2023?",
        "[2023]",
        "[..2023..]",
        "[..]",
        "2023..2024",
        "[2023..2024]",
        "2023-09-01T10:00",
        " 2023",
        "2023\n",
        "２０２３",  # noqa: RUF001 - digits of another script are the point
        "+2023",
        "12023",
    ],
)
def test_anything_else_and_impossible_days_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse(text)


@given(partial_dates)
def test_the_earliest_day_is_never_after_the_latest(text: str) -> None:
    partial = parse(text)

    assert date.fromisoformat(partial.earliest) <= date.fromisoformat(partial.latest)


def understood(text: str) -> bool:
    """Whether a text is a partial date, told without a pattern: by its brackets, its length and the calendar."""
    if text.startswith("[..") and text.endswith("]"):
        text = text[3:-1]
    elif text.startswith("[") and text.endswith("..]"):
        text = text[1:-3]
    text = text.removesuffix("~")
    whole = text + "-01" * {4: 2, 7: 1, 10: 0}.get(len(text), 9)
    if not text.isascii() or len(whole) != 10 or whole[4] + whole[7] != "--":
        return False
    numbers = whole.split("-")
    return len(numbers) == 3 and all(part.isdecimal() for part in numbers) and calendar_has(*map(int, numbers))


NEARLY = st.text("0123456789-~[].T:", max_size=16) | st.text(max_size=12)


@given(NEARLY | st.builds(lambda text, place, other: text[:place] + other + text[place + 1 :], partial_dates,
                          st.integers(0, 14), st.text("01239-~[].\n٣", max_size=2)))  # fmt: skip
def test_any_text_is_a_partial_date_exactly_where_the_calendar_knows_it(text: str) -> None:
    assert (parse_or_none(text) is not None) == understood(text)


@given(NEARLY | st.datetimes().map(lambda time: time.isoformat()[:16]) | st.datetimes().map(str))
def test_any_text_is_a_local_date_time_that_is_written_back_or_none(text: str) -> None:
    try:
        local = parse_date_time(text)
    except ValueError:
        return

    assert local.isoformat()[:16] == text
    assert day_of(text).text == text[:10]


@given(partial_dates)
def test_a_partial_date_says_what_was_read(text: str) -> None:
    assert str(parse(text)) == text


@given(plain)
def test_about_widens_by_one_unit_on_either_side(text: str) -> None:
    exact, about = parse(text), parse(f"{text}~")

    before, after = parse_or_none(neighbour(exact, -1)), parse_or_none(neighbour(exact, 1))

    assert about.earliest == (before or exact).earliest
    assert about.latest == (after or exact).latest


@given(st.integers(1, 9999), st.integers(0, 99), st.integers(0, 99))
def test_a_day_is_accepted_exactly_when_the_calendar_has_it(year: int, month: int, day: int) -> None:
    text = f"{year:04}-{month:02}-{day:02}"

    assert (parse_or_none(text) is not None) == calendar_has(year, month, day)


@given(partial_dates, partial_dates)
def test_certainly_before_excludes_the_reverse(first: str, second: str) -> None:
    assert not (certainly_before(parse(first), parse(second)) and certainly_before(parse(second), parse(first)))


@given(closed, days)
def test_a_statement_may_hold_from_its_earliest_to_its_latest_day(text: str, day: date) -> None:
    bounds = parse(text)

    assert may_hold({"since": text, "until": text}, parse(day.isoformat())) == (
        bounds.earliest <= day.isoformat() <= bounds.latest
    )


def test_what_is_undated_may_hold_always() -> None:
    assert may_hold({"name": "x"}, parse("1500"))


@pytest.mark.parametrize(
    ("statement", "span"),
    [
        ({}, ("9999-12-31", "9999-12-31")),
        ({"since": "2018"}, ("2018-12-31", "9999-12-31")),
        ({"since": "2018", "until": "2018"}, None),
        ({"since": "2018", "until": "2020"}, ("2018-12-31", "2020-01-01")),
        ({"until": "2015-06-30"}, ("2015-06-30", "2015-06-30")),
        ({"until": "2015"}, None),
        ({"as_of": "2016-05-01", "until": "2018"}, ("2016-05-01", "2018-01-01")),
        ({"since": "[..2010]"}, ("2010-12-31", "9999-12-31")),
    ],
)
def test_the_days_on_which_something_certainly_held(statement: dict[str, str], span: tuple[str, str] | None) -> None:
    assert certain_span(statement) == span


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ({}, {}, True),
        ({"since": "2010"}, {"since": "2015"}, True),
        ({"since": "2010", "until": "2014"}, {"since": "2015"}, False),
        ({"since": "2010", "until": "2015"}, {"since": "2015"}, False),
        ({"since": "2010", "until": "2015-06-30"}, {"since": "2015-06-30"}, True),
        ({"until": "2015"}, {"since": "2014-12-31"}, False),
        ({"until": "2015"}, {"until": "2015"}, False),
    ],
)
def test_two_times_overlap_only_if_a_day_is_certain(
    first: dict[str, str], second: dict[str, str], *, overlap: bool
) -> None:
    assert certainly_overlap(first, second) is overlap
    assert certainly_overlap(second, first) is overlap


def test_a_local_date_time_has_minutes_and_no_offset() -> None:
    assert parse_date_time("2018-01-11T17:00") == datetime(2018, 1, 11, 17, 0)  # noqa: DTZ001 - local by design


@pytest.mark.parametrize(
    "text",
    [
        "2018-01-11T17:00:00",
        "2018-01-11T17:00Z",
        "2018-01-11 17:00",
        "2018-01-11",
        "2018-02-30T10:00",
        "2018-01-11T24:00",
        "2018-01-11T17:60",
    ],
)
def test_any_other_date_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_date_time(text)


def test_a_date_time_counts_as_its_day() -> None:
    assert day_of("2018-01-11T17:00") == day_of("2018-01-11")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-11-21T09:30:00Z", "2026-11-21T09:30:00.000Z"),
        ("2026-11-21t09:30:00z", "2026-11-21T09:30:00.000Z"),
        ("2026-11-21T09:30:00.5+01:00", "2026-11-21T08:30:00.500Z"),
        ("2026-01-01T00:00:00-23:59", "2026-01-01T23:59:00.000Z"),
        ("2026-11-21T09:30:00.123456789Z", "2026-11-21T09:30:00.123Z"),
        ("2026-11-21T09:30:00.9999999Z", "2026-11-21T09:30:00.999Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
    ],
)
def test_an_instant_is_written_in_utc_and_cut_to_milliseconds(text: str, written: str) -> None:
    assert parse_instant(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21",
        "2026-11-21T09:30Z",
        "2026-11-21T09:30:00",
        "2026-11-21 09:30:00Z",
        "2026-11-21T09:30:00.Z",
        "2026-11-21T09:30:00.1234567890Z",
        "2026-11-21T09:30:60Z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T09:30:00+0100",
        "2026-11-21T09:30:00+24:00",
        "2026-11-21T09:30:00+05:60",
        "2026-02-30T09:30:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "2026-11-21T09:30:00Z\n",
        "٢026-11-21T09:30:00Z",
    ],
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_instant(text)


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31)), st.integers(-1439, 1439))  # noqa: DTZ001 - offsets come
def test_an_instant_is_the_same_with_any_offset(time: datetime, minutes: int) -> None:
    offset = timedelta(minutes=minutes)
    there = time.replace(tzinfo=timezone(offset))

    assert parse_instant(there.isoformat()) == f"{(time - offset).isoformat(timespec='milliseconds')}Z"


@pytest.mark.parametrize(
    ("text", "exists"),
    [
        ("2023-03-26T01:59", True),
        ("2023-03-26T02:00", False),
        ("2023-03-26T02:59", False),
        ("2023-03-26T03:00", True),
        ("2023-10-29T02:30", True),
        ("0001-01-01T00:00", False),
    ],
)
def test_the_hour_that_spring_takes_away_does_not_exist(text: str, *, exists: bool) -> None:
    assert exists_in(parse_date_time(text), "Europe/Berlin") is exists


def test_a_timestamp_belongs_to_the_day_at_home() -> None:
    assert home_day("2026-06-30T22:30:00.000Z") == "2026-07-01"
    assert home_day("2026-12-31T22:59:59.999Z") == "2026-12-31"


@pytest.mark.parametrize(
    ("when", "precision"),
    [
        ({"start": "2018-01-11T17:00"}, "minute"),
        ({"start": "2023-06-15", "end": "2023-06-16"}, "day"),
        ({"start": "2023-06-15", "end": "2023-07"}, "month"),
        ({"start": "2023-09~"}, "month"),
        ({"start": "2023"}, "year"),
        ({"start": "[..2023-05-01]"}, "open"),
        ({"start": "2023-05-01", "end": "[2023-06..]"}, "open"),
    ],
)
def test_a_when_is_as_precise_as_its_coarser_end(when: dict[str, str], precision: str) -> None:
    assert precision_of(when) == precision


def neighbour(exact: PartialDate, step: int) -> str:
    """Return the unit before or after, as text, naively."""
    start = date.fromisoformat(exact.earliest)
    if exact.precision == "year":
        return f"{start.year + step:04}"
    if exact.precision == "month":
        year, month = (start.year - (start.month == 1), (start.month - 2) % 12 + 1)
        if step > 0:
            year, month = start.year + (start.month == 12), start.month % 12 + 1
        return f"{year:04}-{month:02}"
    try:
        return (start + timedelta(days=step)).isoformat()
    except OverflowError:
        return "none"


def parse_or_none(text: str) -> PartialDate | None:
    try:
        return parse(text)
    except ValueError:
        return None


def calendar_has(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
