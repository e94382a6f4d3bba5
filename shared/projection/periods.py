"""From which day to which something may hold, as texts that SQLite compares."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.models.dates import parse


@dataclass(frozen=True, slots=True)
class Period:
    """First and last ISO day on which something may hold; the texts for "ever" are short, for most rows have them."""

    opens: str = ""
    closes: str = "~"


ALWAYS = Period()


def period(statement: Mapping[str, Any]) -> Period:
    """Return from which to which day something with this `since` and `until` may hold."""
    since, until = statement.get("since"), statement.get("until")
    return Period(
        parse(since).earliest if since else ALWAYS.opens,
        parse(until).latest if until else ALWAYS.closes,
    )


def joined(periods: Iterable[Period]) -> list[Period]:
    """Return periods that cover the same days without touching the same day twice."""
    whole: list[Period] = []
    for one in sorted(periods, key=lambda period: (period.opens, period.closes)):
        if one.opens > one.closes:
            continue
        if whole and one.opens <= whole[-1].closes:
            whole[-1] = Period(whole[-1].opens, max(whole[-1].closes, one.closes))
        else:
            whole.append(one)
    return whole
