"""The real handlers behind the real gateway, on moto in this one thread; every test begins with empty tables."""

import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table

from infra.local.functions import Functions, scheduled_event
from infra.local.gateway import Gateway
from infra.local.tables import create_tables
from infra.template import Template
from shared.budget import spending
from shared.http.log import logger
from shared.tables import feed
from tests.api.client import Api, Json, forget_projection, load
from tests.copies import copied_once
from tests.fitting import misfits

CREDENTIALS = {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@dataclass(frozen=True, slots=True)
class House:
    """What all tests share: the template, its functions, and what their process built at import."""

    template: Template
    functions: Functions
    process: ModuleType
    projection: Path
    snapshots: Path

    @contextmanager
    def opened(self) -> Iterator[Api]:
        """An empty register, for as long as the block lasts."""
        with mock_aws(), copied_once():
            create_tables(self.process.TABLES.client, self.template.tables)
            forget_projection(self.process, self.projection)
            yield Api(Gateway(self.template, self.functions), self.admin_key())
            forget_projection(self.process, self.projection)

    @contextmanager
    def emptied(self, api: Api) -> Iterator[Api]:
        """Set aside what the open register holds; making its tables anew would take longer than most tests."""
        held = [(table, table.items) for table in _tables()]
        for table, items in held:
            table.items = type(items)(dict)
        forget_projection(self.process, self.projection)
        yield Api(api.gateway, self.admin_key())
        for table, items in held:
            table.items = items
        forget_projection(self.process, self.projection)

    def admin_key(self) -> str:
        """A key of the register's own office."""
        return self.key(None, "admin")

    def key(self, organisation_id: str | None, *scopes: str) -> str:
        """A partner's key, which has been used: the first use writes down its time."""
        key = str(self.process.PARTNERS.create(organisation_id, scopes).text())
        self.process.PARTNERS.authenticate(key)
        return key

    def invoke(self, logical_id: str, event: Json | None = None) -> Any:  # noqa: ANN401 - what the handler gives
        """What a function gives for an event, one of its schedule unless the test says otherwise."""
        (function,) = (one for one in self.template.functions if one.logical_id == logical_id)
        return self.functions.invoke(function, event or scheduled_event(), seconds=function.timeout)

    def contents(self) -> dict[str, list[Json]]:
        """Everything that stands in the tables, by table; read where moto keeps it, which is quicker than a scan."""
        return {
            table.name: [item.to_json()["Attributes"] for items in table.items.values() for item in items.values()]
            for table in _tables()
        }


@contextmanager
def altered(built: object, **values: object) -> Iterator[None]:
    """Something that a process built once, with other values for as long as the block lasts."""
    held = {name: getattr(built, name) for name in values}
    for name, value in values.items():
        object.__setattr__(built, name, value)
    try:
        yield
    finally:
        for name, value in held.items():
            object.__setattr__(built, name, value)


def _tables() -> Iterable[Table]:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][CREDENTIALS["AWS_DEFAULT_REGION"]].tables.values()


@dataclass(frozen=True, slots=True)
class Log:
    """The lines that the functions wrote."""

    stream: io.StringIO

    def text(self) -> str:
        return self.stream.getvalue()

    def lines(self) -> list[Json]:
        return [json.loads(line) for line in self.text().splitlines()]

    def last(self) -> Json:
        return self.lines()[-1]


@cache
def _built(folder: Path) -> House:
    folder.mkdir()
    projection = folder / "projection.sqlite"
    template = Template.read()
    environment = {
        "SNAPSHOTS": str(folder / "snapshots"),
        "PROJECTION": str(projection),
        "PEPPERS": "pepper",
        "SECRET": "",
        "DELIVERIES": str(folder / "deliveries.sqlite"),
        "WEBHOOKS_TO_LOCALHOST": "1",
    }
    functions, process = load(template, **environment)
    return House(template, functions, process, projection, folder / "snapshots")


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The same one wherever this fixture is imported: functions loaded anew would leave stale ones to other tests."""
    # What the tests do behind the edge's back, making keys for one, has an hour.
    with pytest.MonkeyPatch.context() as patch, spending(3600):
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        built = _built(tmp_path_factory.getbasetemp() / "house")
        # Reading the feed from its first day takes a query for each day since.
        yesterday = feed.stamp_of(built.process.TABLES.clock.now() - 86_400)[:10]
        patch.setattr(feed, "FIRST_DAY", yesterday)
        yield built


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    stream = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", stream)
    return Log(stream)


@pytest.fixture(scope="module")
def register(house: House) -> Iterator[Api]:
    """One register for all tests of a module: for those that only read what the module's own fixture entered."""
    with house.opened() as opened:
        yield opened


@pytest.fixture
def api(house: House, register: Api, log: Log) -> Iterator[Api]:
    """An empty register."""
    assert not log.text()
    with house.emptied(register) as emptied:
        yield emptied
        assert misfits(house.contents()) == []
