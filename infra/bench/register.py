"""Registers of any size, as the snapshot from which a cold function starts; of tables only the feed is pretended."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.models.ids import RecordType, new_id
from shared.projection.engine import Projection
from shared.projection.folder import Folder
from shared.projection.snapshot import build_snapshot
from shared.tables.feed import Entry, Tail, seconds_of, stamp_of
from shared.tables.tables import Document

Json = dict[str, Any]

KINDS: tuple[RecordType, ...] = ("organisation", "event", "cooperation", "membership", "organisation")
"""Two organisations in five records; of each five the first one is named by the others, the last one a member."""


def build(folder: Path, count: int, last: str) -> None:
    """Leave the snapshot of a register of that many records in a folder; the newest was entered at `last`."""
    with tempfile.TemporaryDirectory() as scratch:
        projection = Projection(Path(scratch) / "projection.sqlite", Many.of(count, last), Folder(folder))
        build_snapshot(projection)
        projection.close()


@dataclass(frozen=True, slots=True)
class Many:
    """A feed of that many records, entered long ago; what stands in the tables comes behind it."""

    documents_by_id: dict[str, Document]

    @classmethod
    def of(cls, count: int, last: str) -> "Many":
        """Make the records, a hundred a second up to `last`."""
        end = seconds_of(last)
        records = (record(number, stamp_of(end - (count - 1 - number) / 100)) for number in range(count))
        return cls(
            {
                each["id"]: Document(each["id"], 1, each["updated_at"], json.dumps(each, ensure_ascii=False))
                for each in records
            }
        )

    def tail(self, since: str | None) -> Iterator[Tail]:
        """All of it at once, for nobody has read anything yet."""
        if since is not None:
            raise ValueError(since)
        entries = [
            Entry(held.updated_at, held.id, 1, "any", "created", late=False) for held in self.documents_by_id.values()
        ]
        yield Tail(entries, None)

    def documents(self, ids: Sequence[str]) -> dict[str, Document]:
        """Current versions by id."""
        return {each: self.documents_by_id[each] for each in ids}

    def revision(self, id: str, version: int) -> Document | None:
        """Refuse: no record has changed, so nobody needs another version."""
        raise LookupError(id, version)


def id_of(record_type: RecordType, number: int) -> str:
    """The id of the record of that number, which must be of that type."""
    return new_id(record_type, number, bytes(10))


def record(number: int, stamp: str) -> Json:
    """One record of the kind that its number gives, as it is stored."""
    record_type = KINDS[number % len(KINDS)]
    organisation = id_of("organisation", number // len(KINDS) * len(KINDS))
    title = {"title": {"de": f"Vorhaben {number}"}, "kind": "project", "status": "active", "topics": ["it"]}
    organisers = [{"organisation_id": organisation}]
    contents: dict[RecordType, Json] = {
        "organisation": {
            "name": f"Firma {number:06}",
            "kind": "company",
            "legal_form": "GmbH",
            "topics": ["it"],
            "regions": ["DE-TH"],
            "website": f"https://firma-{number}.example.org/",
            "offices": [{"kind": "seat", "place": {"city": "Jena", "region": "DE-TH"}}],
        },
        "membership": {"network_id": organisation, "member_id": id_of("organisation", number - number % 5 + 4)},
        "event": {**title, "when": {"start": f"2023-0{number % 9 + 1}"}, "organisers": organisers},
        "cooperation": {**title, "parties": organisers, "signed_on": "2019"},
    }
    return {
        "type": record_type,
        "id": id_of(record_type, number),
        "version": 1,
        "created_at": stamp,
        "updated_at": stamp,
        "managed_by": None,
        **contents[record_type],
    }
