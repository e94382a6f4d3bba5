"""A page costs the same however large the register is: walked along an index, counted in steps of SQLite."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from shared.models.ids import new_id
from shared.projection.apply import apply
from shared.projection.connections import members, memberships, relations
from shared.projection.pages import Ask, Page
from shared.projection.queries import Scope, cooperations, events, organisations
from shared.projection.schema import create
from shared.tables.tables import Document
from tests.projection.register import Json

TODAY = "2026-11-21"
STAMP = "2026-11-20T12:00:00.000Z"
SMALL, LARGE = 40, 20_000
HUB = new_id("organisation", 0, bytes(10))

Query = Callable[[sqlite3.Connection, Page | None], Page]


def put(connection: sqlite3.Connection, record: Json) -> None:
    envelope = {"version": 1, "created_at": STAMP, "updated_at": STAMP, "managed_by": None}
    apply(connection, Document(record["id"], 1, STAMP, json.dumps({**record, **envelope})))


def build(records: int) -> sqlite3.Connection:
    """A register with one hub that everything has to do with; a quarter of the records of each type."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    create(connection, "0")
    put(connection, {"type": "organisation", "id": HUB, "name": "Nabe", "kind": "network"})
    for number in range(records // 4):
        entropy = number.to_bytes(10)
        member = new_id("organisation", 1, entropy)
        day = f"{1990 + 7 * number % 40}-{1 + number % 12:02}-{1 + number % 28:02}"
        put(
            connection,
            {
                "type": "organisation",
                "id": member,
                "name": f"Verein {number * 7919 % 20_011:05}",
                "kind": "company",
                "topics": ["software"],
                "relations": [{"kind": "related", "organisation_id": HUB}],
            },
        )
        put(
            connection,
            {"type": "membership", "id": new_id("membership", 1, entropy), "network_id": HUB, "member_id": member},
        )
        put(
            connection,
            {
                "type": "event",
                "id": new_id("event", 1, entropy),
                "title": {"de": "Treffen"},
                "kind": "workshop",
                "status": "held",
                "when": {"start": day, "precision": "day"},
                "topics": ["software"],
                "organisers": [{"organisation_id": HUB, "role": "host"}],
            },
        )
        put(
            connection,
            {
                "type": "cooperation",
                "id": new_id("cooperation", 1, entropy),
                "title": {"de": "Bund"},
                "kind": "project",
                "status": "ended",
                "signed_on": day,
                "ended_on": day,
                "parties": [{"organisation_id": HUB, "roles": ["party"]}],
            },
        )
    return connection


def ask(filters: dict[str, list[str]], page: Page | None, order: str | None = None) -> Ask:
    """The next page of two."""
    return Ask(filters=filters, order=order, limit=2, after=page.next if page else None, today=TODAY)


ASKED: dict[str, Query] = {
    "organisations": lambda c, p: organisations(c, ask({}, p)),
    "organisations backwards": lambda c, p: organisations(c, ask({}, p, "desc")),
    "organisations by topic": lambda c, p: organisations(c, ask({"topic": ["software"], "kind": ["company"]}, p)),
    "organisations of a network": lambda c, p: organisations(c, ask({"network": [HUB]}, p)),
    "organisations changed": lambda c, p: organisations(c, ask({"updated_since": [STAMP]}, p)),
    "events": lambda c, p: events(c, ask({}, p)),
    "events backwards": lambda c, p: events(c, ask({}, p, "desc")),
    "events from a day on": lambda c, p: events(c, ask({"from": ["2010-05-31"]}, p)),
    "events of some days": lambda c, p: events(c, ask({"from": ["2010"], "to": ["2019"]}, p)),
    "events of a network": lambda c, p: events(c, ask({"network": [HUB]}, p)),
    "events of an organisation": lambda c, p: events(c, ask({"role": ["host"]}, p), Scope(organisation=HUB)),
    "cooperations": lambda c, p: cooperations(c, ask({}, p)),
    "cooperations backwards": lambda c, p: cooperations(c, ask({}, p, "asc")),
    "cooperations of some days": lambda c, p: cooperations(c, ask({"from": ["2010"], "to": ["2019"]}, p)),
    "members": lambda c, p: members(c, ask({}, p), HUB),
    "memberships": lambda c, p: memberships(c, ask({}, p), new_id("organisation", 1, bytes(10))),
    "relations": lambda c, p: relations(c, ask({}, p), HUB),
}


@pytest.fixture(scope="module")
def registers() -> Iterator[tuple[sqlite3.Connection, sqlite3.Connection]]:
    with closing(build(SMALL)) as small, closing(build(LARGE)) as large:
        yield small, large


def steps(connection: sqlite3.Connection, query: Query, page: Page | None) -> tuple[int, Page]:
    """Count the instructions of SQLite's machine that one page takes."""
    counted = 0

    def count() -> None:
        nonlocal counted
        counted += 1

    connection.set_progress_handler(count, 1)
    found = query(connection, page)
    connection.set_progress_handler(None, 1)
    return counted, found


@pytest.mark.parametrize("name", ASKED)
def test_a_page_of_20000_records_takes_no_more_steps_than_one_of_40(
    registers: tuple[sqlite3.Connection, sqlite3.Connection], name: str
) -> None:
    costs = []
    for connection in registers:
        first, page = steps(connection, ASKED[name], None)
        second, page = steps(connection, ASKED[name], page) if page.next else (first, page)
        third, _ = steps(connection, ASKED[name], page) if page.next else (second, page)
        costs.append((first, second, third))

    small, large = costs
    assert max(large) <= 1.25 * max(small) + 50, costs


@pytest.mark.parametrize("name", ASKED)
def test_a_page_is_walked_along_an_index_in_its_order(
    registers: tuple[sqlite3.Connection, sqlite3.Connection], name: str
) -> None:
    connection = registers[0]
    statements: list[str] = []

    connection.set_trace_callback(statements.append)
    page = ASKED[name](connection, None)
    if page.next:
        ASKED[name](connection, page)
    connection.set_trace_callback(None)

    plans = [row[3] for text in statements for row in connection.execute(f"EXPLAIN QUERY PLAN {text}")]
    assert plans
    scans = [plan for plan in plans if plan.startswith("SCAN") and "j VIRTUAL TABLE" not in plan]
    assert (scans, [plan for plan in plans if "TEMP B-TREE" in plan]) == ([], [])
