"""Whether everything that stands in the tables fits together: each write whole, each counter equal to the truth."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.api.client import Json
from tests.concurrency.conftest import Truth

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Audit:
    """The tables' items, by what they are."""

    documents: dict[str, Item] = field(default_factory=dict)
    revisions: dict[str, dict[int, Item]] = field(default_factory=lambda: defaultdict(dict))
    guards: dict[str, Item] = field(default_factory=dict)
    pairs: dict[str, Item] = field(default_factory=dict)
    references: dict[str, Item] = field(default_factory=dict)
    answers: dict[str, Item] = field(default_factory=dict)
    entries: Counter[tuple[str, int]] = field(default_factory=Counter)
    private: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, contents: Mapping[str, Sequence[Item]]) -> "Audit":
        """Sort what stands in the tables."""
        audit = cls()
        for table, items in contents.items():
            for item in items:
                audit._take(table, item["pk"]["S"], item["sk"]["S"], item)
        return audit

    def _take(self, table: str, pk: str, sk: str, item: Item) -> None:
        if table == "PrivateTable":
            self.private.add((pk, int(sk.removeprefix("REV#"))))
        elif sk == "DOC":
            self.documents[pk] = item
        elif sk.startswith("REV#"):
            self.revisions[pk][int(sk.removeprefix("REV#"))] = item
        elif sk == "IN":
            self.guards[pk] = item
        elif sk == "PAIR":
            self.pairs[pk] = item
        elif sk == "REF":
            self.references[pk] = item
        elif sk == "IDEM":
            self.answers[pk] = item
        elif pk.startswith("FEED#") and not sk.startswith("~"):
            _, record_id, version = sk.split("#")
            self.entries[record_id, int(version)] += 1

    def records(self) -> dict[str, Json]:
        """The records that live."""
        return {pk: json.loads(item["text"]["S"]) for pk, item in self.documents.items() if "text" in item}

    def introductions(self, marker: str) -> list[tuple[str, int]]:
        """The versions in which a text appears that the version before them had not."""
        return [
            (record_id, version)
            for record_id, revisions in self.revisions.items()
            for version, item in revisions.items()
            if marker in _text(item) and marker not in _text(revisions.get(version - 1, {}))
        ]

    def faults(self) -> list[str]:
        """Everything that does not fit together."""
        return [*self._halves(), *self._links(), *self._counters(), *self._memory()]

    def _halves(self) -> Iterator[str]:
        if self.documents.keys() ^ self.revisions.keys() or self.documents.keys() ^ self.guards.keys():
            yield "a record without document, revision or guard"
        for record_id, item in self.documents.items():
            version, revisions = int(item["version"]["N"]), self.revisions[record_id]
            if sorted(revisions) != list(range(1, version + 1)):
                yield f"{record_id} has the versions {sorted(revisions)} and stands at {version}"
            if _text(revisions.get(version, {})) != _text(item):
                yield f"{record_id} is not what its last revision says"
            if ("deleted" in self.guards.get(record_id, {})) != ("text" not in item):
                yield f"the guard of {record_id} and its document differ on its deletion"
        versions = {(record_id, version) for record_id, items in self.revisions.items() for version in items}
        if versions != self.entries.keys():
            yield f"entries without versions or the reverse: {versions ^ self.entries.keys()}"
        hidden = {
            (record_id, version)
            for record_id, items in self.revisions.items()
            for version, item in items.items()
            if item.get("has_private", {}).get("BOOL")
        }
        if hidden != self.private:
            yield f"private parts without versions or the reverse: {hidden ^ self.private}"

    def _links(self) -> Iterator[str]:
        records = self.records()
        said = {
            f"REF#{entry['scheme']}#{entry['value']}": record_id
            for record_id, record in records.items()
            for entry in record.get("external_ids", ())
        }
        held = {pk: item["id"]["S"] for pk, item in self.references.items() if "deleted" not in item}
        if said != held:
            yield f"external ids differ: {said.items() ^ held.items()}"
        pairs: dict[str, dict[str, Json]] = defaultdict(dict)
        for record_id, record in records.items():
            if record["type"] == "membership":
                times: Json = {name: value for name, value in record.items() if name in {"since", "until", "as_of"}}
                pairs[f"PAIR#{record['network_id']}#{record['member_id']}"][record_id] = times
        kept = {pk: json.loads(item["times"]["S"]) for pk, item in self.pairs.items()}
        if {pk: times for pk, times in kept.items() if times} != pairs:
            yield "pairs of memberships differ"

    def _counters(self) -> Iterator[str]:
        truth = Truth(self.records(), self.guards)
        if truth.dangling():
            yield f"dangling: {truth.dangling()}"
        if truth.guarded() != truth.counts():
            yield f"counters differ: {truth.guarded().items() ^ truth.counts().items()}"
        grades = Counter(
            (record["network_id"], f"grade#{record['grade']}") for record in truth.records.values() if "grade" in record
        )
        counted = {
            (record_id, name): int(value["N"])
            for record_id, item in self.guards.items()
            for name, value in item.items()
            if name.startswith("grade#") and int(value["N"]) != 0
        }
        if counted != grades:
            yield f"grades differ: {counted.items() ^ grades.items()}"

    def _memory(self) -> Iterator[str]:
        for name, item in self.answers.items():
            said = item["id"]["S"], int(item["version"]["N"])
            if item["change"]["S"] != "refused" and said[1] not in self.revisions.get(said[0], {}):
                yield f"{name} speaks of a version that is not there: {said}"


def _text(item: Mapping[str, Any]) -> str:
    return str(item.get("text", {}).get("S", ""))
