"""The graph against a look at all pairs of organisations, after each of many random writes."""

import json
from collections import defaultdict
from itertools import permutations
from typing import Any

import pytest

from shared.models.dates import day_of, may_hold, parse
from shared.projection.engine import Projection
from shared.projection.graph import graph
from shared.projection.ties import TYPES, Moment
from tests.projection.chance import Chance
from tests.projection.oracle import Oracle
from tests.projection.register import Register

Json = dict[str, Any]
Edges = dict[tuple[str, str, str], set[str]]

WRITES = 120
MOMENTS = [None, "2018", "2018-01-11", "2019~", "2030", "[..2018-06]"]


class Naive:
    """Who is tied to whom, by looking at every record."""

    def __init__(self, records: dict[str, Json], moment: str | None) -> None:
        self.records = records
        self.moment = None if moment is None else parse(moment)
        self.oracle = Oracle(records, {}, "2026-11-21")

    def holds(self, *statements: Json) -> bool:
        """Whether there may be a day of the moment on which all of them hold, each known by its first and last day."""
        first = [parse(each["since"]).earliest for each in statements if each.get("since")]
        last = [parse(each["until"]).latest for each in statements if each.get("until")]
        if self.moment is not None:
            first.append(self.moment.earliest)
            last.append(self.moment.latest)
        return not first or not last or max(first) <= min(last)

    def exists(self, organisation: str) -> bool:
        record = self.records[organisation]
        existence = {"since": record.get("founded"), "until": record.get("dissolved")}
        return self.moment is None or may_hold(existence, self.moment)

    def edges(self) -> Edges:
        found: Edges = defaultdict(set)
        for record in self.records.values():
            for source, target, kind in getattr(self, record["type"])(record):
                if source != target and self.exists(source) and self.exists(target):
                    found[source, target, kind].add(record["id"])
        return dict(found)

    def organisation(self, record: Json) -> list[tuple[str, str, str]]:
        relations = [each for each in record.get("relations", ()) if self.holds(each)]
        return [(record["id"], each["organisation_id"], "relation") for each in relations]

    def membership(self, record: Json) -> list[tuple[str, str, str]]:
        return [(record["member_id"], record["network_id"], "membership")] if self.holds(record) else []

    def event(self, record: Json) -> list[tuple[str, str, str]]:
        when, days = record.get("when"), {}
        if when is not None and "[" not in when["start"]:
            days = {"since": day_of(when["start"]).text, "until": day_of(when.get("end", when["start"])).text}
        joint = [one["organisation_id"] for one in record.get("organisers", ()) if one["role"] != "sponsor"]
        pairs = permutations(joint, 2) if self.holds(days) else ()
        return [(one, other, "event") for one, other in pairs if one < other]

    def cooperation(self, record: Json) -> list[tuple[str, str, str]]:
        parties = [one["organisation_id"] for one in record["parties"] if one["roles"] != ["subject"]]
        term = {"since": record.get("effective_from") or record.get("signed_on"), "until": record.get("ended_on")}
        pairs = permutations(parties, 2) if self.holds(term) else ()
        return [(one, other, "cooperation") for one, other in pairs if one < other]

    def near(self, root: str, depth: int) -> set[str]:
        found = {root}
        for _ in range(depth if self.exists(root) else 0):
            found |= {end for pair in self.edges() for end in pair[:2] if found & set(pair[:2])}
        return found


def shown(projection: Projection, moment: str | None, root: str | None, depth: int) -> tuple[set[str], Edges]:
    days = None if moment is None else parse(moment)
    with projection.read() as connection:
        wish = Moment() if days is None else Moment(days.earliest, days.latest)
        found = graph(connection, wish, root, depth, 500)
    assert not found.is_cut
    edges = {(tie.source, tie.target, tie.type): set(tie.evidence) for tie in found.ties}
    assert all(tie.weight == len(tie.evidence) for tie in found.ties if tie.weight <= 10)
    return {node["id"] for node in found.nodes}, edges


@pytest.mark.parametrize("seed", [7, 8])
def test_the_graph_has_every_tie_that_may_hold_and_no_other(
    projection: Projection, register: Register, seed: int
) -> None:
    chance = Chance(seed, register)
    for write in range(WRITES):
        chance.write()
        if write % 10:
            continue
        moment, depth = MOMENTS[write // 10 % len(MOMENTS)], write // 10 % 3 + 1
        naive = Naive(register.records, moment)
        expected = naive.edges()

        nodes, edges = shown(projection, moment, None, 1)

        assert edges == expected
        assert nodes == {end for pair in expected for end in pair[:2]}
        for root in chance.ids("organisation")[:3]:
            near = naive.near(root, depth)
            assert shown(projection, moment, root, depth) == (
                near,
                {pair: evidence for pair, evidence in expected.items() if set(pair[:2]) <= near},
            )


@pytest.mark.parametrize("types", [("cooperation",), ("event", "relation")])
def test_only_ties_of_the_types_asked_for_are_shown(
    projection: Projection, register: Register, types: tuple[str, ...]
) -> None:
    chance = Chance(9, register)
    for _ in range(WRITES):
        chance.write()

    with projection.read() as connection:
        found = graph(connection, Moment(types=types), None, 1, 500)
        every = graph(connection, Moment(types=TYPES), None, 1, 500)

    assert {tie.type for tie in found.ties} == set(types)
    assert found.ties == [tie for tie in every.ties if tie.type in types]


def organisation(number: int, **more: object) -> Json:
    record_id = f"org_01hzy3v8k2q4w5e6r7t8y{number:05}"
    return {"type": "organisation", "id": record_id, "name": f"Haus {number}", "kind": "company", **more}


def join(number: int, network: Json, member: Json, **more: object) -> Json:
    record_id = f"mem_01hzy3v8k2q4w5e6r7t8y{number:05}"
    return {"type": "membership", "id": record_id, "network_id": network["id"], "member_id": member["id"], **more}


def test_a_hub_gives_the_nodes_with_the_most_records_and_says_that_there_are_more(
    projection: Projection, register: Register
) -> None:
    hub = organisation(0)
    register.write(hub)
    members = [organisation(number) for number in range(1, 61)]
    for number, member in enumerate(members):
        register.write(member)
        register.write(join(number, hub, member))
    register.write(join(900, hub, members[41], since="2020", until="2021"))

    with projection.read() as connection:
        found = graph(connection, Moment(), hub["id"], 3, 10)

    assert [node["name"] for node in found.nodes[:3]] == ["Haus 0", "Haus 42", "Haus 1"]
    assert (len(found.nodes), len(found.ties), found.is_cut) == (10, 9, True)
    assert found.ties[0].weight == 2
    assert len(json.dumps(found.nodes)) < 1_000_000


def test_a_graph_that_did_not_look_at_all_records_says_so(
    projection: Projection, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, *members = (organisation(number) for number in range(4))
    register.write(hub)
    for number, member in enumerate(members):
        register.write(member)
        register.write(join(number, hub, member))

    def is_cut(most: int) -> bool:
        monkeypatch.setattr("shared.projection.graph._MOST_PARTS_BETWEEN", most)
        with projection.read() as connection:
            return graph(connection, Moment(), hub["id"], 1, 10).is_cut

    assert (is_cut(6), is_cut(5)) == (False, True)


def test_names_are_those_of_the_moment(projection: Projection, register: Register) -> None:
    former = {"value": "Haus Alt", "kind": "former", "until": "2018"}
    one, other = organisation(1, other_names=[former]), organisation(2)
    register.write(one)
    register.write(other)
    register.write(join(1, other, one))

    def names(moment: str) -> list[str]:
        days = parse(moment)
        with projection.read() as connection:
            found = graph(connection, Moment(days.earliest, days.latest), one["id"], 1, 10)
        return [node["name"] for node in found.nodes]

    assert names("2017") == ["Haus Alt", "Haus 2"]
    assert names("2018") == ["Haus 1", "Haus 2"]
