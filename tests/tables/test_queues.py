"""Both queues keep what was put, give it at least once, and hold back what is not due."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from shared.budget import spending
from shared.errors import Unavailable
from shared.tables import queues
from shared.tables.client import Clock
from shared.tables.file_queue import FileQueue
from shared.tables.queues import Message, Sqs
from tests.tables.faulty import Time

MESSAGES = [Message(f"body {number}", "whk_1", 0) for number in range(25)]


@pytest.fixture
def queue(tmp_path: Path, time: Time) -> FileQueue:
    return FileQueue(tmp_path / "queue.sqlite", now=lambda: time.now)


def bodies(found: list[Any]) -> list[str]:
    return [one.body for one in found]


def test_what_was_put_is_received_in_its_order_and_once_deleted_no_more(queue: FileQueue, time: Time) -> None:
    queue.send(MESSAGES)

    first = queue.receive(10, 60, 3)
    queue.delete(one.id for one in first)
    time.now += 61

    assert bodies(first) == [f"body {number}" for number in range(10)]
    assert bodies(queue.receive(100, 60, 3)) == [f"body {number}" for number in range(10, 25)]


def test_what_is_not_deleted_comes_back_and_is_dead_after_too_many_times(queue: FileQueue, time: Time) -> None:
    queue.send([Message("x", "g")])
    receipts = []

    for _ in range(4):
        receipts += [(one.body, one.receipts) for one in queue.receive(10, 60, 3)]
        assert queue.receive(10, 60, 3) == []
        time.now += 61

    assert receipts == [("x", 1), ("x", 2), ("x", 3)]
    assert (queue.dead(), len(queue)) == (["x"], 0)


def test_a_delayed_message_is_held_back(queue: FileQueue, time: Time) -> None:
    queue.send([Message("later", "g", 30), Message("now", "g")])

    at_once = queue.receive(10, 600, 3)
    time.now += 30

    assert (bodies(at_once), bodies(queue.receive(10, 600, 3))) == (["now"], ["later"])


def test_a_flood_in_one_group_does_not_delay_another(queue: FileQueue) -> None:
    queue.send([Message(f"flood {number}", "loud") for number in range(50)])
    queue.receive(10, 60, 3)
    queue.send([Message("quiet", "quiet")])

    assert bodies(queue.receive(1, 60, 3)) == ["quiet"]


def test_a_queue_outlives_its_process_and_what_was_in_hand_is_due_again(queue: FileQueue) -> None:
    queue.send([Message("x", "g"), Message("later", "g", 100)])
    queue.receive(10, 600, 3)

    reopened = FileQueue(queue.path, queue.now)
    reopened.release()

    assert [(one.body, one.receipts) for one in reopened.receive(10, 600, 3)] == [("x", 2)]


def test_a_batch_is_put_as_a_whole_or_not_at_all(queue: FileQueue) -> None:
    with pytest.raises(Exception, match="NOT NULL"):
        queue.send([Message("x", "g"), Message(None, "g")])  # type: ignore[arg-type]

    assert len(queue) == 0


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch, time: Time) -> Iterator[tuple[Sqs, Any]]:
    for name, value in {
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
    }.items():
        monkeypatch.setenv(name, value)
    connected = queues._client
    connected.cache_clear()
    with mock_aws(), spending(8.0, monotonic=lambda: time.elapsed):
        client: Any = botocore.session.get_session().create_client("sqs")
        url = client.create_queue(QueueName="deliveries")["QueueUrl"]
        clock = Clock(now=lambda: time.now, sleep=time.pass_by, random=lambda: 1.0)
        yield Sqs(url, clock), client
    connected.cache_clear()


def received(client: Any, url: str) -> list[tuple[str, str]]:  # noqa: ANN401 - the client of any service
    found: list[tuple[str, str]] = []
    while messages := client.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["MessageGroupId"]
    ).get("Messages"):
        found += [(one["Body"], one["Attributes"]["MessageGroupId"]) for one in messages]
    return found


def test_messages_go_to_sqs_ten_at_a_time_with_their_group(sqs: tuple[Sqs, Any]) -> None:
    queue, client = sqs

    queue.send(iter(MESSAGES))

    assert sorted(received(client, queue.url)) == sorted((one.body, "whk_1") for one in MESSAGES)


def test_what_sqs_refuses_is_put_again_until_all_is_there(
    sqs: tuple[Sqs, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    queue, client = sqs
    real = queues._client()
    troubles = iter(["lost", "partly", "partly"])

    class Troubled:
        def send_message_batch(self, **request: Any) -> Any:  # noqa: ANN401 - as botocore has it
            match next(troubles, None):
                case "lost":
                    raise EndpointConnectionError(endpoint_url="")
                case "partly":
                    kept, refused = request["Entries"][:-1], request["Entries"][-1]
                    real.send_message_batch(QueueUrl=request["QueueUrl"], Entries=kept)
                    return {"Failed": [{"Id": refused["Id"]}]}
            return real.send_message_batch(**request)

    monkeypatch.setattr(queues, "_client", Troubled)

    queue.send(MESSAGES[:10])

    assert sorted(body for body, _ in received(client, queue.url)) == sorted(one.body for one in MESSAGES[:10])


def test_a_queue_out_of_reach_is_said_so_in_time(
    sqs: tuple[Sqs, Any], time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue, _ = sqs

    class Away:
        def send_message_batch(self, **_: Any) -> Any:  # noqa: ANN401 - as botocore has it
            raise EndpointConnectionError(endpoint_url="")

    monkeypatch.setattr(queues, "_client", Away)

    with pytest.raises(Unavailable):
        queue.send(MESSAGES[:1])
    assert 6 < time.elapsed <= 8
