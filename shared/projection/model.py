"""What a copy of the register keeps: its tables, and how a version of a record gets into them."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared.projection.apply import apply
from shared.projection.schema import SCHEMA, clear, create

if TYPE_CHECKING:
    from shared.tables.tables import Document


def _nothing(_: sqlite3.Connection) -> None:
    """Leave everything as it is."""


@dataclass(frozen=True, slots=True)
class Model:
    """A read model; everything but `forget` belongs into the caller's transaction."""

    folder: str
    """Where its snapshots lie, which moves with its schema: `snapshots/5/`."""
    schema: int
    """The number that its files carry."""
    create: Callable[[sqlite3.Connection, str], None]
    """Lays out an empty one of an epoch."""
    clear: Callable[[sqlite3.Connection, str], None]
    """Throws all records away and begins an epoch."""
    apply: Callable[[sqlite3.Connection, "Document"], bool]
    """Brings a record to a version; False if it has that or a later one."""
    forget: Callable[[sqlite3.Connection], None] = _nothing
    """Leaves nothing of what records no longer say where deleting a row does not."""

    @property
    def pointer(self) -> str:
        """The name of the object that says which snapshot is current."""
        return f"{self.folder}current.json"


LISTS: Final = Model(f"snapshots/{SCHEMA}/", SCHEMA, create, clear, apply)
"""The model behind every list."""
