"""A queue in one SQLite file, for the local server: what was sent is on disk, whatever is killed afterwards.

It keeps SQS's promises: at least once, a message that was received is hidden for a while and comes back unless it is
deleted, after too many receipts it is set aside as dead, and a flood in one group does not delay the others.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shared.tables.queues import Message

WAIT_FOR_LOCK: Final = 10.0
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    body TEXT NOT NULL,
    sender TEXT NOT NULL,
    visible_at REAL NOT NULL,
    receipts INTEGER NOT NULL DEFAULT 0,
    is_dead INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS by_time ON messages (is_dead, visible_at);
"""
# The groups with the fewest messages in hand go first, as in SQS's fair queues.
_NEXT: Final = """
WITH busy AS (
    SELECT sender, count(*) AS number FROM messages
    WHERE is_dead = 0 AND visible_at > :now AND receipts > 0 GROUP BY sender
)
SELECT id, body, sender, receipts FROM messages LEFT JOIN busy USING (sender)
WHERE is_dead = 0 AND visible_at <= :now
ORDER BY coalesce(busy.number, 0), visible_at, id LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class Received:
    """A message in hand; `receipts` counts how often it was, this time included."""

    id: int
    body: str
    group: str
    receipts: int


@dataclass(frozen=True, slots=True)
class FileQueue:
    """A queue in a file, which any number of threads and processes may use."""

    path: Path
    now: Callable[[], float] = time.time

    def send(self, messages: Iterable[Message]) -> None:
        """Put messages, all of them or none."""
        now = self.now()
        rows = [(one.body, one.group, now + one.delay) for one in messages]
        with self._open() as connection:
            connection.executemany("INSERT INTO messages (body, sender, visible_at) VALUES (?, ?, ?)", rows)

    def receive(self, most: int, hidden: float, most_receipts: int) -> list[Received]:
        """Take messages that are due, and hide them for so many seconds; one taken too often is set aside instead."""
        now = self.now()
        with self._open() as connection:
            found = [Received(*row) for row in connection.execute(_NEXT, {"now": now, "most": most})]
            dead = [one for one in found if one.receipts >= most_receipts]
            taken = [one for one in found if one.receipts < most_receipts]
            connection.executemany("UPDATE messages SET is_dead = 1 WHERE id = ?", [(one.id,) for one in dead])
            connection.executemany(
                "UPDATE messages SET visible_at = ?, receipts = receipts + 1 WHERE id = ?",
                [(now + hidden, one.id) for one in taken],
            )
        return [Received(one.id, one.body, one.group, one.receipts + 1) for one in taken]

    def delete(self, ids: Iterable[int]) -> None:
        """Forget messages that are done."""
        with self._open() as connection:
            connection.executemany("DELETE FROM messages WHERE id = ?", [(id,) for id in ids])

    def release(self) -> None:
        """Let what was in hand be received again at once: whoever had it is no more."""
        with self._open() as connection:
            query = "UPDATE messages SET visible_at = ? WHERE receipts > 0 AND visible_at > ?"
            connection.execute(query, (self.now(), self.now()))

    def dead(self) -> list[str]:
        """The bodies of messages that were set aside."""
        with self._open() as connection:
            return [body for (body,) in connection.execute("SELECT body FROM messages WHERE is_dead = 1 ORDER BY id")]

    def __len__(self) -> int:
        """How many messages wait or are in hand."""
        with self._open() as connection:
            (count,) = connection.execute("SELECT count(*) FROM messages WHERE is_dead = 0").fetchone()
        return int(count)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection in one transaction, which holds the only right to write from its beginning."""
        with closing(sqlite3.connect(self.path, timeout=WAIT_FOR_LOCK, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                yield connection
