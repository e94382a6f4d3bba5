"""What a write leaves in the tables."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.budget import Budget
from shared.errors import (
    ExternalIdTaken,
    Fault,
    Gone,
    InvalidContent,
    NotFound,
    PreconditionFailed,
    StillReferred,
    WriteContention,
)
from shared.models.ids import new_id
from shared.tables.register import Register, hash_of
from shared.tables.tables import Tables
from tests.tables.faulty import Contents, Faulty, Time

NOON = "2026-11-21T12:00:00.000Z"
Read = Callable[[], Contents]


def company(**fields: object) -> dict[str, Any]:
    return {"name": "TowerByte eG", "kind": "company", **fields}


def label(name: str) -> dict[str, str]:
    return {"S": json.dumps({"type": "organisation", "name": name, "kind": "company"}, separators=(",", ":"))}


def test_a_new_record_is_a_document_a_revision_a_guard_its_external_ids_and_an_entry(
    register: Register, contents: Read
) -> None:
    body = company(external_ids=[{"scheme": "isil", "value": "DE-1"}])

    made = register.create("organisation", body).document

    written = contents()
    version = {
        "version": {"N": "1"},
        "updated_at": {"S": NOON},
        "schema": {"N": "1"},
        "write_id": written["organisations"][made.id, "DOC"]["write_id"],
        "text": {"S": made.text},
        "has_private": {"BOOL": False},
        "author": {"S": "office"},
    }
    assert written == {
        "organisations": {
            (made.id, "DOC"): {"pk": {"S": made.id}, "sk": {"S": "DOC"}, **version},
            (made.id, "REV#000000000001"): {"pk": {"S": made.id}, "sk": {"S": "REV#000000000001"}, **version},
            (made.id, "IN"): {
                "pk": {"S": made.id},
                "sk": {"S": "IN"},
                "count": {"N": "0"},
                "seq": {"N": "0"},
                "label": label("TowerByte eG"),
            },
        },
        "events": {},
        "cooperations": {},
        "private": {},
        "register": {
            ("REF#isil#DE-1", "REF"): {"pk": {"S": "REF#isil#DE-1"}, "sk": {"S": "REF"}, "id": {"S": made.id}},
            ("FEED#2026-11-21", f"{NOON}#{made.id}#1"): {
                "pk": {"S": "FEED#2026-11-21"},
                "sk": {"S": f"{NOON}#{made.id}#1"},
                "type": {"S": "organisation"},
                "change": {"S": "created"},
                "prompt": {"BOOL": True},
            },
        },
    }


def test_what_is_hidden_of_a_person_stands_in_the_private_table_only(register: Register, contents: Read) -> None:
    person = {"name": "Silke Iffland", "email": "silke@example.org", "phone": "+49 3641 1"}

    made = register.create("organisation", company(people=[person])).document

    written = contents()
    ((key, item),) = written.pop("private").items()
    (hidden,) = json.loads(item["text"]["S"]).values()
    assert key == (made.id, "REV#000000000001")
    assert hidden == {"email": "silke@example.org", "phone": "+49 3641 1"}
    assert "silke@example.org" not in str(written)


def test_the_two_parts_of_a_version_are_read_together(register: Register) -> None:
    person = {"name": "Silke Iffland", "email": "silke@example.org"}
    made = register.create("organisation", company(people=[person])).document

    document, record = register.held(made.id)

    assert document.version == 1
    assert record.as_input()["people"] == [{"key": record.as_input()["people"][0]["key"], **person}]


def test_a_changed_label_reaches_the_guard(register: Register, contents: Read) -> None:
    made = register.create("organisation", company()).document

    register.patch(made.id, {"name": "TowerByte"}, if_match=frozenset({1}))

    assert contents()["organisations"][made.id, "IN"]["label"] == label("TowerByte")


def test_every_version_keeps_its_revision_and_its_entry_with_a_later_stamp(register: Register, contents: Read) -> None:
    made = register.create("organisation", company()).document

    register.patch(made.id, {"website": "https://www.towerbyte.de"}, if_match=frozenset({1}))
    register.patch(made.id, {"website": None}, if_match=frozenset({2}))

    written = contents()
    stamps = [f"2026-11-21T12:00:00.00{step}Z" for step in range(3)]
    assert [written["organisations"][made.id, f"REV#{v:012d}"]["updated_at"]["S"] for v in (1, 2, 3)] == stamps
    assert [sk for _, sk in written["register"]] == [f"{stamp}#{made.id}#{v}" for v, stamp in enumerate(stamps, 1)]


def test_a_write_that_changes_nothing_writes_nothing(register: Register, contents: Read, client: Faulty) -> None:
    made = register.create("organisation", company()).document
    before = contents()

    again = register.replace(made.id, json.loads(made.text or ""), if_match=frozenset({1})).document

    assert (again.version, again.text) == (1, made.text)
    assert contents() == before
    assert len(client.sent) == 1


def test_a_stale_version_is_refused_with_the_current_one(register: Register, contents: Read) -> None:
    made = register.create("organisation", company()).document
    register.patch(made.id, {"name": "B"}, if_match=frozenset({1}))
    before = contents()

    with pytest.raises(PreconditionFailed) as refused:
        register.patch(made.id, {"name": "C"}, if_match=frozenset({1}))

    assert refused.value.headers == {"ETag": '"2"'}
    assert contents() == before


def test_a_version_that_becomes_stale_before_the_commit_is_refused(register: Register, client: Faulty) -> None:
    made = register.create("organisation", company()).document
    client.script = [client.after(lambda: register.patch(made.id, {"name": "B"}, if_match=frozenset({1})))]

    with pytest.raises(PreconditionFailed) as refused:
        register.patch(made.id, {"name": "C"}, if_match=frozenset({1}))

    assert refused.value.headers == {"ETag": '"2"'}
    assert '"name":"B"' in (register.tables.document(made.id).text or "")


def test_deletion_leaves_a_tombstone_and_frees_the_external_id(register: Register, contents: Read) -> None:
    body = company(external_ids=[{"scheme": "isil", "value": "DE-1"}])
    made = register.create("organisation", body).document

    gone = register.delete(made.id, if_match=None).document

    written = contents()
    assert (gone.version, gone.text) == (2, None)
    assert "text" not in written["organisations"][made.id, "DOC"]
    assert written["organisations"][made.id, "IN"]["deleted"] == {"BOOL": True}
    assert written["register"]["REF#isil#DE-1", "REF"]["deleted"] == {"BOOL": True}
    with pytest.raises(Gone):
        register.tables.document(made.id)
    with pytest.raises(Gone):
        register.delete(made.id, if_match=None)
    successor = register.create("organisation", body).document
    assert contents()["register"]["REF#isil#DE-1", "REF"]["id"] == {"S": successor.id}


def test_what_was_never_there_is_not_found(register: Register) -> None:
    with pytest.raises(NotFound):
        register.delete("org_01m7xzr4sfcxeg57xb9a55bn1m", if_match=None)
    with pytest.raises(NotFound):
        register.tables.document("nonsense")


def test_an_external_id_belongs_to_one_record(register: Register, contents: Read) -> None:
    body = company(external_ids=[{"scheme": "isil", "value": "DE-1"}])
    made = register.create("organisation", body).document
    before = contents()

    with pytest.raises(ExternalIdTaken) as refused:
        register.create("event", {"title": {"de": "Tag"}, "kind": "other", "status": "planned", **_ids(body)})

    message = "This pair of scheme and value is taken."
    assert refused.value.related == (made.id,)
    assert refused.value.faults == (Fault(message, "external-id-taken", pointer="/external_ids/0"),)
    assert contents() == before


def _ids(body: dict[str, Any]) -> dict[str, Any]:
    return {"external_ids": body["external_ids"]}


def test_every_id_that_is_taken_is_named(register: Register) -> None:
    body = company(external_ids=[{"scheme": "isil", "value": "DE-1"}, {"scheme": "isil", "value": "DE-2"}])
    made = register.create("organisation", body).document

    with pytest.raises(ExternalIdTaken) as refused:
        register.create("organisation", body)

    assert {fault.pointer for fault in refused.value.faults} == {"/external_ids/0", "/external_ids/1"}
    assert refused.value.related == (made.id,)


def test_more_references_than_a_record_may_have_are_not_even_looked_up(register: Register, budget: Budget) -> None:
    relations = [{"kind": "related", "organisation_id": {"ref": f"isil:{n}"}} for n in range(39)]

    with pytest.raises(InvalidContent) as refused:
        register.create("organisation", company(relations=relations))

    assert [fault.code for fault in refused.value.faults] == ["too-many-references"]
    assert budget.read_units == 0


def test_a_fault_beside_an_unknown_reference_is_not_hidden(register: Register) -> None:
    ids: list[object] = [1] * 11
    ids[1] = {"ref": "isil:DE-1"}
    network = register.create("organisation", company()).document
    body = {"network_id": network.id, "member_id": network.id, "on_behalf_of": {"organisation_ids": ids}}

    with pytest.raises(InvalidContent) as refused:
        register.create("membership", body)

    pointers = {fault.pointer for fault in refused.value.faults}
    assert "/on_behalf_of/organisation_ids/10" in pointers


def test_an_external_id_may_move_from_one_record_to_another(register: Register, contents: Read) -> None:
    first = register.create("organisation", company(external_ids=[{"scheme": "isil", "value": "DE-1"}])).document
    second = register.create("organisation", company()).document

    register.patch(first.id, {"external_ids": None}, if_match=None)
    register.patch(second.id, {"external_ids": [{"scheme": "isil", "value": "DE-1"}]}, if_match=None)

    assert contents()["register"]["REF#isil#DE-1", "REF"]["id"] == {"S": second.id}


def test_ids_stand_in_the_order_in_which_records_were_made(register: Register, time: Time) -> None:
    time.pass_by(0.5)

    made = register.create("organisation", company()).document.id

    assert made[:14] == new_id("organisation", 1_795_262_400_500, bytes(10))[:14]


def test_an_input_is_the_same_in_whatever_order_its_members_stand() -> None:
    assert hash_of({"a": 1, "b": {"c": 2, "d": 3}}) == hash_of({"b": {"d": 3, "c": 2}, "a": 1})
    assert hash_of({"a": 1}) != hash_of({"a": 2})


def test_references_by_external_id_become_ids(register: Register) -> None:
    first = register.create("organisation", company(external_ids=[{"scheme": "isil", "value": "DE:1"}])).document
    relation = {"kind": "related", "organisation_id": {"ref": "isil:DE:1"}}

    second = register.create("organisation", company(relations=[relation])).document

    assert json.loads(second.text or "")["relations"] == [{"kind": "related", "organisation_id": first.id}]


@pytest.mark.parametrize("name", [f"isil:{'v' * 129}", f"{'s' * 33}:v", "isil#DE:1", "Isil:1", "isil:", "isil:\u202e"])
def test_what_can_be_no_external_id_is_never_looked_up(register: Register, contents: Read, name: str) -> None:
    relation = {"kind": "related", "organisation_id": {"ref": name}}

    with pytest.raises(InvalidContent) as refused:
        register.create("organisation", company(relations=[relation]))

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("/relations/0/organisation_id", "type"),
    ]
    assert not any(contents().values())


def test_a_reference_may_be_spelt_as_its_external_id_was(register: Register) -> None:
    spelt = "Gescha\u0308ft 1"
    first = register.create("organisation", company(external_ids=[{"scheme": "isil", "value": f" {spelt} "}])).document
    relation = {"kind": "related", "organisation_id": {"ref": f"isil:{spelt} "}}

    second = register.create("organisation", company(relations=[relation])).document

    assert json.loads(second.text or "")["relations"] == [{"kind": "related", "organisation_id": first.id}]


def test_unknown_references_and_broken_rules_are_named_together(register: Register, contents: Read) -> None:
    relation = {"kind": "related", "organisation_id": {"ref": "isil:DE-1"}}

    with pytest.raises(InvalidContent) as refused:
        register.create("organisation", {"name": 1, "kind": "company", "relations": [relation]})

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("/relations/0/organisation_id", "unknown-reference"),
        ("/name", "type"),
    ]
    assert not any(contents().values())


def test_a_missing_or_deleted_target_is_refused_with_its_pointer(register: Register, contents: Read) -> None:
    gone = register.create("organisation", company()).document
    register.delete(gone.id, if_match=None)
    before = contents()
    relations = [
        {"kind": "related", "organisation_id": "org_01m7xzr4sfcxeg57xb9a55bn1m"},
        {"kind": "related", "organisation_id": gone.id},
    ]

    with pytest.raises(InvalidContent) as refused:
        register.create("organisation", company(relations=relations))

    assert {fault.pointer for fault in refused.value.faults} == {
        "/relations/0/organisation_id",
        "/relations/1/organisation_id",
    }
    assert contents() == before


def test_a_record_that_others_name_cannot_go(register: Register, contents: Read) -> None:
    target = register.create("organisation", company()).document
    relation = {"kind": "related", "organisation_id": target.id}
    other = register.create("organisation", company(relations=[relation])).document

    with pytest.raises(StillReferred) as refused:
        register.delete(target.id, if_match=None)

    assert refused.value.related == (f"referrer of {target.id}",)
    assert contents()["organisations"][target.id, "IN"]["count"] == {"N": "1"}
    register.patch(other.id, {"relations": None}, if_match=None)
    register.delete(target.id, if_match=None)
    assert contents()["organisations"][target.id, "IN"]["count"] == {"N": "0"}


def test_any_version_takes_the_one_that_stands_there_in_the_end(register: Register, client: Faulty) -> None:
    made = register.create("organisation", company()).document
    client.script = [client.after(lambda: register.patch(made.id, {"founded": "2013"}, if_match=None))]

    changed = register.patch(made.id, {"legal_form": "eG"}, if_match=None).document

    record = json.loads(changed.text or "")
    assert (record["version"], record["founded"], record["legal_form"]) == (3, "2013", "eG")


def test_any_version_can_be_deleted_while_others_write(register: Register, client: Faulty) -> None:
    made = register.create("organisation", company()).document
    client.script = [client.after(lambda: register.patch(made.id, {"founded": "2013"}, if_match=None))]

    gone = register.delete(made.id, if_match=None).document

    assert (gone.version, gone.text) == (3, None)


def test_writers_that_are_always_faster_are_told_as_contention(register: Register, client: Faulty, time: Time) -> None:
    made = register.create("organisation", company()).document

    def overtake() -> None:
        time.pass_by(1.0)
        held = client.script
        client.script = []
        register.patch(made.id, {"founded": f"{2000 + int(time.elapsed)}"}, if_match=None)
        client.script = held

    client.script = [client.after(overtake)] * 20

    with pytest.raises(WriteContention):
        register.patch(made.id, {"legal_form": "eG"}, if_match=None)


def test_a_record_that_names_another_twice_counts_once(register: Register, contents: Read) -> None:
    target = register.create("organisation", company()).document
    relations = [{"kind": kind, "organisation_id": target.id} for kind in ("related", "part_of")]

    register.create("organisation", company(relations=relations))

    assert contents()["organisations"][target.id, "IN"]["count"] == {"N": "1"}


def test_units_follow_the_bytes_of_the_items(register: Register, budget: Budget, tables: Tables) -> None:
    made = register.create("organisation", company(description={"de": "ä" * 5_000})).document

    written = budget.write_units
    tables.document(made.id)

    # A document and a revision of 10 KB take eleven units each, guard and entry one; a transaction costs double. One
    # more is the note that the entry came in time.
    assert written == 2 * (11 + 11 + 1 + 1) + 1
    assert budget.read_units == 3


def test_the_stamp_is_later_than_the_last_even_when_the_clock_goes_back(register: Register, time: Time) -> None:
    made = register.create("organisation", company()).document
    time.now -= 3.0

    changed = register.patch(made.id, {"name": "B"}, if_match=None).document

    assert changed.updated_at == "2026-11-21T12:00:00.001Z"
