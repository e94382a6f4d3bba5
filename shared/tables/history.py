"""What every version of a record said, who wrote it and when; readable for ever, after deletion too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.errors import NotFound
from shared.tables import keys
from shared.tables.client import call
from shared.tables.tables import Document, Tables, as_document

MOST_BYTES: Final = 2_000_000
"""Of texts that one page looks at, so that records of any size fit into an answer (Lambda: 6 MB)."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One version; `text` is its public JSON text, None where it is a tombstone."""

    version: int
    at: str
    author: str
    """An organisation's id or `office`."""
    change: str
    text: str | None
    has_private: bool


@dataclass(frozen=True, slots=True)
class History:
    """Reads the versions of records."""

    tables: Tables

    def last_text(self, record_id: str) -> Document:
        """The current version, or the one before the tombstone; raises `NotFound`."""
        item = self.tables.item(self.tables.of(record_id), keys.document(record_id))
        if item is None:
            raise NotFound
        document = as_document(record_id, item)
        if document.text is None:
            document = self.tables.revision(record_id, document.version - 1) or document
        return document

    def revisions(self, record_id: str, *, below: int | None, most: int) -> list[Revision]:
        """Versions below one (None: all), newest first, in one row without a gap: as many as wanted, or fewer.

        At least two come where there are two, and no more than make sense in one answer.
        """
        last = keys.revision(record_id, 10**12 - 1 if below is None else below - 1)
        request: dict[str, Any] = {
            "TableName": self.tables.of(record_id),
            "KeyConditionExpression": "pk = :id AND sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": {
                ":id": {"S": record_id},
                ":first": {"S": keys.REVISION_PREFIX},
                ":last": last["sk"],
            },
            "ConsistentRead": True,
            "ScanIndexForward": False,
        }
        found: list[Revision] = []
        size = 0
        while True:
            request["Limit"] = most - len(found)
            answer = call(self.tables.client, "Query", request, self.tables.clock)
            for item in answer["Items"]:
                found.append(revision_of(item))
                size += len(found[-1].text or "")
                if len(found) == most or (size > MOST_BYTES and len(found) > 1):
                    return found
            if "LastEvaluatedKey" not in answer:
                return found
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def revision(self, record_id: str, version: int) -> Revision:
        """One version; raises `NotFound`."""
        item = self.tables.item(self.tables.of(record_id), keys.revision(record_id, version))
        if item is None:
            raise NotFound
        return revision_of(item)

    def private_texts(self, record_id: str, revisions: Sequence[Revision]) -> dict[int, str]:
        """What is not public of those versions that have such a part, by version."""
        table = self.tables.settings.private_table
        wanted = [keys.revision(record_id, revision.version) for revision in revisions if revision.has_private]
        items = self.tables.items({table: wanted})[table]
        return {int(item["sk"]["S"].removeprefix(keys.REVISION_PREFIX)): item["text"]["S"] for item in items}


def revision_of(item: Mapping[str, Any]) -> Revision:
    """Read the item of a version."""
    version, text = int(item["version"]["N"]), keys.text(dict(item), "text")
    if text is not None:
        change = "created" if version == 1 else "changed"
    else:
        change = "merged" if "merged_into" in item else "deleted"
    return Revision(
        version=version,
        at=item["updated_at"]["S"],
        author=item["author"]["S"],
        change=change,
        text=text,
        has_private=item.get("has_private", {}).get("BOOL", False),
    )
