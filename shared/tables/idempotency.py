"""Idempotency keys: a write that is sent again is answered, not repeated (within 24 hours).

What was done stands in the write's own transaction; what was refused for good, and what changed nothing, in a
conditional put behind it. No body is stored: an answer is rendered from the revision that it spoke of.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, cast

from shared.errors import PROBLEMS, Fault, IdempotencyKeyReused, ProblemError
from shared.once import Once
from shared.tables import keys
from shared.tables.client import call
from shared.tables.tables import Tables

Change = Literal["created", "changed", "unchanged", "deleted", "merged", "refused"]

KEPT: Final = 24 * 3600
"""Seconds for which an answer is remembered."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request was answered: the version that it spoke of, or the problem that refused it."""

    change: Change
    record_id: str
    version: int
    problem: ProblemError | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """The answers that are remembered."""

    tables: Tables

    def recall(self, once: Once) -> Answered | None:
        """The answer to this request, if there is one.

        Raises `IdempotencyKeyReused` when the key came with another request before.
        """
        table, key = self.tables.settings.register_table, keys.idempotency(once.caller, once.key)
        item = self.tables.item(table, key)
        # DynamoDB deletes what has expired some time later (TTL), so the time is looked at here.
        if item is None or int(item["expires_at"]["N"]) <= self.tables.clock.now():
            return None
        if item["fingerprint"]["S"] != once.fingerprint:
            raise IdempotencyKeyReused
        problem = keys.text(item, "problem")
        return Answered(
            cast("Change", item["change"]["S"]),
            item["id"]["S"],
            int(item["version"]["N"]),
            _problem(problem) if problem else None,
        )

    def put(self, once: Once, answered: Answered) -> dict[str, Any]:
        """The Put that remembers an answer, for a transaction; it fails where another one is remembered."""
        now = int(self.tables.clock.now())
        item: dict[str, Any] = {
            **keys.idempotency(once.caller, once.key),
            "fingerprint": {"S": once.fingerprint},
            "change": {"S": answered.change},
            "id": {"S": answered.record_id},
            "version": {"N": str(answered.version)},
            "expires_at": {"N": str(now + KEPT)},
        }
        if answered.problem is not None:
            item["problem"] = {"S": _text(answered.problem)}
        return {
            "TableName": self.tables.settings.register_table,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk) OR expires_at <= :now",
            "ExpressionAttributeValues": {":now": {"N": str(now)}},
        }

    def remember(self, once: Once, answered: Answered) -> bool:
        """Remember an answer that no transaction carried; False where one is remembered already."""
        try:
            call(self.tables.client, "PutItem", self.put(once, answered), self.tables.clock)
        except self.tables.client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _text(problem: ProblemError) -> str:
    content = {
        "slug": problem.slug,
        "detail": problem.detail,
        "faults": [asdict(fault) for fault in problem.faults],
        "headers": problem.headers,
        "related": problem.related,
    }
    return json.dumps(content, ensure_ascii=False)


def _problem(text: str) -> ProblemError:
    content = json.loads(text)
    faults = [Fault(**fault) for fault in content["faults"]]
    problem = PROBLEMS[content["slug"]]
    return problem(content["detail"], faults=faults, headers=content["headers"], related=content["related"])
