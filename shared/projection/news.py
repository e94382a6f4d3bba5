"""What was entered last, of all types: the news of the register, or of a network."""

import heapq
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, cast

from shared.models.ids import PREFIXES, RecordType
from shared.projection.filters import Condition, Filters
from shared.projection.pages import filled


@dataclass(frozen=True, slots=True)
class Item:
    """A record that was entered; `summary` is JSON, as lists show it."""

    id: str
    summary: str


_FACET: Final = (
    "SELECT f.id FROM facet AS f WHERE f.name = ? AND f.value IN ({values}) AND f.opens <= ? AND f.closes >= ?"
)
_MEMBERSHIPS: Final = "SELECT e.owner FROM edge AS e WHERE e.list = ? AND e.{end} IN ({values})"
_ACTED: Final = {"event": "event.organiser", "cooperation": "cooperation.party"}


def news(connection: sqlite3.Connection, filters: Filters, *, today: str, limit: int) -> list[Item]:
    """Return the records that were entered last, the newest first; ids begin with the time at which they were drawn.

    `network`: the network itself, its members of today and who is a member, and what any of them does; `organisation`:
    the same without members; `topic` and `region` of the record itself, else of those that it is about.
    """
    types = cast("Iterable[RecordType]", filters.get("type") or PREFIXES)
    found = [_newest(connection, record_type, filters, today, limit) for record_type in types]
    newest = [*islice(heapq.merge(*found, key=_place, reverse=True), limit)]
    texts = filled(connection, [item.summary for item in newest])
    return [Item(item.id, text) for item, text in zip(newest, texts, strict=True)]


def _place(item: Item) -> str:
    return item.id.partition("_")[2]


def _newest(
    connection: sqlite3.Connection, record_type: RecordType, filters: Filters, today: str, limit: int
) -> list[Item]:
    every = [Condition("r.id > ? AND r.id < ?", (PREFIXES[record_type], f"{PREFIXES[record_type]}~"))]
    for name in ("network", "organisation", "topic", "region"):
        if filters.get(name):
            among = _among(record_type, name, filters[name], today)
            every.append(Condition(f"r.id IN ({among.sql})", among.parameters))
    where = " AND ".join(condition.sql for condition in every)
    parameters = [value for condition in every for value in condition.parameters]
    found = connection.execute(
        f"SELECT r.id, r.summary FROM record AS r WHERE r.deleted = 0 AND {where} "  # noqa: S608 - of our own words
        "ORDER BY r.id DESC LIMIT ?",
        (*parameters, limit),
    )
    return [Item(record_id, summary) for record_id, summary in found]


def _among(record_type: RecordType, name: str, values: Sequence[str], today: str) -> Condition:
    """Return a query for the ids of the records of a type that a filter means."""
    of = _organisations(name, values, today)
    if record_type == "organisation":
        return of
    if record_type == "membership":
        return _memberships(name, values, of)
    by_who_acts = name in {"network", "organisation"} or (record_type, name) == ("cooperation", "region")
    if by_who_acts:
        return _facet(_ACTED[record_type], of, today)
    return _facet(f"{record_type}.{name}", _given(values), today)


def _organisations(name: str, values: Sequence[str], today: str) -> Condition:
    given = _given(values)
    if name == "organisation":
        return given
    found = _facet(f"organisation.{name}", given, today)
    return _either(given, found) if name == "network" else found


def _memberships(name: str, values: Sequence[str], of: Condition) -> Condition:
    if name == "network":
        return _end("subject", _given(values))
    members = _end("other", of)
    return _either(_end("subject", of), members) if name == "organisation" else members


def _given(values: Sequence[str]) -> Condition:
    return Condition(f"VALUES {', '.join(['(?)'] * len(values))}", tuple(values))


def _facet(name: str, values: Condition, today: str) -> Condition:
    return Condition(_FACET.format(values=values.sql), (name, *values.parameters, today, today))


def _end(end: str, values: Condition) -> Condition:
    return Condition(_MEMBERSHIPS.format(end=end, values=values.sql), ("members", *values.parameters))


def _either(*conditions: Condition) -> Condition:
    return Condition(
        " UNION ".join(f"SELECT * FROM ({condition.sql})" for condition in conditions),  # noqa: S608 - our own words
        tuple(value for condition in conditions for value in condition.parameters),
    )
