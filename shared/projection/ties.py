"""What ties pairs of organisations together, gathered from their parts in records."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

from shared.models.dates import FIRST_DAY, LAST_DAY, parse
from shared.models.vocabulary import DIRECTED, TieType
from shared.projection.scope import COUNTED, WITHIN, asked

Json = dict[str, Any]

TYPES: Final = get_args(TieType)
MOST_EVIDENCE: Final = 10
MOST_PARTS: Final = 10_000
"""Parts from which one look at ties goes out; whoever has more is told of the first of them."""

_OUT: Final = """
    SELECT p.* FROM json_each(:ids) AS j
     CROSS JOIN lifetime AS m ON m.id = j.value AND m.opens <= :last AND m.closes >= :first
     CROSS JOIN part AS p ON p.organisation = j.value
       AND p.type IN (SELECT value FROM json_each(:types)) AND p.opens <= :last AND p.closes >= :first
     LIMIT :most
"""
TIED: Final = f"""
    FROM ({_OUT}) AS p CROSS JOIN part AS q ON q.owner = p.owner AND q.line = p.line
       AND q.organisation <> p.organisation
       AND max(p.opens, q.opens, :first) <= min(p.closes, q.closes, :last)
     CROSS JOIN lifetime AS l ON l.id = q.organisation AND l.opens <= :last AND l.closes >= :first
"""
_NEIGHBOURS: Final = f"""
    SELECT q.organisation {TIED} WHERE {COUNTED["offering"].format(id="q.organisation")}
     GROUP BY 1 ORDER BY count(DISTINCT q.owner) DESC, 1
"""
_BETWEEN: Final = f"""
    SELECT p.organisation, q.organisation, p.type, p.owner, p.position, q.position, p.since, q.since, p.until, q.until
    {TIED} WHERE +q.organisation IN (SELECT value FROM json_each(:others))
"""  # noqa: S608 - built of our own words


@dataclass(frozen=True, slots=True)
class Moment:
    """Days of which one must lie in a tie's time, of which types, and the networks that confine it, if any do."""

    first: str = FIRST_DAY
    last: str = LAST_DAY
    networks: tuple[str, ...] = ()
    types: tuple[str, ...] = TYPES

    def parameters(self, ids: Collection[str], most: int = MOST_PARTS) -> Json:
        """Return the parameters of a statement about these organisations."""
        chosen = {"ids": json.dumps([*ids]), "types": json.dumps(self.types), "most": most}
        return {**asked(self.networks, self.first, self.last), **chosen}


@dataclass(frozen=True, slots=True)
class Tie:
    """All that ties two organisations in one way; of an undirected one the source has the smaller id."""

    source: str
    target: str
    type: str
    weight: int
    """In how many records it stands."""
    evidence: tuple[str, ...]
    """Those records, or the last to be entered of many."""
    since: str | None
    until: str | None

    @property
    def said(self) -> Json:
        """What is shown of it beside its ends."""
        shown: Json = {"type": self.type, "weight": self.weight, "evidence": list(self.evidence)}
        days = (("since", self.since), ("until", self.until))
        return {**shown, **{name: value for name, value in days if value is not None}}


def is_more(connection: sqlite3.Connection, moment: Moment, ids: Collection[str], most: int = MOST_PARTS) -> bool:
    """Tell whether these organisations have more parts than a look at their ties takes in."""
    count = connection.execute(f"SELECT count(*) FROM ({_OUT})", moment.parameters(ids, most + 1))  # noqa: S608 - ours
    return int(count.fetchone()[0]) > most


def neighbours(connection: sqlite3.Connection, moment: Moment, ids: Collection[str]) -> list[str]:
    """Return whom these organisations are tied to, those with the most records first."""
    return [found for (found,) in connection.execute(WITHIN + _NEIGHBOURS, moment.parameters(ids))]


def between(
    connection: sqlite3.Connection, moment: Moment, ids: Collection[str], others: Collection[str], most: int
) -> list[Tie]:
    """Return the ties that lead from the ones to the others, the heaviest first, from at most so many parts."""
    parameters = {**moment.parameters(ids, most), "others": json.dumps([*others])}
    found: dict[tuple[str, str, str], dict[str, list[Sequence[Any]]]] = defaultdict(lambda: defaultdict(list))
    for one, other, kind, owner, place, other_place, *days in connection.execute(_BETWEEN, parameters):
        backwards = place > other_place if kind in DIRECTED else one > other
        ends = (other, one) if backwards else (one, other)
        found[*ends, kind][owner].append(days)
    ties = [_tie(*ends, records) for ends, records in found.items()]
    return sorted(ties, key=lambda tie: (-tie.weight, TYPES.index(tie.type), tie.source, tie.target))


def _tie(source: str, target: str, kind: str, records: Mapping[str, list[Sequence[Any]]]) -> Tie:
    days = [each for found in records.values() for each in found]
    begun = [_last([one, other], "earliest") for one, other, *_ in days]
    ended = [_first([one, other], "latest") for *_, one, other in days]
    return Tie(
        source,
        target,
        kind,
        weight=len(records),
        evidence=tuple(sorted(records, reverse=True)[:MOST_EVIDENCE]),
        since=_first(begun, "earliest"),
        until=_last(ended, "latest") if all(ended) else None,
    )


def _first(dates: Iterable[str | None], side: str) -> str | None:
    """Return the date whose earliest or latest day comes first; those that are unknown say nothing."""
    return min(filter(None, dates), key=lambda date: (getattr(parse(date), side), date), default=None)


def _last(dates: Iterable[str | None], side: str) -> str | None:
    return max(filter(None, dates), key=lambda date: (getattr(parse(date), side), date), default=None)
