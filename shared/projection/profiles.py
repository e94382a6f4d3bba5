"""What speaks for a cooperation of two organisations: their topics, offerings, goals, events, partners, regions."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from math import log2
from typing import Final

MOST_OF_EACH: Final = 200
"""So many organisations are looked at for one topic, event or partner; and so many events and partners of each."""
MOST_CANDIDATES: Final = 100

# Each gives (organisation, value, evidence) for the organisations in :ids.
_TOPICS: Final = """
    SELECT f.id, f.value, f.id FROM json_each(:ids) AS j CROSS JOIN facet AS f
        ON f.id = j.value AND f.name = 'organisation.topic'
"""
_OFFERS: Final = """
    SELECT t.id, t.topic, t.id FROM json_each(:ids) AS j CROSS JOIN offering_topic AS t
        ON t.id = j.value AND t.opens <= :today AND t.closes >= :today
"""
_AIMS: Final = """
    SELECT a.organisation, a.topic, a.owner FROM json_each(:ids) AS j CROSS JOIN aim AS a ON a.organisation = j.value
"""
_EVENTS: Final = """
    SELECT e.target, e.source, e.source FROM json_each(:ids) AS j CROSS JOIN reference AS e
        ON e.target = j.value AND e.source >= 'evt_' AND e.source < 'evt`'
     WHERE NOT EXISTS (SELECT 1 FROM facet AS s WHERE s.id = e.source AND s.name = 'event.status'
                          AND s.value = 'cancelled')
"""
_PARTNERS: Final = """
    SELECT p.organisation, q.organisation, q.organisation FROM json_each(:ids) AS j
     CROSS JOIN part AS p ON p.organisation = j.value AND p.type IN ('cooperation', 'membership')
     CROSS JOIN part AS q ON q.owner = p.owner AND q.line = p.line AND q.organisation <> p.organisation
"""
_REGIONS: Final = """
    SELECT f.id, f.value, f.id FROM json_each(:ids) AS j CROSS JOIN facet AS f
        ON f.id = j.value AND f.name = 'organisation.region' AND f.opens <= :today AND f.closes >= :today
"""

# Each gives organisations for one :value.
_WITH_TOPIC: Final = "SELECT f.id FROM facet AS f WHERE f.name = 'organisation.topic' AND f.value = :value LIMIT :most"
_OFFERING: Final = "SELECT DISTINCT t.id FROM offering_topic AS t WHERE t.topic = :value LIMIT :most"
_AIMING: Final = "SELECT DISTINCT a.organisation FROM aim AS a WHERE a.topic = :value LIMIT :most"
_AT_EVENT: Final = """
    SELECT e.target FROM reference AS e WHERE e.source = :value AND e.target >= 'org_' AND e.target < 'org`' LIMIT :most
"""
_IN_REGION: Final = """
    SELECT f.id FROM facet AS f WHERE f.name = 'organisation.region' AND f.value = :value
       AND f.opens <= :today AND f.closes >= :today LIMIT :most
"""
_TIED_TO: Final = """
    SELECT DISTINCT q.organisation FROM part AS p CROSS JOIN part AS q
        ON q.owner = p.owner AND q.line = p.line AND q.organisation <> p.organisation
     WHERE p.organisation = :value AND p.type IN ('cooperation', 'membership') LIMIT :most
"""

_TOGETHER: Final = """
    SELECT DISTINCT q.organisation FROM part AS p CROSS JOIN part AS q
        ON q.owner = p.owner AND q.line = p.line AND +q.organisation IN (SELECT value FROM json_each(:ids))
     WHERE p.organisation = :value AND p.type <> 'event'
"""
_ALIVE: Final = """
    SELECT l.id FROM json_each(:ids) AS j CROSS JOIN lifetime AS l
        ON l.id = j.value AND l.opens <= :today AND l.closes >= :today
"""

Values = dict[str, set[str]]
"""Evidence by value."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What one organisation has to do with, each value with its evidence."""

    topics: Values = field(default_factory=lambda: defaultdict(set))
    offers: Values = field(default_factory=lambda: defaultdict(set))
    aims: Values = field(default_factory=lambda: defaultdict(set))
    events: Values = field(default_factory=lambda: defaultdict(set))
    partners: Values = field(default_factory=lambda: defaultdict(set))
    regions: Values = field(default_factory=lambda: defaultdict(set))


_FIELDS: Final = {
    "topics": _TOPICS,
    "offers": _OFFERS,
    "aims": _AIMS,
    "events": _EVENTS,
    "partners": _PARTNERS,
    "regions": _REGIONS,
}
_LEADS: Final = {
    "topics": (_WITH_TOPIC,),
    "offers": (_AIMING,),
    "aims": (_OFFERING,),
    "events": (_AT_EVENT,),
    "partners": (_TIED_TO,),
}
"""By which statements the values of a profile lead to others; regions alone lead to nobody."""
_HOLDERS: Final = {**_LEADS, "regions": (_IN_REGION,)}


class Profiles:
    """Looks organisations up in one copy of the register, and remembers how rare values are."""

    def __init__(self, connection: sqlite3.Connection, today: str) -> None:
        """Look into this copy as of today."""
        self._connection = connection
        self._today = today
        self._led: dict[tuple[str, str], list[str]] = {}

    def of(self, ids: Collection[str]) -> dict[str, Profile]:
        """Return the profiles of organisations by their ids."""
        found = {record_id: Profile() for record_id in ids}
        parameters = {"ids": json.dumps([*ids]), "today": self._today}
        for name, statement in _FIELDS.items():
            for record_id, value, evidence in self._connection.execute(statement, parameters):
                getattr(found[record_id], name)[value].add(evidence)
        return found

    def rarity(self, name: str, value: str) -> float:
        """Return from 1, for a value that one organisation has, down towards 0 how much it tells."""
        return 1 / (1 + log2(max(1, len(self._holders(name, value)))))

    def candidates(self, seed: str, profile: Profile, among: Collection[str] | None) -> list[str]:
        """Return who has something in common with an organisation and is neither tied to it nor gone.

        The most promising, at most 100; `among`: only these.
        """
        points: dict[str, float] = defaultdict(float)
        for name in _LEADS:
            for value in sorted(getattr(profile, name))[:MOST_OF_EACH]:
                rarity = self.rarity(name, value)
                for other in self._holders(name, value):
                    points[other] += rarity
        points.pop(seed, None)
        kept = points if among is None else {each: points[each] for each in points if each in among}
        fit = self.alive(kept) - self._together(seed, kept)
        return sorted(fit, key=lambda each: (-points[each], each))[:MOST_CANDIDATES]

    def _holders(self, name: str, value: str) -> list[str]:
        if (name, value) not in self._led:
            parameters = {"value": value, "most": MOST_OF_EACH, "today": self._today}
            rows = [row for lead in _HOLDERS[name] for row in self._connection.execute(lead, parameters)]
            self._led[name, value] = [found for (found,) in rows]
        return self._led[name, value]

    def alive(self, ids: Iterable[str]) -> set[str]:
        """Return who of these may exist today."""
        parameters = {"ids": json.dumps([*ids]), "today": self._today}
        return {found for (found,) in self._connection.execute(_ALIVE, parameters)}

    def _together(self, seed: str, ids: Iterable[str]) -> set[str]:
        """Return who of these was ever tied to the organisation by more than an event."""
        parameters = {"ids": json.dumps([*ids]), "value": seed}
        return {found for (found,) in self._connection.execute(_TOGETHER, parameters)}
