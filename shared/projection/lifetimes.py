"""How long records lasted, for counts by year."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.models.dates import certain_bounds, parse
from shared.projection.intervals import Interval
from shared.projection.periods import ALWAYS, period

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lifetime:
    """When something may have begun and ended at most, and by when it certainly had begun and not yet ended.

    `owner` is the organisation that existed, or was a member of `network`, else the record. Without a date of its
    beginning, or with one that is open to a side, it is not dated: it stands in no year.
    """

    owner: str
    network: str | None
    is_dated: bool
    opens: str
    closes: str
    certain_start: str
    certain_end: str


def lifetime(record: Json, interval: Interval | None) -> Lifetime:
    """Return the lifetime of a record; events and cooperations have the interval of their lists.

    A membership without `since` counts from the day on which it was known to hold (`as_of`).
    """
    if record["type"] == "organisation":
        return _of_statement(record["id"], None, {"since": record.get("founded"), "until": record.get("dissolved")})
    if record["type"] == "membership":
        return _of_statement(record["member_id"], record["network_id"], record)
    if interval is None:
        interval = Interval(ALWAYS.opens, ALWAYS.closes, ALWAYS.closes, ALWAYS.opens)
        return _lasting(record["id"], interval, is_dated=False)
    return _lasting(record["id"], interval, is_dated=True)


def _lasting(owner: str, interval: Interval, *, is_dated: bool) -> Lifetime:
    days = (interval.earliest, interval.latest, interval.certain_start, interval.certain_end)
    return Lifetime(owner, None, is_dated, *days)


def _of_statement(owner: str, network: str | None, statement: Json) -> Lifetime:
    begun = statement.get("since") or statement.get("as_of")
    whole = period({"since": begun, "until": statement.get("until")})
    start = parse(begun) if begun else None
    is_dated = start is not None and not (start.open_start or start.open_end)
    return Lifetime(owner, network, is_dated, whole.opens, whole.closes, *certain_bounds(statement))
