"""What one does with one's webhooks: entered after a challenge, changed, rotated, tried."""

import base64
import json
from collections.abc import Callable

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from functions.webhooks import signing
from shared.tables.feed import stamp_of
from tests.api.client import STAMP, Answer, Api, Json, Like
from tests.api.conftest import Log
from tests.webhooks.conftest import SCOPES, Hooks, path
from tests.webhooks.receivers import Receiver, Sent, receiving

ID = Like(r"whk_[0-9a-hjkmnp-tv-z]{26}")
SECRET = Like(r"whsec_[A-Za-z0-9+/]{43}=")


def verifies(secret: str, sent: Sent) -> bool:
    try:
        Webhook(secret).verify(sent.body, dict(sent.headers))
    except WebhookVerificationError:
        return False
    return True


def test_a_webhook_is_entered_once_its_address_has_answered_a_signed_challenge(
    hooks: Hooks, receiver: Receiver
) -> None:
    hooks.ahead = 0.0

    answer = hooks.partner.post("/webhooks", {"url": receiver.url, "types": ["event", "cooperation"]})

    assert answer.status == 201
    assert answer.json == {
        "id": ID,
        "organisation_id": hooks.organisation_id,
        "url": receiver.url,
        "types": ["cooperation", "event"],
        "status": "active",
        "version": 1,
        "created_at": STAMP,
        "updated_at": STAMP,
        "secret": SECRET,
    }
    assert answer.headers["location"] == f"/v1{path(answer.json)}"
    assert (answer.etag, answer.headers["cache-control"]) == ('"1"', "private, no-store")
    (sent,) = receiver.sent
    assert sent.json == {
        "type": "webhook.challenge",
        "timestamp": STAMP,
        "data": {"challenge": Like("[0-9a-f]{32}")},
    }
    assert verifies(answer.json["secret"], sent)


@pytest.mark.parametrize(
    "respond",
    [
        lambda _: (204, {}, b""),
        lambda _: (200, {}, b""),
        lambda _: (200, {}, b'{"challenge": "0"}'),
        lambda _: (200, {}, b'["challenge"]'),
        lambda _: (200, {}, b"[" * 5000),
        lambda sent: (404, {}, json.dumps(sent.json["data"]).encode()),
        lambda sent: (307, {"Location": "http://localhost/"}, json.dumps(sent.json["data"]).encode()),
    ],
)
def test_an_address_at_which_nobody_answers_the_challenge_is_not_entered(
    hooks: Hooks, receiver: Receiver, respond: Callable[[Sent], tuple[int, Json, bytes]]
) -> None:
    receiver.respond = respond
    before = hooks.house.contents()["RegisterTable"]

    answer = hooks.partner.post("/webhooks", {"url": receiver.url})

    assert (answer.status, answer.faults()) == (422, {"/url": "challenge-failed"})
    assert [item for item in hooks.house.contents()["RegisterTable"] if item not in before] == [
        item for item in hooks.house.contents()["RegisterTable"] if item["pk"]["S"].startswith("QUOTA#")
    ]


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, {"/url": "required"}),
        ({"url": 1}, {"/url": "type"}),
        ({"url": "https://10.0.0.1/"}, {"/url": "address"}),
        ({"url": "http://example.org/"}, {"/url": "address"}),
        ({"url": "https://user@example.org/"}, {"/url": "address"}),
        ({"url": "https://nothing.invalid/"}, {"/url": "challenge-failed"}),
        ({"url": "https://a.example/", "types": []}, {"/types": "too-few"}),
        ({"url": "https://a.example/", "types": ["event", "event"]}, {"/types": "duplicate"}),
        (
            {"url": "https://a.example/", "types": ["person"], "secret": "x"},
            {"/types/0": "choice", "/secret": "unknown-field"},
        ),
    ],
)
def test_what_is_wrong_with_a_webhook_is_said(hooks: Hooks, body: Json, faults: dict[str, str]) -> None:
    answer = hooks.partner.post("/webhooks", body)

    assert (answer.status, answer.faults()) == (422, faults)


def test_one_sees_ones_own_webhooks_and_the_office_sees_all_page_by_page(hooks: Hooks, receiver: Receiver) -> None:
    mine = [hooks.create(receiver.url) for _ in range(3)]
    offices = hooks.office.create("/webhooks", {"url": receiver.url})
    office = {"authorization": f"Bearer {hooks.office.key}"}

    own = hooks.partner.get("/webhooks?limit=2", **hooks.keyed).json
    rest = hooks.partner.get(own["next"].removeprefix("/v1"), **hooks.keyed).json
    everybodys = hooks.office.get("/webhooks?limit=3", **office).json
    last = hooks.office.get(everybodys["next"].removeprefix("/v1"), **office).json

    shown = [{name: value for name, value in webhook.items() if name != "secret"} for webhook in mine]
    assert (own["items"] + rest["items"], rest["next"]) == (shown, None)
    assert [each["id"] for each in everybodys["items"] + last["items"]] == [each["id"] for each in [*mine, offices]]
    assert "organisation_id" not in last["items"][-1]
    assert hooks.partner.get(path(mine[0]), **hooks.keyed).json == shown[0]


def test_a_new_address_has_to_answer_and_what_else_changes_does_not_ask(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url, types=["event"])

    all_types = hooks.partner.patch(path(webhook), {"types": None}, if_match='"1"')
    disabled = hooks.partner.patch(path(webhook), {"status": "disabled"}, if_match=all_types.etag)
    asked = len(receiver.sent)
    moved = hooks.partner.patch(path(webhook), {"url": f"{receiver.url}/2"}, if_match=disabled.etag)
    receiver.respond = lambda _: (500, {}, b"")
    refused = hooks.partner.patch(path(webhook), {"status": "active"}, if_match=moved.etag)

    assert [answer.status for answer in (all_types, disabled, moved, refused)] == [200, 200, 200, 422]
    assert ("types" in all_types.json, disabled.json["status"], asked) == (False, "disabled", 1)
    assert (moved.json["version"], moved.json["url"], len(receiver.sent)) == (4, f"{receiver.url}/2", 2)


def test_whoever_has_just_answered_rests_no_more(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url)
    receiver.respond = lambda _: (503, {}, b"")
    for _ in range(3):
        hooks.change_something()
    hooks.run()

    with receiving() as other:
        hooks.partner.patch(path(webhook), {"url": other.url}, if_match="*")
        hooks.partner.send("POST", f"{path(webhook)}/test")
        hooks.deliver()

    assert [sent.json["type"] for sent in other.messages()] == ["webhook.test"]


def test_a_change_is_conditional_on_the_version(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url)
    hooks.partner.patch(path(webhook), {"types": ["event"]}, if_match='"1"')

    stale = hooks.partner.patch(path(webhook), {"types": None}, if_match='"1"')
    without = hooks.partner.patch(path(webhook), {"types": None})
    same = hooks.partner.patch(path(webhook), {"types": ["event"]}, if_match='"2"')
    kept = hooks.partner.delete(path(webhook), if_match='"1"')

    assert [(answer.status, answer.headers.get("etag")) for answer in (stale, kept)] == [(412, '"2"')] * 2
    assert (without.status, same.status, same.etag) == (428, 200, '"2"')


def test_what_was_deleted_is_not_there_and_makes_room(hooks: Hooks, receiver: Receiver) -> None:
    webhooks = [hooks.create(receiver.url) for _ in range(10)]
    full = hooks.partner.post("/webhooks", {"url": receiver.url})

    deleted = hooks.partner.delete(path(webhooks[0]), if_match="*")

    assert (full.status, deleted.status) == (409, 204)
    assert hooks.partner.get(path(webhooks[0]), **hooks.keyed).status == 404
    assert webhooks[0]["secret"] not in json.dumps(hooks.house.contents()["RegisterTable"], default=str)
    assert hooks.partner.post("/webhooks", {"url": receiver.url}).status == 201


def test_while_a_secret_is_rotated_messages_are_signed_with_both(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url)

    rotated = hooks.partner.post(f"{path(webhook)}/rotate", None)
    again = hooks.partner.post(f"{path(webhook)}/rotate", None)
    hooks.change_something()
    hooks.run()

    (sent,) = receiver.messages()
    secrets = [webhook["secret"], rotated.json["secret"], again.json["secret"]]
    assert rotated.json == {**webhook, "secret": SECRET, "previous_secret_ends_at": STAMP}
    assert [verifies(secret, sent) for secret in secrets] == [False, True, True]


def test_a_day_after_a_rotation_the_old_secret_is_dead(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url)
    hooks.partner.post(f"{path(webhook)}/rotate", None)
    hooks.change_something()
    hooks.ahead += 86_401

    hooks.run()

    (sent,) = receiver.messages()
    signed = signing.headers([webhook["secret"]], sent.headers["webhook-id"], int(hooks.now()), sent.body)
    assert len(sent.headers["webhook-signature"].split()) == 1
    assert signed["webhook-signature"] != sent.headers["webhook-signature"]


def test_a_test_event_takes_the_way_of_all_messages(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url, types=["event"])

    answer = hooks.partner.post(f"{path(webhook)}/test", None)
    hooks.deliver()

    (sent,) = receiver.messages()
    (delivery,) = hooks.deliveries(webhook)
    assert (answer.status, answer.json) == (202, {"delivery_id": delivery["id"]})
    assert sent.json == {"type": "webhook.test", "timestamp": STAMP, "data": {}}
    assert (delivery["state"], delivery["type"]) == ("delivered", "webhook.test")


def test_nothing_is_sent_to_a_webhook_that_is_switched_off(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url)
    hooks.partner.patch(path(webhook), {"status": "disabled"}, if_match="*")
    hooks.change_something()

    hooks.run()
    since = {"since": stamp_of(hooks.now() - 60)}
    answers = [
        hooks.partner.post(f"{path(webhook)}/test", None),
        hooks.partner.post(f"{path(webhook)}/replay", since),
    ]

    assert [answer.status for answer in answers] == [409, 409]
    assert receiver.messages() == []


def once(answers: list[Answer]) -> list[tuple[int, object, bool]]:
    return [
        (each.status, each.json if each.content else None, "idempotent-replayed" in each.headers) for each in answers
    ]


@pytest.mark.parametrize("what", ["create", "patch", "rotate", "test", "replay", "delete"])
def test_a_request_that_is_sent_again_with_its_key_is_answered_not_repeated(
    hooks: Hooks, receiver: Receiver, what: str
) -> None:
    webhook = hooks.create(receiver.url)
    asks: dict[str, Callable[[], Answer]] = {
        "create": lambda: hooks.partner.post("/webhooks", {"url": receiver.url}, idempotency_key="k"),
        "patch": lambda: hooks.partner.patch(path(webhook), {"types": ["event"]}, if_match='"1"', idempotency_key="k"),
        "rotate": lambda: hooks.partner.post(f"{path(webhook)}/rotate", None, idempotency_key="k"),
        "test": lambda: hooks.partner.post(f"{path(webhook)}/test", None, idempotency_key="k"),
        "replay": lambda: hooks.partner.post(
            f"{path(webhook)}/replay", {"since": webhook["created_at"]}, idempotency_key="k"
        ),
        "delete": lambda: hooks.partner.delete(path(webhook), if_match='"1"', idempotency_key="k"),
    }

    answers = [asks[what]() for _ in range(2)]

    first, again = once(answers)
    assert first[0] < 300
    assert again == (first[0], first[1], True)
    assert len(hooks.partner.get("/webhooks", **hooks.keyed).items) == {"create": 2, "delete": 0}.get(what, 1)


def test_a_key_that_came_with_another_request_is_refused(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url)
    hooks.partner.post(f"{path(webhook)}/rotate", None, idempotency_key="k")

    answer = hooks.partner.post(f"{path(webhook)}/test", None, idempotency_key="k")

    assert (answer.status, answer.json["type"]) == (422, "/v1/problems/idempotency-key-reused")


def test_a_refusal_by_what_the_register_holds_is_remembered(hooks: Hooks) -> None:
    missing = "/webhooks/whk_00000000000000000000000000/rotate"

    answers = [hooks.partner.post(missing, None, idempotency_key="k") for _ in range(2)]

    assert [(answer.status, "idempotent-replayed" in answer.headers) for answer in answers] == [
        (404, False),
        (404, True),
    ]


def test_a_page_that_others_cursors_lead_to_is_refused(hooks: Hooks, receiver: Receiver) -> None:
    for _ in range(2):
        hooks.create(receiver.url)
    cursor = hooks.partner.get("/webhooks?limit=1", **hooks.keyed).json["next"].partition("cursor=")[2]

    answer = hooks.partner.get(
        f"/webhooks/{hooks.create(receiver.url)['id']}/deliveries?cursor={cursor}", **hooks.keyed
    )

    assert (answer.status, answer.faults()) == (400, {"cursor": "foreign-cursor"})


def forged(cursor: str, *values: object) -> str:
    """The cursor with other values behind its binding, as whoever reads the code could make it."""
    binding, today, *_ = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return base64.urlsafe_b64encode(json.dumps([binding, today, *values]).encode()).decode().rstrip("=")


@pytest.mark.parametrize("value", ["", "x", "\x00", "0" * 1400, f"dlv_1795253400000_msg_{'a' * 81}", 1, None])
def test_a_forged_cursor_is_refused_before_it_becomes_a_key(
    hooks: Hooks, receiver: Receiver, log: Log, value: object
) -> None:
    webhook = hooks.create(receiver.url)
    hooks.create(receiver.url)
    for _ in range(2):
        hooks.change_something()
    hooks.run()
    lists = ["/webhooks", f"{path(webhook)}/deliveries"]
    cursors = [
        hooks.partner.get(f"{each}?limit=1", **hooks.keyed).json["next"].partition("cursor=")[2] for each in lists
    ]

    answers = [
        hooks.partner.get(f"{each}?cursor={forged(cursor, value)}", **hooks.keyed)
        for each, cursor in zip(lists, cursors, strict=True)
    ]

    assert [(each.status, each.faults()) for each in answers] == [(400, {"cursor": "malformed-cursor"})] * 2
    assert [line["calls"] for line in log.lines()[-2:]] == [0, 0]


@pytest.mark.parametrize("name", ["x", "whk_", "whk_" + "0" * 25, "whk_" + "0" * 27, "0" * 3000])
def test_what_is_no_id_of_a_webhook_is_not_found_and_not_looked_for(hooks: Hooks, log: Log, name: str) -> None:
    hooks.partner.get("/webhooks", **hooks.keyed)

    answers = [hooks.partner.get(f"/webhooks/{name}{more}", **hooks.keyed) for more in ("", "/deliveries")]

    assert [(answer.status, answer.json["type"]) for answer in answers] == [(404, "/v1/problems/not-found")] * 2
    assert [line["calls"] for line in log.lines()[-2:]] == [0, 0]


def test_another_partner_learns_nothing(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url)
    other = Api(
        hooks.office.gateway,
        hooks.house.key(hooks.office.id("/organisations", {"name": "X", "kind": "other"}), *SCOPES),
    )
    keyed = {"authorization": f"Bearer {other.key}"}

    answers = [other.get(path(webhook), **keyed), other.get(path({"id": "whk_00000000000000000000000000"}), **keyed)]

    assert [{**answer.json, "instance": ""} for answer in answers] == [{**answers[0].json, "instance": ""}] * 2
    assert other.get("/webhooks", **keyed).items == []
