"""Plain records for the tests of following the feed, and what the list of them says."""

import json

from shared.models.ids import new_id
from shared.projection.engine import Projection
from shared.projection.pages import Ask
from shared.projection.queries import organisations
from shared.tables.feed import Entry
from tests.projection.register import Json, Register


def content(number: int, name: str | None = None) -> Json:
    record_id = new_id("organisation", 1_700_000_000_000 + number, bytes(10))
    return {"type": "organisation", "id": record_id, "name": name or f"Netz {number:05}", "kind": "network"}


def names(projection: Projection) -> list[str]:
    with projection.read() as connection:
        items = organisations(connection, Ask(filters={}, limit=5000, today="2026-11-21")).items
    return [json.loads(item)["name"] for item in items]


def roll_back(register: Register, entry: Entry) -> None:
    """Lose a write, as an engine does that was killed before it saved."""
    register.entries.remove(entry)
    del register.revisions[entry.id, entry.version]
    del register.documents_by_id[entry.id]
    if entry.version > 1:
        register.documents_by_id[entry.id] = register.revisions[entry.id, entry.version - 1]
