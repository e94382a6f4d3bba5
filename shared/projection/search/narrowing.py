"""Filters of the search as SQL on a record `r` of any type, and the counts of what they could be set to."""

import json
import math
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from shared.projection.filters import Condition, Filters, window
from shared.projection.pages import current_names

EARTH: Final = 6371.0
"""Mean radius in kilometres."""
DEGREE: Final = 111.0
"""Kilometres of one degree of latitude, a little too few, so that no box is too small."""
MOST_VALUES: Final = 20
MOST_COUNTED: Final = 20_000
"""Records that a facet counts, the best first: of more hits nobody reads the numbers, which take most of the time."""

_OWN: Final = """
    EXISTS (SELECT 1 FROM facet AS c WHERE c.id = r.id AND c.name = r.type || ?
       AND c.value IN (SELECT value FROM json_each(?)) AND c.opens <= ? AND c.closes >= ?)
"""
_OF_ACTORS: Final = """
    EXISTS (SELECT 1 FROM facet AS p CROSS JOIN facet AS m ON m.id = p.value AND m.name = ?
       AND m.value IN (SELECT value FROM json_each(?)) AND m.opens <= ? AND m.closes >= ?
     WHERE p.id = r.id AND p.name IN ('event.organiser', 'cooperation.party'))
"""
_ACTS: Final = """
    EXISTS (SELECT 1 FROM facet AS p WHERE p.id = r.id AND p.name IN ('event.organiser', 'cooperation.party')
       AND p.value IN (SELECT value FROM json_each(?)))
"""


def conditions(connection: sqlite3.Connection, filters: Filters, today: str) -> dict[str, Condition]:
    """Return by its name what each filter asks of a record."""
    found = dict(_facets(filters, today))
    days = window(filters)
    if days is not None:
        # What has no date is not known to lie there, nor is an organisation.
        found["days"] = Condition("r.earliest <= ? AND r.latest >= ? AND r.undated = 0", (days.last, days.first))
    if near := filters.get("near"):
        latitude, longitude = map(float, near[0].split(","))
        keys = within(connection, latitude, longitude, float(filters["radius_km"][0]), today)
        found["near"] = Condition("p.key IN (SELECT value FROM json_each(?))", (json.dumps(keys),))
    return found


def _facets(filters: Filters, today: str) -> Iterator[tuple[str, Condition]]:
    day = (today, today)
    if types := filters.get("type"):
        yield "type", Condition("r.type IN (SELECT value FROM json_each(?))", (json.dumps(list(types)),))
    for name in ("kind", "topic"):
        if values := filters.get(name):
            yield name, Condition(_OWN, (f".{name}", json.dumps(list(values)), *day))
    if regions := filters.get("region"):
        asked = json.dumps(list(regions))
        yield (
            "region",
            Condition(
                f"({_OWN} OR (r.type = 'cooperation' AND {_OF_ACTORS}))",
                (".region", asked, *day, "organisation.region", asked, *day),
            ),
        )
    if networks := filters.get("network"):
        yield "network", of_networks(networks, today)


def of_networks(networks: Sequence[str], today: str) -> Condition:
    """Return that a record is a member of one of the networks, or what they or their members take part in."""
    asked, day = json.dumps(list(networks)), (today, today)
    return Condition(
        f"({_OWN} OR {_ACTS} OR {_OF_ACTORS})", (".network", asked, *day, asked, "organisation.network", asked, *day)
    )


def within(connection: sqlite3.Connection, latitude: float, longitude: float, radius: float, today: str) -> list[int]:
    """Return the keys of passages with a place today within so many kilometres of a point, as the crow flies."""
    high = radius / DEGREE
    furthest = abs(latitude) + high
    # Around a pole every meridian is near.
    wide = high / math.cos(math.radians(furthest)) if furthest < 89.0 else 180.0  # noqa: PLR2004 - degrees
    found = set()
    for turn in (-360.0, 0.0, 360.0):  # a box may reach over the line where 180° east meets 180° west
        places = connection.execute(
            "SELECT passage, south, west FROM point WHERE south >= ? AND north <= ? AND west >= ? AND east <= ? "
            "AND opens <= ? AND closes >= ?",
            (latitude - high, latitude + high, longitude + turn - wide, longitude + turn + wide, today, today),
        )
        found |= {key for key, *place in places if distance((latitude, longitude), (place[0], place[1])) <= radius}
    return sorted(found)


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the kilometres between two points given by latitude and longitude in degrees (haversine)."""
    (south, west), (north, east) = ((math.radians(value) for value in point) for point in (one, other))
    half = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


_BEST: Final = "(SELECT * FROM found WHERE fails & ~:own = 0 ORDER BY rowid LIMIT :most)"
_COUNTED: Final[Mapping[str, str]] = {
    "type": "SELECT f.type AS value, f.id FROM {found} AS f",
    "kind": """
        SELECT c.value, f.id FROM {found} AS f CROSS JOIN facet AS c ON c.id = f.id AND c.name = f.type || '.kind'
    """,
    "topic": """
        SELECT c.value, f.id FROM {found} AS f CROSS JOIN facet AS c ON c.id = f.id AND c.name = f.type || '.topic'
    """,
    "region": """
        SELECT c.value, f.id FROM {found} AS f CROSS JOIN facet AS c ON c.id = f.id AND c.name = f.type || '.region'
         WHERE c.opens <= :today AND c.closes >= :today
        UNION
        SELECT m.value, f.id FROM {found} AS f
         CROSS JOIN facet AS p ON p.id = f.id AND p.name = 'cooperation.party'
         CROSS JOIN facet AS m ON m.id = p.value AND m.name = 'organisation.region'
         WHERE m.opens <= :today AND m.closes >= :today
    """,
    "city": """
        SELECT p.city AS value, f.id FROM {found} AS f CROSS JOIN passage AS p ON p.key = f.key
         WHERE p.city IS NOT NULL
    """,
    "network": """
        SELECT c.value, f.id FROM {found} AS f CROSS JOIN facet AS c ON c.id = f.id AND c.name = 'organisation.network'
         WHERE c.opens <= :today AND c.closes >= :today
        UNION
        SELECT m.value, f.id FROM {found} AS f
         CROSS JOIN facet AS p ON p.id = f.id AND p.name IN ('event.organiser', 'cooperation.party')
         CROSS JOIN facet AS m ON m.id = p.value AND m.name = 'organisation.network'
         WHERE m.opens <= :today AND m.closes >= :today
        UNION
        SELECT p.value, f.id FROM {found} AS f
         CROSS JOIN facet AS p ON p.id = f.id AND p.name IN ('event.organiser', 'cooperation.party')
         CROSS JOIN facet AS k ON k.id = p.value AND k.name = 'organisation.kind' AND k.value = 'network'
    """,
}


def counts(connection: sqlite3.Connection, asked: Sequence[str], today: str) -> dict[str, list[dict[str, Any]]]:
    """Return for each facet how many of the records `found` have a value, by number; networks with their names.

    `asked` are the filters in the order of the bits of `found.fails`; a facet's own filter does not
    count for it. `found` stands in the order of the scores.
    """
    found = {}
    for name, source in _COUNTED.items():
        own = 1 << asked.index(name) if name in asked else 0
        rows = connection.execute(
            f"SELECT value, count(*) AS number FROM ({source.format(found=_BEST)}) "  # noqa: S608 - ours
            f"GROUP BY value ORDER BY number DESC, value LIMIT {MOST_VALUES}",
            {"own": own, "today": today, "most": MOST_COUNTED},
        )
        found[name] = [{"value": value, "count": number} for value, number in rows]
    names = current_names(connection, [entry["value"] for entry in found["network"]])
    found["network"] = [
        {**entry, "name": json.loads(names[entry["value"]])} for entry in found["network"] if entry["value"] in names
    ]
    return found
