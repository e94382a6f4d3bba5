"""Pages by key: each list is walked along indexes that have its order, and what they yield is merged."""

import heapq
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from shared.models.dates import FIRST_DAY
from shared.models.patch import dumps
from shared.models.room import fitting
from shared.projection.filters import (
    Condition,
    Filters,
    Window,
    conditions,
    facet_values,
    has,
    is_broad,
    undated_segments,
    window,
)
from shared.projection.rows import LONGEST_SPAN, newest_first
from shared.projection.summaries import fill, named

Key = tuple[str, str]
"""Rank and id: where a record stands in its list."""

_TO_THE_END_OF_THE_DAY: Final = "U"  # behind every T17:00 of that day


@dataclass(frozen=True, slots=True)
class Page:
    """JSON texts of a list's items, and the sort values behind which the next page begins."""

    items: list[str]
    next: tuple[Any, ...] | None
    more: Mapping[str, str] = field(default_factory=dict)
    """What the answer has beside its items: JSON texts by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a request asks of any list; without an `order` it is the list's own, `today` is what "now" means."""

    filters: Filters
    order: str | None = None
    limit: int
    after: Sequence[Any] | None = None
    today: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: which records, in which direction, how many, behind which one.

    `scope` is the facet, and its values, of the record whose list it is: the parts of one event, say.
    """

    type: str
    filters: Filters
    today: str
    backwards: bool
    limit: int
    after: Sequence[Any] | None
    scope: tuple[str, Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """A range of an index that has the list's order: `source` binds `k` (rank, id) and the record `r`."""

    source: str
    condition: Condition
    low: str | None = None
    high: str | None = None


def page(connection: sqlite3.Connection, wish: Wish) -> Page:
    """Return one page of organisations, events or cooperations in the order of their ranks."""
    found: list[tuple[Any, ...]] = []
    for segment in undated_segments(wish.type, wish.filters):
        after = wish.after
        if after is not None and segment < after[0]:
            continue
        behind = (str(after[1]), str(after[2])) if after is not None and segment == after[0] else None
        missing = wish.limit + 1 - len(found)
        found += [(segment, *key) for key in _segment(connection, wish, segment, behind, missing)]
        if len(found) > wish.limit:
            break
    return _page(connection, found, wish.limit)


def _segment(
    connection: sqlite3.Connection, wish: Wish, segment: int, behind: Key | None, missing: int
) -> Iterator[Key]:
    days = window(wish.filters) if segment == 0 else None
    facets = _facets(wish)
    asked = conditions(wish.type, wish.filters, wish.today)
    if facets and (days is None or wish.scope is not None or not is_broad(facets[0][0])):
        name, values = facets.pop(0)
        walks = [_along_facet(name, value, segment, wish.today) for value in values]
    elif days is not None:
        walks = list(_along_dates(wish.type, days))
    else:
        walks = [_along_order(wish.type, segment)]
    asked += [has(name, values, wish.today) for name, values in facets]
    if days is not None:
        asked.append(days.condition())
    streams = [_keys(connection, walk, asked, behind, missing, backwards=wish.backwards) for walk in walks]
    return _first(heapq.merge(*streams, reverse=wish.backwards), missing)


def _facets(wish: Wish) -> list[tuple[str, Sequence[str]]]:
    """Return facets and values that a record must have, the most telling first; a scope may repeat a filter."""
    return [*([wish.scope] if wish.scope else []), *facet_values(wish.type, wish.filters).items()]


def _first(keys: Iterable[Key], count: int) -> Iterator[Key]:
    """Yield so many different keys: a record with two of the values asked for comes out of two walks."""
    last = None
    for key in keys:
        if key != last:
            if count == 0:
                return
            count -= 1
            yield key
        last = key


def _along_facet(name: str, value: str, segment: int, today: str) -> Walk:
    return Walk(
        "facet AS k INDEXED BY facet_order CROSS JOIN record AS r ON r.id = k.id",
        Condition(
            "k.name = ? AND k.value = ? AND k.undated = ? AND k.opens <= ? AND k.closes >= ?",
            (name, value, segment, today, today),
        ),
    )


def _along_order(record_type: str, segment: int, low: str | None = None, high: str | None = None) -> Walk:
    return Walk(
        "record AS k INDEXED BY record_order CROSS JOIN record AS r ON r.id = k.id",
        Condition("k.type = ? AND k.deleted = 0 AND k.undated = ?", (record_type, segment)),
        low,
        high,
    )


def _along_dates(record_type: str, days: Window) -> Iterator[Walk]:
    """Yield a walk over what begins within the days, and one per class of length over what began before them.

    Something of class n ends less than 4^n days after it began, so its walk need not reach further back.
    """
    yield _along_order(record_type, 0, *_ranks(record_type, days.first, days.last))
    if days.first == FIRST_DAY:
        return
    before = date.fromisoformat(days.first).toordinal() - 1
    for span in range(1, LONGEST_SPAN + 1):
        reach = 1 if span == LONGEST_SPAN else max(1, before - 4**span + 2)
        low, high = _ranks(record_type, date.fromordinal(reach).isoformat(), date.fromordinal(before).isoformat())
        yield Walk(
            "record AS k INDEXED BY record_span CROSS JOIN record AS r ON r.id = k.id",
            Condition("k.type = ? AND k.deleted = 0 AND k.undated = 0 AND k.span = ?", (record_type, span)),
            low,
            high,
        )


def _ranks(record_type: str, first: str, last: str) -> tuple[str, str]:
    """Return between which ranks lies what begins on one of these days at the earliest."""
    if record_type == "cooperation":
        return newest_first(last), newest_first(first)
    return first, last + _TO_THE_END_OF_THE_DAY


def _keys(
    connection: sqlite3.Connection,
    walk: Walk,
    asked: Sequence[Condition],
    behind: Key | None,
    limit: int,
    *,
    backwards: bool,
) -> list[Key]:
    bounds = _bounds(walk, behind, backwards=backwards)
    every = [walk.condition, *bounds, *asked]
    order = "k.rank DESC, k.id DESC" if backwards else "k.rank, k.id"
    found = connection.execute(
        f"SELECT k.rank, k.id FROM {walk.source} WHERE {_all(every)} ORDER BY {order} LIMIT ?",  # noqa: S608 - ours
        (*_parameters(every), limit),
    )
    return [(rank, record_id) for rank, record_id in found]


def _bounds(walk: Walk, behind: Key | None, *, backwards: bool) -> Iterator[Condition]:
    """Yield at most one bound for either end: of two, SQLite would seek to one of its own choice."""
    low, high = walk.low, walk.high
    if behind is not None and backwards and (high is None or behind[0] <= high):
        yield Condition("(k.rank, k.id) < (?, ?)", behind)
        high = None
    elif behind is not None and not backwards and (low is None or behind[0] >= low):
        yield Condition("(k.rank, k.id) > (?, ?)", behind)
        low = None
    if low is not None:
        yield Condition("k.rank >= ?", (low,))
    if high is not None:
        yield Condition("k.rank <= ?", (high,))


def changed(connection: sqlite3.Connection, wish: Wish, since: str) -> Page:
    """Return one page of what changed at or after a moment, tombstones among it, in the order of the changes."""
    asked = [has(name, values, wish.today) for name, values in _facets(wish)]
    asked += [*conditions(wish.type, wish.filters, wish.today), *_dated(wish)]
    every = [
        Condition("r.type = ?", (wish.type,)),
        Condition(f"(r.deleted = 1 OR ({_all(asked)}))", _parameters(asked)),
    ]
    beyond, order = ("<", "DESC") if wish.backwards else (">", "ASC")
    if wish.after is not None:
        every.append(Condition(f"(r.updated_at, r.id) {beyond} (?, ?)", (wish.after[0], wish.after[1])))
    if wish.after is None or wish.backwards:
        every.append(Condition("r.updated_at >= ?", (since,)))
    found = connection.execute(
        f"SELECT r.updated_at, r.id FROM record AS r INDEXED BY record_updated WHERE {_all(every)} "  # noqa: S608 - ours
        f"ORDER BY r.updated_at {order}, r.id {order} LIMIT ?",
        (*_parameters(every), wish.limit + 1),
    )
    return _page(connection, found.fetchall(), wish.limit)


def _dated(wish: Wish) -> Iterator[Condition]:
    days, segments = window(wish.filters), undated_segments(wish.type, wish.filters)
    if days is not None and 0 in segments:
        asked = days.condition()
        yield Condition(f"(r.undated = 1 OR ({asked.sql}))", asked.parameters)
    if len(segments) == 1:
        yield Condition("r.undated = ?", segments)


def _all(every: Iterable[Condition]) -> str:
    return " AND ".join(condition.sql for condition in every) or "1"


def _parameters(every: Iterable[Condition]) -> tuple[object, ...]:
    return tuple(value for condition in every for value in condition.parameters)


def _page(connection: sqlite3.Connection, found: Sequence[tuple[Any, ...]], limit: int) -> Page:
    texts = summaries(connection, [key[-1] for key in found[:limit]])
    items = fitting(texts[key[-1]] for key in found[:limit])
    return Page(items, tuple(found[len(items) - 1]) if len(found) > len(items) else None)


def summaries(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, str]:
    """Return the items by id, as served: summaries with the current names of others, or tombstones."""
    found = connection.execute(
        "SELECT r.id, r.type, r.deleted, r.updated_at, r.summary FROM json_each(?) AS j "
        "CROSS JOIN record AS r ON r.id = j.value",
        (json.dumps(ids),),
    ).fetchall()
    texts = {
        record_id: _tombstone(record_id, record_type, updated_at) if deleted else summary
        for record_id, record_type, deleted, updated_at, summary in found
    }
    return dict(zip(texts, filled(connection, [*texts.values()]), strict=True))


def filled(connection: sqlite3.Connection, texts: Sequence[str]) -> list[str]:
    """Return the texts with the current names of others in their gaps."""
    names = current_names(connection, set().union(*map(named, texts)))
    return [fill(text, names) for text in texts]


def current_names(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, str]:
    """Return the names of organisations by id, as JSON texts; who is deleted, or not yet known, has none."""
    found = connection.execute(
        "SELECT r.id, r.name FROM json_each(?) AS j CROSS JOIN record AS r ON r.id = j.value WHERE r.name IS NOT NULL",
        (json.dumps(sorted(ids)),),
    )
    return dict(found.fetchall())


def _tombstone(record_id: str, record_type: str, updated_at: str) -> str:
    return dumps({"type": record_type, "id": record_id, "deleted": True, "updated_at": updated_at})
