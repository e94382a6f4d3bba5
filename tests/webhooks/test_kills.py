"""On the real engine: whatever dies, and however often, every receiver has every version in the end."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from standardwebhooks import Webhook as Verifier

from functions.webhooks import delivering, dispatching, signing
from functions.webhooks.delivering import Deliverer, work
from functions.webhooks.dispatching import Dispatcher
from functions.webhooks.sending import Sender
from infra.local.queues import queue_event
from infra.local.tables import create_tables
from infra.template import Template
from shared.budget import spending
from shared.settings import Settings
from shared.tables.client import connect
from shared.tables.deliveries import Attempt, Deliveries
from shared.tables.feed import Feed, stamp_of
from shared.tables.file_queue import FileQueue
from shared.tables.queues import Message
from shared.tables.register import Register
from shared.tables.tables import Tables
from shared.tables.webhooks import Secrets, Webhook, Webhooks, new_id
from tests.webhooks.receivers import Receiver, Sent, receiving

WRITERS = 8
WRITES = 30
RECEIVERS = 3
Version = tuple[str, int]


class Killed(RuntimeError):
    """The process is no more."""


class Doomed:
    """Dies with a chance, before or behind what it is about to do."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.deaths = 0

    def before_or_behind(self, act: Callable[[], None]) -> None:
        fate = self.chance.random()
        if fate < 0.08:
            self.deaths += 1
            raise Killed
        act()
        if fate > 0.92:
            self.deaths += 1
            raise Killed


class DoomedQueue:
    """Dies before all, amid or behind the messages of a call."""

    def __init__(self, queue: FileQueue, doom: Doomed) -> None:
        self.queue = queue
        self.doom = doom

    def send(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.queue.send([message])
            if self.doom.chance.random() < 0.005:
                self.doom.deaths += 1
                raise Killed
        self.doom.before_or_behind(lambda: None)


class DoomedLog(Deliveries):
    """Dies before or behind what it writes down."""

    doom: Doomed

    def note(self, attempt: Attempt) -> None:
        self.doom.before_or_behind(lambda: Deliveries.note(self, attempt))


@pytest.fixture
def tables(dynamodb_engine: str, monkeypatch: pytest.MonkeyPatch) -> Tables:
    for name in ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "eu-central-1")
    template = Template.read()
    client = connect(dynamodb_engine)
    create_tables(client, template.tables)
    settings = Settings.from_environment({**template.functions[0].environment, "DYNAMODB_ENDPOINT": dynamodb_engine})
    return Tables(client, settings)


@pytest.fixture
def receivers() -> Iterator[list[Receiver]]:
    with ExitStack() as stack:
        yield [stack.enter_context(receiving()) for _ in range(RECEIVERS)]


def failing_now_and_then(chance: random.Random) -> Callable[[Sent], tuple[int, dict[str, str], bytes]]:
    return lambda _: (chance.choice([204] * 27 + [404] * 2 + [500]), {}, b"")


def entered(tables: Tables, receivers: list[Receiver]) -> dict[str, Receiver]:
    """A webhook for each receiver, by its secret."""
    found = {}
    for receiver in receivers:
        now = tables.clock.now()
        secrets = Secrets(1, signing.new_secret())
        stamp = stamp_of(now)
        webhook = Webhook(new_id(int(now * 1000)), None, receiver.url, None, "active", 1, stamp, stamp)
        Webhooks(tables).create(webhook, secrets, None)
        found[secrets.current] = receiver
    return found


def write(tables: Tables, versions: set[Version], lock: threading.Lock) -> None:
    for number in range(WRITES // 2):
        with spending(20):
            register = Register(tables, referrers=lambda _: [])
            body = {"name": f"Netz {number}", "kind": "network"}
            made = register.create("organisation", body).document
            changed = register.patch(made.id, {"topics": ["it"]}, if_match=None).document
        with lock:
            versions |= {(made.id, made.version), (changed.id, changed.version)}


def dispatch(tables: Tables, queue: FileQueue, doom: Doomed, stop: threading.Event) -> None:
    dispatcher = Dispatcher(tables, DoomedQueue(queue, doom))
    while not stop.is_set():
        with spending(20):
            try:
                dispatcher.advance()
            except Killed:
                continue
        stop.wait(0.2)


def deliver(tables: Tables, queue: FileQueue, doom: Doomed, stop: threading.Event) -> None:
    log = DoomedLog(tables)
    object.__setattr__(log, "doom", doom)
    deliverer = Deliverer(Webhooks(tables), log, DoomedQueue(queue, doom), Sender(localhost=True))
    while not stop.is_set():
        found = queue.receive(10, 2, 10_000)
        failed = set(work(deliverer, queue_event(found)["Records"], 60)) if found else set()
        queue.delete(one.id for one in found if str(one.id) not in failed)
        if not found:
            stop.wait(0.1)


def versions_of(sent: Iterable[Sent]) -> set[Version]:
    return {(one.json["data"]["id"], one.json["data"]["version"]) for one in sent}


def test_every_receiver_has_every_version_though_everything_dies_now_and_then(
    tables: Tables, receivers: list[Receiver], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "DELAYS", (1,))
    monkeypatch.setattr(delivering, "LONGEST_REST", 1)
    monkeypatch.setattr(dispatching, "AT_ONCE", 20)
    queue, doom, stop, lock = (
        FileQueue(tmp_path / "queue.sqlite"),
        Doomed(random.Random(7)),  # noqa: S311 - chances, not secrets
        threading.Event(),
        threading.Lock(),
    )
    versions: set[Version] = set()
    with spending(20):
        Dispatcher(tables, queue).advance()
        by_secret = entered(tables, receivers)
    for receiver in receivers:
        receiver.respond = failing_now_and_then(random.Random(receiver.port))  # noqa: S311 - the same
    writers = [threading.Thread(target=write, args=(tables, versions, lock)) for _ in range(WRITERS)]
    runners = [threading.Thread(target=dispatch, args=(tables, queue, doom, stop))]
    runners += [threading.Thread(target=deliver, args=(tables, queue, doom, stop)) for _ in range(3)]

    for thread in [*writers, *runners]:
        thread.start()
    for thread in writers:
        thread.join()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and any(versions - versions_of(each.sent) for each in receivers):
        time.sleep(0.5)
    stop.set()
    for thread in runners:
        thread.join()

    assert len(versions) == WRITERS * WRITES
    assert doom.deaths > 20
    for secret, receiver in by_secret.items():
        assert versions - versions_of(receiver.sent) == set()
        assert all(Verifier(secret).verify(sent.body, dict(sent.headers)) == sent.json for sent in receiver.sent)
        ids = {(sent.headers["webhook-id"], json.dumps(sent.json)) for sent in receiver.sent}
        assert len({message_id for message_id, _ in ids}) == len(ids)
    assert queue.dead() == []
    with spending(20):
        written = {(each.id, each.version) for tail in Feed(tables).tail(None) for each in tail.entries}
    assert written == versions
