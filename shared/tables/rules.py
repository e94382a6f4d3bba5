"""Rules over several records, decided by guards and pairs so that they hold under any race.

Each reads what it needs, raises what it decides, and adds to the transaction's guard changes the conditions under
which its decision still holds when the transaction commits.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from shared.errors import Conflict, Fault, InvalidContent, MembershipOverlap
from shared.models import dates
from shared.tables import keys
from shared.tables.guards import Guards
from shared.tables.tables import Tables
from shared.tables.transaction import Action
from shared.tables.version import Membership, Version

DEEPEST: Final = 3
"""Levels of a tree of events or cooperations."""
MOST_MEMBERSHIPS: Final = 100
"""Of one organisation in one network, over all times: their times share an item."""
MOST_RELATED: Final = 20


def refer(guards: Guards, before: Version | None, after: Version | None) -> None:
    """Count a record in at what it names from now on (which must live), and out where it no longer does."""
    old = before.references if before else {}
    new = after.references if after else {}
    for record_id in new.keys() - old.keys():
        change = guards.add(record_id, count=1)
        change.alive, change.about = True, "target"
    for record_id in old.keys() - new.keys():
        guards.add(record_id, count=-1)


def place_in_tree(tables: Tables, guards: Guards, before: Version | None, after: Version | None) -> None:
    """Let a record move below another unless that makes a cycle or a fourth level.

    Raises `InvalidContent`. Reads each guard before the document that it guards, and commits on `seq` as read; the
    record's own `seq` moves too, so that two moves which together would break the rule cannot both commit.
    """
    old, new = (version.part_of if version else None for version in (before, after))
    if old == new:
        return
    parts, height = 0, 1
    if before is not None:
        own = _guard(tables, before.id)
        parts = keys.number(own, "parts")
        height += (parts > 0) + (keys.number(own, "grandparts") > 0)
        if after is not None:
            guards.add(before.id).expect(keys.number(own, "seq"))
    if old is not None:
        for steps, (ancestor, seq) in enumerate(_ancestors(tables, old)[:2]):
            moved = {"parts": -1, "grandparts": -parts} if steps == 0 else {"grandparts": -1}
            guards.add(ancestor, **moved).expect(seq)
    if new is not None and after is not None:
        ancestors = _ancestors(tables, new)
        if after.id in (ancestor for ancestor, _ in ancestors):
            raise _fault("/part_of", "cycle", "Name a record that is not itself a part of this one.")
        if len(ancestors) + height > DEEPEST:
            raise _fault(
                "/part_of", "too-deep", "Name a parent so that no more than three levels stand below each other."
            )
        for steps, (ancestor, seq) in enumerate(ancestors[:2]):
            moved = {"parts": 1, "grandparts": parts} if steps == 0 else {"grandparts": 1}
            guards.add(ancestor, **moved).expect(seq)


def _ancestors(tables: Tables, record_id: str) -> list[tuple[str, int]]:
    """The record and what it is a part of, nearest first, each with the `seq` of its guard; at most one too many."""
    found: list[tuple[str, int]] = []
    current: str | None = record_id
    while current is not None and len(found) <= DEEPEST:
        found.append((current, keys.number(_guard(tables, current), "seq")))
        document = tables.item(tables.of(current), keys.document(current))
        current = keys.text(document, "part_of") if document else None
    return found


def _guard(tables: Tables, record_id: str) -> dict[str, Any]:
    return tables.item(tables.of(record_id), keys.guard(record_id)) or {}


def offer_grades(guards: Guards, before: Version | None, after: Version) -> None:
    """Keep the organisation's grade codes on its guard; a code that memberships carry cannot go."""
    old = before.grades if before else frozenset()
    if before is None or old == after.grades:
        return
    change = guards.of(after.id)
    change.about = "grades"
    if after.grades:
        change.put["grades"] = {"SS": sorted(after.grades)}
    else:
        change.drop.append("grades")
    change.zero.extend(f"grade#{code}" for code in sorted(old - after.grades))


def carry_grade(guards: Guards, before: Version | None, after: Version | None) -> None:
    """Count a membership under its grade at the network, which must offer it."""
    old, new = (version.membership if version else None for version in (before, after))
    old_place, new_place = ((one.network_id, one.grade) if one and one.grade else None for one in (old, new))
    if old_place == new_place:
        return
    if old_place is not None:
        guards.add(old_place[0], **{f"grade#{old_place[1]}": -1})
    if new_place is not None:
        change = guards.add(new_place[0], **{f"grade#{new_place[1]}": 1})
        change.grade, change.about = new_place[1], "target"


def pair_times(tables: Tables, before: Version | None, after: Version | None) -> Iterator[Action]:
    """Keep the times of a pair's memberships in one item; yields an action for each pair that changes.

    A membership stays with its pair, but when one end is merged into another organisation. Raises `MembershipOverlap`
    when two memberships of a pair would certainly hold on the same day.
    """
    old, new = (version.membership if version else None for version in (before, after))
    if old is not None and (new is None or _pair(old) != _pair(new)):
        yield _pair_action(tables, old, before.id if before else "", None)
    if new is not None and after is not None and (old is None or _pair(old) != _pair(new) or old.times != new.times):
        yield _pair_action(tables, new, after.id, new.times)


def _pair(membership: Membership) -> tuple[str, str]:
    return membership.network_id, membership.member_id


def _pair_action(tables: Tables, membership: Membership, membership_id: str, now: Mapping[str, str] | None) -> Action:
    """The action that gives a membership these times among those of its pair, or takes it out (None)."""
    table, key = tables.settings.organisations_table, keys.pair(*_pair(membership))
    held = tables.item(table, key) or {}
    times: dict[str, dict[str, str]] = json.loads(keys.text(held, "times") or "{}")
    times.pop(membership_id, None)
    if now is not None:
        rivals = [other for other, held_times in times.items() if dates.certainly_overlap(now, held_times)]
        if rivals:
            raise MembershipOverlap(related=rivals[:MOST_RELATED])
        if len(times) >= MOST_MEMBERSHIPS:
            raise Conflict(f"A pair has at most {MOST_MEMBERSHIPS} memberships; delete those entered in error.")
        times[membership_id] = dict(now)
    item = {**key, "times": {"S": json.dumps(times)}, "seq": {"N": str(keys.number(held, "seq") + 1)}}
    request: dict[str, Any] = {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
    if held:
        request |= {"ConditionExpression": "seq = :seq", "ExpressionAttributeValues": {":seq": held["seq"]}}
    return Action({"Put": request}, "moved")


def _fault(pointer: str, code: str, message: str) -> InvalidContent:
    return InvalidContent(faults=[Fault(message, code, pointer=pointer)])
