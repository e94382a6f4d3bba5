"""Whether everything in the tables fits together: what versions say against what is kept beside them.

Each item becomes facts about records, said on one side or kept on the other; a fact of one side alone is a fault. The
facts lie in a file that SQLite makes and removes by itself, so that a register of any size fits.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any, Final

from shared.models import ids, views
from shared.tables import keys
from shared.tables.feed import Entry
from shared.tables.history import revision_of
from shared.tables.tables import Document, as_document
from shared.tables.version import Membership, Version

Item = Mapping[str, Any]

WITNESSES: Final = {
    "entry": ("its versions", "the feed"),
    "version": ("its versions", "its document"),
    "versions in all": ("its document", "its versions"),
    "non-public part of version": ("its versions", "the table of non-public parts"),
    "state": ("its document", "its guard"),
    "label": ("its document", "its guard"),
    "parent": ("its document", "the mark beside it"),
    "grade on offer": ("its document", "its guard"),
    "external id": ("its document", "the table of external ids"),
    "times": ("its document", "its pair"),
    "names": ("its document", "what is there"),
    "referrers": ("the records that name it", "its guard"),
    "parts": ("the records below it", "its guard"),
    "parts of parts": ("the records below it", "its guard"),
    "memberships of grade": ("the memberships", "its guard"),
}
"""Kinds of facts: who says such a one, and who keeps it."""
COUNTERS: Final = {"count": "referrers", "parts": "parts", "grandparts": "parts of parts"}
GRADE: Final = "grade#"
EMPTY: Final = "{}"
"""A non-public part in which nothing is left: an erasure leaves such ones."""

SCHEMA: Final = """
PRAGMA journal_mode = OFF;
CREATE TABLE fact (
    id TEXT, kind TEXT, detail TEXT, kept INTEGER, PRIMARY KEY (id, kind, detail, kept)
) WITHOUT ROWID;
CREATE TABLE document (id TEXT PRIMARY KEY, version INTEGER, is_alive INTEGER) WITHOUT ROWID;
CREATE TABLE revision (id TEXT, version INTEGER, digest TEXT, PRIMARY KEY (id, version)) WITHOUT ROWID;
CREATE TABLE named (source TEXT, target TEXT, version INTEGER, PRIMARY KEY (source, target, version)) WITHOUT ROWID;
CREATE TABLE tree (id TEXT PRIMARY KEY, parent TEXT) WITHOUT ROWID;
CREATE TABLE carried (network TEXT, grade TEXT, id TEXT, PRIMARY KEY (network, grade, id)) WITHOUT ROWID;
CREATE TABLE wanted (id TEXT PRIMARY KEY, is_read INTEGER DEFAULT 0) WITHOUT ROWID;
CREATE INDEX unread ON wanted (id) WHERE is_read = 0;
CREATE TABLE beside (pk TEXT PRIMARY KEY, sk TEXT) WITHOUT ROWID;
"""
# What only the whole tells. The bare column of an aggregate with max() is of the row that has it (SQLite, "Quirks").
SETTLING: Final = """
CREATE TEMP TABLE naming AS
    SELECT DISTINCT source, target FROM named JOIN document ON id = source AND named.version = document.version
    WHERE is_alive AND source <> target;
INSERT INTO fact SELECT id, 'version', max(version) || ' ' || digest, 0 FROM revision GROUP BY id;
INSERT INTO fact SELECT id, 'versions in all', count(*), 1 FROM revision GROUP BY id;
INSERT INTO fact SELECT source, 'names', target, 0 FROM naming;
INSERT INTO fact SELECT source, 'names', target, 1 FROM naming JOIN document ON id = target WHERE is_alive;
INSERT INTO fact SELECT target, 'referrers', count(*), 0 FROM naming GROUP BY target;
INSERT INTO fact SELECT parent, 'parts', count(*), 0 FROM tree GROUP BY parent;
INSERT INTO fact
    SELECT above.parent, 'parts of parts', count(*), 0 FROM tree JOIN tree AS above ON above.id = tree.parent
    GROUP BY above.parent;
INSERT INTO fact
    SELECT network, 'memberships of grade', grade || ' ' || count(*), 0 FROM carried GROUP BY network, grade;
"""
FAULTS: Final = """
SELECT id, kind, detail, max(kept) FROM fact GROUP BY id, kind, detail HAVING count(*) = 1 ORDER BY id, kind, max(kept)
"""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Takes every item once, in any order, and then tells what does not fit."""

    facts: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect("", isolation_level=None))

    def __post_init__(self) -> None:
        """Begin with nothing."""
        self.facts.executescript(SCHEMA)

    def take(self, item: Item, *, is_private: bool = False) -> None:
        """Take an item of a table, `is_private` that of non-public parts; what says nothing of records is passed."""
        pk, sk = item["pk"]["S"], item["sk"]["S"]
        if is_private:
            self._hidden(pk, _number(sk), item["text"]["S"])
        elif sk == keys.DOCUMENT:
            self._document(as_document(pk, item), keys.text(dict(item), "part_of"))
        elif sk.startswith(keys.REVISION_PREFIX):
            self._revision(pk, item)
        elif sk == keys.GUARD:
            self._guard(pk, item)
        elif sk == "PAIR":
            self._pair(pk, json.loads(item["times"]["S"]))
        elif sk == "REF" and "deleted" not in item:
            self._fact(item["id"]["S"], "external id", pk.removeprefix("REF#"), is_kept=True)

    def entry(self, entry: Entry) -> None:
        """Take an entry of the feed; one that came late stands there a second time."""
        self._want(entry.id)
        if not entry.late:
            self._fact(entry.id, "entry", f"{entry.version} {entry.change} {entry.stamp}", is_kept=True)

    def unread(self, most: int) -> list[str]:
        """Some ids of records that were spoken of, each given once; none when all were."""
        rows = self.facts.execute("SELECT id FROM wanted WHERE is_read = 0 LIMIT ?", (most,)).fetchall()
        self.facts.executemany("UPDATE wanted SET is_read = 1 WHERE id = ?", rows)
        return [record_id for (record_id,) in rows]

    def beside(self, most: int) -> Iterator[list[keys.Key]]:
        """Keys of pairs and external ids that any version ever spoke of, so many at once."""
        cursor = self.facts.execute("SELECT pk, sk FROM beside")
        while rows := cursor.fetchmany(most):
            yield [keys.key(pk, sk) for pk, sk in rows]

    def size(self) -> tuple[int, int]:
        """How many records there are, deleted ones included, and versions of them."""
        counts = (self.facts.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("document", "revision"))  # noqa: S608 - names of our own
        return next(counts), next(counts)

    def faults(self) -> Iterator[str]:
        """Tell each fact of one side alone, in the order of ids; all items have been taken."""
        self.facts.executescript(SETTLING)
        for record_id, kind, detail, is_kept in self.facts.execute(FAULTS):
            speaker, silent = WITNESSES[kind][::-1] if is_kept else WITNESSES[kind]
            yield f"{record_id}: {kind} {detail}: by {speaker}, not by {silent}"

    def _document(self, document: Document, part_of: str | None) -> None:
        is_alive = document.text is not None
        self._insert("document", document.id, document.version, is_alive)
        self._fact(document.id, "version", f"{document.version} {_content(document)}", is_kept=True)
        self._fact(document.id, "versions in all", document.version)
        self._fact(document.id, "state", _state(is_alive=is_alive))
        if part_of is not None:
            self._fact(document.id, "parent", part_of, is_kept=True)
        if document.text is not None:
            self._version(Version.of_public(document.text))

    def _version(self, version: Version) -> None:
        """Take what the current version says of itself and of others."""
        self._fact(version.id, "label", _digest(version.label))
        self._names(version.id, version.version, version.references)
        for grade in version.grades:
            self._fact(version.id, "grade on offer", grade)
        for name in version.external_ids:
            self._fact(version.id, "external id", name)
        if version.part_of is not None:
            self._fact(version.id, "parent", version.part_of)
            self._insert("tree", version.id, version.part_of)
        if version.membership is not None:
            pk, _ = _plain(_pair_key(version.membership))
            self._fact(version.id, "times", _times(pk, version.membership.times))
            if version.membership.grade is not None:
                self._insert("carried", version.membership.network_id, version.membership.grade, version.id)

    def _revision(self, record_id: str, item: Item) -> None:
        revision = revision_of(item)
        self._insert("revision", record_id, revision.version, _content(as_document(record_id, item)))
        self._fact(record_id, "entry", f"{revision.version} {revision.change} {revision.at}")
        if revision.has_private:
            self._fact(record_id, "non-public part of version", revision.version)
        if revision.text is not None:
            version = Version.of_public(revision.text)
            for name in version.external_ids:
                self._insert("beside", *_plain(keys.reference(*name.split("#", 1))))
            if version.membership is not None:
                self._insert("beside", *_plain(_pair_key(version.membership)))

    def _hidden(self, record_id: str, number: int, text: str) -> None:
        if text != EMPTY:
            self._fact(record_id, "non-public part of version", number, is_kept=True)
            self._names(record_id, number, views.references(json.loads(text)))

    def _guard(self, record_id: str, item: Item) -> None:
        is_alive = "deleted" not in item
        self._fact(record_id, "state", _state(is_alive=is_alive), is_kept=True)
        if "label" in item:
            self._fact(record_id, "label", _digest(item["label"]["S"]), is_kept=True)
        for grade in item["grades"]["SS"] if "grades" in item and is_alive else ():
            self._fact(record_id, "grade on offer", grade, is_kept=True)
        for name, value in item.items():
            if name in COUNTERS and value["N"] != "0":
                self._fact(record_id, COUNTERS[name], value["N"], is_kept=True)
            elif name.startswith(GRADE) and value["N"] != "0":
                detail = f"{name.removeprefix(GRADE)} {value['N']}"
                self._fact(record_id, "memberships of grade", detail, is_kept=True)

    def _pair(self, pk: str, held: Mapping[str, Mapping[str, str]]) -> None:
        for membership_id, times in held.items():
            self._want(membership_id)
            self._fact(membership_id, "times", _times(pk, times), is_kept=True)

    def _names(self, source: str, number: int, targets: Iterable[str]) -> None:
        for target in targets:
            self._want(target)
            self._insert("named", source, target, number)

    def _want(self, record_id: str) -> None:
        if ids.type_of(record_id) is not None:
            self.facts.execute("INSERT OR IGNORE INTO wanted (id) VALUES (?)", (record_id,))

    def _fact(self, record_id: str, kind: str, detail: object, *, is_kept: bool = False) -> None:
        self._insert("fact", record_id, kind, str(detail), is_kept)

    def _insert(self, table: str, *values: object) -> None:
        places = ", ".join("?" * len(values))
        self.facts.execute(f"INSERT OR IGNORE INTO {table} VALUES ({places})", values)  # noqa: S608 - names of our own


def _content(document: Document) -> str:
    """What tells one version from another: all that a document and its revision both hold, in short."""
    return _digest(repr(replace(document, input_hash=None, attached=frozenset())))


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _state(*, is_alive: bool) -> str:
    return "alive" if is_alive else "deleted"


def _pair_key(membership: Membership) -> keys.Key:
    return keys.pair(membership.network_id, membership.member_id)


def _times(pair: str, times: Mapping[str, str]) -> str:
    return f"{pair.removeprefix('PAIR#')} {json.dumps(dict(times), sort_keys=True)}"


def _number(sk: str) -> int:
    return int(sk.removeprefix(keys.REVISION_PREFIX))


def _plain(key: keys.Key) -> Sequence[str]:
    return key["pk"]["S"], key["sk"]["S"]
