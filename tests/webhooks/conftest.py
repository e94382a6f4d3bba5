"""Webhooks on the real handlers: the queue is a file, the receivers listen on this machine, time can be moved."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from infra.local.queues import queue_event
from shared.tables.client import Clock
from shared.tables.file_queue import FileQueue
from tests.api import samples
from tests.api.client import Api, Json
from tests.api.conftest import House, altered, api, house, log, register
from tests.engine import dynamodb_engine
from tests.webhooks.receivers import Receiver, receiving

__all__ = ["api", "dynamodb_engine", "house", "log", "register"]

SCOPES = ("webhooks:manage", "events:write", "organisations:write")


@dataclass
class Hooks:
    """A partner with webhooks, and what makes their messages move."""

    house: House = field(repr=False)
    office: Api
    partner: Api
    organisation_id: str
    ahead: float = 0.0
    """Seconds by which the clock is put forward."""

    def now(self) -> float:
        return time.time() + self.ahead

    @property
    def queue(self) -> FileQueue:
        queue: FileQueue = self.house.process.deliveries_queue()
        return queue

    def create(self, url: str, **more: object) -> Json:
        """A webhook of the partner, with its secret."""
        return self.partner.create("/webhooks", {"url": url, **more})

    def change_something(self) -> Json:
        """A new event of the partner, which is final by now."""
        record = self.partner.create(
            "/events", {"title": {"de": "Stammtisch"}, "kind": "networking", "status": "planned"}
        )
        self.ahead += 11
        return record

    def dispatch(self) -> Any:  # noqa: ANN401 - what the handler gives
        return self.house.invoke("DispatcherFunction", {})

    def deliver(self, most: int = 10) -> list[str]:
        """Hand over what is due until nothing is; gives the ids of the messages that failed."""
        failures: list[str] = []
        while found := self.queue.receive(most, 180, 10):
            answer = self.house.invoke("DelivererFunction", queue_event(found))
            failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
            self.queue.delete(one.id for one in found if str(one.id) not in failed)
            failures += failed
        return failures

    def run(self) -> None:
        """Bring everything that is final to its receivers, as far as they take it."""
        self.dispatch()
        self.deliver()

    def deliveries(self, webhook: Json) -> Sequence[Json]:
        return self.partner.get(f"/webhooks/{webhook['id']}/deliveries", **self.keyed).items

    @property
    def keyed(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.partner.key}"}


@pytest.fixture
def hooks(house: House, api: Api) -> Iterator[Hooks]:
    organisation_id = samples.network(api, "Partner")
    hooks = Hooks(house, api, Api(api.gateway, house.key(organisation_id, *SCOPES)), organisation_id)
    queue = hooks.queue
    with altered(queue, now=lambda: time.time() + 10 * 86_400):
        queue.delete(one.id for one in queue.receive(1000, 0, 1000))
    clock = Clock(now=hooks.now, sleep=lambda seconds: setattr(hooks, "ahead", hooks.ahead + seconds))
    with altered(house.process.TABLES, clock=clock), altered(queue, now=hooks.now):
        hooks.dispatch()
        hooks.ahead += 11
        hooks.dispatch()
        yield hooks


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def path(webhook: Json) -> str:
    return f"/webhooks/{webhook['id']}"
