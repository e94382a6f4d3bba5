"""The register in numbers: what there is, in which year, and in which network."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from shared.models.dates import FIRST_DAY, LAST_DAY, PartialDate, may_hold, parse
from shared.models.ids import PREFIXES, RecordType
from shared.models.patch import dumps
from shared.models.room import fitting
from shared.projection.scope import COUNTED, WITHIN, asked

Json = dict[str, Any]
Years = tuple[int, int]

MOST_YEARS: Final = 100
MOST_NETWORKS: Final = 200
_COUNTED: Final = ("organisations", "members", "events", "cooperations")
_TYPES: Final[Mapping[str, RecordType]] = {
    "organisations": "organisation",
    "events": "event",
    "cooperations": "cooperation",
}
# Without `as_of` every record counts: then :from is the first of all days and :to the last one. An organisation that
# was dissolved before is none any more; an event that is over has taken place.
_BEGUN: Final = "l.opens <= :to"
_COUNTS: Final[Mapping[str, str]] = {
    "organisations": f"{_BEGUN} AND l.closes >= :from",
    "events": _BEGUN,
    "cooperations": _BEGUN,
}
_KINDS: Final = """
    SELECT f.value, count(*) FROM facet AS f WHERE f.name = '{type}.kind' AND {within} GROUP BY 1
"""
_KINDS_THEN: Final = """
    SELECT f.value, count(*) FROM facet AS f CROSS JOIN lifetime AS l ON l.id = f.id AND {counts}
     WHERE f.name = '{type}.kind' AND {within} GROUP BY 1
"""
_MEMBERS: Final = """
    SELECT count(DISTINCT f.id) FROM facet AS f
     WHERE f.name = 'organisation.network' AND f.opens <= :last AND f.closes >= :first
       AND (:networks IS NULL OR f.value IN (SELECT value FROM json_each(:networks)))
"""
_YEARS: Final = """
    CAST(substr(l.opens, 1, 4) AS INTEGER), CAST(substr(min(l.closes, '9999'), 1, 4) AS INTEGER),
    CAST(substr(l.certain_start, 1, 4) AS INTEGER), CAST(substr(l.certain_end, 1, 4) AS INTEGER)
"""
_LIFETIMES: Final = """
    SELECT l.is_dated, {years}, count(*) FROM lifetime AS l
     WHERE l.id > '{prefix}' AND l.id < '{prefix}~' AND {counts} AND {within} GROUP BY 1, 2, 3, 4, 5
"""
_MEMBERSHIPS: Final = "SELECT l.owner, l.is_dated, {years} FROM lifetime AS l WHERE {within}"
_ALL_MEMBERSHIPS: Final = f"l.id > '{PREFIXES['membership']}' AND l.id < '{PREFIXES['membership']}~'"
_MEMBERSHIPS_IN: Final = "l.network IN (SELECT value FROM json_each(:networks))"
_NETWORKS: Final = """
    WITH shown (id) AS (
        SELECT f.id FROM facet AS f WHERE f.name = 'organisation.kind' AND f.value = 'network' AND :networks IS NULL
        UNION SELECT value FROM json_each(:networks)
    )
    SELECT r.id, r.name, g.text, (
        SELECT count(DISTINCT f.id) FROM facet AS f INDEXED BY facet_order
         WHERE f.name = 'organisation.network' AND f.value = r.id AND f.opens <= :last AND f.closes >= :first
    ) AS members
      FROM shown AS s CROSS JOIN record AS r ON r.id = s.id CROSS JOIN lifetime AS l ON l.id = r.id
      LEFT JOIN figure AS g ON g.id = r.id
     WHERE r.deleted = 0 AND l.opens <= :to AND l.closes >= :from ORDER BY members DESC, r.rank, r.id LIMIT :most
"""
_ACTED: Final = """
    SELECT a.network, count(DISTINCT a.id) FROM (
        SELECT m.value AS network, p.id FROM json_each(:shown) AS j
          CROSS JOIN facet AS m ON m.name = 'organisation.network' AND m.value = j.value
           AND m.opens <= :last AND m.closes >= :first
          CROSS JOIN facet AS p ON p.name = '{acted}' AND p.value = m.id
        UNION ALL
        SELECT p.value, p.id FROM json_each(:shown) AS j
          CROSS JOIN facet AS p ON p.name = '{acted}' AND p.value = j.value
    ) AS a JOIN lifetime AS l ON l.id = a.id AND l.opens <= :to GROUP BY a.network
"""


def statistics(connection: sqlite3.Connection, networks: Sequence[str], as_of: str | None, today: str) -> str:
    """Return, as a JSON text, what there is now, or what may have been there as of a date.

    `networks`: only their members, and what these and the networks themselves do, as the lists have it.
    """
    moment = parse(as_of or today)
    parameters = asked(networks, moment.earliest, moment.latest)
    parameters |= {"from": moment.earliest if as_of else FIRST_DAY, "to": moment.latest if as_of else LAST_DAY}
    kinds = {name: _kinds(connection, name, parameters, is_past=as_of is not None) for name in _TYPES}
    counts = {name: sum(found.values()) for name, found in kinds.items()}
    timelines = {name: _timeline(connection, name, parameters) for name in _COUNTED}
    last = int(min(moment.latest, today)[:4])
    return dumps(
        {
            **({"as_of": as_of} if as_of else {}),
            "organisations": counts["organisations"],
            "members": connection.execute(_MEMBERS, parameters).fetchone()[0],
            "events": counts["events"],
            "cooperations": counts["cooperations"],
            "by_kind": kinds,
            "years": list(_years(timelines, last)),
            "undated": {name: timeline.undated for name, timeline in timelines.items()},
            "networks": _networks(connection, parameters, moment),
        }
    )


def _kinds(
    connection: sqlite3.Connection, name: str, parameters: Mapping[str, object], *, is_past: bool
) -> dict[str, int]:
    within = COUNTED[_TYPES[name]].format(id="f.id")
    statement = (_KINDS_THEN if is_past else _KINDS).format(type=_TYPES[name], counts=_COUNTS[name], within=within)
    return dict(connection.execute(WITHIN + statement, parameters).fetchall())


@dataclass(frozen=True, slots=True)
class _Timeline:
    """In how many years there may have been how many, and certainly were; each span is first and last year."""

    possible: Counter[Years]
    certain: Counter[Years]
    undated: int


def _timeline(connection: sqlite3.Connection, name: str, parameters: Mapping[str, object]) -> _Timeline:
    if name == "members":
        within = _ALL_MEMBERSHIPS if parameters["networks"] is None else _MEMBERSHIPS_IN
        return _of_members(connection.execute(_MEMBERSHIPS.format(years=_YEARS, within=within), parameters))
    within, prefix = COUNTED[_TYPES[name]].format(id="l.id"), PREFIXES[_TYPES[name]]
    statement = _LIFETIMES.format(years=_YEARS, prefix=prefix, counts=_COUNTS[name], within=within)
    return _of_records(connection.execute(WITHIN + statement, parameters))


def _of_records(rows: Iterable[Sequence[Any]]) -> _Timeline:
    possible, certain, undated = Counter[Years](), Counter[Years](), 0
    for is_dated, *years, count in rows:
        if not is_dated:
            undated += count
            continue
        earliest, latest, start, end = years
        possible[earliest, latest] += count
        certain[start, end] += count
    return _Timeline(possible, certain, undated)


def _of_members(rows: Iterable[Sequence[Any]]) -> _Timeline:
    """Several memberships of one organisation count once in a year."""
    possible: dict[str, list[Years]] = defaultdict(list)
    certain: dict[str, list[Years]] = defaultdict(list)
    owners = set()
    for owner, is_dated, *years in rows:
        owners.add(owner)
        if is_dated:
            earliest, latest, start, end = years
            possible[owner].append((earliest, latest))
            certain[owner].append((start, end))
    return _Timeline(_together(possible), _together(certain), len(owners - possible.keys()))


def _together(spans: Mapping[str, Sequence[Years]]) -> Counter[Years]:
    return Counter(span for each in spans.values() for span in (_apart(each) if len(each) > 1 else each))


def _apart(spans: Sequence[Years]) -> Iterator[Years]:
    """Yield spans that cover the same years, and none twice."""
    covered = 0
    for first, last in sorted(spans):
        begins = max(first, covered + 1)
        if begins <= last:
            yield begins, last
        covered = max(covered, last)


def _years(timelines: Mapping[str, _Timeline], last: int) -> Iterator[Json]:
    earliest = min((first for each in timelines.values() for first, _ in each.possible), default=last + 1)
    first = max(earliest, last - MOST_YEARS + 1)
    possible = {name: _by_year(timeline.possible, first, last) for name, timeline in timelines.items()}
    certain = {name: _by_year(timeline.certain, first, last) for name, timeline in timelines.items()}
    for place, year in enumerate(range(first, last + 1)):
        least = {name: counts[place] for name, counts in certain.items()}
        yield {"year": year, **{name: counts[place] for name, counts in possible.items()}, "certain": least}


def _by_year(spans: Mapping[Years, int], first: int, last: int) -> list[int]:
    """Return how many spans cover each of the years."""
    turns = [0] * max(0, last - first + 2)
    for (begins, ends), count in spans.items():
        if max(begins, first) <= min(ends, last):
            turns[max(begins, first) - first] += count
            turns[min(ends, last) - first + 1] -= count
    return [*accumulate(turns[:-1])]


def _networks(connection: sqlite3.Connection, parameters: Mapping[str, object], moment: PartialDate) -> list[Json]:
    rows = connection.execute(_NETWORKS, {**parameters, "most": MOST_NETWORKS}).fetchall()
    shown = {**parameters, "shown": json.dumps([network for network, *_ in rows])}
    acted = {
        name: dict(connection.execute(_ACTED.format(acted=facet), shown).fetchall())
        for name, facet in (("events", "event.organiser"), ("cooperations", "cooperation.party"))
    }
    found = []
    for network, name, figures, members in rows:
        counts = {"members": members, **{counted: acted[counted].get(network, 0) for counted in acted}}
        found.append({"id": network, "name": json.loads(name), **counts, **_told(figures, moment)})
    # What does not fit are the networks with the fewest members.
    return found[: len(fitting(map(dumps, found)))]


def _told(text: str | None, moment: PartialDate) -> Json:
    """Return what others say of a network in numbers, as of the moment, and who says so."""
    kept = json.loads(text) if text else {"figures": [], "sources": []}
    figures = [figure for figure in kept["figures"] if may_hold(figure, moment)]
    named = {key for figure in figures for key in figure.get("sources", ())}
    return {"figures": figures, "sources": [source for source in kept["sources"] if source["key"] in named]}
