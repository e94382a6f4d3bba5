"""Every list and filter against the oracle, after each of many random writes."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from shared.models.views import reference_label, references
from shared.projection.calendar import appointments
from shared.projection.connections import members, memberships, relations
from shared.projection.engine import Projection
from shared.projection.pages import Ask, Page
from shared.projection.queries import (
    Scope,
    cooperations,
    events,
    exists,
    organisations,
    referrers,
    refs,
)
from tests.projection.chance import CITIES, DATES, GRADES, PARTS, REGIONS, ROLES, SITES, TOPICS, Chance
from tests.projection.oracle import Oracle, parsed
from tests.projection.register import Register

TODAY = "2026-11-21"
WRITES = 250
ANY_ORDER = [None, "asc", "desc"]

Json = dict[str, Any]
Filters = dict[str, list[str]]


def all_of(query: Callable[[Sequence[Any] | None], Page]) -> list[Json]:
    """Read a list to its end, handing each page's `next` on as JSON, as the cursor does."""
    items: list[Json] = []
    after: Sequence[Any] | None = None
    for _ in range(1000):
        found = query(after)
        items += parsed(found.items)
        if found.next is None:
            return items
        after = json.loads(json.dumps(found.next))
    raise AssertionError("the list has no end")


def ask(filters: Filters, order: str | None, limit: int, after: Sequence[Any] | None) -> Ask:
    return Ask(filters=filters, order=order, limit=limit, after=after, today=TODAY)


class Asking:
    """Random questions, each put to the projection and to the oracle."""

    def __init__(self, chance: Chance, connection: sqlite3.Connection, oracle: Oracle) -> None:
        self.chance = chance
        self.random = chance.random
        self.connection = connection
        self.oracle = oracle

    def filters(self, offered: dict[str, list[str]]) -> Filters:
        names = self.random.sample(sorted(offered), self.random.choice([0, 1, 1, 2, 3]))
        return {
            name: self.random.sample(offered[name], min(len(offered[name]), self.random.choice([1, 1, 2])))
            for name in names
            if offered[name]
        }

    def time(self) -> Filters:
        asked: Filters = {}
        if self.random.random() < 0.5:
            asked["from"] = [self.random.choice([*DATES, "2026-11-21"])]
        if self.random.random() < 0.4:
            asked["to"] = [self.random.choice([*DATES, "2026-11-21"])]
        if self.random.random() < 0.3:
            asked["date_match"] = [self.random.choice(["possible", "certain"])]
        if self.random.random() < 0.3:
            asked["undated"] = [self.random.choice(["include", "only", "exclude"])]
        return asked

    def since(self) -> Filters:
        stamps = sorted(
            one["updated_at"] for one in (*self.chance.register.records.values(), *self.chance.buried.values())
        )
        return {"updated_since": [self.random.choice(stamps)]} if stamps and self.random.random() < 0.15 else {}

    def organisations(self) -> tuple[list[Json], list[Json], object]:
        known = self.chance.ids("organisation")
        offered = {
            "kind": ["network", "company"],
            "region": REGIONS,
            "city": [*CITIES, "JENA", "GÖẞNITZ"],
            "topic": TOPICS,
            "network": known,
            "related": known,
            "external_id": ["wikidata:Q", "wikidata:R"],
            "source": SITES,
        }
        asked, order, limit = self.filters(offered) | self.since(), self.random.choice(ANY_ORDER), self.limit()
        answer = all_of(lambda after: organisations(self.connection, ask(asked, order, limit, after)))
        return answer, self.oracle.organisations(asked, order=order), (asked, order, limit)

    def events(self) -> tuple[list[Json], list[Json], object]:
        known = self.chance.ids("organisation")
        offered = {
            "organiser": known,
            "network": known,
            "region": REGIONS,
            "city": CITIES,
            "topic": TOPICS,
            "kind": ["workshop", "series"],
            "status": ["planned", "held"],
            "audience": ["public", "members"],
            "part_of": self.chance.ids("event"),
            "cooperation": self.chance.ids("cooperation"),
            "source": SITES,
            "parts": ["include", "exclude", "only"],
        }
        scope = self.scope({"organisation": known, "parent": offered["part_of"], "cooperation": offered["cooperation"]})
        asked = self.filters(offered) | self.time() | self.since() | self.roles(scope, ROLES)
        order, limit = self.random.choice(ANY_ORDER), self.limit()
        answer = all_of(
            lambda after: events(self.connection, ask(asked, order, limit, after), Scope(**scope) if scope else None)
        )
        return answer, self.oracle.events(asked, order=order, scope=scope), (asked, order, limit, scope)

    def appointments(self) -> tuple[list[str], list[str], object]:
        known = self.chance.ids("organisation")
        offered = {
            "organiser": known,
            "network": known,
            "region": REGIONS,
            "topic": TOPICS,
            "kind": ["workshop", "series"],
            "part_of": self.chance.ids("event"),
            "source": SITES,
        }
        scope = self.scope({"organisation": known})
        asked = self.filters(offered) | self.time() | self.since() | self.roles(scope, ROLES)
        tentative = self.random.random() < 0.5
        answer = appointments(
            self.connection, asked, today=TODAY, tentative=tentative, scope=Scope(**scope) if scope else None
        )
        assert not answer.is_cut
        return (
            sorted(json.loads(text)["id"] for text in answer.texts),
            self.oracle.appointments(asked, tentative=tentative, scope=scope),
            (asked, tentative, scope),
        )

    def cooperations(self) -> tuple[list[Json], list[Json], object]:
        known = self.chance.ids("organisation")
        offered = {
            "party": known,
            "network": known,
            "kind": ["agreement", "project"],
            "status": ["active", "ended"],
            "topic": TOPICS,
            "region": REGIONS,
            "open_to_partners": ["true", "false"],
            "confirmation": ["unanswered", "confirmed"],
            "source": SITES,
        }
        scope = self.scope({"organisation": known, "parent": self.chance.ids("cooperation")})
        asked = self.filters(offered) | self.time() | self.since() | self.roles(scope, PARTS)
        order, limit = self.random.choice(ANY_ORDER), self.limit()
        answer = all_of(
            lambda after: cooperations(
                self.connection, ask(asked, order, limit, after), Scope(**scope) if scope else None
            )
        )
        return answer, self.oracle.cooperations(asked, order=order, scope=scope), (asked, order, limit, scope)

    def scope(self, offered: dict[str, list[str]]) -> dict[str, str] | None:
        name = self.random.choice(sorted(offered))
        return {name: self.random.choice(offered[name])} if offered[name] and self.random.random() < 0.4 else None

    def roles(self, scope: dict[str, str] | None, roles: list[str]) -> Filters:
        if scope is None or "organisation" not in scope or self.random.random() < 0.5:
            return {}
        return {"role": self.random.sample(roles, 2)}

    def ties(self, kind: str) -> tuple[list[Json], list[Json], object]:
        subject = self.random.choice(self.chance.ids("organisation"))
        asked = {
            name: [self.random.choice(values)]
            for name, values in {"as_of": ["any", "2018", "2026-11-20", "2027"], "grade": GRADES}.items()
            if self.random.random() < 0.5
        }
        order, limit = self.random.choice(ANY_ORDER), self.limit()
        query = members if kind == "members" else memberships
        answer = all_of(lambda after: query(self.connection, ask(asked, order, limit, after), subject))
        return answer, self.oracle.ties(kind, subject, asked, order=order), (subject, asked, order, limit)

    def relations(self) -> tuple[list[Json], list[Json], object]:
        subject = self.random.choice(self.chance.ids("organisation"))
        asked = {"as_of": [self.random.choice(["any", "2016", "2027"])]} if self.random.random() < 0.5 else {}
        order, limit = self.random.choice(ANY_ORDER), self.limit()
        answer = all_of(lambda after: relations(self.connection, ask(asked, order, limit, after), subject))
        return answer, self.oracle.relations(subject, asked, order=order), (subject, asked, order, limit)

    def limit(self) -> int:
        return self.random.choice([1, 2, 5, 50])


@pytest.mark.parametrize("seed", range(6))
def test_every_list_says_after_each_write_what_the_records_say(
    seed: int, register: Register, projection: Projection
) -> None:
    chance = Chance(seed, register)

    for _ in range(WRITES):
        chance.write()

        oracle = Oracle(register.records, chance.buried, TODAY)
        with projection.read() as connection:
            asking = Asking(chance, connection, oracle)
            for ask in (asking.organisations, asking.events, asking.events, asking.cooperations, asking.cooperations):
                answer, expected, question = ask()
                assert answer == expected, question
            assert_equal_appointments(asking)
            if chance.ids("organisation"):
                for kind in ("members", "memberships"):
                    answer, expected, question = asking.ties(kind)
                    assert answer == expected, question
                answer, expected, question = asking.relations()
                assert answer == expected, question
            by_id_as_expected(connection, chance)


def assert_equal_appointments(asking: Asking) -> None:
    answer, expected, question = asking.appointments()
    assert answer == expected, question


def by_id_as_expected(connection: sqlite3.Connection, chance: Chance) -> None:
    records = chance.register.records
    labels = {record_id: json.loads(label) for record_id, label in refs(connection, [*records, *chance.buried]).items()}
    assert labels == {record_id: reference_label(record) for record_id, record in records.items()}
    assert {exists(connection, record_id) for record_id in records} <= {"live"}
    assert {exists(connection, record_id) for record_id in chance.buried} <= {"deleted"}
    assert exists(connection, "org_00000000000000000000000000") == "unknown"
    target = chance.random.choice([*records, *chance.buried])
    naming = sorted(record_id for record_id, record in records.items() if target in references(record))
    assert referrers(connection, target, 3) == naming[:3]
