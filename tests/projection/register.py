"""A register in memory with a feed in front of it, whose commits and reads a test can delay, lose and reorder."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from shared.tables.feed import Entry, Tail, seconds_of, stamp_of
from shared.tables.tables import Document

START = seconds_of("2026-11-20T12:00:00.000Z")

Json = dict[str, Any]


class Register:
    """What was written, and the feed as the projection asks for it."""

    def __init__(self, now: float = START, page_size: int = 3) -> None:
        self.now = now
        self.page_size = page_size
        self.records: dict[str, Json] = {}
        self.documents_by_id: dict[str, Document] = {}
        self.revisions: dict[tuple[str, int], Document] = {}
        self.entries: list[Entry] = []
        self.markers: list[tuple[str, str]] = []
        self.calls: Counter[str] = Counter()
        self.asked_since: list[str | None] = []

    def write(self, content: Json, *, seen: bool = True, stored: bool = True, stamp: str | None = None) -> Entry:
        """Commit a version; `seen=False` keeps its entry back, `stored=False` its document, as slow reads would."""
        record_id = content["id"]
        stamp = stamp or self.tick()
        version = self.version(record_id) + 1
        record = {**content, "version": version, "updated_at": stamp}
        record.setdefault("created_at", stamp)
        record.setdefault("managed_by", None)
        self.records[record_id] = record
        text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        change = "created" if version == 1 else "changed"
        return self._commit(Document(record_id, version, stamp, text), record["type"], change, seen, stored)

    def delete(self, record_id: str, *, seen: bool = True, stored: bool = True) -> Entry:
        stamp = self.tick()
        record = self.records.pop(record_id)
        document = Document(record_id, self.version(record_id) + 1, stamp, None)
        return self._commit(document, record["type"], "deleted", seen, stored)

    def _commit(self, document: Document, record_type: str, change: str, seen: bool, stored: bool) -> Entry:  # noqa: FBT001
        self.revisions[document.id, document.version] = document
        if stored:
            self.documents_by_id[document.id] = document
        entry = Entry(document.updated_at, document.id, document.version, record_type, change, late=False)
        if seen:
            self.show(entry)
        return entry

    def show(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.entries.sort(key=lambda one: (one.stamp, one.id, one.version))

    def store(self, entry: Entry) -> None:
        self.documents_by_id[entry.id] = self.revisions[entry.id, entry.version]

    def version(self, record_id: str) -> int:
        return max((version for other, version in self.revisions if other == record_id), default=0)

    def tick(self, seconds: float = 0.001) -> str:
        self.now += seconds
        return stamp_of(self.now)

    def renew_epoch(self, name: str) -> None:
        self.markers.append((self.tick(), name))

    def tail(self, since: str | None) -> Iterator[Tail]:
        self.calls["tail"] += 1
        self.asked_since.append(since)
        days = sorted({stamp[:10] for stamp in [*(one.stamp for one in self.entries), *(m for m, _ in self.markers)]})
        for day in days:
            if since is None or day >= since[:10]:
                yield from self._day(day, since or "")

    def _day(self, day: str, since: str) -> Iterator[Tail]:
        entries = [one for one in self.entries if one.stamp[:10] == day and one.stamp >= since]
        markers = [name for stamp, name in self.markers if stamp[:10] == day]
        for start in range(0, max(len(entries), 1), self.page_size):
            is_last = start + self.page_size >= len(entries)
            yield Tail(entries[start : start + self.page_size], markers[-1] if markers and is_last else None)

    def documents(self, ids: Sequence[str]) -> dict[str, Document]:
        self.calls["documents"] += 1
        return {record_id: self.documents_by_id[record_id] for record_id in ids if record_id in self.documents_by_id}

    def revision(self, id: str, version: int) -> Document | None:
        self.calls["revision"] += 1
        return self.revisions.get((id, version))
