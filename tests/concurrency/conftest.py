"""The real handlers in real threads, on the embedded engine; after each test the guards must equal the truth."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

import pytest

from infra.local.gateway import Gateway
from infra.local.tables import create_tables
from infra.template import Template
from shared.budget import spending
from shared.models import views
from shared.tables import feed
from shared.tables.client import connect
from tests.api.client import Answer, Api, Json, load
from tests.engine import dynamodb_engine

__all__ = ["dynamodb_engine"]

T = TypeVar("T")
Items = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Truth:
    """What the engine holds: live records, and the guards of all."""

    records: dict[str, Json]
    guards: Items

    def counts(self) -> dict[str, tuple[int, int, int]]:
        """How many records name each one, its children and its grandchildren, as the records say."""
        named = Counter(target for record in self.records.values() for target in views.references(record))
        above = {record_id: record.get("part_of") for record_id, record in self.records.items()}
        parts = Counter(parent for parent in above.values() if parent)
        grandparts = Counter(above.get(parent) for parent in above.values() if parent)
        return {each: (named[each], parts[each], grandparts[each]) for each in self.records}

    def guarded(self) -> dict[str, tuple[int, int, int]]:
        """The same, as the guards say."""
        fields = ("count", "parts", "grandparts")
        numbers = {
            record_id: [int(item.get(name, {"N": "0"})["N"]) for name in fields]
            for record_id, item in self.guards.items()
            if "deleted" not in item
        }
        return {record_id: (count, parts, below) for record_id, (count, parts, below) in numbers.items()}

    def dangling(self) -> list[tuple[str, str]]:
        """Records that name one that is not there."""
        return [
            (record_id, target)
            for record_id, record in self.records.items()
            for target in views.references(record)
            if target not in self.records
        ]

    def path_up(self, record_id: str) -> list[str]:
        """The record and all above it; ends with a repetition where there is a cycle."""
        path = [record_id]
        while (parent := self.records[path[-1]].get("part_of")) is not None:
            path.append(parent)
            if parent in path[:-1]:
                break
        return path


@dataclass(frozen=True, slots=True)
class Engine:
    """The register on the embedded engine."""

    api: Api
    client: Any
    tables: tuple[str, ...]

    def truth(self) -> Truth:
        """Everything, read consistently."""
        records: dict[str, Json] = {}
        guards: Items = {}
        for item in self._items():
            record_id, kind = item["pk"]["S"], item["sk"]["S"]
            if kind == "DOC" and "text" in item:
                records[record_id] = json.loads(item["text"]["S"])
            elif kind == "IN":
                guards[record_id] = item
        return Truth(records, guards)

    def _items(self) -> Iterator[dict[str, Any]]:
        for table in self.tables:
            request = {"TableName": table, "ConsistentRead": True}
            while True:
                page = self.client.scan(**request)
                yield from page["Items"]
                if "LastEvaluatedKey" not in page:
                    break
                request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


@pytest.fixture(scope="session")
def running(dynamodb_engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("threads")
    template = Template.read()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "eu-central-1")
        client = connect(dynamodb_engine)
        create_tables(client, template.tables)
        functions, process = load(
            template,
            DYNAMODB_ENDPOINT=dynamodb_engine,
            SNAPSHOTS=str(folder / "snapshots"),
            PROJECTION=str(folder / "projection.sqlite"),
            PEPPERS="pepper",
            SECRET="",
        )
        with spending(60):
            key = process.PARTNERS.create(None, ["admin"]).text()
        patch.setattr(feed, "FIRST_DAY", feed.stamp_of(process.TABLES.clock.now() - 86_400)[:10])
        nouns = ("OrganisationsTable", "EventsTable", "CooperationsTable")
        yield Engine(Api(Gateway(template, functions), key), client, nouns)
        process.projection().close()


@pytest.fixture
def engine(running: Engine) -> Iterator[Engine]:
    yield running
    truth = running.truth()
    assert truth.dangling() == []
    assert truth.guarded() == truth.counts()


@pytest.fixture
def api(engine: Engine) -> Api:
    return engine.api


def at_once(*works: Callable[[], T]) -> list[T]:
    """What each gives, all begun at the same moment in threads of their own."""
    barrier = Barrier(len(works))

    def begun(work: Callable[[], T]) -> T:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(begun, works))


def decided(answer: Answer, *statuses: int) -> Answer:
    """The answer, which is one of those or a 503 that says when to come back."""
    assert answer.status in {*statuses, 503}, answer.content
    assert answer.status != 503 or int(answer.headers["retry-after"]) >= 1
    return answer
