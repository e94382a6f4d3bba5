"""What a merge asks of the read model: who refers to the old organisation, and where both stand in each other's way."""

import sqlite3


def to_move(connection: sqlite3.Connection, old: str, limit: int, passing_over: frozenset[str]) -> list[str]:
    """Return ids of live records that name the organisation or are kept by it, itself and some others left out."""
    found = connection.execute(
        "SELECT source FROM reference WHERE target = :old AND source <> :old "
        "UNION SELECT id FROM record WHERE managed_by = :old AND id <> :old ORDER BY 1 LIMIT :limit",
        {"old": old, "limit": limit + len(passing_over)},
    )
    return [source for (source,) in found if source not in passing_over][:limit]


def rival_memberships(connection: sqlite3.Connection, old: str, into: str, limit: int) -> list[tuple[str, str]]:
    """Return pairs of memberships that the merge would make ones of the same pair: first the old one's."""
    found = connection.execute(
        "SELECT a.owner, b.owner FROM edge AS a CROSS JOIN edge AS b "
        "ON b.list = a.list AND b.subject = :into AND b.rank = a.rank AND b.other = a.other "
        "WHERE a.list IN ('members', 'memberships') AND a.subject = :old ORDER BY 1, 2 LIMIT :limit",
        {"old": old, "into": into, "limit": limit},
    )
    return found.fetchall()


def naming_both(connection: sqlite3.Connection, old: str, into: str, limit: int) -> list[str]:
    """Return ids of live records that name both organisations."""
    found = connection.execute(
        "SELECT a.source FROM reference AS a CROSS JOIN reference AS b ON b.target = :into AND b.source = a.source "
        "WHERE a.target = :old ORDER BY 1 LIMIT :limit",
        {"old": old, "into": into, "limit": limit},
    )
    return [source for (source,) in found if source not in {old, into}]
