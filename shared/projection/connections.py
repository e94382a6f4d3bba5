"""Lists of an organisation's ties: its members, what it is a member of, its relations in both directions."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from shared.models.dates import FIRST_DAY, LAST_DAY, parse
from shared.models.patch import dumps
from shared.models.room import fitting
from shared.projection.filters import Filters
from shared.projection.pages import Ask, Page, summaries

_OTHER_END: Final = {"members": "member", "memberships": "network"}


def members(connection: sqlite3.Connection, ask: Ask, organisation: str) -> Page:
    """Return a page of memberships in a network by the member's name, each with the member's summary.

    Those that may hold today, on some day of `as_of`, or all with `as_of=any`; `grade` is a filter.
    """
    return _memberships(connection, "members", organisation, ask)


def memberships(connection: sqlite3.Connection, ask: Ask, organisation: str) -> Page:
    """Return a page of an organisation's memberships by the network's name, each with the network's summary.

    The filters are those of `members`.
    """
    return _memberships(connection, "memberships", organisation, ask)


def relations(connection: sqlite3.Connection, ask: Ask, organisation: str) -> Page:
    """Return a page of relations to and from an organisation by the other end's name, whenever they held.

    Each is the entry as recorded, with `direction` (`outgoing`: recorded at this organisation), `organisation_id` of
    the other end and its `name`. `as_of` leaves out what certainly did not hold then.
    """
    found = _edges(connection, "relations", organisation, ask, (FIRST_DAY, LAST_DAY))
    return Page([f'{item[:-1]},"name":{name}}}' for *_, item, name in found[: ask.limit]], _next(found, ask.limit))


def _memberships(connection: sqlite3.Connection, which: str, organisation: str, ask: Ask) -> Page:
    found = _edges(connection, which, organisation, ask, (ask.today, ask.today))
    ends = [(owner, other) for _, other, owner, *_ in found[: ask.limit]]
    texts = summaries(connection, sorted({record_id for pair in ends for record_id in pair}))
    end = dumps(_OTHER_END[which])
    items = fitting(f"{texts[owner][:-1]},{end}:{texts[other]}}}" for owner, other in ends)
    return Page(items, _next(found, len(items)))


def _next(found: Sequence[tuple[Any, ...]], limit: int) -> tuple[Any, ...] | None:
    return tuple(found[limit - 1][:4]) if len(found) > limit else None


def _edges(
    connection: sqlite3.Connection, which: str, subject: str, ask: Ask, default: tuple[str, str]
) -> list[tuple[Any, ...]]:
    """Return (rank, other, owner, position, item, name of the other) of one more line than asked for, if there is."""
    earliest, latest = _days(ask.filters, default)
    grades = ask.filters.get("grade", ())
    where = "e.list = ? AND e.subject = ? AND e.opens <= ? AND e.closes >= ?"
    parameters: list[object] = [which, subject, latest, earliest]
    if grades:
        where += f" AND e.grade IN ({', '.join('?' * len(grades))})"
        parameters += grades
    backwards = ask.order == "desc"
    if ask.after is not None:
        where += f" AND (e.rank, e.other, e.owner, e.position) {'<' if backwards else '>'} (?, ?, ?, ?)"
        parameters += ask.after
    way = "DESC" if backwards else "ASC"
    return connection.execute(
        "SELECT e.rank, e.other, e.owner, e.position, e.item, r.name "  # noqa: S608 - built of our own words
        "FROM edge AS e CROSS JOIN record AS r ON r.id = e.other AND r.deleted = 0 "
        f"WHERE {where} ORDER BY e.rank {way}, e.other {way}, e.owner {way}, e.position {way} LIMIT ?",
        (*parameters, ask.limit + 1),
    ).fetchall()


def _days(filters: Filters, default: tuple[str, str]) -> tuple[str, str]:
    """Return the days of which one must lie in a tie's time."""
    wishes = filters.get("as_of", ())
    if "any" in wishes:
        return FIRST_DAY, LAST_DAY
    if not wishes:
        return default
    moments = [parse(wish) for wish in wishes]
    return min(moment.earliest for moment in moments), max(moment.latest for moment in moments)
