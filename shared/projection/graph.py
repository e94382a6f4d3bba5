"""The network of organisations as nodes and edges: around one of them, or those with the most ties."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.projection.scope import COUNTED, WITHIN
from shared.projection.ties import Moment, Tie, between, is_more, neighbours

Json = dict[str, Any]

MOST_EDGES: Final = 1_000
_MOST_PARTS_BETWEEN: Final = 50_000

_BUSIEST: Final = f"""
    SELECT p.organisation FROM part AS p
     CROSS JOIN lifetime AS l ON l.id = p.organisation AND l.opens <= :last AND l.closes >= :first
     WHERE p.type IN (SELECT value FROM json_each(:types)) AND p.opens <= :last AND p.closes >= :first
       AND {COUNTED["offering"].format(id="p.organisation")}
     GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT :limit
"""  # noqa: S608 - built of our own words
_NODES: Final = """
    SELECT r.id, r.label,
           (SELECT f.name FROM former AS f WHERE f.id = r.id AND f.until > :last ORDER BY f.until LIMIT 1)
      FROM json_each(:ids) AS j CROSS JOIN record AS r ON r.id = j.value AND r.deleted = 0
"""


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes as they are shown, the most important first, the ties between them, and whether there are more."""

    nodes: list[Json]
    ties: list[Tie]
    is_cut: bool

    def shown(self, as_of: str | None) -> Json:
        """Return it as it is answered, for the moment that was asked for."""
        return {
            **({} if as_of is None else {"as_of": as_of}),
            "nodes": self.nodes,
            "edges": [{"source": tie.source, "target": tie.target, **tie.said} for tie in self.ties],
            "truncated": self.is_cut,
        }


def graph(connection: sqlite3.Connection, moment: Moment, root: str | None, depth: int, limit: int) -> Graph:
    """Return what lies around a root, up to so many steps away, or without one the whole network.

    At most `limit` nodes, the nearest and of these those with the most records, and 1,000 edges, the heaviest.
    Without a root, who is tied to nobody is left out. The names are those of the moment.
    """
    if root is None:
        found = busiest(connection, moment, limit + 1)
        is_cut = len(found) > limit
    else:
        found, is_cut = _around(connection, moment, root, depth, limit)
    chosen = found[:limit]
    is_cut |= is_more(connection, moment, chosen, _MOST_PARTS_BETWEEN)
    ties = [tie for tie in between(connection, moment, chosen, chosen, _MOST_PARTS_BETWEEN) if tie.source != tie.target]
    shown = ties[:MOST_EDGES]
    tied = {end for tie in shown for end in (tie.source, tie.target)} | {root}
    nodes = labels(connection, moment, [each for each in chosen if each in tied])
    return Graph(nodes, shown, is_cut or len(ties) > MOST_EDGES)


def busiest(connection: sqlite3.Connection, moment: Moment, limit: int) -> list[str]:
    """Return the organisations with the most parts in records."""
    parameters = {**moment.parameters(()), "limit": limit}
    return [found for (found,) in connection.execute(WITHIN + _BUSIEST, parameters)]


def _around(
    connection: sqlite3.Connection, moment: Moment, root: str, depth: int, limit: int
) -> tuple[list[str], bool]:
    found, is_cut, edge = {root: None}, False, [root]
    for _ in range(depth):
        is_cut |= is_more(connection, moment, edge)
        edge = [each for each in neighbours(connection, moment, edge) if each not in found]
        is_cut |= len(found) + len(edge) > limit
        edge = edge[: limit - len(found)]
        found |= dict.fromkeys(edge)
    return [*found], is_cut


def labels(connection: sqlite3.Connection, moment: Moment, ids: Sequence[str]) -> list[Json]:
    """Return what is shown of organisations, in that order, by their names at the moment."""
    found = connection.execute(_NODES, {"ids": json.dumps([*ids]), "last": moment.last})
    shown = {record_id: _node(record_id, json.loads(label), former) for record_id, label, former in found}
    return [shown[record_id] for record_id in ids if record_id in shown]


def _node(record_id: str, label: Json, former: str | None) -> Json:
    named = {"name": former} if former is not None else {}
    return {"id": record_id, **label, **named}
