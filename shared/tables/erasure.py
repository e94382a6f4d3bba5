"""What an erasure needs of the tables: every version of a record, changing them in place, and the ledger."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from shared.errors import Unavailable
from shared.models import views
from shared.models.erasure import Wanted
from shared.models.patch import dumps
from shared.tables import keys
from shared.tables.client import call
from shared.tables.feed import stamp_of
from shared.tables.tables import Tables

Json = dict[str, Any]

AT_ONCE: Final = 20
"""Versions that are read together: at most 96 KB each."""


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions of a record; nothing else changes one that was written."""

    tables: Tables

    def of(self, record_id: str) -> Iterator[tuple[int, Json]]:
        """Yield number and whole text of each version that has one, tombstones left out."""
        item = self.tables.item(self.tables.of(record_id), keys.document(record_id))
        last = 0 if item is None else keys.number(item, "version")
        for first in range(1, last + 1, AT_ONCE):
            yield from self._some(record_id, range(first, min(first + AT_ONCE, last + 1)))

    def _some(self, record_id: str, numbers: range) -> Iterator[tuple[int, Json]]:
        public, private = self.tables.of(record_id), self.tables.settings.private_table
        wanted = [keys.revision(record_id, number) for number in numbers]
        found = self.tables.items({public: wanted, private: wanted})
        hidden = {item["sk"]["S"]: json.loads(item["text"]["S"]) for item in found[private]}
        for item in sorted(found[public], key=lambda one: str(one["sk"]["S"])):
            if "text" in item:
                yield (
                    keys.number(item, "version"),
                    views.join(json.loads(item["text"]["S"]), hidden.get(item["sk"]["S"], {})),
                )

    def rewrite(self, record_id: str, number: int, record: Json) -> None:
        """Put another text in the place of a version, both parts at once; done twice it is done once.

        Raises `Unavailable` or `Throttled` where that passes.
        """
        public, private = views.split(record)
        key, settings = keys.revision(record_id, number), self.tables.settings
        hidden = {"TableName": settings.private_table, "Item": {**key, "text": {"S": dumps(private)}}}
        change = {
            "TableName": self.tables.of(record_id),
            "Key": key,
            "UpdateExpression": "SET #text = :text, has_private = :private",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeNames": {"#text": "text"},
            "ExpressionAttributeValues": {":text": {"S": dumps(public)}, ":private": {"BOOL": bool(private)}},
        }
        request = {"TransactItems": [{"Put": hidden}, {"Update": change}], "ClientRequestToken": secrets.token_hex(16)}
        try:
            call(self.tables.client, "TransactWriteItems", request, self.tables.clock)
        except self.tables.client.exceptions.TransactionCanceledException:
            raise Unavailable from None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Who was erased, as HMACs, so that it can be done again on data that was restored from before."""

    tables: Tables

    def enter(self, wanted: Wanted) -> None:
        """Write down a person; a second time changes nothing but the moment."""
        item = {
            **keys.erased(wanted.person or wanted.name),
            "wanted": {"S": json.dumps(wanted.to_json())},
            "at": {"S": stamp_of(self.tables.clock.now())},
        }
        request = {"TableName": self.tables.settings.register_table, "Item": item}
        call(self.tables.client, "PutItem", request, self.tables.clock)

    def all(self) -> list[Wanted]:
        """Give everybody who is written down."""
        request: dict[str, Any] = {
            "TableName": self.tables.settings.register_table,
            "KeyConditionExpression": "pk = :ledger",
            "ExpressionAttributeValues": {":ledger": keys.erased("")["pk"]},
            "ConsistentRead": True,
        }
        found: list[Wanted] = []
        while True:
            answer = call(self.tables.client, "Query", request, self.tables.clock)
            found += [Wanted.from_json(json.loads(item["wanted"]["S"])) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return found
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
