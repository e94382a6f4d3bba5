"""The sweeper: gives a fresh stamp to entries that became visible only after every follower had passed them.

A commit may happen long after the client gave it up; its entry then stands at a stamp that was read already. Each
sweep reads the last twenty minutes again and remembers, by minute of the stamp, which entries it saw. One that it
sees for the first time came too late if it stands behind the line of the last sweep, or if its writer did not note
that it came in time: between two sweeps nobody else can tell. It gets a second entry with a fresh stamp, marked `late`,
and a mark of its own, in one transaction, so that a sweep which is cut off does not do it twice.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from shared.tables import keys
from shared.tables.client import call, time_for_another
from shared.tables.feed import BEHIND, Entry, Feed, attest, entry_item, seconds_of, stamp_of
from shared.tables.tables import Tables
from shared.tables.transaction import next_stamp

WINDOW: Final = 20 * 60.0
"""Seconds behind the last line that are read again; a commit later than that is not known to DynamoDB."""
MEMORY: Final = 7 * 86_400.0
"""Seconds for which it is remembered what was seen: longer than the sweeper ever stands still."""
DIGEST: Final = 8
"""Bytes by which an entry is remembered: a minute at 300 writes a second takes 144 KB of an item's 400."""
MINUTE: Final = len("2026-11-21T09:30")
LINE: Final = "line"


@dataclass(frozen=True, slots=True)
class Sweeper:
    """One sweep at a time; two at once only do the same work twice."""

    tables: Tables

    def sweep(self) -> int:
        """Look once; gives the number of entries that came too late, or may have."""
        now = self.tables.clock.now()
        line, last_line = stamp_of(now - BEHIND), self._last_line() or ""
        # After a standstill everything since the last sweep is looked at, as far as time goes.
        since = seconds_of(min(line, last_line or line)) - WINDOW
        fresh: dict[str, list[bytes]] = {}
        seen: dict[str, frozenset[bytes]] = {}
        late, reached = 0, last_line
        for entry in self._entries(stamp_of(since), line):
            minute = entry.stamp[:MINUTE]
            if minute not in seen:
                seen[minute] = self._seen(minute)
            digest = _digest(entry)
            if digest in seen[minute]:
                continue
            if not time_for_another():
                line = max(last_line, reached)
                break
            reached = entry.stamp
            if (entry.stamp <= last_line or not entry.prompt) and not entry.restamped:
                if not self._restamp(entry):
                    continue
                late += 1
            fresh.setdefault(minute, []).append(digest)
        for minute, digests in fresh.items():
            memory = {"seen": {"B": b"".join(sorted({*seen[minute], *digests}))}}
            self._put(keys.sweep(minute), {**memory, "expires_at": {"N": str(int(now + MEMORY))}})
        self._put(keys.sweep(LINE), {"line": {"S": line}})
        return late

    def _entries(self, since: str, line: str) -> Iterator[Entry]:
        for page in Feed(self.tables).tail(since):
            yield from (entry for entry in page.entries if entry.stamp <= line)

    def _last_line(self) -> str | None:
        item = self.tables.item(self.tables.settings.register_table, keys.sweep(LINE))
        return None if item is None else keys.text(item, "line")

    def _seen(self, minute: str) -> frozenset[bytes]:
        item = self.tables.item(self.tables.settings.register_table, keys.sweep(minute)) or {}
        content = bytes(item.get("seen", {}).get("B", b""))
        return frozenset(content[at : at + DIGEST] for at in range(0, len(content), DIGEST))

    def _put(self, key: keys.Key, content: dict[str, Any]) -> None:
        request = {"TableName": self.tables.settings.register_table, "Item": {**key, **content}}
        call(self.tables.client, "PutItem", request, self.tables.clock)

    def _restamp(self, entry: Entry) -> bool:
        """Give the entry its fresh stamp; False where another transaction was in the way, for the next sweep."""
        table = self.tables.settings.register_table
        mark = {
            "TableName": table,
            "Key": keys.feed_entry(entry.stamp, entry.id, entry.version),
            "UpdateExpression": "SET restamped = :yes",
            "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(restamped)",
            "ExpressionAttributeValues": {":yes": {"BOOL": True}},
        }
        stamp = next_stamp(self.tables, entry.stamp)
        item = entry_item(stamp, entry.id, entry.version, record_type=entry.type, change=entry.change, late=True)
        put = {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
        request = {"TransactItems": [{"Update": mark}, {"Put": put}], "ClientRequestToken": secrets.token_hex(16)}
        try:
            call(self.tables.client, "TransactWriteItems", request, self.tables.clock)
        except self.tables.client.exceptions.TransactionCanceledException:
            return False
        attest(self.tables, stamp, entry.id, entry.version)
        return True


def _digest(entry: Entry) -> bytes:
    return blake2b(f"{entry.stamp}#{entry.id}#{entry.version}".encode(), digest_size=DIGEST).digest()
