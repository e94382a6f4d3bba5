"""The tables of the search beside those of the lists, and how a version of a record gets into them."""

import json
import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from shared.models.ids import type_of
from shared.projection import schema
from shared.projection.apply import apply as apply_to_lists
from shared.projection.model import Model
from shared.projection.search.passages import NAMES, OTHER_NAMES, SUBJECTS, Passage, lines, passage

if TYPE_CHECKING:
    from shared.tables.tables import Document

SCHEMA: Final = schema.SCHEMA * 100 + 4
"""Moves with that of the lists, and with every change of a table here or of what is written into one."""

# `indexed` holds what both indexes of words read from it: folded, a text on each line. `whole` is the name alone, and
# `others` are all further names, a line each, both without legal forms. `term` has every word twice, forwards and
# backwards, so that one with a slip in either half is found by the other half.
_STATEMENTS: Final = (
    """
    CREATE TABLE passage (
        key INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        whole TEXT NOT NULL,
        others TEXT NOT NULL,
        city TEXT,
        texts TEXT NOT NULL
    )
    """,
    "CREATE INDEX passage_whole ON passage (whole)",
    """
    CREATE TABLE indexed (
        key INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        names TEXT NOT NULL,
        subjects TEXT NOT NULL,
        body TEXT NOT NULL,
        actors TEXT NOT NULL
    )
    """,
    """
    CREATE VIRTUAL TABLE word_index USING fts5 (
        name, names, subjects, body, actors,
        content = 'indexed', content_rowid = 'key', tokenize = "unicode61 remove_diacritics 0", prefix = '2 3'
    )
    """,
    """
    CREATE VIRTUAL TABLE part_index USING fts5 (
        name, names, subjects, body, actors, content = 'indexed', content_rowid = 'key', tokenize = 'trigram'
    )
    """,
    "CREATE TABLE term (word TEXT PRIMARY KEY, backwards TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX term_backwards ON term (backwards)",
    "CREATE VIRTUAL TABLE vocabulary USING fts5vocab (word_index, row)",
    "CREATE VIRTUAL TABLE point USING rtree (key, south, north, west, east, +passage, +opens, +closes)",
    "CREATE TABLE point_of (passage INTEGER, key INTEGER, PRIMARY KEY (passage, key)) WITHOUT ROWID",
    "CREATE TABLE actor (organisation TEXT, key INTEGER, PRIMARY KEY (organisation, key)) WITHOUT ROWID",
    "CREATE INDEX actor_key ON actor (key)",
)
_INDEXES: Final = ("word_index", "part_index")
_COLUMNS: Final = "name, names, subjects, body, actors"


def create(connection: sqlite3.Connection, epoch: str) -> None:
    """Lay out an empty model of that epoch in an empty file, within the caller's transaction."""
    schema.create(connection, epoch)
    for statement in _STATEMENTS:
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {SCHEMA}")


def clear(connection: sqlite3.Connection, epoch: str) -> None:
    """Throw all records away and begin that epoch, within the caller's transaction."""
    schema.clear(connection, epoch)
    for table in ("passage", "indexed", "term", "point", "point_of", "actor"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from this module
    for index in _INDEXES:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")  # noqa: S608 - the same


def forget(connection: sqlite3.Connection) -> None:
    """Leave no word of a text that no record has any more: an index keeps such words until its parts are merged."""
    for index in _INDEXES:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")  # noqa: S608 - names from this module
    connection.execute("DELETE FROM term WHERE word NOT IN (SELECT term FROM vocabulary)")


def apply(connection: sqlite3.Connection, document: "Document") -> bool:
    """Bring a record to the document's version in lists and search; False if it has that or a later one already."""
    is_organisation = type_of(document.id) == "organisation"
    before = _names(connection, [document.id]) if is_organisation else None
    if not apply_to_lists(connection, document):
        return False
    found = connection.execute("SELECT key FROM passage WHERE id = ?", (document.id,)).fetchone()
    if found is not None:
        _remove(connection, found[0])
    new = None if document.text is None else passage(json.loads(document.text))
    if new is not None:
        _insert(connection, document.id, new)
    if is_organisation and _names(connection, [document.id]) != before:
        _rename(connection, document.id)
    return True


def _insert(connection: sqlite3.Connection, record_id: str, new: Passage) -> None:
    whole, *others = new.whole(NAMES | OTHER_NAMES)
    key = connection.execute(
        "INSERT INTO passage (id, whole, others, city, texts) VALUES (?, ?, ?, ?, ?)",
        (record_id, whole, "\n".join(others), new.city, json.dumps(new.texts, ensure_ascii=False)),
    ).lastrowid
    body = frozenset(name for name, _ in new.texts) - NAMES - OTHER_NAMES - SUBJECTS
    columns = (new.folded(fields) for fields in (NAMES, OTHER_NAMES, SUBJECTS, body))
    _index(connection, (key, *columns, _names(connection, new.actors)))
    connection.executemany("INSERT INTO actor VALUES (?, ?)", ((actor, key) for actor in new.actors))
    for one in new.points:
        sides = (one.latitude, one.latitude, one.longitude, one.longitude)
        point = connection.execute(
            "INSERT INTO point (south, north, west, east, passage, opens, closes) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*sides, key, one.period.opens, one.period.closes),
        ).lastrowid
        connection.execute("INSERT INTO point_of VALUES (?, ?)", (key, point))


def _index(connection: sqlite3.Connection, row: tuple[object, ...]) -> None:
    connection.execute("INSERT INTO indexed VALUES (?, ?, ?, ?, ?, ?)", row)
    for index in _INDEXES:
        connection.execute(f"INSERT INTO {index} (rowid, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", row)  # noqa: S608 - ours
    terms = {word for text in row[1:] for word in str(text).split()}
    connection.executemany("INSERT OR IGNORE INTO term VALUES (?, ?)", ((term, term[::-1]) for term in sorted(terms)))


def _unindex(connection: sqlite3.Connection, key: int) -> tuple[object, ...]:
    row: tuple[object, ...] = connection.execute("SELECT * FROM indexed WHERE key = ?", (key,)).fetchone()
    for index in _INDEXES:
        connection.execute(
            f"INSERT INTO {index} ({index}, rowid, {_COLUMNS}) VALUES ('delete', ?, ?, ?, ?, ?, ?)",  # noqa: S608 - ours
            row,
        )
    connection.execute("DELETE FROM indexed WHERE key = ?", (key,))
    return row


def _remove(connection: sqlite3.Connection, key: int) -> None:
    _unindex(connection, key)
    connection.execute("DELETE FROM point WHERE key IN (SELECT key FROM point_of WHERE passage = ?)", (key,))
    for table, column in (("point_of", "passage"), ("actor", "key"), ("passage", "key")):
        connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (key,))  # noqa: S608 - names from this module


def _rename(connection: sqlite3.Connection, organisation: str) -> None:
    """Let what an organisation takes part in be found by its names of now."""
    keys = [key for (key,) in connection.execute("SELECT key FROM actor WHERE organisation = ?", (organisation,))]
    for key in keys:
        actors = [actor for (actor,) in connection.execute("SELECT organisation FROM actor WHERE key = ?", (key,))]
        *kept, _ = _unindex(connection, key)
        _index(connection, (*kept, _names(connection, actors)))


def _names(connection: sqlite3.Connection, organisations: Iterable[str]) -> str:
    """Return the names of organisations as `indexed` has them, past ones included."""
    found = connection.execute(
        "SELECT n.text FROM json_each(?) AS j CROSS JOIN name AS n ON n.id = j.value ORDER BY n.id, n.position",
        (json.dumps(list(organisations)),),
    )
    return lines(text for (text,) in found)


SEARCH: Final = Model(f"snapshots/search-{SCHEMA}/", SCHEMA, create, clear, apply, forget)
"""The model behind the search."""
