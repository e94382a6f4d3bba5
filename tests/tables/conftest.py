"""The tables on moto, under a clock of the tests' own, behind a client that fails where it is told to."""

from collections.abc import Callable, Iterator

import pytest
from moto import mock_aws
from types_boto3_dynamodb.client import DynamoDBClient

from infra.template import Template
from shared.budget import Budget, spending
from shared.settings import Settings
from shared.tables import feed
from shared.tables.client import Clock, connect
from shared.tables.partners import Partners
from shared.tables.register import Register
from shared.tables.tables import Tables
from tests.copies import copied_once
from tests.tables.faulty import Contents, Faulty, Time

TABLES = Template.read().tables


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def settings() -> Settings:
    names = {
        f"{noun.upper()}_TABLE": noun for noun in ("organisations", "events", "cooperations", "private", "register")
    }
    return Settings.from_environment({**names, "SNAPSHOTS": "s3://snapshots"})


@pytest.fixture(autouse=True)
def first_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests live today, and begin the feed yesterday; those here live when the register began."""
    monkeypatch.setattr(feed, "FIRST_DAY", "2026-11-01")


@pytest.fixture(scope="session")
def real() -> DynamoDBClient:
    """The client behind all of them: making one takes longer than most tests."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        return connect(parameter_validation=True)


@pytest.fixture
def client(real: DynamoDBClient, time: Time) -> Iterator[Faulty]:
    with mock_aws(), copied_once():
        for table in TABLES:
            real.create_table(**table.create_arguments(table.logical_id.removesuffix("Table").lower()))
        yield Faulty(real, time)


@pytest.fixture
def tables(client: Faulty, time: Time, settings: Settings) -> Tables:
    clock = Clock(now=lambda: time.now, sleep=time.pass_by, random=lambda: 1.0)
    return Tables(client, settings, clock)  # type: ignore[arg-type]


@pytest.fixture
def register(tables: Tables) -> Register:
    return Register(tables, referrers=lambda record_id: [f"referrer of {record_id}"])


@pytest.fixture(autouse=True)
def budget(time: Time) -> Iterator[Budget]:
    with spending(8.0, monotonic=lambda: time.elapsed) as spent:
        yield spent


@pytest.fixture
def contents(client: Faulty) -> Callable[[], Contents]:
    """Everything that stands in the tables, by table and key."""

    def read() -> Contents:
        return {
            name: {(item["pk"]["S"], item["sk"]["S"]): item for item in client.real.scan(TableName=name)["Items"]}
            for name in ("organisations", "events", "cooperations", "private", "register")
        }

    return read


def enter(register: Register) -> str:
    """The id of a record that the test takes for granted."""
    return register.create("organisation", {"name": "A", "kind": "network"}).document.id


@pytest.fixture
def process(tables: Tables) -> Callable[..., Partners]:
    """Makes the partners as another process knows them, with a memory of its own."""

    def start(*peppers: str) -> Partners:
        return Partners(tables, lambda _: peppers or ("pepper",), "test")

    return start


@pytest.fixture
def partners(process: Callable[..., Partners]) -> Partners:
    return process()


@pytest.fixture
def organisation(register: Register) -> str:
    return enter(register)
