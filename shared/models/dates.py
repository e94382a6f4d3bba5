"""Dates as precise as known: a subset of EDTF (ISO 8601-2), local date-times, and what is certain about them."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

Precision = Literal["day", "month", "year"]
WhenPrecision = Literal["minute", "day", "month", "year", "open"]

FIRST_DAY = "0001-01-01"
LAST_DAY = "9999-12-31"
HOME_ZONE = "Europe/Berlin"

_PLAIN = r"(?!0000)[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?~?"
PARTIAL_DATE_PATTERN = rf"^(?:{_PLAIN}|\[\.\.{_PLAIN}\]|\[{_PLAIN}\.\.\])$"
"""What a PartialDate looks like; the days of each month are checked by `parse`."""
DATE_TIME_PATTERN = r"^(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]$"
"""What a local date-time looks like: no seconds, no offset."""
INSTANT_PATTERN = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$"
)
"""What an instant looks like that somebody sends (RFC 3339, section 5.6), to the nanosecond, as Java and Go write it.

Whether it exists is checked by `parse_instant`, which knows no leap seconds.
"""

_PARTIAL_DATE = re.compile(PARTIAL_DATE_PATTERN)
_DATE_TIME = re.compile(DATE_TIME_PATTERN)
_INSTANT = re.compile(INSTANT_PATTERN)
_COARSENESS: tuple[Precision, ...] = ("day", "month", "year")
_LAST_MONTH = 9999 * 12 + 11


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to a day, a month or a year, perhaps only about, or only that it is not later or not earlier.

    `earliest` and `latest` are ISO days that bound it, for comparison only: `~` widens by one unit on either side,
    an open side is the first or last day that the calendar knows.
    """

    text: str
    earliest: str
    latest: str
    precision: Precision
    about: bool = False
    open_start: bool = False
    open_end: bool = False

    def __str__(self) -> str:
        """Return the text exactly as it was parsed."""
        return self.text


def time_zone(name: str) -> "ZoneInfo":
    """Return the zone of that name in the IANA time zone database; raises what `zoneinfo` does."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - most reads tell no time, and it looks for its files when imported

    return ZoneInfo(name)


@lru_cache(maxsize=4096)
def parse(text: str) -> PartialDate:
    """Return the PartialDate that the text says; anything else, impossible days included, raises ValueError."""
    if _PARTIAL_DATE.fullmatch(text) is None:
        raise ValueError("not a partial date")
    open_start, open_end = text.startswith("[.."), text.endswith("..]")
    plain = text.strip("[.]")
    about = plain.endswith("~")
    parts = [int(part) for part in plain.rstrip("~").split("-")]
    precision = _COARSENESS[3 - len(parts)]
    earliest, latest = _bounds(parts, widened=about)
    return PartialDate(
        text,
        FIRST_DAY if open_start else earliest,
        LAST_DAY if open_end else latest,
        precision,
        about,
        open_start,
        open_end,
    )


def _bounds(parts: list[int], *, widened: bool) -> tuple[str, str]:
    """Return the first and last day of a year, month or day, widened by one such unit where asked."""
    step = int(widened)
    if len(parts) == 1:
        year = parts[0]
        return f"{max(year - step, 1):04}-01-01", f"{min(year + step, 9999):04}-12-31"
    if len(parts) == 2:  # noqa: PLR2004 - a year and a month
        month = parts[0] * 12 + parts[1] - 1
        first, last = max(month - step, 12), min(month + step, _LAST_MONTH)
        year, zero_based = divmod(last, 12)
        last_day = monthrange(year, zero_based + 1)[1]
        return f"{first // 12:04}-{first % 12 + 1:02}-01", f"{year:04}-{zero_based + 1:02}-{last_day:02}"
    day = date(*parts).toordinal()
    first, last = max(day - step, 1), min(day + step, date.max.toordinal())
    return date.fromordinal(first).isoformat(), date.fromordinal(last).isoformat()


def parse_date_time(text: str) -> datetime:
    """Return the local date-time, naive, of a text like `2018-01-11T17:00`; anything else raises ValueError."""
    if _DATE_TIME.fullmatch(text) is None:
        raise ValueError("not a local date-time")
    return datetime.fromisoformat(text)


def parse_instant(text: str) -> str:
    """Return an instant as the register writes it, in UTC, cut to milliseconds; anything else raises ValueError."""
    if _INSTANT.fullmatch(text) is None:
        raise ValueError("not an instant")
    try:
        instant = datetime.fromisoformat(text.upper()).astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        raise ValueError("beyond what the calendar knows") from None
    return f"{instant.isoformat(timespec='milliseconds')}Z"


def is_date_time(text: str) -> bool:
    """Tell whether the text is meant as a date-time and not as a partial date."""
    return "T" in text


def day_of(text: str) -> PartialDate:
    """Return the PartialDate of a partial date or of a local date-time's day; anything else raises ValueError."""
    return parse(parse_date_time(text).date().isoformat() if is_date_time(text) else text)


def exists_in(local: datetime, zone: str) -> bool:
    """Tell whether clocks in the zone ever show that local time: not so in the hour that spring takes away."""
    there = local.replace(tzinfo=time_zone(zone))
    try:
        return there.astimezone(UTC).astimezone(there.tzinfo).replace(tzinfo=None) == local
    except OverflowError:
        return False


def home_day(timestamp: str) -> str:
    """Return the ISO day in Europe/Berlin of an RFC 3339 timestamp."""
    return datetime.fromisoformat(timestamp).astimezone(time_zone(HOME_ZONE)).date().isoformat()


def certainly_before(first: PartialDate, second: PartialDate) -> bool:
    """Tell whether every day that the first may mean lies before every day that the second may mean."""
    return first.latest < second.earliest


def may_hold(statement: Mapping[str, Any], moment: PartialDate) -> bool:
    """Tell whether what has this `since` and `until` may have held on some day of the moment; undated may always."""
    since, until = statement.get("since"), statement.get("until")
    return not (
        (since is not None and certainly_before(moment, parse(since)))
        or (until is not None and certainly_before(parse(until), moment))
    )


def certain_bounds(statement: Mapping[str, Any]) -> tuple[str, str]:
    """Return the day by which something had certainly begun, and the day before which it had certainly not ended.

    What has no `until` goes on as far as anyone knows, so it holds on the last day; `as_of` is a day in between.
    """
    since, as_of, until = (parse(statement[key]) if statement.get(key) else None for key in ("since", "as_of", "until"))
    known = [moment for moment in (since, as_of, until) if moment is not None]
    first = min((moment.latest for moment in known), default=LAST_DAY)
    return first, LAST_DAY if until is None else max(moment.earliest for moment in known)


def certain_span(statement: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the first and last day on which it certainly held, None where no day is certain."""
    first, last = certain_bounds(statement)
    return (first, last) if first <= last else None


def certainly_overlap(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Tell whether there is a day on which two dated statements both certainly held."""
    one, other = certain_span(first), certain_span(second)
    return one is not None and other is not None and one[0] <= other[1] and other[0] <= one[1]


def precision_of(when: Mapping[str, Any]) -> WhenPrecision:
    """Return how precise a `when` is: date-times to the minute, else its coarser end, `open` if a side is open."""
    points = [when[key] for key in ("start", "end") if when.get(key) is not None]
    if any(is_date_time(point) for point in points):
        return "minute"
    partials = [parse(point) for point in points]
    if any(partial.open_start or partial.open_end for partial in partials):
        return "open"
    return max((partial.precision for partial in partials), key=_COARSENESS.index)
