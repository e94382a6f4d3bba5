"""Putting one version of a record into the read model, at most once and never an older one over a newer."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from shared.models.ids import type_of
from shared.projection.rows import ALWAYS, Edge, Period, Rows, joined, rows

if TYPE_CHECKING:
    from shared.tables.tables import Document

_INSERT_RECORD = """
    INSERT INTO record (id, type, version, updated_at, deleted, undated, rank, span,
                        earliest, latest, certain_start, certain_end, name, label, summary)
    VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_FACET = "INSERT INTO facet (id, name, value, opens, closes, undated, rank, derived) VALUES (?,?,?,?,?,?,?,?)"
_INSERT_EDGE = """
    INSERT INTO edge (list, subject, rank, other, owner, position, opens, closes, grade, item)
    VALUES (?, ?, coalesce((SELECT rank FROM record WHERE id = ?), ''), ?, ?, ?, ?, ?, ?, ?)
"""


def apply(connection: sqlite3.Connection, document: "Document") -> bool:
    """Bring a record to the document's version; False, and nothing changed, if it has that or a later one already.

    Belongs into the caller's transaction.
    """
    held = connection.execute("SELECT version, rank FROM record WHERE id = ?", (document.id,)).fetchone()
    if held is not None and held[0] >= document.version:
        return False
    neighbours = _neighbours(connection, document.id)
    _forget(connection, document.id)
    if document.text is None:
        _bury(connection, document)
    else:
        new = rows(json.loads(document.text))
        _insert(connection, document, new)
        if held is None or held[1] != new.rank:
            connection.execute("UPDATE edge SET rank = ? WHERE other = ?", (new.rank, document.id))
        neighbours |= _neighbours(connection, document.id)
    for record_id in sorted({document.id} | neighbours):
        _derive(connection, record_id)
    return True


def _neighbours(connection: sqlite3.Connection, record_id: str) -> set[str]:
    """Return the records whose derived values depend on this one."""
    found = connection.execute(
        "SELECT subject FROM edge WHERE owner = ? UNION SELECT value FROM facet WHERE id = ? AND name = ?",
        (record_id, record_id, "cooperation.result"),
    )
    return {subject for (subject,) in found}


def _forget(connection: sqlite3.Connection, record_id: str) -> None:
    connection.execute("DELETE FROM record WHERE id = ?", (record_id,))
    connection.execute("DELETE FROM facet WHERE id = ?", (record_id,))
    connection.execute("DELETE FROM edge WHERE owner = ?", (record_id,))
    connection.execute("DELETE FROM reference WHERE source = ?", (record_id,))


def _bury(connection: sqlite3.Connection, document: "Document") -> None:
    connection.execute(
        "INSERT INTO record (id, type, version, updated_at, deleted) VALUES (?, ?, ?, ?, 1)",
        (document.id, type_of(document.id), document.version, document.updated_at),
    )


def _insert(connection: sqlite3.Connection, document: "Document", new: Rows) -> None:
    interval = new.interval
    days = (
        (interval.earliest, interval.latest, interval.certain_start, interval.certain_end)
        if interval
        else (None, None, None, None)
    )
    connection.execute(
        _INSERT_RECORD,
        (
            document.id,
            type_of(document.id),
            document.version,
            document.updated_at,
            new.undated,
            new.rank,
            new.span,
            *days,
            new.name,
            new.label,
            new.summary,
        ),
    )
    connection.executemany(
        _INSERT_FACET,
        (
            (document.id, name, value, one.opens, one.closes, new.undated, new.rank, 0)
            for (name, value), periods in new.facets.items()
            for one in periods
        ),
    )
    connection.executemany(_INSERT_EDGE, (_edge_row(document.id, edge) for edge in new.edges))
    connection.executemany("INSERT INTO reference VALUES (?, ?)", ((target, document.id) for target in new.references))


def _edge_row(owner: str, edge: Edge) -> tuple[object, ...]:
    return (
        edge.list,
        edge.subject,
        edge.other,
        edge.other,
        owner,
        edge.position,
        edge.period.opens,
        edge.period.closes,
        edge.grade,
        edge.item,
    )


# What a record's filters take from others: an organisation's networks and relations, an event's cooperations.
_DERIVED = """
    SELECT CASE list WHEN 'memberships' THEN 'organisation.network' ELSE 'organisation.related' END,
           other, opens, closes, list = 'memberships'
      FROM edge WHERE subject = :id AND list IN ('memberships', 'relations')
    UNION ALL
    SELECT 'event.cooperation', value, '', '', 0 FROM facet WHERE id = :id AND name = 'event.own_cooperation'
    UNION ALL
    SELECT 'event.cooperation', id, '', '', 0 FROM facet WHERE name = 'cooperation.result' AND value = :id
"""


def _derive(connection: sqlite3.Connection, record_id: str) -> None:
    """Write anew what a live record's filters take from its neighbours."""
    connection.execute("DELETE FROM facet WHERE id = ? AND derived = 1", (record_id,))
    place = connection.execute("SELECT undated, rank FROM record WHERE id = ? AND deleted = 0", (record_id,)).fetchone()
    if place is None:
        return
    found: dict[tuple[str, str], list[Period]] = defaultdict(list)
    for name, value, opens, closes, dated in connection.execute(_DERIVED, {"id": record_id}):
        found[name, value].append(Period(opens, closes) if dated else ALWAYS)
    connection.executemany(_INSERT_FACET, _derived_rows(record_id, place, found.items()))


def _derived_rows(
    record_id: str,
    place: tuple[int, str],
    found: Iterable[tuple[tuple[str, str], list[Period]]],
) -> Iterable[tuple[object, ...]]:
    for (name, value), periods in found:
        for one in joined(periods):
            yield record_id, name, value, one.opens, one.closes, *place, 1
