"""The real handlers in real threads, on the embedded engine; after each test everything must fit together."""

import json
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
from shared.tables import feed
from shared.tables.client import connect
from tests.api.client import Answer, Api, Json, load
from tests.engine import dynamodb_engine
from tests.fitting import misfits

__all__ = ["dynamodb_engine"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Truth:
    """The live records of the engine."""

    records: dict[str, Json]

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

    @property
    def nouns(self) -> list[str]:
        """The tables of records."""
        return [table for table in self.tables if table not in {"PrivateTable", "RegisterTable"}]

    def truth(self) -> Truth:
        """Every live record, read consistently."""
        documents = (item for table in self.nouns for item in self.items(table) if item["sk"]["S"] == "DOC")
        return Truth({item["pk"]["S"]: json.loads(item["text"]["S"]) for item in documents if "text" in item})

    def items(self, table: str) -> Iterator[dict[str, Any]]:
        """Everything in a table, read consistently."""
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
        names = tuple(table.logical_id for table in template.tables)
        yield Engine(Api(Gateway(template, functions), key), client, names)
        process.projection().close()


@pytest.fixture
def engine(running: Engine) -> Iterator[Engine]:
    yield running
    assert misfits({table: running.items(table) for table in running.tables}) == []


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
