"""The catalogue and all counts against a look at all records one by one, after each of many random writes."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any

import pytest

from shared.models.dates import PartialDate, certain_span, may_hold, parse
from shared.models.ids import PREFIXES, RecordType, new_id
from shared.models.languages import in_language
from shared.models.text import fold, sort_key
from shared.projection import catalogue as catalogues
from shared.projection.catalogue import catalogue
from shared.projection.counts import regions, topics
from shared.projection.engine import Projection
from shared.projection.pages import Ask
from shared.projection.schema import create
from shared.projection.statistics import statistics
from tests.projection.chance import REGIONS, TOPICS, Chance
from tests.projection.oracle import Oracle
from tests.projection.register import Register
from tests.projection.test_cost import put
from tests.projection.test_lists import all_of

Json = dict[str, Any]
Filters = dict[str, list[str]]

TODAY = "2026-11-21"
WRITES = 150
MOMENTS = [None, "2018", "2018-01-11", "2019~", "2030", "[..2018-06]", "[2019..]"]
LISTS = ("organisations", "events", "cooperations")


class Naive:
    """The same by looking at every record; lists and their filters are those of the other oracle."""

    def __init__(self, records: dict[str, Json], today: str = TODAY) -> None:
        self.records = records
        self.oracle = Oracle(records, {}, today)

    def listed(self, noun: str, filters: Filters) -> list[Json]:
        if noun == "organisations":
            return self.oracle.organisations(filters, order=None)
        return self.oracle.events(filters, order=None) if noun == "events" else self.coops(filters)

    def coops(self, filters: Filters) -> list[Json]:
        return self.oracle.cooperations(filters, order=None)

    def catalogue(self, filters: Filters) -> list[Json]:
        found = []
        for record in self.oracle.of("organisation"):
            for position, entry in enumerate(record.get("offerings", ())):
                if self.offers(record, entry, filters):
                    place = (sort_key(in_language(entry["title"], "de")[1]), record["id"], position)
                    found.append((place, {**entry, **self.offerer(record)}))
        return [shown for _, shown in sorted(found, key=lambda each: each[0])]

    def offerer(self, record: Json) -> Json:
        summary = self.oracle.summary(record)
        shown = {name: summary[name] for name in ("id", "name", "city", "website") if name in summary}
        ids = sorted({*self.oracle.networks(record["id"])}, key=lambda each: (sort_key(self.oracle.name(each)), each))
        return {"organisation": shown, "networks": [{"id": each, "name": self.oracle.name(each)} for each in ids]}

    def offers(self, record: Json, entry: Json, filters: Filters) -> bool:
        existence = {"since": record.get("founded"), "until": record.get("dissolved")}
        if not (may_hold(entry, parse(TODAY)) and may_hold(existence, parse(TODAY))):
            return False
        text = " ".join([record["name"], *entry["title"].values(), *entry.get("description", {}).values()])
        tests: dict[str, Callable[[str], bool]] = {
            "topic": lambda value: value in (entry.get("topics") or record.get("topics", [])),
            "kind": lambda value: entry.get("kind") == value,
            "region": lambda value: value in self.oracle.regions(record),
            "network": lambda value: value == record["id"] or value in self.oracle.networks(record["id"]),
            "q": lambda value: all(
                sort_key(word) in sort_key(text) or fold(word) in fold(text) for word in value.split()
            ),
        }
        return all(any(map(tests[name], values)) for name, values in filters.items())

    def counts(self, name: str, networks: Filters) -> list[Json]:
        values = {value for value in (*TOPICS, *REGIONS) if (value in TOPICS) == (name == "topic")}
        found = []
        for value in values:
            asked = {**networks, name: [value]}
            counts = {noun: len(self.listed(noun, asked)) for noun in LISTS}
            counts["offerings"] = len(self.catalogue(asked))
            if any(counts.values()):
                found.append((-sum(counts.values()), value, {name: value, **counts}))
        return [shown for *_, shown in sorted(found, key=lambda each: each[:2])]

    def members(self, network: str | None, holds: Callable[[Json], bool]) -> set[str]:
        return {
            one["member_id"]
            for one in self.oracle.of("membership")
            if (network is None or one["network_id"] == network) and holds(one)
        }

    def statistics(self, networks: list[str], as_of: str | None) -> Json:
        moment = parse(as_of or TODAY)
        then = Then(self.records, moment, as_of is not None)
        scoped = then.listed(networks)
        last = int(min(moment.latest, TODAY)[:4])
        years = {year: then.year(year, scoped, networks) for year in range(last - 99, last + 1)}
        begun = [year for year in range(1900, 2100) if any(list(then.year(year, scoped, networks).values())[:4])]
        first = max(min(begun, default=last + 1), last - 99)
        return {
            **({"as_of": as_of} if as_of else {}),
            **then.counted(scoped, networks),
            "by_kind": {noun: dict(Counter(one["kind"] for one in scoped[noun])) for noun in LISTS},
            "years": [{"year": year, **years[year]} for year in range(first, last + 1)],
            "undated": then.undated(scoped, networks),
            "networks": then.networks(networks),
        }


class Then:
    """The register at a moment, or all of it."""

    def __init__(self, records: dict[str, Json], moment: PartialDate, is_past: bool) -> None:  # noqa: FBT001 - a fact
        self.naive = Naive(records, moment.text)
        self.oracle = self.naive.oracle
        self.moment = moment
        self.is_past = is_past

    def existed(self, record: Json) -> bool:
        if not self.is_past:
            return True
        if record["type"] == "organisation":
            return may_hold({"since": record.get("founded"), "until": record.get("dissolved")}, self.moment)
        span = self.oracle.span(record)
        return span is None or span[0].earliest <= self.moment.latest

    def listed(self, networks: list[str]) -> dict[str, list[Json]]:
        asked = {"network": networks} if networks else {}
        ids = {noun: [one["id"] for one in self.naive.listed(noun, asked)] for noun in LISTS}
        return {
            noun: [self.oracle.records[each] for each in found if self.existed(self.oracle.records[each])]
            for noun, found in ids.items()
        }

    def in_a_network(self, networks: list[str], holds: Callable[[Json], bool]) -> set[str]:
        every = [self.naive.members(network, holds) for network in networks] or [self.naive.members(None, holds)]
        return set().union(*every)

    def counted(self, scoped: dict[str, list[Json]], networks: list[str]) -> Json:
        members = self.in_a_network(networks, lambda one: may_hold(one, self.moment))
        return {"members": len(members), **{noun: len(found) for noun, found in scoped.items()}}

    def year(self, year: int, scoped: dict[str, list[Json]], networks: list[str]) -> Json:
        possible = self.counts(scoped, networks, lambda one: self.in_year(one, year, "possible"))
        certain = self.counts(scoped, networks, lambda one: self.in_year(one, year, "certain"))
        return {**possible, "certain": certain}

    def undated(self, scoped: dict[str, list[Json]], networks: list[str]) -> Json:
        found = self.counts(scoped, networks, lambda one: not self.is_dated(one))
        dated = self.in_a_network(networks, self.is_dated)
        return {**found, "members": len(self.in_a_network(networks, lambda _: True) - dated)}

    def counts(self, scoped: dict[str, list[Json]], networks: list[str], holds: Callable[[Json], bool]) -> Json:
        found = {noun: sum(map(holds, scoped[noun])) for noun in LISTS}
        return {**found, "members": len(self.in_a_network(networks, holds))}

    def statement(self, record: Json) -> Json:
        if record["type"] == "membership":
            return {**record, "since": record.get("since") or record.get("as_of")}
        return {"since": record.get("founded"), "until": record.get("dissolved")}

    def is_dated(self, record: Json) -> bool:
        if record["type"] in {"event", "cooperation"}:
            return not self.oracle.is_undated(record)
        since = self.statement(record)["since"]
        return since is not None and "." not in since

    def in_year(self, record: Json, year: int, match: str) -> bool:
        if not self.is_dated(record):
            return False
        if record["type"] in {"event", "cooperation"}:
            return self.oracle.fits_days(record, {"from": [str(year)], "to": [str(year)], "date_match": [match]})
        if match == "possible":
            return may_hold(self.statement(record), parse(str(year)))
        return self.certainly_in(record, year)

    def certainly_in(self, record: Json, year: int) -> bool:
        """Whether no way of reading the dates leaves the year out."""
        statement = record if record["type"] == "membership" else self.statement(record)
        known = [parse(statement[name]) for name in ("since", "as_of", "until") if statement.get(name)]
        begun = min(moment.latest for moment in known) <= f"{year}-12-31"
        goes_on = not statement.get("until") or max(moment.earliest for moment in known) >= f"{year}-01-01"
        span = certain_span(statement)
        assert (begun and goes_on) or span is None or not (span[0][:4] <= str(year) <= span[1][:4])
        return begun and goes_on

    def networks(self, asked: list[str]) -> list[Json]:
        every = [one for one in self.oracle.of("organisation") if self.existed(one)]
        shown = [one for one in every if (one["id"] in asked if asked else one["kind"] == "network")]
        found = [(one, self.network(one)) for one in shown]
        found.sort(key=lambda each: (-each[1]["members"], sort_key(each[0]["name"]), each[0]["id"]))
        return [shown for _, shown in found]

    def network(self, record: Json) -> Json:
        scoped = self.listed([record["id"]])
        figures = [one for one in record.get("figures", ()) if may_hold(one, self.moment)]
        return {
            "id": record["id"],
            "name": record["name"],
            "members": self.counted(scoped, [record["id"]])["members"],
            "events": len(scoped["events"]),
            "cooperations": len(scoped["cooperations"]),
            "figures": figures,
            "sources": [one for one in record["sources"] if any(one["key"] in f.get("sources", ()) for f in figures)],
        }


def some(chance: Chance, name: str, values: Iterable[str]) -> Filters:
    known = [*values]
    return {name: chance.random.sample(known, min(2, len(known)))} if known and chance.random.random() < 0.4 else {}


def question(chance: Chance) -> Filters:
    queries = ["ölprüfung", "Oelpruefung", "elektro", "SICHERHEIT", "jäger müller", "strasse bau", "ITnet", "digital x"]
    return {
        **some(chance, "topic", TOPICS),
        **some(chance, "region", REGIONS),
        **some(chance, "kind", ["service", "training"]),
        **some(chance, "network", chance.ids("organisation")),
        **({"q": [chance.random.choice(queries)]} if chance.random.random() < 0.4 else {}),
    }


def ask(filters: Filters, limit: int, after: Any) -> Ask:  # noqa: ANN401 - sort values
    return Ask(filters=filters, limit=limit, after=after, today=TODAY)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("few", [1, 1000])
def test_the_catalogue_is_after_each_write_what_the_records_say(
    seed: int, few: int, register: Register, projection: Projection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogues, "_FEW", few)
    chance = Chance(seed, register)

    for _ in range(WRITES):
        chance.write()

        asked, limit = question(chance), chance.random.choice([1, 2, 50])
        with projection.read() as connection:
            found = all_of(lambda after: catalogue(connection, ask(asked, limit, after)))  # noqa: B023 - called at once
        assert found == Naive(register.records).catalogue(asked), asked


@pytest.mark.parametrize("seed", range(2))
def test_topics_and_regions_count_what_their_lists_give(seed: int, register: Register, projection: Projection) -> None:
    chance = Chance(seed, register)

    for _ in range(WRITES):
        chance.write()

        asked, limit = some(chance, "network", chance.ids("organisation")), chance.random.choice([1, 2, 50])
        with projection.read() as connection:
            found = {
                name: all_of(lambda after: query(connection, ask(asked, limit, after)))  # noqa: B023 - the same
                for name, query in (("topic", topics), ("region", regions))
            }
        naive = Naive(register.records)
        assert found == {name: naive.counts(name, asked) for name in found}, asked


@pytest.mark.parametrize("seed", range(3))
def test_statistics_are_what_the_records_say(seed: int, register: Register, projection: Projection) -> None:
    chance = Chance(seed, register)

    for turn in range(WRITES):
        chance.write()
        if turn % 3:
            continue

        networks = some(chance, "network", chance.ids("organisation")).get("network", [])
        as_of = chance.random.choice(MOMENTS)
        with projection.read() as connection:
            found = json.loads(statistics(connection, networks, as_of, TODAY))
        assert found == Naive(register.records).statistics(networks, as_of), (networks, as_of)


def hub(members: int) -> sqlite3.Connection:
    """A register of one network that everybody is a member of, each with an event and a cooperation."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    create(connection, "0")
    network = new_id("organisation", 0, bytes(10))
    put(connection, {"type": "organisation", "id": network, "name": "Nabe", "kind": "network"})
    for number in range(members):
        named: dict[RecordType, str] = {each: new_id(each, 1, number.to_bytes(10)) for each in PREFIXES}
        member, common = named["organisation"], {"topics": [f"topic-{number % 7}"], "title": {"de": "Neu"}}
        put(connection, {"type": "organisation", "id": member, "name": "Firma", "kind": "company", **common})
        put(
            connection,
            {"type": "membership", "id": named["membership"], "network_id": network, "member_id": member},
        )
        organisers = [{"organisation_id": member, "role": "organiser"}]
        event = {"kind": "workshop", "status": "held", "when": None, "organisers": organisers}
        put(connection, {"type": "event", "id": named["event"], **event, **common})
        cooperation = {"kind": "project", "status": "active", "parties": [{"organisation_id": member}]}
        put(connection, {"type": "cooperation", "id": named["cooperation"], **cooperation, **common})
    return connection


@pytest.mark.parametrize("name", ["topics", "regions", "statistics"])
def test_counting_takes_steps_in_proportion_to_what_is_counted(name: str) -> None:
    costs = []
    for members in (100, 1_000):
        with closing(hub(members)) as connection:
            asked = {"network": [new_id("organisation", 0, bytes(10))]}
            query: dict[str, Callable[[sqlite3.Connection], object]] = {
                "topics": lambda c: topics(c, ask(asked, 50, None)),  # noqa: B023 - called at once
                "regions": lambda c: regions(c, ask(asked, 50, None)),  # noqa: B023 - the same
                "statistics": lambda c: statistics(c, asked["network"], None, TODAY),  # noqa: B023 - the same
            }
            costs.append(steps(connection, query[name]))

    small, large = costs
    assert large <= 15 * small, costs


def steps(connection: sqlite3.Connection, query: Callable[[sqlite3.Connection], object]) -> int:
    """Count the instructions of SQLite's machine, in hundreds."""
    counted = 0

    def count() -> None:
        nonlocal counted
        counted += 1

    connection.set_progress_handler(count, 100)
    query(connection)
    connection.set_progress_handler(None, 1)
    return counted
