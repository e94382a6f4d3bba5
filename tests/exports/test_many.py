"""5,000 records with a history go through the file into an empty register and come out as the same bytes.

Models, read model and exporter are the real ones; what lies under them is a register in memory, because the tables take
a minute for so many writes. The same way through tables, edge and import is gone by the smaller registers beside this.
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from functions.exports.building import Exporter
from functions.partners.rows import Row, in_order, read
from shared.models import ids, record, views
from shared.models.exporting import is_license
from shared.models.patch import dumps
from shared.projection.engine import Projection
from shared.projection.folder import Folder
from shared.settings import Settings
from shared.tables.client import Clock
from shared.tables.feed import Entry, Tail, seconds_of, stamp_of
from shared.tables.references import named_in
from shared.tables.tables import Document
from tests.api.client import Json
from tests.exports import many

ROUNDS = 500
START = seconds_of("2026-11-20T12:00:00.000Z")
SETTINGS = Settings.from_environment(
    {
        **{f"{noun}_TABLE": noun for noun in ("ORGANISATIONS", "EVENTS", "COOPERATIONS", "PRIVATE", "REGISTER")},
        "SNAPSHOTS": "unused",
    }
)


@dataclass
class Memory:
    """A register that takes import rows as the real one does, and what the exporter asks of its tables."""

    milliseconds: int
    entries: list[Entry] = field(default_factory=list)
    current: dict[str, Document] = field(default_factory=dict)
    versions: dict[tuple[str, int], Document] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    held: dict[str, record.Record] = field(default_factory=dict)
    hidden: dict[tuple[str, int], str] = field(default_factory=dict)
    keys: Iterator[int] = field(default_factory=count)
    clock: Clock = field(default_factory=Clock)

    def take(self, sent: Iterable[Json]) -> None:
        """Enter rows as `make import` does: some at a time, those that name later ones once more with the next."""
        rows = [read(number, row) for number, row in enumerate(sent, start=1) if not is_license(row)]
        waiting: list[Row] = []
        for start in range(0, len(rows), many.AT_ONCE):
            batch = [*waiting, *rows[start : start + many.AT_ONCE]]
            ready = self._ready(batch)
            waiting = [row for row in batch if row not in ready]
            for step in in_order(ready, self.known.keys()):
                self._write(step.row.type, step.row.ref, step.record)
        assert waiting == []

    def _ready(self, batch: list[Row]) -> list[Row]:
        known = self.known.keys() | {row.ref for row in batch}
        ready = [row for row in batch if named_in(row.record) <= known]
        return ready if len(ready) == len(batch) else self._ready(ready)

    def _id(self, record_type: ids.RecordType, ref: str) -> str:
        if ref not in self.known:
            self.milliseconds += 1
            self.known[ref] = ids.new_id(record_type, self.milliseconds, bytes(ids.ENTROPY_BYTES))
        return self.known[ref]

    def _write(self, record_type: ids.RecordType, ref: str, body: Json) -> None:
        assert named_in(body) <= self.known.keys()
        record_id, scheme_and_value = self._id(record_type, ref), ref.split(":", 1)
        pair = dict(zip(("scheme", "value"), scheme_and_value, strict=True))
        given = [one for one in body.get("external_ids", ()) if one != pair]
        body = {**self._resolved(body), "external_ids": [*given, pair]}
        held = self.held.get(record_id)
        content = record.parse_input(record_type, body, held=held)
        if held is None:
            made = record.create(content, id=record_id, managed_by=None, new_key=self._key)
        else:
            made = record.replace(held, content, correction=False, new_key=self._key)
        made = made.stamped(stamp_of(START + len(self.entries) / 1000))
        public, private = views.split(made.as_input())
        document = Document(record_id, made.version, made.updated_at, dumps(public), has_private=bool(private))
        self.held[record_id] = made
        self.current[record_id] = self.versions[record_id, made.version] = document
        self.hidden[record_id, made.version] = dumps(private)
        change = "created" if made.version == 1 else "changed"
        self.entries.append(Entry(made.updated_at, record_id, made.version, record_type, change, late=False))

    def _resolved(self, body: Json) -> Json:
        def resolved(value: object) -> object:
            match value:
                case {"ref": str(ref)}:
                    return self.known[ref]
                case dict():
                    return {name: resolved(part) for name, part in value.items()}
                case list():
                    return [resolved(part) for part in value]
            return value

        return {name: resolved(part) for name, part in body.items()}

    def _key(self) -> str:
        return f"p{next(self.keys):010x}"

    def tail(self, since: str | None) -> Iterator[Tail]:
        yield Tail([entry for entry in self.entries if since is None or entry.stamp >= since], None)

    def documents(self, record_ids: Sequence[str]) -> dict[str, Document]:
        return {record_id: self.current[record_id] for record_id in record_ids}

    def revision(self, id: str, version: int) -> Document | None:
        return self.versions.get((id, version))

    def revisions(self, versions: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Document]:
        return {one: self.versions[one] for one in versions}

    def private_texts(self, documents: Iterable[Document]) -> dict[tuple[str, int], str]:
        wanted = ((document.id, document.version) for document in documents if document.has_private)
        return {one: self.hidden[one] for one in wanted}

    def export(self, folder: Path) -> dict[str, bytes]:
        """Both parts of the export, as their readers see them."""
        store = Folder(folder / "objects")
        projection = Projection(folder / "projection.sqlite", self, store, clock=lambda: START + 3600)
        export = Exporter(self, projection, SETTINGS).build()  # type: ignore[arg-type]
        projection.close()
        files = {"public": export.public, "full": export.full}
        return {part: gzip.decompress(store.get(file.name) or b"") for part, file in files.items()}


def test_five_thousand_records_come_out_as_they_went_in(tmp_path: Path) -> None:
    first = Memory(int(START * 1000))
    first.take(many.rows(ROUNDS))
    first.take(many.later(ROUNDS))
    exported = first.export(tmp_path / "first")

    copy = Memory(int(START * 1000) + 86_400_000)
    copy.take(map(json.loads, exported["full"].decode().splitlines()))
    again = copy.export(tmp_path / "copy")

    assert len(first.held) == len(copy.held) == ROUNDS * many.ROUND == 5_000
    assert not first.held.keys() & copy.held.keys()
    assert again == exported
