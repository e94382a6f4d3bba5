"""The operator's check after a restore: `make verify`, or `make verify ARGS="--stack NAME --restored SUFFIX"`.

It walks the register along its feed, changes nothing, and says of which records document, versions, feed, non-public
parts, guards, pairs and external ids do not fit together. What neither an entry nor a reference nor a pair speaks of
cannot be found so; nor is it in any list. Everything is read once: it is for a time at which nobody writes.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from infra.comparison import Comparison
from infra.registers import FAILURES, add_choice, add_restored, chosen, tables, told
from shared.budget import spending
from shared.tables import keys
from shared.tables.client import call
from shared.tables.feed import Feed, stamp_of
from shared.tables.tables import BATCH, Tables

SECONDS: Final = 60.0
"""For one call, its repetitions included."""


@dataclass(frozen=True, slots=True)
class Verification:
    """One walk through the register; what it counts is for the operator."""

    tables: Tables
    comparison: Comparison = field(default_factory=Comparison)

    def faults(self) -> Iterator[str]:
        """Tell what does not fit together, by record; raises `Throttled` or `Unavailable`."""
        self.walk(None)
        register = self.tables.settings.register_table
        while batch := self.comparison.unread(BATCH):
            for record_id in batch:
                self._record(record_id)
        for wanted in self.comparison.beside(BATCH):
            pairs = [key for key in wanted if key["sk"]["S"] == "PAIR"]
            with spending(SECONDS):
                found = self.tables.items(
                    {
                        self.tables.settings.organisations_table: pairs,
                        register: [key for key in wanted if key not in pairs],
                    }
                )
            for item in (item for items in found.values() for item in items):
                self.comparison.take(item)
        return self.comparison.faults()

    def walk(self, since: str | None) -> int:
        """Take the feed in, from a stamp or its beginning; gives the number of entries."""
        count, pages = 0, Feed(self.tables).tail(since)
        while True:
            with spending(SECONDS):
                page = next(pages, None)
            if page is None:
                return count
            for entry in page.entries:
                self.comparison.entry(entry)
                count += 1

    def _record(self, record_id: str) -> None:
        for item in self._partition(self.tables.of(record_id), record_id):
            self.comparison.take(item)
        for item in self._partition(self.tables.settings.private_table, record_id):
            self.comparison.take(item, is_private=True)

    def _partition(self, table: str, record_id: str) -> Iterator[dict[str, Any]]:
        request: dict[str, Any] = {
            "TableName": table,
            "KeyConditionExpression": "pk = :id",
            "ExpressionAttributeValues": {":id": keys.document(record_id)["pk"]},
            "ConsistentRead": True,
        }
        while True:
            with spending(SECONDS):
                answer = call(self.tables.client, "Query", request, self.tables.clock)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def main(arguments: Sequence[str]) -> int:
    """Verify the register that the arguments name; returns the exit status."""
    parser = argparse.ArgumentParser(prog="make verify", description="Says what does not fit together in a register.")
    add_choice(parser)
    add_restored(parser)
    options = parser.parse_args(arguments)
    try:
        verification = Verification(tables(chosen(options.stack), options.restored))
        begun = stamp_of(verification.tables.clock.now())
        found = 0
        for fault in verification.faults():
            print(fault)
            found += 1
        meanwhile = verification.walk(begun)
    except FAILURES as problem:
        print(told(problem), file=sys.stderr)
        return 1
    records, versions = verification.comparison.size()
    print(f"{records} records in {versions} versions, {found} faults.")
    if meanwhile:
        print(f"{meanwhile} versions were written meanwhile and may look like faults: verify while nobody writes.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
