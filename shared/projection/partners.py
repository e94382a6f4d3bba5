"""Whom an organisation works with, those with the most weight first."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from shared.models.patch import dumps
from shared.models.room import fitting
from shared.projection.graph import labels
from shared.projection.pages import Ask, Page
from shared.projection.ties import TIED, TYPES, Moment, between

Json = dict[str, Any]

WEIGHTS: Final[Mapping[str, int]] = {"cooperation": 5, "event": 3, "relation": 2, "membership": 1}
"""What each record of a type adds to the weight of a partner."""
_ALL: Final = -1
"""Bounds nothing: an organisation has as many parts as it has."""

_RANKED: Final = f"""
    SELECT -t.weight AS lightness, r.rank, r.id FROM (
        SELECT e.other, sum(CASE e.type {" ".join(f"WHEN '{name}' THEN {weight}" for name, weight in WEIGHTS.items())}
                            END) AS weight
          FROM (SELECT DISTINCT q.organisation AS other, p.type, p.owner {TIED}) AS e GROUP BY e.other
    ) AS t CROSS JOIN record AS r ON r.id = t.other
     WHERE :after IS NULL OR (-t.weight, r.rank, r.id) > (:after ->> 0, :after ->> 1, :after ->> 2)
     ORDER BY 1, 2, 3 LIMIT :limit
"""  # noqa: S608 - built of our own words


def partners(connection: sqlite3.Connection, ask: Ask, organisation: str) -> Page:
    """Return a page of those who are tied to an organisation in any way at any time, with their ties and evidence."""
    moment = Moment()
    after = None if ask.after is None else dumps([*ask.after])
    parameters = {**moment.parameters([organisation], _ALL), "after": after, "limit": ask.limit + 1}
    found = connection.execute(_RANKED, parameters).fetchall()
    shown = {record_id: -lightness for lightness, _, record_id in found[: ask.limit]}
    ties: dict[str, list[Json]] = defaultdict(list)
    for tie in between(connection, moment, [organisation], shown, _ALL):
        ties[tie.target if tie.source == organisation else tie.source].append(tie.said)
    items = fitting(
        dumps({**node, "weight": shown[node["id"]], "ties": sorted(ties[node["id"]], key=_place)})
        for node in labels(connection, moment, [*shown])
    )
    return Page(items, tuple(found[len(items) - 1]) if len(found) > len(items) else None)


def _place(tie: Json) -> int:
    return TYPES.index(tie["type"])
