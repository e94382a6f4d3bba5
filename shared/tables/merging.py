"""Merging one record into another: closing the old one to new references, and the one transaction at its end.

The end is one transaction so that external ids and names are never with both or with neither: the old record's
tombstone, which says where it went, and the version of the other one that takes them over. It needs that nothing
refers to the old record any more; the guard decides that.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.errors import Conflict, PreconditionFailed, ProblemError, StillReferred
from shared.models.envelope import Record
from shared.tables import keys
from shared.tables.client import call
from shared.tables.external_ids import Settled
from shared.tables.guards import Guards
from shared.tables.tables import Document, Tables
from shared.tables.transaction import Action, commit
from shared.tables.version import Version
from shared.tables.writing import Write


@dataclass(frozen=True, slots=True)
class Merging:
    """The guard of a record that is on its way into another one."""

    tables: Tables
    old: str
    into: str

    def close(self) -> None:
        """Let the old record take no new references; twice is as good as once.

        Raises `Conflict` when it is gone, or on its way into a third one.
        """
        condition = "attribute_exists(pk) AND attribute_not_exists(deleted)"
        condition += " AND (attribute_not_exists(merging) OR merging = :into)"
        self._update("SET merging = :into", condition)

    def reopen(self) -> None:
        """Let it take references again, because nothing came of the merge; raises `Conflict` as `close`."""
        self._update("REMOVE merging", "attribute_not_exists(deleted) AND merging = :into")

    def _update(self, change: str, condition: str) -> None:
        request = {
            "TableName": self.tables.of(self.old),
            "Key": keys.guard(self.old),
            "UpdateExpression": change,
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {":into": {"S": self.into}},
        }
        try:
            call(self.tables.client, "UpdateItem", request, self.tables.clock)
        except self.tables.client.exceptions.ConditionalCheckFailedException:
            if self.target() != (self.into if change.startswith("SET") else None):
                raise Conflict("That record is deleted, or on its way into another one.") from None

    def target(self) -> str | None:
        """Into what the record is being merged, or was; None where it is not."""
        guard = self.tables.item(self.tables.of(self.old), keys.guard(self.old)) or {}
        return keys.text(guard, "merging")

    def references(self) -> int:
        """How many records still refer to the old one."""
        guard = self.tables.item(self.tables.of(self.old), keys.guard(self.old)) or {}
        return keys.number(guard, "count")

    def finish(self, old: Record, into: tuple[Document, Record], heir: Settled, author: str) -> None:
        """Leave the tombstone of the old record and the next version of the other one, at once.

        The new version keeps what its office's last input was. Raises `StillReferred` while something refers to the
        old one, `PreconditionFailed` when either changed meanwhile, and `Unavailable` and its kinds.
        """

        def render(stamp: str) -> Version:
            return Version.of_record(heir.record.stamped(stamp))

        before, last = Version.of_record(into[1]), Version.of_record(old)
        tombstone = Write(
            self.tables,
            self.old,
            old.type,
            last,
            None,
            lambda _: (),
            author=author,
            merged_into=self.into,
            left=frozenset(last.external_ids.keys() - Version.of_record(heir.record).external_ids.keys()),
        )
        successor = replace(
            tombstone,
            record_id=self.into,
            before=before,
            render=render,
            input_hash=into[0].input_hash,
            attached=heir.attached,
            merged_into=None,
            left=frozenset(),
            heir_of=self.old,
            write_id=secrets.token_hex(8),
        )
        written: list[Document] = []

        def plan(stamp: str) -> list[Action]:
            guards, after = Guards(self.tables), render(stamp)
            written[:] = [
                Document(self.old, tombstone.number, stamp, None),
                Document(self.into, successor.number, stamp, after.public_text),
            ]
            parts = [*tombstone.own_actions(stamp, None, guards), *successor.own_actions(stamp, after, guards)]
            return [*parts, *guards.actions()]

        commit(
            self.tables,
            plan,
            explain=self._explain,
            settle=lambda: self.tables.revision(self.into, successor.number),
            write_id=successor.write_id,
            after=max(old.updated_at, before.updated_at),
        )
        for write, document in zip((tombstone, successor), written, strict=True):
            write.report_late(document)

    def _explain(self, failed: Sequence[Action]) -> ProblemError:
        if any(action.about == "referrers" for action in failed) and self.references() > 0:
            return StillReferred()
        return PreconditionFailed()
