"""What a page costs does not depend on how much the register holds; read units are counted from bytes."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from infra.bench.register import build, id_of
from shared.projection.following import FAR_BACK
from shared.tables.feed import CLOCK_BACK, seconds_of, stamp_of
from tests.api import samples
from tests.api.client import Api, Json
from tests.api.conftest import House, Log, altered

PAGES = [
    "/organisations?limit=2",
    "/organisations?limit=2&order=desc&include=refs",
    "/organisations?limit=2&topic=it&region=DE-TH&kind=company",
    f"/organisations?limit=2&network={id_of('organisation', 0)}",
    "/organisations?limit=2&updated_since=2026-01-01T00:00:00Z",
    f"/organisations/{id_of('organisation', 0)}/members?limit=2",
    f"/organisations/{id_of('organisation', 0)}/events?limit=2",
    "/events?limit=2",
    "/events?limit=2&from=2023-02&to=2023-03&date_match=certain",
    "/events?limit=2&undated=only",
    "/cooperations?limit=2&include=refs",
    "/cooperations?limit=2&party=" + id_of("organisation", 0),
]


@pytest.fixture
def fill(house: House) -> Iterator["Fill"]:
    yield Fill(house, stamp_of(house.process.TABLES.clock.now() - 60))
    shutil.rmtree(house.snapshots)


@dataclass(frozen=True, slots=True)
class Fill:
    """Fills the register by the snapshot from which a cold function starts."""

    house: House
    last: str

    def __call__(self, count: int) -> None:
        shutil.rmtree(self.house.snapshots, ignore_errors=True)
        build(self.house.snapshots, count, self.last)

    def days_of_tail(self) -> int:
        """Queries that the tail takes: two around midnight (UTC), else one."""
        now = self.house.process.TABLES.clock.now()
        return len({stamp_of(seconds_of(self.last) - FAR_BACK)[:10], stamp_of(now + CLOCK_BACK)[:10]})


def cost(api: Api, log: Log, path: str) -> tuple[int, object, object]:
    answer = api.get(path)
    line = log.last()
    return answer.status, line["read_units"], line["calls"]


def test_a_page_costs_the_same_however_many_records_there_are(api: Api, house: House, log: Log, fill: Fill) -> None:
    costs: dict[int, list[object]] = {}
    for count in (10, 2_000, 20_000):
        fill(count)
        with house.emptied(api):
            first = api.get("/organisations?limit=2")
            assert [item["type"] for item in first.items] == ["organisation"] * 2
            second = first.json["next"].removeprefix("/v1")

            costs[count] = [cost(api, log, path) for path in [*PAGES, second]]

    queries = fill.days_of_tail()
    assert costs[10] == [(200, 1.0 * queries, queries)] * len(costs[10])
    assert costs[2_000] == costs[10]
    assert costs[20_000] == costs[10]


def test_a_page_reads_the_tail_of_the_feed_and_what_changed_and_nothing_else(api: Api, log: Log, fill: Fill) -> None:
    fill(2_000)
    api.get("/organisations?limit=2")
    for number in range(3):
        samples.company(api, f"Aa {number}", description={"de": "x" * 5_000})

    catching_up, level = (cost(api, log, "/organisations?limit=2") for _ in range(2))

    queries, documents = fill.days_of_tail(), 3 * 2.0
    assert catching_up == (200, queries + documents, queries + 1)
    assert level == (200, queries, queries)


@contextmanager
def entered(house: House, entries: list[Json]) -> Iterator[None]:
    """Entries without a record behind them, for as long as the block lasts."""

    def each(kind: str, content: str, items: list[Json]) -> None:
        for start in range(0, len(items), 25):
            requests = [{kind: {content: item}} for item in items[start : start + 25]]
            house.process.TABLES.client.batch_write_item(RequestItems={"RegisterTable": requests})

    each("PutRequest", "Item", entries)
    yield
    each("DeleteRequest", "Key", [{"pk": entry["pk"], "sk": entry["sk"]} for entry in entries])


def far_behind(house: House) -> list[Json]:
    """More entries than are read before an answer, made of that of the one record."""
    item = next(item for item in house.contents()["RegisterTable"] if item["pk"]["S"].startswith("FEED#"))
    stamp, record_id, _ = item["sk"]["S"].split("#")
    return [{**item, "sk": {"S": f"{stamp}#{record_id[:-4]}{number:04}#1"}} for number in range(1_100)]


def let_them_end() -> None:
    """Wait for what goes on behind an answer."""
    for thread in threading.enumerate():
        if thread.name == "pursuit":
            thread.join(20)
            assert not thread.is_alive()


def test_a_cold_copy_that_would_have_to_read_too_much_says_so(api: Api, house: House, log: Log) -> None:
    samples.company(api)
    forged = far_behind(house)

    pursued: list[bool] = []

    with entered(house, forged), altered(house.process.projection(), pursue=lambda: pursued.append(True)):
        answer = api.get("/organisations")
        let_them_end()

    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert answer.json["type"] == "/v1/problems/catching-up"
    assert log.last()["status"] == 503
    assert pursued == []


def test_a_process_that_runs_on_goes_on_behind_the_answer_until_the_next_one_is_whole(api: Api, house: House) -> None:
    known = samples.company(api)
    entries = far_behind(house)

    with altered(house.process.SETTINGS, runs_on=True), entered(house, entries):
        refused = api.get("/organisations")
        let_them_end()
        with altered(house.process.projection(), refresh=lambda: None):
            answer = api.get("/organisations")

    assert refused.status == 503
    assert [item["id"] for item in answer.items] == [known]
