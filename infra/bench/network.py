"""What graph, partners and synergies take, by the size of the register: `python -m infra.bench.network [size …]`."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import Final

from functions.network.drawing import MOST_NODES, drawing
from infra.bench.catalogue import STAMP, TODAY, Drawn, build, by_size
from infra.bench.measuring import Figure, cpu_milliseconds, side_by_side
from shared.models.ids import new_id
from shared.projection.apply import apply
from shared.projection.graph import graph
from shared.projection.pages import Ask
from shared.projection.partners import partners
from shared.projection.synergies import synergies
from shared.projection.ties import Moment
from shared.tables.tables import Document

ROUNDS: Final = 5
SPOKES: Final = 5_000
"""Memberships of the hub, beside those that were drawn."""


def spread(connection: sqlite3.Connection, drawn: Drawn) -> str:
    """Give one network as many members more as a hub has; gives its id."""
    hub, *others = drawn.organisations
    envelope = {"version": 1, "created_at": STAMP, "updated_at": STAMP, "managed_by": None}
    connection.execute("BEGIN")
    for number in range(SPOKES):
        record_id = new_id("membership", 2, number.to_bytes(10))
        ends = {"network_id": hub, "member_id": others[number % len(others)]}
        record = {"type": "membership", "id": record_id, **ends, **envelope}
        apply(connection, Document(record_id, 1, STAMP, json.dumps(record)))
    connection.execute("COMMIT")
    return hub


def questions(connection: sqlite3.Connection, hub: str, small: str) -> dict[str, Callable[[], object]]:
    """Return what is measured, by its name."""
    whole = Moment()
    pictured = graph(connection, whole, hub, 2, MOST_NODES).shown(None)

    def page(**filters: list[str]) -> Ask:
        return Ask(filters=filters, limit=50, today=TODAY)

    return {
        "graph, whole": partial(graph, connection, whole, None, 1, 150),
        "graph, whole, 500 nodes": partial(graph, connection, whole, None, 1, 500),
        "graph, whole, 2016": partial(graph, connection, Moment("2016-01-01", "2016-12-31"), None, 1, 150),
        "graph, hub, depth 1, 500 nodes": partial(graph, connection, whole, hub, 1, 500),
        "graph, hub, depth 3, 500 nodes": partial(graph, connection, whole, hub, 3, 500),
        "graph, small, depth 3": partial(graph, connection, whole, small, 3, 150),
        f"picture of {MOST_NODES} nodes": partial(drawing, pictured, hub, "", "/v1/organisations/"),
        "partners, hub": partial(partners, connection, page(), hub),
        "partners, small": partial(partners, connection, page(), small),
        "synergies, hub": partial(synergies, connection, page(organisation=[hub])),
        "synergies, small": partial(synergies, connection, page(organisation=[small])),
        "synergies, network of the hub": partial(synergies, connection, page(network=[hub])),
        "synergies, whole": partial(synergies, connection, page()),
    }


def measure(size: int) -> dict[str, Figure]:
    """Return the CPU milliseconds of each question in a register of that size, and the largest answer in KB."""
    drawn = Drawn(size)
    with closing(build(drawn)) as connection:
        hub = spread(connection, drawn)
        asked = questions(connection, hub, drawn.organisations[-1])
        answer = json.dumps(graph(connection, Moment(), hub, 3, 500).shown(None), ensure_ascii=False)
        largest = Figure.of([len(answer.encode()) / 1000])
        return {
            **{f"{name}, ms": figure for name, figure in side_by_side(_timed(asked), ROUNDS).items()},
            "answer of the hub, depth 3, KB": largest,
        }


def _timed(asked: dict[str, Callable[[], object]]) -> dict[str, Callable[[], float]]:
    return {name: partial(cpu_milliseconds, ask) for name, ask in asked.items()}


if __name__ == "__main__":
    by_size("network", "in its unit", measure, f" and a hub of {SPOKES:,}")
