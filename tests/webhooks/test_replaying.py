"""What was delivered: how one looks at it, and has it sent once more."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.client import STAMP, Json
from tests.webhooks.conftest import Hooks, path
from tests.webhooks.receivers import Receiver


def test_one_delivery_is_sent_once_more_under_its_id(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url)
    hooks.change_something()
    hooks.run()
    (first,) = hooks.deliveries(webhook)

    answer = hooks.partner.post(f"{path(webhook)}/replay", {"delivery_id": first["id"]})
    hooks.deliver()

    one, two = receiver.messages()
    assert (answer.status, two.body, two.headers["webhook-id"]) == (202, one.body, one.headers["webhook-id"])
    assert [delivery["id"] for delivery in hooks.deliveries(webhook)] == [answer.json["delivery_id"], first["id"]]


def test_all_since_a_moment_is_sent_once_more(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url, types=["event"])
    records = [hooks.change_something() for _ in range(4)]
    hooks.run()
    before = len(receiver.messages())

    answer = hooks.partner.post(f"{path(webhook)}/replay", {"since": records[1]["updated_at"]})
    busy = hooks.partner.post(f"{path(webhook)}/replay", {"since": records[0]["updated_at"]})
    hooks.run()
    hooks.run()
    after = hooks.partner.post(f"{path(webhook)}/replay", {"since": records[3]["updated_at"]})

    assert (answer.status, answer.json) == (202, {"since": records[1]["updated_at"], "until": STAMP})
    assert (busy.status, after.status) == (409, 202)
    again = [sent.json["data"]["id"] for sent in receiver.messages()[before:]]
    assert again == [record["id"] for record in records[1:]]


@pytest.mark.parametrize(
    ("since", "written"),
    [
        ("{day}T09:30:00Z", "{day}T09:30:00.000Z"),
        ("{day}T09:30:00.5Z", "{day}T09:30:00.500Z"),
        ("{day}T10:30:00+01:00", "{day}T09:30:00.000Z"),
    ],
)
def test_a_moment_is_taken_as_rfc_3339_writes_it(hooks: Hooks, receiver: Receiver, since: str, written: str) -> None:
    webhook = hooks.create(receiver.url)
    day = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()

    answer = hooks.partner.post(f"{path(webhook)}/replay", {"since": since.format(day=day)})

    assert (answer.status, answer.json) == (202, {"since": written.format(day=day), "until": STAMP})


def test_a_moment_that_is_none_is_refused_with_one_that_is(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url)

    answer = hooks.partner.post(f"{path(webhook)}/replay", {"since": "2026-11-21"})

    message = "Give a moment (RFC 3339) that exists, such as 2026-11-21T09:30:00Z."
    assert answer.json["errors"] == [{"pointer": "/since", "code": "moment", "message": message}]


@pytest.mark.parametrize(
    ("body", "status", "faults"),
    [
        ({}, 422, {"": "choice"}),
        ({"since": "2026-02-30T00:00:00.000Z"}, 422, {"/since": "moment"}),
        ({"since": "2020-01-01T00:00:00.000Z"}, 422, {"/since": "moment"}),
        ({"since": "2099-01-01T00:00:00.000Z"}, 422, {"/since": "moment"}),
        ({"since": "0001-01-01T00:00:00+14:00"}, 422, {"/since": "moment"}),
        ({"since": "yesterday"}, 422, {"/since": "moment"}),
        ({"delivery_id": "dlv_1795240675000_msg_x_1"}, 404, None),
        ({"delivery_id": "dlv_9999999999999_msg_x_1"}, 404, None),
        ({"delivery_id": "dlv_1"}, 422, {"/delivery_id": "pattern"}),
    ],
)
def test_what_cannot_be_replayed_is_refused(
    hooks: Hooks, receiver: Receiver, body: Json, status: int, faults: dict[str, str] | None
) -> None:
    webhook = hooks.create(receiver.url)

    answer = hooks.partner.post(f"{path(webhook)}/replay", body)

    assert answer.status == status
    assert faults is None or answer.faults() == faults


def test_deliveries_are_paged_newest_first(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url)
    records = [hooks.change_something() for _ in range(3)]
    hooks.run()

    first = hooks.partner.get(f"{path(webhook)}/deliveries?limit=2", **hooks.keyed).json
    rest = hooks.partner.get(first["next"].removeprefix("/v1"), **hooks.keyed).json

    found = [delivery["message_id"] for delivery in first["items"] + rest["items"]]
    assert found == [f"msg_{record['id']}_1" for record in reversed(records)]
    assert rest["next"] is None
