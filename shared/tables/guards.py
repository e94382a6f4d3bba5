"""Guards: one small item beside each record that counts what refers to it, so that rules across records can commit.

| attribute | meaning |
|---|---|
| `count` | records that name this one |
| `seq` | moved by each change of a reference to it, and by each change of its own place in a tree |
| `parts`, `grandparts` | children, and children of children (`part_of`) |
| `grades` | codes of the grades that an organisation offers (string set) |
| `grade#<code>` | memberships that carry the code |
| `label` | what `include=refs` says of the record (JSON text) |
| `merging` | the record into which this one is being merged, or was: it may not be named any more |
| `deleted` | the record is gone, and may not be named any more |

Two changes of one guard within a transaction are one action (DynamoDB refuses two on the same item).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shared.tables import keys
from shared.tables.tables import Tables
from shared.tables.transaction import About, Action

ALIVE = "attribute_exists(pk) AND attribute_not_exists(deleted) AND attribute_not_exists(merging)"


@dataclass(slots=True)
class GuardChange:
    """What one transaction does to one guard."""

    about: About
    add: dict[str, int] = field(default_factory=dict)
    put: dict[str, dict[str, Any]] = field(default_factory=dict)
    drop: list[str] = field(default_factory=list)
    alive: bool = False
    merging_into: str | None = None
    """The record into which this one must be on its way."""
    seq: int | None = None
    zero: list[str] = field(default_factory=list)
    """Counters that must be zero or absent."""
    grade: str | None = None
    """A code that must be among the organisation's grades."""

    def expect(self, seq: int) -> None:
        """Commit only if `seq` still is what was read; of two readings the older one counts."""
        self.seq = seq if self.seq is None else min(self.seq, seq)

    def request(self, table: str, key: keys.Key) -> dict[str, Any]:
        """The Update in DynamoDB's JSON."""
        names: dict[str, str] = {}
        values: dict[str, dict[str, Any]] = {}

        def name(attribute: str) -> str:
            return names.setdefault(attribute, f"#{len(names)}")

        def value(content: dict[str, Any]) -> str:
            values[f":{len(values)}"] = content
            return f":{len(values) - 1}"

        clauses = []
        if self.put:
            clauses.append("SET " + ", ".join(f"{name(a)} = {value(v)}" for a, v in self.put.items()))
        if self.drop:
            clauses.append("REMOVE " + ", ".join(name(a) for a in self.drop))
        if self.add:
            clauses.append("ADD " + ", ".join(f"{name(a)} {value({'N': str(n)})}" for a, n in self.add.items()))
        conditions = [ALIVE] if self.alive else ["attribute_exists(pk)"]
        if self.merging_into is not None:
            conditions.append(f"attribute_not_exists(deleted) AND merging = {value({'S': self.merging_into})}")
        if self.seq is not None:
            conditions.append(f"(seq = {value({'N': str(self.seq)})})")
        conditions += [
            f"(attribute_not_exists({name(counter)}) OR {name(counter)} = {value({'N': '0'})})" for counter in self.zero
        ]
        if self.grade is not None:
            conditions.append(f"contains(grades, {value({'S': self.grade})})")
        request: dict[str, Any] = {
            "TableName": table,
            "Key": key,
            "UpdateExpression": " ".join(clauses),
            "ConditionExpression": " AND ".join(conditions),
            "ExpressionAttributeNames": {short: long for long, short in names.items()},
            "ExpressionAttributeValues": values,
        }
        return {"Update": {part: content for part, content in request.items() if content}}


@dataclass(frozen=True, slots=True)
class Guards:
    """The guard changes of one transaction, one per record."""

    tables: Tables
    changes: dict[str, GuardChange] = field(default_factory=dict)

    def of(self, record_id: str, about: About = "moved") -> GuardChange:
        """The change of one record's guard, begun at its first use."""
        return self.changes.setdefault(record_id, GuardChange(about))

    def add(self, record_id: str, **counters: int) -> GuardChange:
        """Move counters of a guard; every such move moves `seq` as well."""
        change = self.of(record_id)
        for counter, step in counters.items():
            change.add[counter] = change.add.get(counter, 0) + step
        change.add["seq"] = 1
        return change

    def actions(self) -> Iterator[Action]:
        """One action per guard."""
        for record_id, change in self.changes.items():
            yield Action(change.request(self.tables.of(record_id), keys.guard(record_id)), change.about, record_id)
