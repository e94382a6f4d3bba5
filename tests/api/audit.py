"""What stands in the tables of versions, and of the answers that were given."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Audit:
    """The tables' items, by what they are."""

    revisions: dict[str, dict[int, Item]] = field(default_factory=lambda: defaultdict(dict))
    answers: dict[str, Item] = field(default_factory=dict)

    @classmethod
    def of(cls, contents: Mapping[str, Sequence[Item]]) -> "Audit":
        """Sort what stands in the tables."""
        audit = cls()
        for table, items in contents.items():
            for item in items:
                audit._take(table, item["pk"]["S"], item["sk"]["S"], item)
        return audit

    def _take(self, table: str, pk: str, sk: str, item: Item) -> None:
        if sk.startswith("REV#") and table != "PrivateTable":
            self.revisions[pk][int(sk.removeprefix("REV#"))] = item
        elif sk == "IDEM":
            self.answers[pk] = item

    def introductions(self, marker: str) -> list[tuple[str, int]]:
        """The versions in which a text appears that the version before them had not."""
        return [
            (record_id, version)
            for record_id, revisions in self.revisions.items()
            for version, item in revisions.items()
            if marker in _text(item) and marker not in _text(revisions.get(version - 1, {}))
        ]

    def misremembered(self) -> Iterator[str]:
        """Answers to an Idempotency-Key that speak of what is not there."""
        for name, item in self.answers.items():
            said = item["id"]["S"], int(item["version"]["N"])
            if item["change"]["S"] != "refused" and said[1] not in self.revisions.get(said[0], {}):
                yield f"{name} speaks of a version that is not there: {said}"


def _text(item: Mapping[str, Any]) -> str:
    return str(item.get("text", {}).get("S", ""))
