"""One record's write: everything that one version leaves in the tables, in one transaction.

| what | at most | actions |
|---|---|---|
| document, its guard, revision, private part, feed entry | | 5 |
| external ids given up and taken | 6 + 6 | 12 |
| guards of records no longer named and newly named | 38 + 38 | 76 |
| guards of the former and the new grandparent | 1 + 1 | 2 |
| the pair of a membership, or the keys of an organisation that goes | | 1 |
| the answer to an Idempotency-Key | | 1 |

That is 97 of DynamoDB's 100, whatever becomes whatever.
"""

import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from shared.errors import (
    AnsweredAlready,
    Conflict,
    ExternalIdTaken,
    Fault,
    Gone,
    GradeInUse,
    InvalidContent,
    OutcomeUnknown,
    PreconditionFailed,
    ProblemError,
    StillHasKeys,
    StillReferred,
    Unavailable,
)
from shared.once import Once
from shared.tables import keys, rules
from shared.tables.client import call
from shared.tables.feed import attest, entry_item, note
from shared.tables.guards import Guards
from shared.tables.idempotency import Answered, Change, Memory
from shared.tables.tables import Document, Tables
from shared.tables.transaction import Action, commit, next_stamp
from shared.tables.version import Version

Render = Callable[[str], Version]
"""Gives the version with `updated_at` set to a stamp."""
Referrers = Callable[[str], Sequence[str]]
"""Gives up to 20 ids of records that refer to one."""

SCHEMA: Final = 1
"""Of the stored texts, beside each of them, so that a later one can tell which it must upgrade."""
_DECIDING: Final = frozenset({"target", "external_id", "grades", "referrers"})
"""What the conditions of actions are about that decide a write by what other records say."""
_ABSENT: Final[dict[str, Any]] = {"ConditionExpression": "attribute_not_exists(pk)"}


@dataclass(frozen=True, slots=True)
class Write:
    """The change from one version to the next; `before` is None for a creation, `render` None for a deletion."""

    tables: Tables
    record_id: str
    record_type: str
    before: Version | None
    render: Render | None
    referrers: Referrers
    author: str
    """Who writes: an organisation's id or `office`."""
    once: Once | None = None
    input_hash: str | None = None
    attached: frozenset[str] = frozenset()
    write_id: str = field(default_factory=lambda: secrets.token_hex(8))
    merged_into: str | None = None
    """Of a deletion: the record that takes this one's place, and all its external ids but `left`."""
    left: frozenset[str] = frozenset()
    """External ids (`scheme#value`) that stay with the tombstone."""
    heir_of: str | None = None
    """The record whose external ids this one may take over."""

    @property
    def number(self) -> int:
        """The version that this write makes, a tombstone's included."""
        return self.before.version + 1 if self.before else 1

    def run(self) -> Document:
        """Commit, and give what stands in the register now.

        Raises `PreconditionFailed` or `Gone` when the record changed meanwhile, `InvalidContent`, `Conflict` and its
        kinds for what other records say, and `Unavailable` and its kinds for what passes.
        """
        written: list[Document] = []

        def plan(stamp: str) -> list[Action]:
            after = self.render(stamp) if self.render else None
            written[:] = [Document(self.record_id, self.number, stamp, after.public_text if after else None)]
            return list(self.actions(stamp, after))

        last = self.before.updated_at if self.before else None
        settled = commit(
            self.tables, plan, explain=self.explain, settle=self._revision, write_id=self.write_id, after=last
        )
        document = settled or written[0]
        self.report_late(document)
        return document

    def rehearse(self, planned: Collection[str]) -> Document:
        """Give what would stand in the register, without writing it; raises what is decided as `run` does.

        `planned` are ids of records that do not exist yet: what only they could say is not looked at.
        """
        stamp = next_stamp(self.tables, self.before.updated_at if self.before else None)
        after = self.render(stamp) if self.render else None
        doubtful = [
            action for action in self.actions(stamp, after) if action.about in _DECIDING and action.name not in planned
        ]
        problem = self.explain(doubtful)
        if problem is not None:
            raise problem
        return Document(self.record_id, self.number, stamp, after.public_text if after else None)

    def _revision(self) -> Document | None:
        return self.tables.revision(self.record_id, self.number)

    def report_late(self, document: Document) -> None:
        """Give the entry a fresh stamp where its own lies too far back for every follower to see it.

        Raises `OutcomeUnknown` where that fails: the write stands, and nobody must take it for refused.
        """
        # A frozen process or a slow settlement: give the entry a fresh stamp before the answer, so that what was
        # acknowledged is in every list.
        if attest(self.tables, document.updated_at, self.record_id, document.version):
            return
        stamp = next_stamp(self.tables, document.updated_at)
        item = entry_item(
            stamp,
            self.record_id,
            document.version,
            record_type=self.record_type,
            change=self.change,
            late=True,
        )
        request = {"TableName": self.tables.settings.register_table, "Item": item}
        try:
            call(self.tables.client, "PutItem", request, self.tables.clock)
        except Unavailable as problem:
            # Only its place in the lists is open.
            raise OutcomeUnknown from problem
        attest(self.tables, stamp, self.record_id, document.version)
        note(self.tables, document.updated_at, self.record_id, document.version, "restamped")

    @property
    def change(self) -> Change:
        """What becomes of the record."""
        if self.render is None:
            return "deleted" if self.merged_into is None else "merged"
        return "changed" if self.before else "created"

    def actions(self, stamp: str, after: Version | None) -> Iterator[Action]:
        """The actions of one attempt; raises what the rules across records decide."""
        guards = Guards(self.tables)
        yield from self.own_actions(stamp, after, guards)
        yield from guards.actions()

    def own_actions(self, stamp: str, after: Version | None, guards: Guards) -> Iterator[Action]:
        """The actions on items that no other record shares; those on guards are gathered in `guards`."""
        rules.refer(guards, self.before, after)
        rules.place_in_tree(self.tables, guards, self.before, after)
        rules.carry_grade(guards, self.before, after)
        yield from rules.pair_times(self.tables, self.before, after)
        yield Action(self._put(self._document_item(stamp, after), self._still_held()), "document")
        yield Action(self._put(self._revision_item(stamp, after), _ABSENT), "document")
        yield from self._private(after)
        yield from self._external_ids(after)
        yield from self._own_guard(guards, after)
        yield from self._no_keys(after)
        if self.once is not None:
            answered = Answered(self.change, self.record_id, self.number)
            yield Action({"Put": Memory(self.tables).put(self.once, answered)}, "once")
        entry = entry_item(stamp, self.record_id, self.number, record_type=self.record_type, change=self.change)
        yield Action(_put(self.tables.settings.register_table, entry, _ABSENT), "moved")

    def _put(self, item: dict[str, Any], condition: dict[str, Any]) -> dict[str, Any]:
        return _put(self.tables.of_type(self.record_type), item, condition)

    def _still_held(self) -> dict[str, Any]:
        if self.before is None:
            return _ABSENT
        return {
            "ConditionExpression": "version = :held",
            "ExpressionAttributeValues": {":held": {"N": str(self.before.version)}},
        }

    def _document_item(self, stamp: str, after: Version | None) -> dict[str, Any]:
        item = self._version_item(keys.document(self.record_id), stamp, after)
        if after is not None and after.part_of is not None:
            item["part_of"] = {"S": after.part_of}
        if self.input_hash is not None:
            item["input_hash"] = {"S": self.input_hash}
        if self.attached and after is not None:
            item["attached"] = {"SS": sorted(self.attached)}
        return item

    def _revision_item(self, stamp: str, after: Version | None) -> dict[str, Any]:
        return self._version_item(keys.revision(self.record_id, self.number), stamp, after)

    def _version_item(self, key: keys.Key, stamp: str, after: Version | None) -> dict[str, Any]:
        item: dict[str, Any] = {
            **key,
            "version": {"N": str(self.number)},
            "updated_at": {"S": stamp},
            "schema": {"N": str(SCHEMA)},
            "write_id": {"S": self.write_id},
            "author": {"S": self.author},
        }
        if self.merged_into is not None:
            item["merged_into"] = {"S": self.merged_into}
        if after is not None:
            item["text"] = {"S": after.public_text}
            item["has_private"] = {"BOOL": after.private_text is not None}
        return item

    def _private(self, after: Version | None) -> Iterator[Action]:
        if after is not None and after.private_text is not None:
            item = {**keys.revision(self.record_id, self.number), "text": {"S": after.private_text}}
            yield Action(_put(self.tables.settings.private_table, item, _ABSENT), "moved")

    def _external_ids(self, after: Version | None) -> Iterator[Action]:
        table = self.tables.settings.register_table
        old = self.before.external_ids if self.before else {}
        owner = {"id": {"S": self.record_id}}
        if after is None:
            for name in old if self.merged_into is None else self.left:
                # Kept and marked, so that a later look-up says "gone" rather than "not found".
                item = {**keys.reference(*name.split("#", 1)), **owner, "deleted": {"BOOL": True}}
                yield Action(_put(table, item, {}), "moved")
            return
        for name in old.keys() - after.external_ids.keys():
            yield Action({"Delete": {"TableName": table, "Key": keys.reference(*name.split("#", 1))}}, "moved")
        for name in after.external_ids.keys() - old.keys():
            free: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk) OR attribute_exists(deleted)"}
            if self.heir_of is not None:
                free["ConditionExpression"] += " OR id = :from"
                free["ExpressionAttributeValues"] = {":from": {"S": self.heir_of}}
            item = {**keys.reference(*name.split("#", 1)), **owner}
            yield Action(_put(table, item, free), "external_id", name)

    def _own_guard(self, guards: Guards, after: Version | None) -> Iterator[Action]:
        if after is None:
            change = guards.of(self.record_id)
            change.about, change.alive, change.merging_into = "referrers", self.merged_into is None, self.merged_into
            change.zero.append("count")
            change.put["deleted"] = {"BOOL": True}
            change.drop.append("label")
        elif self.before is not None:
            rules.offer_grades(guards, self.before, after)
            if after.label != self.before.label:
                guards.of(self.record_id).put["label"] = {"S": after.label}
        else:
            item: dict[str, Any] = {
                **keys.guard(self.record_id),
                "count": {"N": "0"},
                "seq": {"N": "0"},
                "label": {"S": after.label},
            }
            if after.grades:
                item["grades"] = {"SS": sorted(after.grades)}
            yield Action(self._put(item, _ABSENT), "document")

    def _no_keys(self, after: Version | None) -> Iterator[Action]:
        if after is None and self.record_type == "organisation":
            check = {
                "TableName": self.tables.settings.register_table,
                "Key": keys.partner(self.record_id),
                "ConditionExpression": "attribute_not_exists(live)",
            }
            yield Action({"ConditionCheck": check}, "keys")

    def explain(self, failed: Sequence[Action]) -> ProblemError | None:
        """What stands against the write for good, or None when only something moved meanwhile."""
        about = {action.about for action in failed}
        if "once" in about:
            return AnsweredAlready()
        if "document" in about and self.before is not None:
            return self._changed_meanwhile()
        after = self.render(self.before.updated_at if self.before else "") if self.render else None
        faults = [fault for action in failed if after for fault in self._target_faults(action, after)]
        if faults:
            return InvalidContent(faults=faults)
        needed = self._still_needed(about)
        if needed is not None:
            return needed
        if "grades" in about and after is not None:
            return self._grade_in_use(after)
        taken = [action for action in failed if action.about == "external_id"]
        return self._taken(taken, after) if after else None

    def _still_needed(self, about: Collection[str]) -> Conflict | None:
        guard = self._guard_item(self.record_id) if "referrers" in about else {}
        if keys.number(guard, "count") > 0:
            return StillReferred(related=self._named_referrers())
        if "merging" in guard and "deleted" not in guard:
            return Conflict("This record is being merged into another one.", related=[guard["merging"]["S"]])
        return StillHasKeys() if "keys" in about else None

    def _named_referrers(self) -> Sequence[str]:
        try:
            return self.referrers(self.record_id)
        except Unavailable:
            # The guard has decided; the lists only know the names, and are behind.
            return ()

    def _changed_meanwhile(self) -> ProblemError:
        try:
            document = self.tables.document(self.record_id)
        except Gone as gone:
            return gone
        return PreconditionFailed(headers={"ETag": f'"{document.version}"'})

    def _guard_item(self, record_id: str) -> dict[str, Any]:
        return self.tables.item(self.tables.of(record_id), keys.guard(record_id)) or {}

    def _target_faults(self, action: Action, after: Version) -> Iterator[Fault]:
        if action.about != "target":
            return
        guard = self._guard_item(action.name)
        if not guard or "deleted" in guard or "merging" in guard:
            message = "Name a record that exists; this one is missing or was deleted."
            if "merging" in guard:
                message = f"Name the record that this one was merged into: {guard['merging']['S']}."
            yield Fault(message, "unknown-reference", pointer=after.references[action.name])
        elif after.membership and after.membership.network_id == action.name and _lacks(guard, after.membership.grade):
            yield Fault("Use a grade code that the network offers.", "unknown-grade", pointer="/grade")

    def _grade_in_use(self, after: Version) -> Conflict | None:
        guard = self._guard_item(self.record_id)
        offered = self.before.grades if self.before else frozenset()
        in_use = any(keys.number(guard, f"grade#{code}") > 0 for code in offered - after.grades)
        return GradeInUse() if in_use else None

    def _taken(self, failed: Sequence[Action], after: Version) -> ExternalIdTaken | None:
        holders, faults = [], []
        for action in failed:
            key = keys.reference(*action.name.split("#", 1))
            item = self.tables.item(self.tables.settings.register_table, key) or {}
            if "id" in item and "deleted" not in item:
                message = "This pair of scheme and value is taken."
                faults.append(Fault(message, "external-id-taken", pointer=after.external_ids[action.name]))
                holders.append(item["id"]["S"])
        return ExternalIdTaken(faults=faults, related=list(dict.fromkeys(holders))) if holders else None


def _lacks(guard: dict[str, Any], grade: str | None) -> bool:
    return grade is not None and grade not in guard.get("grades", {}).get("SS", ())


def _put(table: str, item: dict[str, Any], condition: dict[str, Any]) -> dict[str, Any]:
    return {"Put": {"TableName": table, "Item": item, **condition}}
