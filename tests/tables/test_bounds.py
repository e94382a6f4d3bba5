"""Any record can become any other in one transaction, and units are those that DynamoDB documents."""

from typing import Any

import pytest

from shared.budget import Budget, item_size, record_call
from shared.caller import OFFICE
from shared.models.ids import RecordType
from shared.once import Once
from shared.tables.register import Register
from tests.tables.faulty import Faulty

MOST_ACTIONS = 100  # of one transaction, as DynamoDB documents it


def others(register: Register, count: int) -> list[str]:
    return [register.create("organisation", {"name": f"N{n}", "kind": "company"}).document.id for n in range(count)]


def chain(register: Register, record_type: RecordType, base: dict[str, Any]) -> str:
    root = register.create(record_type, base).document.id
    return register.create(record_type, {**base, "part_of": root}).document.id


def once(register: Register) -> Register:
    """The register as it writes for a request with an Idempotency-Key, which takes an action more."""
    return register.acting(OFFICE, Once("office", "k", "f"))


def external_ids(prefix: str) -> list[dict[str, str]]:
    return [{"scheme": "isil", "value": f"{prefix}-{n}"} for n in range(6)]


def person(name: str) -> dict[str, str]:
    return {"name": name, "email": "somebody@example.org"}


@pytest.mark.parametrize("record_type", ["event", "cooperation"])
def test_an_extreme_record_becomes_another_extreme_one_in_one_transaction(
    register: Register, client: Faulty, record_type: RecordType
) -> None:
    named = others(register, 74)
    title: dict[str, Any] = {"title": {"de": "T"}}
    if record_type == "event":
        base = {**title, "kind": "series", "status": "planned"}
        lists = [[{"organisation_id": one, "role": "partner"} for one in half] for half in (named[:37], named[37:])]
        bodies = [{**base, "organisers": members} for members in lists]
    else:
        base = {
            **title,
            "kind": "project",
            "status": "active",
            "parties": [{"organisation_id": named[0], "roles": ["party"]}],
        }
        bodies = [
            {
                **base,
                "parties": [{"organisation_id": one, "roles": ["party"]} for one in half[:30]],
                "people": [{"name": "P", "organisation_id": one} for one in half[30:]],
            }
            for half in (named[:37], named[37:])
        ]
    parents = [chain(register, record_type, base) for _ in bodies]
    first, second = (
        {**body, "part_of": parent, "external_ids": external_ids(parent), "website": "https://example.org"}
        if record_type == "event"
        else {**body, "part_of": parent, "external_ids": external_ids(parent)}
        for body, parent in zip(bodies, parents, strict=True)
    )
    made = register.create(record_type, {**first, "people": [*first.get("people", []), person("P")]}).document

    changed = once(register).replace(made.id, {**second, "title": {"de": "U"}}, if_match=None).document

    assert changed.version == 2
    assert 90 < len(client.sent[-1]) <= MOST_ACTIONS


def test_an_extreme_membership_changes_in_one_transaction(register: Register, client: Faulty) -> None:
    network, member, *named = others(register, 42)
    behalf = [{"organisation_ids": half} for half in (named[:20], named[20:])]
    made = register.create(
        "membership",
        {"network_id": network, "member_id": member, "on_behalf_of": behalf[0], "external_ids": external_ids("a")},
    ).document

    body = {"on_behalf_of": behalf[1], "external_ids": external_ids("b"), "until": "2020"}
    changed = once(register).patch(made.id, body, if_match=None).document

    assert changed.version == 2
    assert 55 < len(client.sent[-1]) <= MOST_ACTIONS


def test_no_transaction_acts_on_an_item_twice(register: Register, client: Faulty) -> None:
    base = {"title": {"de": "T"}, "kind": "series", "status": "planned"}
    root = register.create("event", base).document.id
    child = register.create("event", {**base, "part_of": root}).document.id
    leaf = register.create("event", {**base, "part_of": child}).document.id

    register.patch(leaf, {"part_of": root}, if_match=None)

    touched = [
        (body["TableName"], str(body["Key"] if "Key" in body else (body["Item"]["pk"], body["Item"]["sk"])))
        for action in client.sent[-1]
        for body in action.values()
    ]
    assert len(touched) == len(set(touched))


def test_an_item_is_as_large_as_dynamodb_says() -> None:
    item: dict[str, dict[str, Any]] = {
        "pk": {"S": "ä"},
        "n": {"N": "1234"},
        "flag": {"BOOL": True},
        "set": {"SS": ["a", "bc"]},
        "b": {"B": b"123"},
    }

    assert item_size(item) == (2 + 2) + (1 + 4) + (4 + 1) + (3 + 3) + (1 + 3)


@pytest.mark.parametrize(
    ("operation", "request_", "answer", "read", "write"),
    [
        ("GetItem", {"ConsistentRead": True}, {}, 1, 0),
        ("GetItem", {"ConsistentRead": True}, {"Item": {"t": {"S": "x" * 4096}}}, 2, 0),
        ("GetItem", {}, {"Item": {"t": {"S": "x" * 4095}}}, 0.5, 0),
        ("Query", {"ConsistentRead": True}, {"Items": [{"t": {"S": "x" * 3000}}] * 3}, 3, 0),
        (
            "BatchGetItem",
            {"RequestItems": {"a": {"Keys": [1, 2, 3], "ConsistentRead": True}}},
            {"Responses": {"a": [{"t": {"S": "x" * 5000}}]}},
            4,
            0,
        ),
        ("PutItem", {"Item": {"t": {"S": "x" * 1024}}}, {}, 0, 2),
        (
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"Item": {"t": {"S": "x" * 2047}}}}, {"Update": {"Key": {"pk": {"S": "a"}}}}]},
            {},
            0,
            6,
        ),
    ],
)
def test_units_are_those_of_the_documented_rules(
    operation: str, request_: dict[str, Any], answer: dict[str, Any], read: float, write: float, budget: Budget
) -> None:
    record_call(operation, request_, answer)

    assert (budget.read_units, budget.write_units) == (read, write)
