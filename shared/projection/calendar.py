"""The events of a calendar, as their texts: those in a window of days, the latest first."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from shared.models.dates import LAST_DAY
from shared.projection.filters import Condition, Filters, Window, conditions, facet_values, has, updated_since, window
from shared.projection.pages import filled
from shared.projection.queries import Scope, facet_of

MOST_EVENTS: Final = 3_000
"""Of one calendar; of more, those that begin last."""
DAYS_BACK: Final = 365
"""A calendar begins so many days ago, unless it is asked for other days."""
DAYS_OFF: Final = 90
"""So long after its last change an event that does not take place is shown as such."""


@dataclass(frozen=True, slots=True)
class Appointments:
    """JSON texts of events, the latest first, and whether earlier ones had to be left out."""

    texts: list[str]
    is_cut: bool


def appointments(
    connection: sqlite3.Connection,
    filters: Filters,
    *,
    today: str,
    tentative: bool,
    scope: Scope | None = None,
) -> Appointments:
    """Return the events of a calendar: by the filters of the list of events, and for one organisation with a scope.

    Without `from` and `to` those of the last 365 days and of all days to come. `tentative` adds those whose first or
    last day is not known. Undated ones never are among them.
    """
    days = window(filters) or Window(_before(today, DAYS_BACK), LAST_DAY, certain=False)
    facets: list[tuple[str, Sequence[str]]] = [*facet_values("event", filters).items()]
    if scope is not None:
        facets.insert(0, facet_of("event", scope, filters))
    asked = [
        days.condition(),
        *_shown(today, tentative=tentative),
        *_changed(filters),
        *conditions("event", filters, today),
    ]
    if not facets:
        return _found(connection, Condition("appointment AS r INDEXED BY appointment_order", ()), asked)
    (name, values), *others = facets
    return _found(connection, _along(name, values, today), [*asked, *(has(*facet, today) for facet in others)])


def one(connection: sqlite3.Connection, event_id: str, *, today: str, tentative: bool) -> Appointments:
    """Return an event alone, whenever it is; nothing where a calendar would not show it."""
    return _found(
        connection,
        Condition("appointment AS r", ()),
        [Condition("r.id = ?", (event_id,)), *_shown(today, tentative=tentative)],
    )


def _shown(today: str, *, tentative: bool) -> list[Condition]:
    told = Condition("(r.is_off = 0 OR r.updated_at >= ?)", (_before(today, DAYS_OFF),))
    return [told] if tentative else [told, Condition("r.is_known = 1", ())]


def _changed(filters: Filters) -> list[Condition]:
    since = updated_since(filters)
    return [] if since is None else [Condition("r.updated_at >= ?", (since,))]


def _before(today: str, days: int) -> str:
    return (date.fromisoformat(today) - timedelta(days)).isoformat()


def _along(name: str, values: Sequence[str], today: str) -> Condition:
    """Walk what has one of the values of a facet today, each once."""
    places = ", ".join("?" * len(values))
    return Condition(
        "(SELECT DISTINCT f.id FROM facet AS f INDEXED BY facet_order "  # noqa: S608 - built of our own words
        f"WHERE f.name = ? AND f.value IN ({places}) AND f.opens <= ? AND f.closes >= ?) AS k "
        "CROSS JOIN appointment AS r ON r.id = k.id",
        (name, *values, today, today),
    )


def _found(connection: sqlite3.Connection, source: Condition, asked: Sequence[Condition]) -> Appointments:
    where = " AND ".join(condition.sql for condition in asked)
    parameters = [value for condition in (source, *asked) for value in condition.parameters]
    found = connection.execute(
        f"SELECT r.text FROM {source.sql} WHERE {where} "  # noqa: S608 - built of our own words
        "ORDER BY r.earliest DESC, r.id DESC LIMIT ?",
        (*parameters, MOST_EVENTS + 1),
    ).fetchall()
    texts = [text for (text,) in found[:MOST_EVENTS]]
    return Appointments(filled(connection, texts), is_cut=len(found) > MOST_EVENTS)
