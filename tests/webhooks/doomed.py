"""A dispatcher and deliverers that die now and then, and receivers that do not take everything at once."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from standardwebhooks import Webhook as Verifier

from functions.webhooks import signing
from functions.webhooks.delivering import Deliverer, work
from functions.webhooks.dispatching import Dispatcher
from functions.webhooks.sending import Sender
from infra.local.queues import queue_event
from shared.budget import spending
from shared.models.ids import RecordType
from shared.tables.deliveries import Attempt, Deliveries
from shared.tables.feed import stamp_of
from shared.tables.file_queue import FileQueue
from shared.tables.queues import Message
from shared.tables.tables import Tables
from shared.tables.webhooks import Secrets, Webhook, Webhooks, new_id
from tests.webhooks.receivers import Json, Receiver, Respond, Sent

DELIVERERS = 3
Version = tuple[str, int]
Reply = tuple[int, Mapping[str, str], bytes]


class Killed(RuntimeError):
    """The process is no more."""


class Doomed:
    """Dies with a chance, before or behind what it is about to do."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.deaths = 0

    def before_or_behind(self, act: Callable[[], None]) -> None:
        fate = self.chance.random()
        if fate < 0.02:
            self.deaths += 1
            raise Killed
        act()
        if fate > 0.98:
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


@dataclass
class Listener:
    """A receiver with its webhook, and what it took."""

    receiver: Receiver
    webhook: Webhook
    secret: str
    respond: Respond
    statuses: list[tuple[int, Sent]] = field(default_factory=list)

    def answer(self, sent: Sent) -> Reply:
        """What the receiver says, noted down."""
        answer = self.respond(sent)
        self.statuses.append((answer[0], sent))
        return answer

    def taken(self) -> list[Version]:
        """The versions of which it was told and said 2xx, each time that it did."""
        return [version_of(sent) for status, sent in list(self.statuses) if 200 <= status < 300]

    def missing(self, entries: Sequence[Json]) -> set[Version]:
        """The versions that it was to hear of, by the feed, and has not taken."""
        wanted = (entry for entry in entries if self.webhook.wants(entry["type"]))
        expected = {(entry["id"], entry["version"]) for entry in wanted if entry["at"] >= self.webhook.created_at}
        return expected - set(self.taken())

    def is_signed_and_named(self) -> bool:
        """Whether every message is signed, and named after its version, so that it is known again."""
        return all(
            Verifier(self.secret).verify(sent.body, dict(sent.headers)) == sent.json
            and sent.headers["webhook-id"] == "msg_{}_{}".format(*version_of(sent))
            for _, sent in self.statuses
        )

    def summary(self) -> str:
        """What came, for a table."""
        taken = Counter(self.taken())
        types = ", ".join(self.webhook.types or ["all types"])
        refused = len(self.statuses) - taken.total()
        return f"{types}: {len(taken)} versions, {taken.total() - len(taken)} of them again, {refused} refusals"


def version_of(sent: Sent) -> Version:
    return sent.json["data"]["id"], sent.json["data"]["version"]


def now_and_then(chance: random.Random) -> Respond:
    """Refuse a message in twenty, and be down for one in a hundred."""
    return lambda _: (chance.choice([204] * 94 + [404] * 5 + [500]), {}, b"")


def slowly(respond: Respond) -> Respond:
    """Take some time over each."""

    def answer(sent: Sent) -> Reply:
        time.sleep(0.03)
        return respond(sent)

    return answer


def not_before(count: int, respond: Respond) -> Respond:
    """Be down for so many messages."""
    left = [count]

    def answer(sent: Sent) -> Reply:
        left[0] -= 1
        return (503, {}, b"") if left[0] >= 0 else respond(sent)

    return answer


@dataclass
class Telling:
    """Webhooks, and what tells them, in threads that die and begin anew."""

    tables: Tables
    queue: FileQueue
    doom: Doomed
    listeners: list[Listener] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def enter(self, receiver: Receiver, types: tuple[RecordType, ...] | None) -> None:
        """Enter a webhook for a receiver; the first time the line of the dispatcher is drawn."""
        with spending(20):
            if not self.listeners:
                Dispatcher(self.tables, self.queue).advance()
            now = self.tables.clock.now()
            secrets, stamp = Secrets(1, signing.new_secret()), stamp_of(now)
            webhook = Webhook(new_id(int(now * 1000)), None, receiver.url, types, "active", 1, stamp, stamp)
            Webhooks(self.tables).create(webhook, secrets, None)
        listener = Listener(receiver, webhook, secrets.current, receiver.respond)
        receiver.respond = listener.answer
        self.listeners.append(listener)

    def start(self) -> None:
        """Let dispatcher and deliverers run."""
        self.threads = [threading.Thread(target=self._dispatch)]
        self.threads += [threading.Thread(target=self._deliver) for _ in range(DELIVERERS)]
        for thread in self.threads:
            thread.start()

    def finish(self, entries: Sequence[Json], seconds: float) -> None:
        """Wait until everybody has heard of these entries, and end."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and any(listener.missing(entries) for listener in self.listeners):
            time.sleep(0.5)
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def _dispatch(self) -> None:
        dispatcher = Dispatcher(self.tables, DoomedQueue(self.queue, self.doom))
        while not self.stop.is_set():
            with spending(20):
                try:
                    dispatcher.advance()
                except Killed:
                    continue
            self.stop.wait(0.2)

    def _deliver(self) -> None:
        log = DoomedLog(self.tables)
        object.__setattr__(log, "doom", self.doom)
        deliverer = Deliverer(Webhooks(self.tables), log, DoomedQueue(self.queue, self.doom), Sender(localhost=True))
        while not self.stop.is_set():
            found = self.queue.receive(10, 2, 10_000)
            failed = set(work(deliverer, queue_event(found)["Records"], 60)) if found else set()
            self.queue.delete(one.id for one in found if str(one.id) not in failed)
            if not found:
                self.stop.wait(0.1)
