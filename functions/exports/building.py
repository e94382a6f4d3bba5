"""Writing an export: every record at the version that one state of the read model has, a page at a time."""

import gzip
import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from functions.exports.stored import FOLDER, MARKER, PARTS, POINTER, Export, File, Part, current, mark
from shared.errors import Unavailable
from shared.http.routes import NDJSON
from shared.models import exporting, views
from shared.models.patch import dumps
from shared.projection.queries import versions
from shared.tables.feed import stamp_of

if TYPE_CHECKING:
    from shared.models.views import Json
    from shared.projection.engine import Projection
    from shared.settings import Settings
    from shared.tables.tables import Tables

READ_AT_ONCE: Final = 200
"""Records, each at most 96 KB."""
ATTEMPTS: Final = 4
_GZIP_LEVEL: Final = 6


class _MovedOn(Exception):
    """A record names one that this state of the read model does not have: a later state does."""


@dataclass(frozen=True, slots=True)
class Exporter:
    """Writes the exports of a register."""

    tables: "Tables"
    projection: "Projection"
    settings: "Settings"

    def build(self) -> Export:
        """Make what was acknowledged before the call the current export; what is current already is not made again.

        Raises `Unavailable` where the register changes faster than it can be read, or is being erased from.
        """
        store = self.projection.snapshots
        for _ in range(ATTEMPTS):
            # One that is out of reach is replaced, for none before and none after would look like the same.
            marker = store.get(MARKER) or mark(store)
            with suppress(_MovedOn):
                export = self._written()
                if store.get(MARKER) == marker:
                    return export
                store.forget_others({MARKER}, FOLDER)
        raise Unavailable

    def _written(self) -> Export:
        store, as_of = self.projection.snapshots, stamp_of(self.tables.clock.now())
        self.projection.catch_up()
        with self.projection.read() as connection:
            wanted = versions(connection)
        license_row = exporting.license_row(self.settings.license_name, self.settings.license_url)
        made_of = hashlib.sha256(json.dumps([license_row, wanted]).encode()).hexdigest()
        held = current(store)
        # Written anew each day, because the bucket forgets old files.
        if held is not None and held.made_of == made_of and held.public.name.startswith(f"{FOLDER}{as_of[:10]}/"):
            return held
        with tempfile.TemporaryDirectory() as folder, closing(_Rows(Path(folder))) as rows:
            for start in range(0, len(wanted), READ_AT_ONCE):
                rows.take(self._records(wanted[start : start + READ_AT_ONCE]))
            public, full = (self._kept(rows, part, license_row, as_of[:10]) for part in PARTS)
        export = Export(public, full, as_of, made_of)
        store.put(POINTER, export.text().encode())
        return export

    def _kept(self, rows: "_Rows", part: Part, license_row: "Json", day: str) -> File:
        path, digest = rows.file(part, license_row)
        content = path.read_bytes()
        # The hash keeps apart what is built twice on a day, so that no file ever changes.
        file = File(f"{FOLDER}{day}/{digest[:16]}.{part}.ndjson.gz", len(content), digest)
        self.projection.snapshots.put(file.name, content, NDJSON)
        return file

    def _records(self, wanted: Sequence[tuple[str, int]]) -> "Iterator[tuple[str, str | None]]":
        """Yield the public text of each version, and the text of what it hides; raises `_MovedOn` where one is gone."""
        found = self.tables.revisions(wanted)
        hidden = self.tables.private_texts(found.values())
        for version in wanted:
            text = found[version].text if version in found else None
            if text is None:
                raise _MovedOn
            yield text, hidden.get(version)


class _Rows:
    """The records in a temporary file, so that memory holds no more than their names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = sqlite3.connect(folder / "rows.sqlite", isolation_level=None)
        # It is nobody's only copy of anything.
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute("PRAGMA synchronous = OFF")
        self._file.execute(
            "CREATE TABLE record (id TEXT PRIMARY KEY, public TEXT NOT NULL, private TEXT) WITHOUT ROWID"
        )
        self._names: dict[str, str] = {}
        self._named: dict[str, list[str]] = {}

    def close(self) -> None:
        self._file.close()

    def take(self, records: "Iterator[tuple[str, str | None]]") -> None:
        self._file.execute("BEGIN")
        for public, private in records:
            record = json.loads(public)
            self._names[record["id"]] = exporting.name_of(record)
            self._named[record["id"]] = [*views.references(record)]
            self._file.execute("INSERT INTO record VALUES (?, ?, ?)", (record["id"], public, private))
        self._file.execute("COMMIT")

    def file(self, part: Part, license_row: "Json") -> tuple[Path, str]:
        """Write one part as a file; gives its path, and the hash of what is in it before it is compressed."""
        path, digest = self._folder / f"{part}.gz", hashlib.sha256()
        with path.open("wb") as raw, gzip.GzipFile("", "wb", _GZIP_LEVEL, raw, mtime=0) as packed:
            for row in (license_row, *self._rows(part)):
                line = f"{dumps(row)}\n".encode()
                digest.update(line)
                packed.write(line)
        return path, digest.hexdigest()

    def _rows(self, part: Part) -> "Iterator[Json]":
        ids = {name: record_id for record_id, name in self._names.items()}
        try:
            named = {
                self._names[record_id]: [self._names[other] for other in others]
                for record_id, others in self._named.items()
            }
        except KeyError:
            raise _MovedOn from None
        for name in exporting.in_order(named):
            public, private = self._file.execute(
                "SELECT public, private FROM record WHERE id = ?", (ids[name],)
            ).fetchone()
            record = json.loads(public)
            if part == "full" and private is not None:
                record = views.join(record, json.loads(private))
            yield exporting.row(record, self._names.__getitem__)
