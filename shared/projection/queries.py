"""The lists of organisations, events and cooperations, and what else a reader asks about records by their ids."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shared.projection.filters import Filters, updated_since
from shared.projection.pages import Ask, Page, Wish, changed, page
from shared.projection.rows import in_role

Presence = Literal["live", "deleted", "unknown"]

_DEFAULT_ORDER: Final = {"organisation": "asc", "event": "asc", "cooperation": "desc"}
_ACTED_IN: Final = {"event": "event.organiser", "cooperation": "cooperation.party"}


@dataclass(frozen=True, slots=True)
class Scope:
    """The record whose list of events or cooperations is asked for: exactly one of the three.

    `organisation`: in any role, or in those that the filter `role` names; `parent`: parts of an event or a
    cooperation; `cooperation`: events that came of it.
    """

    organisation: str | None = None
    parent: str | None = None
    cooperation: str | None = None


def organisations(connection: sqlite3.Connection, ask: Ask) -> Page:
    """Return a page of organisations by name, or of their changes with `updated_since`."""
    return _list(connection, "organisation", ask)


def events(connection: sqlite3.Connection, ask: Ask, scope: Scope | None = None) -> Page:
    """Return a page of events by their earliest day, the undated last, or of their changes with `updated_since`."""
    return _list(connection, "event", ask, scope)


def cooperations(connection: sqlite3.Connection, ask: Ask, scope: Scope | None = None) -> Page:
    """Return a page of cooperations, newest first and the undated last, or of their changes with `updated_since`."""
    return _list(connection, "cooperation", ask, scope)


def _list(connection: sqlite3.Connection, record_type: str, ask: Ask, scope: Scope | None = None) -> Page:
    since = updated_since(ask.filters)
    usual = _DEFAULT_ORDER[record_type] if since is None else "asc"
    wish = Wish(
        type=record_type,
        filters=ask.filters,
        today=ask.today,
        backwards=ask.order is not None and ask.order != usual,
        limit=ask.limit,
        after=ask.after,
        scope=None if scope is None else facet_of(record_type, scope, ask.filters),
    )
    return page(connection, wish) if since is None else changed(connection, wish, since)


def facet_of(record_type: str, scope: Scope, filters: Filters) -> tuple[str, Sequence[str]]:
    """Return the facet, and its values, by which the records of a list belong to the record whose list it is."""
    if scope.organisation is not None:
        roles = sorted(set(filters.get("role", ())))
        if roles:
            return f"{record_type}.role", [in_role(scope.organisation, role) for role in roles]
        return _ACTED_IN[record_type], [scope.organisation]
    if scope.parent is not None:
        return f"{record_type}.part_of", [scope.parent]
    if scope.cooperation is not None:
        return f"{record_type}.cooperation", [scope.cooperation]
    raise ValueError("a scope names one record")


def exists(connection: sqlite3.Connection, record_id: str) -> Presence:
    """Tell whether a record lives, was deleted, or was never heard of."""
    found = connection.execute("SELECT deleted FROM record WHERE id = ?", (record_id,)).fetchone()
    if found is None:
        return "unknown"
    return "deleted" if found[0] else "live"


def versions(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """Return id and version of every live record, by id."""
    return connection.execute("SELECT id, version FROM record WHERE deleted = 0 ORDER BY id").fetchall()


def version_of(connection: sqlite3.Connection, record_id: str) -> int:
    """Return the version of a record that `exists`."""
    return int(connection.execute("SELECT version FROM record WHERE id = ?", (record_id,)).fetchone()[0])


def refs(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, str]:
    """Return what is shown of referenced records, JSON texts {type, name or title, kind, city} by id."""
    found = connection.execute(
        "SELECT r.id, r.label FROM json_each(?) AS j CROSS JOIN record AS r ON r.id = j.value WHERE r.deleted = 0",
        (json.dumps(sorted(set(ids))),),
    )
    return dict(found.fetchall())


def referrers(connection: sqlite3.Connection, record_id: str, limit: int = 20) -> list[str]:
    """Return ids of records that name this one, oldest of each type first."""
    found = connection.execute(
        "SELECT source FROM reference WHERE target = ? ORDER BY source LIMIT ?", (record_id, limit)
    )
    return [source for (source,) in found]
