"""The tables of the read model, and the number under which their snapshots are kept."""

import sqlite3
from typing import Final

SCHEMA: Final = 6
"""Moves with every change of a table here or of what `rows` and `summaries` write into one."""

_RECORD_TABLES: Final = (
    *("record", "facet", "edge", "reference", "name", "word", "appointment"),
    *("offering", "offering_item", "offering_topic", "lifetime", "figure"),
    *("part", "aim", "former"),
)

# `rank` ascends in the default order of the record's list; undated records stand behind all others.
# `span` is the logarithm of the length in days, base 4, so that what began earlier and still goes on is found by index.
# `facet` is keyed for checking a record and indexed for walking a list; other records give some of its rows.
# `appointment` is what calendars show of an event; its index covers all that decides whether they do.
# `edge` holds each membership and relation twice, once for the list of either end, ranked by the other end's name.
_STATEMENTS: Final = (
    """
    CREATE TABLE record (
        id TEXT PRIMARY KEY,
        type TEXT NOT NULL,
        version INTEGER NOT NULL,
        updated_at TEXT NOT NULL,
        deleted INTEGER NOT NULL,
        managed_by TEXT,
        undated INTEGER NOT NULL DEFAULT 0,
        rank TEXT NOT NULL DEFAULT '',
        span INTEGER NOT NULL DEFAULT 0,
        earliest TEXT,
        latest TEXT,
        certain_start TEXT,
        certain_end TEXT,
        name TEXT,
        label TEXT,
        summary TEXT
    ) WITHOUT ROWID
    """,
    "CREATE INDEX record_order ON record (type, undated, rank, id) WHERE deleted = 0",
    "CREATE INDEX record_span ON record (type, undated, span, rank, id) WHERE deleted = 0",
    "CREATE INDEX record_manager ON record (managed_by) WHERE managed_by IS NOT NULL",
    "CREATE INDEX record_updated ON record (type, updated_at, id)",
    """
    CREATE TABLE facet (
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        opens TEXT NOT NULL,
        closes TEXT NOT NULL,
        undated INTEGER NOT NULL,
        rank TEXT NOT NULL,
        PRIMARY KEY (id, name, value, opens)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX facet_order ON facet (name, value, undated, rank, id, opens, closes)",
    """
    CREATE TABLE edge (
        list TEXT NOT NULL,
        subject TEXT NOT NULL,
        rank TEXT NOT NULL,
        other TEXT NOT NULL,
        owner TEXT NOT NULL,
        position INTEGER NOT NULL,
        opens TEXT NOT NULL,
        closes TEXT NOT NULL,
        grade TEXT,
        item TEXT NOT NULL,
        PRIMARY KEY (list, subject, rank, other, owner, position)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX edge_owner ON edge (owner)",
    "CREATE INDEX edge_other ON edge (other, list, subject)",
    """
    CREATE TABLE reference (
        target TEXT NOT NULL,
        source TEXT NOT NULL,
        PRIMARY KEY (target, source)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX reference_source ON reference (source)",
    # Every name of an organisation, and the words that lead to it.
    """
    CREATE TABLE name (
        id TEXT NOT NULL,
        position INTEGER NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        words TEXT NOT NULL,
        PRIMARY KEY (id, position)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE word (
        word TEXT NOT NULL,
        id TEXT NOT NULL,
        PRIMARY KEY (word, id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX word_id ON word (id)",
    """
    CREATE TABLE appointment (
        id TEXT PRIMARY KEY,
        earliest TEXT NOT NULL,
        latest TEXT NOT NULL,
        certain_start TEXT NOT NULL,
        certain_end TEXT NOT NULL,
        is_known INTEGER NOT NULL,
        is_off INTEGER NOT NULL,
        updated_at TEXT NOT NULL,
        text TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE INDEX appointment_order ON appointment
        (earliest, id, latest, certain_start, certain_end, is_known, is_off, updated_at)
    """,
    # The catalogue in its order, with the folded words by which it is searched, and apart from it what it shows.
    """
    CREATE TABLE offering (
        rank TEXT NOT NULL,
        id TEXT NOT NULL,
        position INTEGER NOT NULL,
        opens TEXT NOT NULL,
        closes TEXT NOT NULL,
        kind TEXT,
        words TEXT NOT NULL,
        PRIMARY KEY (rank, id, position)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX offering_owner ON offering (id)",
    """
    CREATE TABLE offering_item (
        id TEXT NOT NULL,
        position INTEGER NOT NULL,
        item TEXT NOT NULL,
        PRIMARY KEY (id, position)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE offering_topic (
        topic TEXT NOT NULL,
        id TEXT NOT NULL,
        position INTEGER NOT NULL,
        opens TEXT NOT NULL,
        closes TEXT NOT NULL,
        PRIMARY KEY (topic, id, position)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX offering_topic_owner ON offering_topic (id)",
    # How long every record lasted, apart from all else that is known of it, so that counting years reads little;
    # `owner` is the organisation that existed or was a member, else the record itself.
    """
    CREATE TABLE lifetime (
        id TEXT PRIMARY KEY,
        owner TEXT NOT NULL,
        network TEXT,
        is_dated INTEGER NOT NULL,
        opens TEXT NOT NULL,
        closes TEXT NOT NULL,
        certain_start TEXT NOT NULL,
        certain_end TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE INDEX lifetime_network ON lifetime (network, owner)",
    "CREATE TABLE figure (id TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID",
    # Who takes part in a tie: all organisations of one `owner` and `line` are tied to each other.
    """
    CREATE TABLE part (
        owner TEXT NOT NULL,
        line INTEGER NOT NULL,
        organisation TEXT NOT NULL,
        position INTEGER NOT NULL,
        type TEXT NOT NULL,
        opens TEXT NOT NULL,
        closes TEXT NOT NULL,
        since TEXT,
        until TEXT,
        PRIMARY KEY (owner, line, organisation, position)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX part_organisation ON part (organisation, type, opens, closes)",
    # On which topics the parties of cooperations have goals.
    """
    CREATE TABLE aim (
        topic TEXT NOT NULL,
        organisation TEXT NOT NULL,
        owner TEXT NOT NULL,
        PRIMARY KEY (topic, organisation, owner)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX aim_organisation ON aim (organisation)",
    "CREATE INDEX aim_owner ON aim (owner)",
    # Until when an organisation had another name.
    """
    CREATE TABLE former (
        id TEXT NOT NULL,
        until TEXT NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (id, until, name)
    ) WITHOUT ROWID
    """,
    # One row: how far this copy has followed the feed, and whether it has ever been level with it.
    "CREATE TABLE following (position TEXT, epoch TEXT NOT NULL, level INTEGER NOT NULL)",
    # Every epoch that this copy has met: an old marker that is read again is no news.
    "CREATE TABLE epoch (name TEXT PRIMARY KEY) WITHOUT ROWID",
    """
    CREATE TABLE pending (
        id TEXT PRIMARY KEY,
        version INTEGER NOT NULL,
        tries INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
)


def create(connection: sqlite3.Connection, epoch: str) -> None:
    """Lay out an empty read model of that epoch in an empty file, within the caller's transaction."""
    for statement in _STATEMENTS:
        connection.execute(statement)
    connection.execute("INSERT INTO following VALUES (NULL, ?, 0)", (epoch,))
    connection.execute("INSERT INTO epoch VALUES (?)", (epoch,))
    connection.execute(f"PRAGMA user_version = {SCHEMA}")


def clear(connection: sqlite3.Connection, epoch: str) -> None:
    """Throw all records away and begin that epoch, within the caller's transaction; epochs once met stay known."""
    for table in (*_RECORD_TABLES, "pending"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from this module
    connection.execute("UPDATE following SET position = NULL, epoch = ?, level = 0", (epoch,))
    connection.execute("INSERT OR IGNORE INTO epoch VALUES (?)", (epoch,))
