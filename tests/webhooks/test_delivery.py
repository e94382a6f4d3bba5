"""Each change reaches whoever wants to hear of it, at least once, whatever fails on the way."""

import json
import time
from itertools import pairwise

import pytest
from standardwebhooks import Webhook

from infra.local.queues import queue_event
from shared.errors import Unavailable
from shared.tables import keys
from shared.tables.changes import Position
from shared.tables.deliveries import Deliveries
from shared.tables.lines import Lines
from shared.tables.queues import Message
from tests.api.client import STAMP, Api, Json, Like
from tests.api.conftest import Log
from tests.webhooks.conftest import Hooks
from tests.webhooks.receivers import Receiver, Sent, receiving


def message_id(record: Json) -> str:
    return f"msg_{record['id']}_{record['version']}"


def test_a_change_is_told_in_a_signed_message_that_says_no_more_than_which_version_is_new(
    hooks: Hooks, receiver: Receiver
) -> None:
    webhook = hooks.create(receiver.url)
    record = hooks.change_something()

    hooks.run()

    (sent,) = receiver.messages()
    hooks.ahead = 0.0
    cursor = Position.parse(sent.json["data"]["cursor"])
    assert sent.json == {
        "type": "event.created",
        "timestamp": record["updated_at"],
        "data": {
            "cursor": cursor.cursor,
            "type": "event",
            "id": record["id"],
            "version": 1,
            "change": "created",
            "late": False,
        },
    }
    assert cursor.behind == f"{record['updated_at']}#{record['id']}#1"
    assert Webhook(webhook["secret"]).verify(sent.body, dict(sent.headers)) == sent.json
    assert sent.headers["webhook-id"] == message_id(record)


def test_a_webhook_is_told_of_the_types_that_it_wants_and_of_nothing_before_it(
    hooks: Hooks, receiver: Receiver
) -> None:
    hooks.change_something()
    hooks.create(receiver.url, types=["organisation", "membership"])
    hooks.change_something()
    organisation_id = hooks.office.id("/organisations", {"name": "Neu", "kind": "company"})
    hooks.office.delete(f"/organisations/{organisation_id}", if_match="*")
    hooks.ahead += 11

    hooks.run()

    assert [sent.json["type"] for sent in receiver.messages()] == ["organisation.created", "organisation.deleted"]


def test_the_first_run_ever_begins_with_what_the_first_webhook_is_to_hear(hooks: Hooks, receiver: Receiver) -> None:
    tables = hooks.house.process.TABLES
    tables.client.delete_item(TableName=tables.settings.register_table, Key=keys.webhook_line())
    hooks.change_something()
    hooks.create(receiver.url)
    record = hooks.change_something()
    hooks.ahead += 600

    hooks.run()

    assert [sent.json["data"]["id"] for sent in receiver.messages()] == [record["id"]]


def test_what_is_not_final_yet_is_waited_for(hooks: Hooks, receiver: Receiver) -> None:
    hooks.create(receiver.url)
    hooks.change_something()
    hooks.ahead -= 11

    told = hooks.dispatch()
    hooks.deliver()

    assert (told, len(receiver.messages())) == ({"sent": 1, "behind": 0}, 1)


def test_what_failed_is_tried_again_under_the_same_id_until_it_arrives(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url)
    statuses = iter([500, 404, 204])
    receiver.respond = lambda _: (next(statuses), {}, b"")
    record = hooks.change_something()

    hooks.run()
    (retrying,) = hooks.deliveries(webhook)
    hooks.ahead += 10
    hooks.deliver()
    hooks.ahead += 60
    hooks.deliver()

    (delivered,) = hooks.deliveries(webhook)
    expected: Json = {
        "id": Like(rf"dlv_\d{{13}}_{message_id(record)}"),
        "message_id": message_id(record),
        "type": "event.created",
        "at": STAMP,
        "milliseconds": retrying["milliseconds"],
    }
    assert retrying == {
        **expected,
        "state": "retrying",
        "attempts": 1,
        "status": 500,
        "problem": "status",
        "next_at": STAMP,
    }
    assert delivered == {
        **expected,
        "milliseconds": delivered["milliseconds"],
        "state": "delivered",
        "attempts": 3,
        "status": 204,
    }
    assert {sent.headers["webhook-id"] for sent in receiver.messages()} == {message_id(record)}
    assert len({sent.headers["webhook-timestamp"] for sent in receiver.messages()}) == 3


def test_what_fails_for_a_day_is_given_up_and_stays_in_the_log(hooks: Hooks, receiver: Receiver, log: Log) -> None:
    webhook = hooks.create(receiver.url)
    receiver.respond = lambda _: (400, {}, b"")
    hooks.change_something()
    started = hooks.now()

    hooks.run()
    attempts: list[float] = []
    while len(hooks.queue):
        before = len(receiver.messages())
        hooks.ahead += 300
        hooks.deliver()
        attempts += [hooks.now() - started] * (len(receiver.messages()) - before)

    (failed,) = hooks.deliveries(webhook)
    assert (failed["state"], failed["problem"], failed["attempts"]) == ("failed", "status", len(attempts) + 1)
    assert 86_400 <= attempts[-1] < 86_400 + 1200
    told = [line for line in log.lines() if line["message"] == "delivery"]
    assert [line["state"] for line in told] == ["retrying"] * len(attempts) + ["failed"]
    assert [line["age"] for line in told] == sorted(line["age"] for line in told)
    assert 86_400 <= told[-1]["age"] < 86_400 + 1200
    gaps = [after - before for before, after in pairwise(attempts[3:])]
    assert len(attempts) > 10
    assert max(gaps) < 6 * 3600
    assert sorted(gaps[:4]) == gaps[:4]


def test_what_waits_behind_a_receiver_that_is_dead_for_a_day_is_given_up_too(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url)
    receiver.respond = lambda _: (503, {}, b"")
    for _ in range(3):
        hooks.change_something()

    hooks.run()
    while len(hooks.queue):
        hooks.ahead += 300
        hooks.deliver()

    assert [one["state"] for one in hooks.deliveries(webhook)] == ["failed"] * 3
    assert len(receiver.messages()) < 100
    assert hooks.partner.get(f"/webhooks/{webhook['id']}", **hooks.keyed).json["status"] == "active"


def test_a_receiver_may_ask_to_be_left_alone_for_a_while(hooks: Hooks, receiver: Receiver) -> None:
    hooks.create(receiver.url)
    receiver.respond = lambda _: (429, {"Retry-After": "600"}, b"")
    hooks.change_something()

    hooks.run()
    receiver.respond = lambda _: (204, {}, b"")
    hooks.ahead += 500
    hooks.deliver()
    waiting = len(receiver.messages())
    hooks.ahead += 120
    hooks.deliver()

    assert (waiting, len(receiver.messages())) == (1, 2)


def test_410_switches_a_webhook_off(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url)
    receiver.respond = lambda _: (410, {}, b"")
    hooks.change_something()
    hooks.run()
    hooks.change_something()
    hooks.run()

    shown = hooks.partner.get(f"/webhooks/{webhook['id']}", **hooks.keyed).json
    (failed,) = hooks.deliveries(webhook)

    assert (shown["status"], shown["version"]) == ("gone", 2)
    assert (failed["state"], failed["status"]) == ("failed", 410)
    assert (len(receiver.messages()), len(hooks.queue)) == (1, 0)


def test_a_dead_receiver_is_asked_for_one_of_its_messages_only(hooks: Hooks, receiver: Receiver) -> None:
    hooks.create(receiver.url)
    receiver.respond = lambda _: (503, {}, b"")
    for _ in range(5):
        hooks.change_something()

    hooks.run()
    while_dead = len(receiver.messages())
    receiver.respond = lambda _: (204, {}, b"")
    for _ in range(20):
        hooks.ahead += 5
        hooks.deliver()

    assert while_dead == 1
    assert len({sent.headers["webhook-id"] for sent in receiver.messages()}) == 5
    assert len(hooks.queue) == 0


def test_a_slow_receiver_does_not_delay_another(hooks: Hooks, receiver: Receiver) -> None:
    arrived: list[float] = []

    def slow(_: Sent) -> tuple[int, Json, bytes]:
        time.sleep(1.5)
        return 204, {}, b""

    def quick(_: Sent) -> tuple[int, Json, bytes]:
        arrived.append(time.monotonic())
        return 204, {}, b""

    with receiving() as other:
        hooks.create(receiver.url)
        hooks.create(other.url)
        receiver.respond, other.respond = slow, quick
        hooks.change_something()
        hooks.change_something()
        hooks.dispatch()
        started = time.monotonic()
        hooks.deliver()

    assert (len(receiver.messages()), len(other.messages())) == (2, 2)
    assert max(arrived) - started < 1.0


def test_a_dispatcher_that_dies_before_it_moves_its_line_loses_nothing(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks.create(receiver.url)
    records = [hooks.change_something() for _ in range(3)]

    def die(*_: object) -> None:
        raise Unavailable

    with monkeypatch.context() as patch:
        patch.setattr(Lines, "move", die)
        with pytest.raises(Exception, match="raised"):
            hooks.dispatch()
    again = hooks.dispatch()
    hooks.deliver()

    assert again == {"sent": 3, "behind": 0}
    assert [sent.headers["webhook-id"] for sent in receiver.messages()] == list(map(message_id, records))


def test_a_dispatcher_that_dies_amid_its_messages_loses_nothing(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks.create(receiver.url)
    records = [hooks.change_something() for _ in range(3)]
    send = type(hooks.queue).send

    def half(queue: object, messages: list[Message]) -> None:
        send(queue, messages[:2])  # type: ignore[arg-type]
        raise Unavailable

    with monkeypatch.context() as patch:
        patch.setattr(type(hooks.queue), "send", half)
        with pytest.raises(Exception, match="raised"):
            hooks.dispatch()
    hooks.deliver()
    hooks.run()

    assert [sent.headers["webhook-id"] for sent in receiver.messages()] == list(map(message_id, records))


def test_a_deliverer_that_dies_behind_an_attempt_makes_it_again(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = hooks.create(receiver.url)
    record = hooks.change_something()
    hooks.dispatch()

    def die(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(Deliveries, "note", die)
        failures = hooks.deliver()
    hooks.ahead += 181
    hooks.deliver()

    assert len(failures) == 1
    assert [sent.headers["webhook-id"] for sent in receiver.messages()] == [message_id(record)] * 2
    assert [one["state"] for one in hooks.deliveries(webhook)] == ["delivered"]


def test_a_batch_that_the_queue_gives_twice_is_delivered_once(hooks: Hooks, receiver: Receiver) -> None:
    hooks.create(receiver.url)
    hooks.change_something()
    hooks.change_something()
    hooks.dispatch()
    batch = queue_event(hooks.queue.receive(10, 0, 10))

    answers = [hooks.house.invoke("DelivererFunction", batch) for _ in range(2)]

    assert answers == [{"batchItemFailures": []}] * 2
    assert len(receiver.messages()) == 2


def test_an_attempt_that_the_queue_gives_twice_is_not_the_beginning_of_two(hooks: Hooks, receiver: Receiver) -> None:
    hooks.create(receiver.url)
    receiver.respond = lambda _: (400, {}, b"")
    hooks.change_something()
    hooks.dispatch()
    batch = queue_event(hooks.queue.receive(10, 0, 10))

    for _ in range(3):
        hooks.house.invoke("DelivererFunction", batch)

    assert (len(receiver.messages()), len(hooks.queue)) == (1, 2)


def test_a_dispatcher_that_stood_still_for_days_catches_up(hooks: Hooks, receiver: Receiver) -> None:
    hooks.create(receiver.url)
    records = [hooks.change_something() for _ in range(12)]
    hooks.ahead += 3 * 86_400

    while hooks.dispatch()["behind"]:
        pass
    hooks.deliver()

    assert {sent.headers["webhook-id"] for sent in receiver.messages()} == set(map(message_id, records))


def test_a_message_that_cannot_be_read_is_no_hindrance_to_others(hooks: Hooks, receiver: Receiver) -> None:
    hooks.create(receiver.url)
    hooks.change_something()
    hooks.queue.send([Message("{", "x"), Message('{"webhook_id": 1}', "x")])

    hooks.dispatch()
    failures = hooks.deliver()

    assert len(failures) == 2
    assert len(receiver.messages()) == 1


def test_what_is_on_its_way_to_a_webhook_that_was_deleted_is_dropped(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url)
    hooks.change_something()
    hooks.dispatch()
    hooks.partner.delete(f"/webhooks/{webhook['id']}", if_match="*")

    hooks.deliver()

    assert (receiver.messages(), len(hooks.queue)) == ([], 0)


def test_nothing_of_a_person_and_no_secret_leaves_in_a_message_or_a_log(hooks: Hooks, receiver: Receiver) -> None:
    webhook = hooks.create(receiver.url)
    person = {"name": "Erika Mustermann", "email": "erika@example.org", "visibility": "public"}
    body = {"title": {"de": "Erika lädt ein"}, "kind": "workshop", "status": "planned", "people": [person]}
    Api(hooks.partner.gateway, hooks.partner.key).create("/events", body)
    hooks.ahead += 11

    hooks.run()

    (sent,) = receiver.messages()
    kept = json.dumps(hooks.house.contents()["RegisterTable"], default=str)
    assert "rika" not in sent.body.decode()
    assert kept.count(webhook["secret"]) == 1
    assert webhook["secret"] not in json.dumps(hooks.deliveries(webhook))
