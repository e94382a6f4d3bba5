"""Rules across records hold, also when something else happens between their reads and their commit."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.errors import (
    Conflict,
    ExternalIdTaken,
    Fault,
    GradeInUse,
    InvalidContent,
    MembershipOverlap,
    ProblemError,
    StillReferred,
)
from shared.tables.register import Register
from tests.tables.faulty import Contents, Faulty

Read = Callable[[], Contents]


def organisation(register: Register, **fields: object) -> str:
    return register.create("organisation", {"name": "A", "kind": "network", **fields}).document.id


def event(register: Register, part_of: str | None = None) -> str:
    body = {"title": {"de": "Tag"}, "kind": "series", "status": "planned", "part_of": part_of}
    return register.create("event", body).document.id


def move(register: Register, record_id: str, part_of: str | None) -> None:
    register.patch(record_id, {"part_of": part_of}, if_match=None)


def membership(register: Register, network_id: str, member_id: str, **fields: object) -> str:
    return register.create("membership", {"network_id": network_id, "member_id": member_id, **fields}).document.id


def counters(contents: Read, table: str, record_id: str) -> dict[str, int]:
    guard = contents()[table][record_id, "IN"]
    return {name: int(value["N"]) for name, value in guard.items() if "N" in value and name != "seq"}


def relation(target: str) -> dict[str, Any]:
    return {"relations": [{"kind": "related", "organisation_id": target}]}


def test_a_deletion_before_the_commit_of_a_reference_wins(register: Register, client: Faulty, contents: Read) -> None:
    target = organisation(register)
    client.script = [client.after(lambda: register.delete(target, if_match=None))]

    with pytest.raises(InvalidContent) as refused:
        organisation(register, **relation(target))

    assert [fault.pointer for fault in refused.value.faults] == ["/relations/0/organisation_id"]
    assert counters(contents, "organisations", target) == {"count": 0}


def test_a_reference_before_the_commit_of_a_deletion_wins(register: Register, client: Faulty, contents: Read) -> None:
    target = organisation(register)
    client.script = [client.after(lambda: organisation(register, **relation(target)))]

    with pytest.raises(StillReferred):
        register.delete(target, if_match=None)

    assert counters(contents, "organisations", target) == {"count": 1}


def test_trees_have_three_levels(register: Register, contents: Read) -> None:
    root = event(register)
    child = event(register, root)
    grandchild = event(register, child)

    with pytest.raises(InvalidContent) as refused:
        event(register, grandchild)

    message = "Name a parent so that no more than three levels stand below each other."
    assert refused.value.faults == (Fault(message, "too-deep", pointer="/part_of"),)
    assert counters(contents, "events", root) == {"count": 1, "parts": 1, "grandparts": 1}
    assert counters(contents, "events", child) == {"count": 1, "parts": 1, "grandparts": 0}


def test_a_branch_moves_with_its_parts(register: Register, contents: Read) -> None:
    old, new = event(register), event(register)
    child = event(register, old)
    event(register, child)

    move(register, child, new)

    assert counters(contents, "events", old) == {"count": 0, "parts": 0, "grandparts": 0}
    assert counters(contents, "events", new) == {"count": 1, "parts": 1, "grandparts": 1}


def test_a_branch_too_high_for_its_place_does_not_move(register: Register) -> None:
    root, other = event(register), event(register)
    below = event(register, other)
    child = event(register, root)
    event(register, child)

    with pytest.raises(InvalidContent) as refused:
        move(register, child, below)

    assert [fault.code for fault in refused.value.faults] == ["too-deep"]


@pytest.mark.parametrize("distance", [1, 2])
def test_nothing_is_a_part_of_itself(register: Register, distance: int) -> None:
    chain = [event(register)]
    for _ in range(distance):
        chain.append(event(register, chain[-1]))

    with pytest.raises(InvalidContent) as refused:
        move(register, chain[0], chain[-1])

    assert [fault.code for fault in refused.value.faults] == ["cycle"]


def test_two_moves_that_together_make_a_cycle_never_both_succeed(register: Register, client: Faulty) -> None:
    one, other = event(register), event(register)
    client.script = [client.after(lambda: move(register, other, one))]

    with pytest.raises(InvalidContent) as refused:
        move(register, one, other)

    assert [fault.code for fault in refused.value.faults] == ["cycle"]


def test_two_moves_that_together_are_too_deep_never_both_succeed(register: Register, client: Faulty) -> None:
    root = event(register)
    middle, parent = event(register, root), event(register)
    leaf = event(register)
    client.script = [client.after(lambda: move(register, parent, middle))]

    with pytest.raises(InvalidContent) as refused:
        move(register, leaf, parent)

    assert [fault.code for fault in refused.value.faults] == ["too-deep"]


def test_a_grandparent_that_moves_meanwhile_is_seen(register: Register, client: Faulty) -> None:
    root, branch = event(register), event(register)
    parent = event(register, branch)
    leaf = event(register)
    client.script = [client.after(lambda: move(register, branch, root))]

    with pytest.raises(InvalidContent) as refused:
        move(register, leaf, parent)

    assert [fault.code for fault in refused.value.faults] == ["too-deep"]


def test_what_is_deleted_leaves_the_tree(register: Register, contents: Read) -> None:
    root = event(register)
    child = event(register, root)
    grandchild = event(register, child)

    register.delete(grandchild, if_match=None)
    register.delete(child, if_match=None)

    assert counters(contents, "events", root) == {"count": 0, "parts": 0, "grandparts": 0}
    register.delete(root, if_match=None)


GRADES = {"membership_grades": [{"code": "full"}, {"code": "associated"}]}


def test_a_grade_is_one_that_the_network_offers(register: Register, contents: Read) -> None:
    network, member = organisation(register, **GRADES), organisation(register)

    with pytest.raises(InvalidContent) as refused:
        membership(register, network, member, grade="honorary")

    message = "Use a grade code that the network offers."
    assert refused.value.faults == (Fault(message, "unknown-grade", pointer="/grade"),)
    assert counters(contents, "organisations", network) == {"count": 0}


def test_a_grade_in_use_cannot_go(register: Register, contents: Read) -> None:
    network, member = organisation(register, **GRADES), organisation(register)
    made = membership(register, network, member, grade="full")

    with pytest.raises(GradeInUse):
        register.patch(network, {"membership_grades": [{"code": "associated"}]}, if_match=None)

    assert counters(contents, "organisations", network) == {"count": 1, "grade#full": 1}
    register.patch(made, {"grade": "associated"}, if_match=None)
    register.patch(network, {"membership_grades": [{"code": "associated"}]}, if_match=None)
    assert counters(contents, "organisations", network) == {"count": 1, "grade#full": 0, "grade#associated": 1}


def test_a_grade_taken_up_before_the_commit_of_its_removal_stays(register: Register, client: Faulty) -> None:
    network, member = organisation(register, **GRADES), organisation(register)
    client.script = [client.after(lambda: membership(register, network, member, grade="full"))]

    with pytest.raises(GradeInUse):
        register.patch(network, {"membership_grades": None}, if_match=None)


def test_a_grade_removed_before_the_commit_of_its_use_is_gone(register: Register, client: Faulty) -> None:
    network, member = organisation(register, **GRADES), organisation(register)
    client.script = [
        client.after(lambda: register.patch(network, {"membership_grades": None}, if_match=None)),
    ]

    with pytest.raises(InvalidContent) as refused:
        membership(register, network, member, grade="full")

    assert [fault.code for fault in refused.value.faults] == ["unknown-grade"]


def test_one_may_leave_and_rejoin(register: Register, contents: Read) -> None:
    network, member = organisation(register), organisation(register)
    membership(register, network, member, since="2010", until="2015")
    again = membership(register, network, member, since="2018")

    with pytest.raises(MembershipOverlap) as refused:
        membership(register, network, member, since="2020")

    assert refused.value.related == (again,)
    assert counters(contents, "organisations", network) == {"count": 2}


def test_times_that_may_but_need_not_overlap_are_legal(register: Register, contents: Read) -> None:
    network, member = organisation(register), organisation(register)
    membership(register, network, member, since="2010", until="2015")

    membership(register, network, member, since="2015")

    assert counters(contents, "organisations", network) == {"count": 2}


def test_a_membership_may_change_without_meeting_itself(register: Register) -> None:
    network, member = organisation(register), organisation(register)
    made = membership(register, network, member, since="2010")

    changed = register.patch(made, {"until": "2020"}, if_match=None).document

    assert changed.version == 2


def test_two_overlapping_memberships_never_both_commit(register: Register, client: Faulty, contents: Read) -> None:
    network, member = organisation(register), organisation(register)
    client.script = [client.after(lambda: membership(register, network, member))]

    with pytest.raises(MembershipOverlap):
        membership(register, network, member)

    assert counters(contents, "organisations", network) == {"count": 1}


def test_a_pair_has_a_hundred_memberships_at_most(register: Register, contents: Read) -> None:
    network, member = organisation(register), organisation(register)
    for _ in range(100):
        membership(register, network, member, until="2018")

    with pytest.raises(Conflict):
        membership(register, network, member, until="2018")

    assert counters(contents, "organisations", network) == {"count": 100}


def test_a_deleted_membership_makes_room(register: Register, contents: Read) -> None:
    network, member = organisation(register), organisation(register)
    made = membership(register, network, member)

    register.delete(made, if_match=None)

    membership(register, network, member)
    assert counters(contents, "organisations", network) == {"count": 1}


def test_the_two_ends_of_a_membership_are_fixed(register: Register) -> None:
    network, member, other = organisation(register), organisation(register), organisation(register)
    made = membership(register, network, member)

    with pytest.raises(InvalidContent) as refused:
        register.patch(made, {"network_id": other, "member_id": network}, if_match=None)

    message = "Keep the pair, or end this membership and create another one."
    assert refused.value.faults == (
        Fault(message, "pair-is-fixed", pointer="/network_id"),
        Fault(message, "pair-is-fixed", pointer="/member_id"),
    )


def test_two_records_never_share_an_external_id(register: Register, client: Faulty, contents: Read) -> None:
    ids = {"external_ids": [{"scheme": "isil", "value": "DE-1"}]}
    client.script = [client.after(lambda: organisation(register, **ids))]

    with pytest.raises(ExternalIdTaken):
        organisation(register, **ids)

    assert len([key for key in contents()["organisations"] if key[1] == "DOC"]) == 1


@pytest.mark.parametrize("fault", ["conflict", "throttled", "never_sent", "broken"])
def test_every_rule_is_decided_anew_after_a_passing_fault(
    register: Register, client: Faulty, contents: Read, fault: str
) -> None:
    target = organisation(register)
    other = organisation(register, **relation(target))
    client.script = [getattr(client, fault)]

    register.patch(other, {"relations": None}, if_match=None)

    assert counters(contents, "organisations", target) == {"count": 0}


def test_what_is_refused_leaves_every_item_as_it_was(register: Register, contents: Read) -> None:
    network, member = organisation(register, **GRADES), organisation(register)
    made = membership(register, network, member, grade="full")
    root = event(register)
    child = event(register, root)
    before = contents()
    refused: list[Callable[[], object]] = [
        lambda: register.delete(network, if_match=None),
        lambda: register.patch(network, {"membership_grades": None}, if_match=None),
        lambda: register.patch(made, {"grade": "none"}, if_match=None),
        lambda: membership(register, network, member),
        lambda: move(register, root, child),
        lambda: move(register, child, "evt_01m7xzr4sfcxeg57xb9a55bn1m"),
        lambda: register.patch(child, {"title": None}, if_match=None),
    ]

    for write in refused:
        with pytest.raises(ProblemError):
            write()

    assert contents() == before
