"""When events and cooperations were or will be, as intervals of days that lists can compare."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.models.dates import LAST_DAY, PartialDate, day_of, parse

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Interval:
    """When a record may have begun and ended at most, and from when to when it certainly lasted."""

    earliest: str
    latest: str
    certain_start: str
    certain_end: str

    @property
    def is_known(self) -> bool:
        """Whether first and last day are known for certain."""
        return (self.earliest, self.latest) == (self.certain_start, self.certain_end)


def event_interval(record: Json) -> Interval | None:
    """Return an event's interval; None if it is undated."""
    when = record.get("when")
    return None if when is None else interval_of(when)


def interval_of(when: Json) -> Interval | None:
    """Return the interval of a `when`; None if a side of it is open, which counts as undated."""
    start = day_of(when["start"])
    end = day_of(when.get("end") or when["start"])
    if _is_open(start, end):
        return None
    if when.get("extent") == "whole" and not (start.about or end.about):
        return Interval(start.earliest, end.latest, start.earliest, end.latest)
    return Interval(start.earliest, end.latest, start.latest, end.earliest)


def cooperation_interval(record: Json) -> Interval | None:
    """Return a cooperation's interval, up to the last day while no end is known; None if it is undated."""
    known = record.get("effective_from") or record.get("signed_on")
    if known is None or _is_open(start := parse(known)):
        return None
    if "ended_on" not in record:
        return Interval(start.earliest, LAST_DAY, start.latest, start.earliest)
    end = parse(record["ended_on"])
    return Interval(start.earliest, end.latest, start.latest, end.earliest)


def _is_open(*dates: PartialDate) -> bool:
    return any(moment.open_start or moment.open_end for moment in dates)
