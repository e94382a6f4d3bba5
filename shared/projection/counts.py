"""How much there is on each topic and in each region."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from shared.models.patch import dumps
from shared.projection.pages import Ask, Page
from shared.projection.scope import COUNTED, WITHIN, asked

_FACET: Final = """
    SELECT f.value, count(*) FROM facet AS f
     WHERE f.name = '{type}.{name}' AND f.opens <= :last AND f.closes >= :first AND {counts} GROUP BY f.value
"""
_REGIONS_OF_PARTIES: Final = """
    SELECT f.value, count(DISTINCT p.id) FROM facet AS p CROSS JOIN facet AS f
        ON f.id = p.value AND f.name = 'organisation.region' AND f.opens <= :last AND f.closes >= :first
     WHERE p.name = 'cooperation.party' AND {counts} GROUP BY f.value
"""
_TOPICS_OF_OFFERINGS: Final = """
    SELECT t.topic, count(*) FROM offering_topic AS t
     WHERE t.opens <= :last AND t.closes >= :first AND {counts} GROUP BY t.topic
"""
_REGIONS_OF_OFFERINGS: Final = """
    SELECT f.value, count(*) FROM offering AS o CROSS JOIN facet AS f
        ON f.id = o.id AND f.name = 'organisation.region' AND f.opens <= :last AND f.closes >= :first
     WHERE o.opens <= :last AND o.closes >= :first AND {counts} GROUP BY f.value
"""


def _of_facet(record_type: str, name: str) -> str:
    return _FACET.format(type=record_type, name=name, counts=COUNTED[record_type].format(id="f.id"))


_TOPICS: Final = {
    **{f"{each}s": _of_facet(each, "topic") for each in ("organisation", "event", "cooperation")},
    "offerings": _TOPICS_OF_OFFERINGS.format(counts=COUNTED["offering"].format(id="t.id")),
}
_REGIONS: Final = {
    **{f"{each}s": _of_facet(each, "region") for each in ("organisation", "event")},
    "cooperations": _REGIONS_OF_PARTIES.format(counts=COUNTED["cooperation"].format(id="p.id")),
    "offerings": _REGIONS_OF_OFFERINGS.format(counts=COUNTED["offering"].format(id="o.id")),
}


def topics(connection: sqlite3.Connection, ask: Ask) -> Page:
    """Return a page of topics, the most frequent first, with how many each list gives for the filter `topic`."""
    return _page(connection, ask, "topic", _TOPICS)


def regions(connection: sqlite3.Connection, ask: Ask) -> Page:
    """Return a page of regions, the most frequent first, with how many each list gives for the filter `region`."""
    return _page(connection, ask, "region", _REGIONS)


def _page(connection: sqlite3.Connection, ask: Ask, name: str, statements: Mapping[str, str]) -> Page:
    parameters = asked(ask.filters.get("network", ()), ask.today, ask.today)
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(statements, 0))
    for counted, statement in statements.items():
        for value, count in connection.execute(WITHIN + statement, parameters):
            found[value][counted] = count
    ranked = sorted((-sum(counts.values()), value) for value, counts in found.items())
    behind = [place for place in ranked if ask.after is None or place > tuple(ask.after)]
    shown = behind[: ask.limit]
    items = [dumps({name: value, **found[value]}) for _, value in shown]
    return Page(items, shown[-1] if len(behind) > len(shown) else None)
