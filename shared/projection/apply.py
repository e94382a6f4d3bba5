"""Putting one version of a record into the read model, at most once and never an older one over a newer."""

import dataclasses
import json
import sqlite3
from typing import TYPE_CHECKING

from shared.models.ids import type_of
from shared.projection.intervals import Interval
from shared.projection.offerings import Offering
from shared.projection.periods import ALWAYS, Period, joined
from shared.projection.rows import Edge, Rows, rows

if TYPE_CHECKING:
    from shared.tables.tables import Document

_INSERT_RECORD = """
    INSERT INTO record (id, type, version, updated_at, managed_by, deleted, undated, rank, span,
                        earliest, latest, certain_start, certain_end, name, label, summary)
    VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_FACET = "INSERT INTO facet (id, name, value, opens, closes, undated, rank) VALUES (?, ?, ?, ?, ?, ?, ?)"
_INSERT_EDGE = """
    INSERT INTO edge (list, subject, rank, other, owner, position, opens, closes, grade, item)
    VALUES (?, ?, coalesce((SELECT rank FROM record WHERE id = ?), ''), ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_APPOINTMENT = """
    INSERT INTO appointment (id, earliest, latest, certain_start, certain_end, is_known, is_off, updated_at, text)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


Tie = tuple[str, str, str]
"""The id of a record, and the facet and value that another record gives it."""


def apply(connection: sqlite3.Connection, document: "Document") -> bool:
    """Bring a record to the document's version; False, and nothing changed, if it has that or a later one already.

    Belongs into the caller's transaction.
    """
    held = connection.execute("SELECT version, rank FROM record WHERE id = ?", (document.id,)).fetchone()
    if held is not None and held[0] >= document.version:
        return False
    ties = _given(connection, document.id)
    _forget(connection, document.id)
    if document.text is None:
        _bury(connection, document)
    else:
        new = rows(json.loads(document.text))
        _insert(connection, document, new)
        if held is None or held[1] != new.rank:
            connection.execute("UPDATE edge SET rank = ? WHERE other = ?", (new.rank, document.id))
        ties |= _given(connection, document.id) | _taken(connection, document.id)
    for tie in sorted(ties):
        _derive(connection, tie)
    return True


# A membership gives its member a network, a relation each end the other, a result its event a cooperation.
_GIVEN = """
    SELECT subject, CASE list WHEN 'memberships' THEN 'organisation.network' ELSE 'organisation.related' END, other
      FROM edge WHERE owner = :id AND list IN ('memberships', 'relations')
    UNION
    SELECT value, 'event.cooperation', id FROM facet WHERE id = :id AND name = 'cooperation.result'
"""
_TAKEN = """
    SELECT subject, CASE list WHEN 'memberships' THEN 'organisation.network' ELSE 'organisation.related' END, other
      FROM edge WHERE subject = :id AND list IN ('memberships', 'relations')
    UNION
    SELECT id, 'event.cooperation', value FROM facet WHERE id = :id AND name = 'event.own_cooperation'
    UNION
    SELECT value, 'event.cooperation', id FROM facet WHERE name = 'cooperation.result' AND value = :id
"""


def _given(connection: sqlite3.Connection, record_id: str) -> set[Tie]:
    """Return what this record gives to others, and by its relations to itself."""
    return set(connection.execute(_GIVEN, {"id": record_id}))


def _taken(connection: sqlite3.Connection, record_id: str) -> set[Tie]:
    """Return what this record has from others."""
    return set(connection.execute(_TAKEN, {"id": record_id}))


def _forget(connection: sqlite3.Connection, record_id: str) -> None:
    connection.execute("DELETE FROM record WHERE id = ?", (record_id,))
    connection.execute("DELETE FROM facet WHERE id = ?", (record_id,))
    connection.execute("DELETE FROM edge WHERE owner = ?", (record_id,))
    connection.execute("DELETE FROM reference WHERE source = ?", (record_id,))
    connection.execute("DELETE FROM name WHERE id = ?", (record_id,))
    connection.execute("DELETE FROM word WHERE id = ?", (record_id,))
    connection.execute("DELETE FROM appointment WHERE id = ?", (record_id,))
    connection.execute("DELETE FROM offering WHERE id = ?", (record_id,))
    connection.execute("DELETE FROM offering_item WHERE id = ?", (record_id,))
    connection.execute("DELETE FROM offering_topic WHERE id = ?", (record_id,))
    connection.execute("DELETE FROM lifetime WHERE id = ?", (record_id,))
    connection.execute("DELETE FROM figure WHERE id = ?", (record_id,))
    connection.execute("DELETE FROM part WHERE owner = ?", (record_id,))
    connection.execute("DELETE FROM aim WHERE owner = ?", (record_id,))
    connection.execute("DELETE FROM former WHERE id = ?", (record_id,))


def _bury(connection: sqlite3.Connection, document: "Document") -> None:
    connection.execute(
        "INSERT INTO record (id, type, version, updated_at, deleted) VALUES (?, ?, ?, ?, 1)",
        (document.id, type_of(document.id), document.version, document.updated_at),
    )


def _insert(connection: sqlite3.Connection, document: "Document", new: Rows) -> None:
    days = _days(new.interval) if new.interval else (None, None, None, None)
    connection.execute(
        _INSERT_RECORD,
        (
            document.id,
            type_of(document.id),
            document.version,
            document.updated_at,
            new.managed_by,
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
            (document.id, name, value, one.opens, one.closes, new.undated, new.rank)
            for (name, value), periods in new.facets.items()
            for one in periods
        ),
    )
    connection.executemany(_INSERT_EDGE, (_edge_row(document.id, edge) for edge in new.edges))
    connection.executemany("INSERT INTO reference VALUES (?, ?)", ((target, document.id) for target in new.references))
    connection.executemany(
        "INSERT INTO name VALUES (?, ?, ?, ?, ?)",
        ((document.id, place, name.kind, name.text, " ".join(name.words)) for place, name in enumerate(new.names)),
    )
    words = sorted({lead for name in new.names for lead in name.leads()})
    connection.executemany("INSERT INTO word VALUES (?, ?)", ((word, document.id) for word in words))
    if new.appointment is not None:
        shown = new.appointment
        connection.execute(
            _INSERT_APPOINTMENT,
            (
                document.id,
                *_days(shown.interval),
                shown.interval.is_known,
                shown.is_off,
                document.updated_at,
                shown.text,
            ),
        )

    _insert_overview(connection, document.id, new)
    _insert_network(connection, document.id, new)


def _insert_overview(connection: sqlite3.Connection, record_id: str, new: Rows) -> None:
    """Put in what the catalogue and the figures of the whole register are made of."""
    for offering in new.offerings:
        _insert_offering(connection, record_id, offering)
    connection.execute(
        "INSERT INTO lifetime VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (record_id, *dataclasses.astuple(new.lifetime))
    )
    if new.figures is not None:
        connection.execute("INSERT INTO figure VALUES (?, ?)", (record_id, new.figures))


def _insert_network(connection: sqlite3.Connection, record_id: str, new: Rows) -> None:
    """Put in what ties organisations together, and what they look for."""
    connection.executemany(
        "INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                *(record_id, one.line, one.organisation, one.position, one.type),
                *(one.period.opens, one.period.closes, one.since, one.until),
            )
            for one in new.parts
        ),
    )
    connection.executemany(
        "INSERT INTO aim VALUES (?, ?, ?)", ((aim.topic, aim.organisation, record_id) for aim in new.aims)
    )
    connection.executemany("INSERT INTO former VALUES (?, ?, ?)", ((record_id, *name) for name in new.former_names))


def _insert_offering(connection: sqlite3.Connection, record_id: str, offering: Offering) -> None:
    opens, closes = offering.period.opens, offering.period.closes
    connection.execute(
        "INSERT INTO offering VALUES (?, ?, ?, ?, ?, ?, ?)",
        (offering.rank, record_id, offering.position, opens, closes, offering.kind, offering.words),
    )
    connection.execute("INSERT INTO offering_item VALUES (?, ?, ?)", (record_id, offering.position, offering.item))
    connection.executemany(
        "INSERT INTO offering_topic VALUES (?, ?, ?, ?, ?)",
        ((topic, record_id, offering.position, opens, closes) for topic in offering.topics),
    )


def _days(interval: Interval) -> tuple[str, str, str, str]:
    return interval.earliest, interval.latest, interval.certain_start, interval.certain_end


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


_TIE_PERIODS = """
    SELECT opens, closes FROM edge
     WHERE :name = 'organisation.network' AND list = 'memberships' AND subject = :id AND other = :value
    UNION
    SELECT :first, :last FROM edge
     WHERE :name = 'organisation.related' AND list = 'relations' AND subject = :id AND other = :value
    UNION
    SELECT :first, :last FROM facet
     WHERE :name = 'event.cooperation' AND id = :id AND name = 'event.own_cooperation' AND value = :value
    UNION
    SELECT :first, :last FROM facet
     WHERE :name = 'event.cooperation' AND id = :value AND name = 'cooperation.result' AND value = :id
"""


def _derive(connection: sqlite3.Connection, tie: Tie) -> None:
    """Write anew one value that a live record has from another."""
    record_id, name, value = tie
    connection.execute("DELETE FROM facet WHERE id = ? AND name = ? AND value = ?", tie)
    place = connection.execute("SELECT undated, rank FROM record WHERE id = ? AND deleted = 0", (record_id,)).fetchone()
    if place is None:
        return
    periods = connection.execute(
        _TIE_PERIODS,
        {"id": record_id, "name": name, "value": value, "first": ALWAYS.opens, "last": ALWAYS.closes},
    )
    connection.executemany(
        _INSERT_FACET,
        ((record_id, name, value, one.opens, one.closes, *place) for one in joined(Period(*days) for days in periods)),
    )
