"""Following the feed: which entries are news, and bringing what they speak of into the read model."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from shared.projection.model import LISTS, Model
from shared.tables.feed import LATE_BOUND, Tail, seconds_of, stamp_of
from shared.tables.tables import Document

COMMITTED_EVERY: Final = 200
"""Records that one transaction brings in: what a kill can cost."""
FAR_BACK: Final = 150.0
"""Seconds that the tail reaches back now and then: what came later than `LATE_BOUND` and was not acknowledged stands
again under a fresh stamp only once the sweeper has seen it, which takes up to 70 seconds and a late start."""
QUIET: Final = 2 * 3600.0
"""Seconds behind the clock to which a position moves where nothing happens: the tail of a quiet register stays within a
day or two, and no clock is wrong by as much."""
TRIES: Final = 3
"""How often a document is read that lags behind its entry, before its revision is taken instead."""


class Feed(Protocol):
    """What the projection asks of the table layer; every read is consistent."""

    def tail(self, since: str | None) -> Iterator[Tail]:
        """Yield pages of entries from the stamp `since` (None: the first) to the newest."""

    def documents(self, ids: Sequence[str]) -> dict[str, Document]:
        """Return current versions and tombstones; what is not found is absent."""

    def revision(self, id: str, version: int) -> Document | None:
        """Return what one version said publicly."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What a catch-up may take: entries, and the time on the monotonic clock at which it stops; None is no bound."""

    entries: int | None = None
    deadline: float | None = None
    monotonic: Callable[[], float] = time.monotonic

    def is_over(self) -> bool:
        """Tell whether the time is up."""
        return self.deadline is not None and self.monotonic() >= self.deadline

    def allows(self, entries: int) -> bool:
        """Tell whether so many entries may be brought in."""
        return self.entries is None or entries <= self.entries


@dataclass(frozen=True, slots=True)
class Following:
    """How far a copy has followed the feed, in which epoch, and whether it has ever been level with it."""

    position: str | None
    epoch: str
    level: bool


@dataclass(frozen=True, slots=True)
class News:
    """Versions that the copy lacks, in the order of their stamps; `whole` if the feed held no more."""

    entries: list[tuple[str, str, int]]
    """Stamp, id and version."""
    highest: str | None
    epoch: str | None
    whole: bool


def following(connection: sqlite3.Connection) -> Following:
    """Return where the copy stands."""
    position, epoch, level = connection.execute("SELECT position, epoch, level FROM following").fetchone()
    return Following(position, epoch, bool(level))


def knows_epoch(connection: sqlite3.Connection, epoch: str) -> bool:
    """Tell whether the copy began in that epoch or has met it since."""
    return connection.execute("SELECT 1 FROM epoch WHERE name = ?", (epoch,)).fetchone() is not None


def gather(connection: sqlite3.Connection, feed: Feed, now: float, effort: Effort, reach: float = LATE_BOUND) -> News:
    """Return what the feed's tail tells that the copy does not know yet, as much as the effort allows.

    The tail begins `reach` seconds back, so that an entry that was not visible the last time cannot be missed. However
    slow the feed is, something new is looked for, so that repeated calls get there.
    """
    position = following(connection).position
    since = None if position is None else stamp_of(seconds_of(min(position, stamp_of(now))) - reach)
    entries: list[tuple[str, str, int]] = []
    highest = epoch = None
    for tail in feed.tail(since):
        if entries and effort.is_over():
            return News(entries, highest, epoch, whole=False)
        epoch = tail.epoch or epoch
        if tail.entries:
            highest = tail.entries[-1].stamp
            entries += _unknown(connection, tail)
        if not effort.allows(len(entries)):
            entries = entries[: effort.entries]
            return News(entries, entries[-1][0], epoch, whole=False)
    return News(entries, highest, epoch, whole=True)


def _unknown(connection: sqlite3.Connection, tail: Tail) -> Iterator[tuple[str, str, int]]:
    ids = json.dumps(sorted({entry.id for entry in tail.entries}))
    found = connection.execute(
        "SELECT p.id, p.version FROM json_each(:ids) AS j CROSS JOIN pending AS p ON p.id = j.value UNION ALL "
        "SELECT r.id, r.version FROM json_each(:ids) AS j CROSS JOIN record AS r ON r.id = j.value",
        {"ids": ids},
    )
    known: dict[str, int] = {}
    for record_id, version in found:
        known[record_id] = max(version, known.get(record_id, 0))
    for entry in tail.entries:
        if entry.version > known.get(entry.id, 0):
            known[entry.id] = entry.version
            yield entry.stamp, entry.id, entry.version


def take_in(
    connection: sqlite3.Connection, feed: Feed, news: News, now: float, effort: Effort, model: Model = LISTS
) -> bool:
    """Bring the news into the copy, a committed part at a time; True if the copy is level with the feed then.

    However little time there is, one part is brought in, so that repeated calls get there.
    """
    for start in range(0, len(news.entries), COMMITTED_EVERY):
        if start > 0 and effort.is_over():
            return False
        part = news.entries[start : start + COMMITTED_EVERY]
        wanted: dict[str, int] = {}
        for _, record_id, version in part:
            wanted[record_id] = max(version, wanted.get(record_id, 0))
        documents = feed.documents(list(wanted))
        with transaction(connection):
            _note(connection, wanted)
            _apply_all(connection, model, documents, wanted)
            _stand(connection, part[-1][0], now)
    if not _settle(connection, feed, effort, model):
        return False
    _stand(connection, news.highest, now, level=news.whole)
    return news.whole


def _settle(connection: sqlite3.Connection, feed: Feed, effort: Effort, model: Model) -> bool:
    """Read again what lags behind its entry, and after the last try take the revision that the entry names.

    True if everything was tried often enough; an entry without any text behind it stays written down.
    """
    while True:
        pending = connection.execute(
            "SELECT id, version, tries FROM pending ORDER BY tries, id LIMIT ?", (COMMITTED_EVERY,)
        ).fetchall()
        if not pending:
            return True
        if effort.is_over():
            return bool(pending[0][2] >= TRIES)
        documents = feed.documents([record_id for record_id, *_ in pending])
        revisions = [
            feed.revision(record_id, version)
            for record_id, version, tries in pending
            if tries + 1 >= TRIES and (record_id not in documents or documents[record_id].version < version)
        ]
        with transaction(connection):
            _apply_all(connection, model, documents, [record_id for record_id, *_ in pending])
            _apply_all(connection, model, {found.id: found for found in revisions if found is not None}, ())
        if pending[0][2] + 1 >= TRIES:
            return True


def _note(connection: sqlite3.Connection, wanted: Mapping[str, int]) -> None:
    """Write down what is still to come; what comes is crossed out by `_apply_all`."""
    connection.executemany(
        "INSERT INTO pending VALUES (?, ?, 0) ON CONFLICT (id) DO UPDATE SET version = excluded.version, tries = 0 "
        "WHERE excluded.version > version",
        wanted.items(),
    )


def _apply_all(
    connection: sqlite3.Connection, model: Model, documents: Mapping[str, Document], tried: Iterable[str]
) -> None:
    for document in documents.values():
        model.apply(connection, document)
    connection.execute(
        "DELETE FROM pending WHERE version <= (SELECT r.version FROM record AS r WHERE r.id = pending.id)"
    )
    connection.executemany("UPDATE pending SET tries = tries + 1 WHERE id = ?", ((record_id,) for record_id in tried))


def _stand(connection: sqlite3.Connection, stamp: str | None, now: float, *, level: bool = False) -> None:
    """Move the position to the highest stamp seen, but never ahead of now: later entries may still come there.

    A copy that was level once stays so: what it lacks from then on is only ever newer than any answer that it gave.
    """
    old = following(connection)
    quiet = stamp_of(now - QUIET) if level and (old.position or "") < stamp_of(now - 2 * QUIET) else None
    seen = max(filter(None, (old.position, stamp, quiet)), default=None)
    new = Following(seen and min(seen, stamp_of(now)), old.epoch, old.level or level)
    if new != old:
        connection.execute("UPDATE following SET position = ?, level = ?", (new.position, new.level))


def begin_epoch(connection: sqlite3.Connection, epoch: str, model: Model = LISTS) -> bool:
    """Begin an epoch that the copy never met: True if that threw records away, which belonged to another one."""
    with transaction(connection):
        thrown = following(connection).position is not None
        model.clear(connection, epoch)
    return thrown


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit what the block writes, all or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
