"""Which table a record lives in, and how its items are read: the read side of DynamoDB, without pydantic."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from shared.errors import Gone, Merged, NotFound, Throttled
from shared.models import ids
from shared.settings import Settings
from shared.tables import keys
from shared.tables.client import Clock, call, time_for_another, wait_before

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

BATCH: Final = 100
"""Keys of one BatchGetItem (DynamoDB limit)."""


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one record; `text` is the public JSON text, None for a tombstone."""

    id: str
    version: int
    updated_at: str
    text: str | None
    write_id: str | None = None
    has_private: bool = False
    input_hash: str | None = None
    """Of what the manager's last PUT held, so that the same input is known again."""
    attached: frozenset[str] = frozenset()
    """External ids (`scheme#value`) that others than the manager gave the record."""
    merged_into: str | None = None
    """The record that a tombstone leads to."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables behind one client, and the reads that all layers above share; every read is consistent."""

    client: "DynamoDBClient"
    settings: Settings
    clock: Clock = field(default_factory=Clock)

    def of(self, record_id: str) -> str:
        """The name of the table that holds this record's items; raises `NotFound` for what is no id."""
        return self.of_type(ids.type_of(record_id))

    def of_type(self, record_type: str | None) -> str:
        """The name of the table for records of a type; raises `NotFound` for anything else."""
        match record_type:
            case "organisation" | "membership":
                return self.settings.organisations_table
            case "event":
                return self.settings.events_table
            case "cooperation":
                return self.settings.cooperations_table
            case _:
                raise NotFound

    def item(self, table: str, key: keys.Key) -> dict[str, Any] | None:
        """One item by its key, read consistently, or None."""
        request = {"TableName": table, "Key": key, "ConsistentRead": True}
        return call(self.client, "GetItem", request, self.clock).get("Item")

    def items(self, wanted: Mapping[str, Sequence[keys.Key]]) -> dict[str, list[dict[str, Any]]]:
        """Items by table, read consistently; asks again for what DynamoDB leaves unprocessed.

        Raises `Throttled` or `Unavailable` when the request's time is up.
        """
        pending = [(table, key) for table, wanted_keys in wanted.items() for key in wanted_keys]
        found: dict[str, list[dict[str, Any]]] = {table: [] for table in wanted}
        attempt = 0
        while pending:
            batch, pending = pending[:BATCH], pending[BATCH:]
            request: dict[str, Any] = {}
            for table, key in batch:
                request.setdefault(table, {"Keys": [], "ConsistentRead": True})["Keys"].append(key)
            answer = call(self.client, "BatchGetItem", {"RequestItems": request}, self.clock)
            for table, items in answer.get("Responses", {}).items():
                found[table].extend(items)
            rest = answer.get("UnprocessedKeys", {})
            pending.extend((table, key) for table, left in rest.items() for key in left["Keys"])
            if rest:
                if not time_for_another():
                    raise Throttled
                wait_before(attempt, self.clock)
                attempt += 1
        return found

    def document(self, record_id: str) -> Document:
        """The current version of a record; raises `NotFound`, or for a tombstone `Gone` or `Merged`."""
        item = self.item(self.of(record_id), keys.document(record_id))
        if item is None:
            raise NotFound
        document = as_document(record_id, item)
        if document.merged_into is not None:
            raise Merged({document.id: document.merged_into})
        if document.text is None:
            raise Gone
        return document

    def holder(self, scheme: str, value: str) -> str:
        """The id of the record that holds an external id; raises `NotFound`, or `Gone` when it was deleted.

        In the register's own scheme that is a record which came in an export, else this very id, were it never given.
        """
        item = self.item(self.settings.register_table, keys.reference(scheme, value))
        if item is None and scheme == ids.OWN_SCHEME and ids.type_of(value) is not None:
            return value
        if item is None:
            raise NotFound
        if "deleted" in item:
            raise Gone
        return str(item["id"]["S"])

    def private_text(self, document: Document) -> str | None:
        """The non-public personal part of this very version, as JSON text, or None where there is none.

        It is read from the version's own item, which never changes, so that the two parts always belong together.
        """
        if not document.has_private:
            return None
        item = self.item(self.settings.private_table, keys.revision(document.id, document.version))
        return None if item is None else keys.text(item, "text")

    def private_texts(self, documents: Iterable[Document]) -> dict[tuple[str, int], str]:
        """The non-public personal parts of these versions, as JSON texts by id and number, of those that have one."""
        table = self.settings.private_table
        wanted = [keys.revision(document.id, document.version) for document in documents if document.has_private]
        return {
            (item["pk"]["S"], int(item["sk"]["S"].removeprefix(keys.REVISION_PREFIX))): item["text"]["S"]
            for item in self.items({table: wanted})[table]
        }

    def documents(self, record_ids: Iterable[str]) -> dict[str, Document]:
        """Current versions and tombstones by id; ids that were never given are absent."""
        wanted: dict[str, list[keys.Key]] = {}
        for record_id in dict.fromkeys(record_ids):
            if ids.type_of(record_id) is not None:
                wanted.setdefault(self.of(record_id), []).append(keys.document(record_id))
        return {
            item["pk"]["S"]: as_document(item["pk"]["S"], item)
            for items in self.items(wanted).values()
            for item in items
        }

    def revisions(self, versions: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Document]:
        """What versions said publicly, by id and number; those that never were are absent."""
        wanted: dict[str, list[keys.Key]] = {}
        for record_id, version in dict.fromkeys(versions):
            wanted.setdefault(self.of(record_id), []).append(keys.revision(record_id, version))
        found = (as_document(item["pk"]["S"], item) for items in self.items(wanted).values() for item in items)
        return {(document.id, document.version): document for document in found}

    def labels(self, record_ids: Iterable[str]) -> dict[str, str]:
        """What `include=refs` says of each live record, as JSON text: type, name or title, kind, city.

        Labels stand on the guards, which are small: one read unit each, usually, however large the record.
        """
        wanted: dict[str, list[keys.Key]] = {}
        for record_id in record_ids:
            wanted.setdefault(self.of(record_id), []).append(keys.guard(record_id))
        return {
            item["pk"]["S"]: item["label"]["S"]
            for items in self.items(wanted).values()
            for item in items
            if "label" in item
        }

    def revision(self, record_id: str, version: int) -> Document | None:
        """What one version said publicly, or None where there is no such version."""
        item = self.item(self.of(record_id), keys.revision(record_id, version))
        return None if item is None else as_document(record_id, item)


def as_document(record_id: str, item: Mapping[str, Any]) -> Document:
    """Read a document or revision item."""
    return Document(
        id=record_id,
        version=int(item["version"]["N"]),
        updated_at=item["updated_at"]["S"],
        text=keys.text(dict(item), "text"),
        write_id=keys.text(dict(item), "write_id"),
        has_private=item.get("has_private", {}).get("BOOL", False),
        input_hash=keys.text(dict(item), "input_hash"),
        attached=frozenset(item.get("attached", {}).get("SS", ())),
        merged_into=keys.text(dict(item), "merged_into"),
    )
