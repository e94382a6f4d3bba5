"""Time zones as calendars tell them: VTIMEZONE (RFC 5545, section 3.6.5), for the years that are needed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_END: Final = datetime.fromisoformat(f"{MAXYEAR}-12-31T23:59")


@dataclass(frozen=True, slots=True)
class Clock:
    """What clocks in a zone show: how far they are from UTC, and what that time is called."""

    offset: timedelta
    name: str
    is_daylight: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """Clocks are turned: `onset` is the local time at which that happens, as the clocks before it show it."""

    onset: datetime
    before: timedelta
    after: Clock


def timezone(name: str, years: Iterable[int]) -> Timezone:
    """Return the zone such that local times in those years can be told."""
    found = Timezone()
    found.add("TZID", name)
    alike: dict[tuple[timedelta, Clock], list[Turn]] = {}
    for turn in _turns_of(name, sorted(set(years))):
        alike.setdefault((turn.before, turn.after), []).append(turn)
    for turns in alike.values():
        found.add_component(_observance(turns))
    return found


def _observance(turns: list[Turn]) -> TimezoneStandard | TimezoneDaylight:
    first, *others = turns
    found = TimezoneDaylight() if first.after.is_daylight else TimezoneStandard()
    found.add("DTSTART", first.onset)
    if others:
        found.add("RDATE", [turn.onset for turn in others])
    found.add("TZNAME", first.after.name)
    found.add("TZOFFSETFROM", first.before)
    found.add("TZOFFSETTO", first.after.offset)
    return found


def _turns_of(name: str, years: list[int]) -> Iterator[Turn]:
    for before, year in pairwise([0, *years]):
        if year != before + 1 or before == 0:
            # What clocks show when a run of years begins counts as a turn from and to the same.
            clock = _clock(ZoneInfo(name), _beginning(year))
            yield Turn(_beginning(year), clock.offset, clock)
        yield from _turns_in(name, year)


@lru_cache(maxsize=2048)
def _turns_in(name: str, year: int) -> tuple[Turn, ...]:
    return tuple(_search(ZoneInfo(name), _beginning(year), _beginning(year + 1) if year < MAXYEAR else _END))


def _beginning(year: int) -> datetime:
    return datetime.fromisoformat(f"{year:04}-01-01T00:00")


def _search(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[Turn]:
    """Yield the turns between two local times, found by looking at each day and, where clocks changed, within it."""
    while first < last:
        next_day = first + timedelta(days=1) if last - first > timedelta(days=1) else last
        before = _offset(zone, first)
        if _offset(zone, next_day) != before:
            next_day = _first_other(zone, first, next_day)
            after = _clock(zone, next_day)
            # Asked for times that are skipped, the zone answers as before the turn until they are over.
            yield Turn(next_day - max(after.offset - before, timedelta(0)), before, after)
        first = next_day


def _first_other(zone: ZoneInfo, same: datetime, other: datetime) -> datetime:
    """Return, to the second, the first local time at which clocks are not what they were."""
    before = _offset(zone, same)
    while other - same > timedelta(seconds=1):
        middle = same + timedelta(seconds=(other - same) // timedelta(seconds=2))
        if _offset(zone, middle) == before:
            same = middle
        else:
            other = middle
    return other


def _offset(zone: ZoneInfo, local: datetime) -> timedelta:
    return zone.utcoffset(local) or timedelta(0)


def _clock(zone: ZoneInfo, local: datetime) -> Clock:
    return Clock(_offset(zone, local), zone.tzname(local) or "", bool(zone.dst(local)))
