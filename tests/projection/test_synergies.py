"""Partners, and suggestions for a network in which the right pairs are known."""

import json
from typing import Any

import pytest

from shared.projection.engine import Projection
from shared.projection.pages import Ask
from shared.projection.partners import WEIGHTS, partners
from shared.projection.synergies import synergies
from tests.projection.chance import Chance
from tests.projection.register import Register
from tests.projection.test_graph import Naive, join, organisation

Json = dict[str, Any]
TODAY = "2026-11-21"


def event(number: int, *organisers: Json, **more: object) -> Json:
    entries = [{"organisation_id": one["id"], "role": "sponsor"} for one in organisers]
    base = {"type": "event", "id": f"evt_01hzy3v8k2q4w5e6r7t8y{number:05}", "kind": "other", "status": "held"}
    return {**base, "title": {"de": f"Treffen {number}"}, "when": None, "organisers": entries, **more}


def cooperation(number: int, *parties: Json, **more: object) -> Json:
    entries = [{"organisation_id": one["id"], "roles": ["party"]} for one in parties]
    base = {"type": "cooperation", "id": f"coop_01hzy3v8k2q4w5e6r7t8y{number:05}", "kind": "project"}
    return {**base, "status": "active", "title": {"de": "Vorhaben", "en": "Project"}, "parties": entries, **more}


def suggested(projection: Projection, limit: int = 50, **filters: list[str]) -> list[Json]:
    """All pages, so long as each goes on where the last one ended."""
    found, after = [], None
    with projection.read() as connection:
        while True:
            page = synergies(connection, Ask(filters=filters, limit=limit, today=TODAY, after=after))
            found += [json.loads(item) for item in page.items]
            if page.next is None:
                return found
            after = page.next


def pairs(found: list[Json]) -> list[tuple[str, ...]]:
    return [tuple(one["name"] for one in pair["organisations"]) for pair in found]


@pytest.fixture
def houses(register: Register) -> list[Json]:
    """Eight houses: 0 offers what 1 aims at; 2 and 3 met; 4 and 5 work with 6; 7 shares a common topic with all."""
    offering = {"title": {"de": "Prüfung"}, "topics": ["datensicherheit"]}
    more: dict[int, Json] = {0: {"offerings": [offering]}, 2: {"regions": ["DE-TH"]}, 3: {"regions": ["DE-TH"]}}
    found = [organisation(number, topics=["it"], **more.get(number, {})) for number in range(8)]
    goal = {"text": {"de": "Sicherheit"}, "topics": ["datensicherheit"], "status": "intended"}
    for record in found:
        register.write(record)
    register.write(cooperation(1, found[1], goals=[goal]))
    register.write(event(1, found[2], found[3]))
    register.write(cooperation(2, found[4], found[6]))
    register.write(cooperation(3, found[5], found[6]))
    return found


def test_the_right_pairs_come_first_with_their_reasons(projection: Projection, houses: list[Json]) -> None:
    first, second, third, *_ = suggested(projection)

    assert pairs([first, second, third]) == [("Haus 0", "Haus 1"), ("Haus 2", "Haus 3"), ("Haus 4", "Haus 5")]
    assert first["reasons"][0] == {
        "kind": "offering",
        "weight": 30,
        "text": {
            "de": "Haus 0 bietet, wozu Haus 1 Ziele in „Vorhaben“ hat: datensicherheit",
            "en": "Haus 0 offers what Haus 1 aims at in “Project”: datensicherheit",
        },
        "topics": ["datensicherheit"],
        "evidence": ["coop_01hzy3v8k2q4w5e6r7t8y00001", houses[0]["id"]],
    }
    assert {reason["kind"] for reason in second["reasons"]} == {"event", "region", "topics"}
    assert {reason["kind"]: reason["evidence"] for reason in second["reasons"]}["event"] == [
        "evt_01hzy3v8k2q4w5e6r7t8y00001"
    ]
    assert {reason["kind"]: reason["evidence"] for reason in third["reasons"]}["partners"] == [houses[6]["id"]]
    assert all(pair["score"] == sum(reason["weight"] for reason in pair["reasons"]) for pair in (first, second, third))


def test_a_rare_topic_counts_more_than_a_common_one(projection: Projection, register: Register) -> None:
    for number in range(10):
        register.write(organisation(number, topics=["it", "digitaler-orgelbau"] if number < 2 else ["it"]))

    first, second, *_ = suggested(projection)

    assert pairs([first]) == [("Haus 0", "Haus 1")]
    assert first["score"] > second["score"]
    assert first["reasons"][0]["topics"] == ["digitaler-orgelbau", "it"]
    assert first["reasons"][0]["text"]["de"] == "Beide nennen als Thema: digitaler orgelbau, it"


def test_a_region_counts_less_the_more_are_in_it_and_is_named(projection: Projection, register: Register) -> None:
    for number in range(8):
        regions = ["DE-SN"] if number < 2 else ["DE-TH"]
        register.write(organisation(number, topics=["it"], regions=[*regions, "AT-9"]))

    first, second, *_ = suggested(projection)

    assert pairs([first]) == [("Haus 0", "Haus 1")]
    assert [(reason["weight"], reason["text"]["de"], reason["text"]["en"]) for reason in first["reasons"][1:]] == [
        (6, "Beide sind in derselben Region: Sachsen, AT-9", "Both are in the same region: Saxony, AT-9")
    ]
    assert second["reasons"][1]["weight"] < first["reasons"][1]["weight"]


def test_who_has_in_common_what_many_have_is_not_suggested(projection: Projection, register: Register) -> None:
    network, *members = (organisation(number) for number in range(12))
    register.write(network)
    for number, member in enumerate(members):
        register.write(member)
        register.write(join(number, network, member))

    assert suggested(projection, network=[network["id"]]) == []


@pytest.mark.parametrize("tie", ["cooperation", "membership", "relation"])
def test_who_is_tied_already_is_never_suggested(projection: Projection, register: Register, tie: str) -> None:
    one, other = organisation(1, topics=["it"]), organisation(2, topics=["it"])
    related = {"kind": "related", "organisation_id": other["id"], "until": "2010"}
    register.write(other)
    register.write({**one, "relations": [related]} if tie == "relation" else one)
    assert bool(suggested(projection, organisation=[one["id"]])) is (tie != "relation")

    if tie == "cooperation":
        register.write(cooperation(1, one, other, status="ended", ended_on="2010"))
    if tie == "membership":
        register.write(join(1, one, other, until="2010"))

    assert suggested(projection, organisation=[one["id"]]) == []


@pytest.mark.parametrize("unlike", [{"dissolved": "2020"}, {"topics": []}])
def test_who_is_gone_or_shares_nothing_but_the_region_is_not_suggested(
    projection: Projection, register: Register, unlike: Json
) -> None:
    register.write(organisation(1, topics=["it"], regions=["DE-TH"]))
    register.write(organisation(2, **{"topics": ["it"], "regions": ["DE-TH"], **unlike}))

    assert suggested(projection, organisation=[organisation(1)["id"]]) == []


def test_a_network_is_told_of_pairs_among_its_members(
    projection: Projection, register: Register, houses: list[Json]
) -> None:
    for number, member in enumerate((houses[0], houses[1], houses[2])):
        register.write(join(number, houses[7], member))

    found = pairs(suggested(projection, network=[houses[7]["id"]]))

    assert found[0] == ("Haus 0", "Haus 1")
    assert {name for pair in found for name in pair} == {"Haus 0", "Haus 1", "Haus 2"}


def test_pages_hold_each_pair_once(projection: Projection, houses: list[Json]) -> None:
    whole = suggested(projection, limit=200)

    assert len(houses) * (len(houses) - 1) // 2 - 2 == len(whole)
    assert suggested(projection, limit=3) == whole


def test_partners_are_all_that_are_tied_by_weight(projection: Projection, register: Register) -> None:
    chance = Chance(11, register)
    for _ in range(150):
        chance.write()
    edges = Naive(register.records, None).edges()

    for one in chance.ids("organisation"):
        expected: dict[str, int] = {}
        for (source, target, kind), evidence in edges.items():
            if one in {source, target}:
                other = target if source == one else source
                expected[other] = expected.get(other, 0) + WEIGHTS[kind] * len(evidence)
        shown: list[Json] = []
        after = None
        with projection.read() as connection:
            while not shown or after is not None:
                page = partners(connection, Ask(filters={}, limit=2, today=TODAY, after=after), one)
                shown += map(json.loads, page.items)
                after = page.next
                if not page.items:
                    break

        assert {each["id"]: each["weight"] for each in shown} == expected
        assert [each["weight"] for each in shown] == sorted(expected.values(), reverse=True)
        assert all(
            edges[tie["ends"]] >= set(tie["evidence"])
            for each in shown
            for tie in ({**said, "ends": _ends(edges, one, each["id"], said)} for said in each["ties"])
        )


def _ends(edges: dict[tuple[str, str, str], set[str]], one: str, other: str, tie: Json) -> tuple[str, str, str]:
    return next(
        key
        for key, evidence in edges.items()
        if key[2] == tie["type"] and {one, other} == set(key[:2]) and evidence >= set(tie["evidence"])
    )
