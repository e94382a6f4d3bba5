"""The final feed: what every follower reads that needs one order for good, up to a line some seconds behind now.

An entry that becomes visible behind the line, because its write was delayed, is repeated under a fresh stamp and marked
`late` (see `sweeper`). So nothing is skipped, and the order (stamp, id, version) is the same for whoever reads it.
"""

import base64
import binascii
import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Self

from shared.errors import FeedRestarted
from shared.models import ids, views
from shared.models.patch import dumps
from shared.tables import feed, keys
from shared.tables.client import call
from shared.tables.feed import BEHIND, NO_EPOCH, Entry, entries_of, stamp_of
from shared.tables.tables import Tables

MOST_QUERIES: Final = 32
"""Of one call: days on which nothing happened, or pages in which nothing was asked for."""
SCANNED: Final = 500
"""Entries of one Query where only some types are asked for: about 75 KB."""
READ_AT_ONCE: Final = 20
"""Records: 2 MB at most."""
_STAMP: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"
_PLACE: Final = re.compile(rf"({_STAMP})(?:#{ids.ANY_ID_PATTERN}#[1-9][0-9]{{0,11}})?")
_AFTER: Final = "~"
"""Sorts behind every character of an entry's key."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place between two entries, of one epoch."""

    epoch: str
    behind: str
    """The sort key of the last entry before it, or a stamp where all earlier ones are before it."""

    @property
    def cursor(self) -> str:
        """The position as an opaque word, for clients and for followers to keep."""
        text = json.dumps([self.epoch, self.behind], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, cursor: str) -> Self:
        """Read a cursor; raises ValueError for anything that was not given as one."""
        try:
            content = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        except (binascii.Error, RecursionError) as error:
            raise ValueError("no cursor") from error
        match content:
            case [str(epoch), str(behind)] if found := _PLACE.fullmatch(behind):
                date.fromisoformat(found[1][:10])
                return cls(epoch, behind)
        raise ValueError("no cursor")


@dataclass(frozen=True, slots=True)
class Page:
    """Entries in their order, the position behind all that was looked at, and whether that is as far as one may read.

    Not caught up, an empty page only says that the next one is further on.
    """

    entries: Sequence[Entry]
    position: Position
    caught_up: bool

    def position_of(self, entry: Entry) -> Position:
        """The position right behind one of the entries."""
        return Position(self.position.epoch, entry.sort_key)


@dataclass(frozen=True, slots=True)
class Changes:
    """Reads the final feed; the moment `now` is in seconds since 1970."""

    tables: Tables

    def read(self, position: Position | None, *, types: Collection[str] = (), limit: int, now: float) -> Page:
        """The entries behind a position (None: from the beginning), of some types or all, `limit` at the most.

        A call makes at most `MOST_QUERIES` queries, however long nothing happened. Raises `FeedRestarted` for a
        position of another epoch, `Throttled` or `Unavailable`.
        """
        epoch = self._epoch()
        if position is not None and position.epoch != epoch:
            raise FeedRestarted
        line = stamp_of(now - BEHIND)
        behind = max(position.behind if position else "", f"{feed.FIRST_DAY}T00:00:00.000Z")
        found: list[Entry] = []
        for _ in range(MOST_QUERIES):
            if behind > line + _AFTER:
                # Whoever gave the position has a clock before this one's.
                return Page(found, Position(epoch, behind), caught_up=True)
            entries, whole = self._query(behind, line, SCANNED if types else limit - len(found))
            for entry in entries:
                behind = entry.sort_key
                if not types or entry.type in types:
                    found.append(entry)
                if len(found) == limit:
                    return Page(found, Position(epoch, behind), caught_up=False)
            if whole and behind[:10] == line[:10]:
                return Page(found, Position(epoch, behind), caught_up=True)
            if whole:
                behind = _next_day(behind)
        return Page(found, Position(epoch, behind), caught_up=False)

    def records(self, entries: Sequence[Entry]) -> Iterator[str | None]:
        """What each of the versions said publicly, as JSON text, read as they are taken; None where it was deleted.

        Contacts of persons stand only in a version that is still the current one: whoever withdraws them has withdrawn
        them, and whoever reads to the end has them all the same.
        """
        for start in range(0, len(entries), READ_AT_ONCE):
            part = entries[start : start + READ_AT_ONCE]
            current = self.tables.documents(entry.id for entry in part)
            past = self.tables.revisions(
                (entry.id, entry.version)
                for entry in part
                if entry.id not in current or current[entry.id].version != entry.version
            )
            for entry in part:
                document = past.get((entry.id, entry.version))
                if document is not None and document.text is not None:
                    yield _without_contacts(document.text)
                else:
                    held = current.get(entry.id)
                    yield held.text if held is not None and held.version == entry.version else None

    def latest(self, now: float) -> Position:
        """The position before which lies what is final now, but for the line's own millisecond."""
        return Position(self._epoch(), stamp_of(now - BEHIND))

    def _epoch(self) -> str:
        item = self.tables.item(self.tables.settings.register_table, keys.current_epoch())
        return NO_EPOCH if item is None else str(item["name"]["S"])

    def _query(self, behind: str, line: str, limit: int) -> tuple[list[Entry], bool]:
        """Entries of the position's day up to the line, and whether there are no more of them."""
        day = behind[:10]
        last = line if day == line[:10] else f"{day}T"
        request: dict[str, Any] = {
            "TableName": self.tables.settings.register_table,
            "KeyConditionExpression": "pk = :day AND sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": {
                ":day": {"S": keys.feed_day(day)},
                # A space sorts before what may follow a stamp or a version, and behind the key itself.
                ":first": {"S": f"{behind} "},
                ":last": {"S": f"{last}{_AFTER}"},
            },
            "ConsistentRead": True,
            "Limit": limit,
        }
        answer = call(self.tables.client, "Query", request, self.tables.clock)
        return entries_of(answer["Items"]), "LastEvaluatedKey" not in answer


def _without_contacts(text: str) -> str:
    return dumps(views.without_contacts(json.loads(text)))


def _next_day(behind: str) -> str:
    return f"{date.fromisoformat(behind[:10]) + timedelta(days=1)}T00:00:00.000Z"
