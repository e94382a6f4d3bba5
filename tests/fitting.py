"""Whether everything that stands in the tables fits together, told from all items instead of a walk along the feed."""

from collections.abc import Iterable, Mapping
from typing import Any

from infra.comparison import Comparison
from shared.tables import keys
from shared.tables.feed import entries_of

Item = dict[str, Any]


def misfits(contents: Mapping[str, Iterable[Item]]) -> list[str]:
    """What does not fit, from the items of each table."""
    comparison = Comparison()
    for table, items in contents.items():
        for item in items:
            if not item["pk"]["S"].startswith("FEED#"):
                comparison.take(item, is_private=table.lower().startswith("private"))
            elif item["pk"] != keys.current_epoch()["pk"]:
                for entry in entries_of([item]):
                    comparison.entry(entry)
    return list(comparison.faults())
