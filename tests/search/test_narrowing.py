"""How a search is narrowed, and what its facets count."""

import json

import pytest

from shared.projection.search import narrowing
from shared.projection.search.narrowing import distance
from tests.search.conftest import TODAY, Json, World, event, organisation


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {"net", "in", "out", "e", "c"}),
        ({"type": ["event", "cooperation"]}, {"e", "c"}),
        ({"kind": ["network", "agreement"]}, {"net", "c"}),
        ({"topic": "it"}, {"net", "in"}),
        ({"region": "DE-SN"}, {"out", "e", "c"}),
        ({"region": "DE-TH"}, {"net", "c"}),
        ({"network": "net"}, {"in", "e", "c"}),
        ({"from": "2023"}, {"e", "c"}),
        ({"from": "2023", "type": "event"}, {"e"}),
        ({"to": "2020"}, {"c"}),
        ({"near": "51.3,12.4", "radius_km": "25"}, {"out", "e"}),
        ({"near": "51.3,12.4", "radius_km": "80"}, {"in", "out", "e"}),
        ({"topic": "web", "type": "organisation"}, {"in", "out"}),
    ],
)
def test_filters_leave_what_passes_all_of_them(narrowed: World, filters: Json, expected: set[str]) -> None:
    asked = {name: narrowed.ids["net"] if name == "network" else value for name, value in filters.items()}

    assert set(narrowed.found(**asked)) == expected


@pytest.mark.parametrize(("query", "expected"), [("firma sachsen", ["e", "out"]), ("netz Thuringia", ["net"])])
def test_regions_are_found_by_their_names_in_both_languages(narrowed: World, query: str, expected: list[str]) -> None:
    assert narrowed.found(query)[: len(expected)] == expected


def test_a_filter_finds_what_is_not_among_the_best_hits(narrowed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    every = {slug: narrowed.found("", type=kind) for slug, kind in (("o", "organisation"), ("c", "cooperation"))}
    monkeypatch.setattr(narrowing, "MOST_COUNTED", 2)

    assert {slug: len(found) for slug, found in every.items()} == {"o": 3, "c": 1}
    assert narrowed.found("", type="cooperation") == every["c"]


def test_a_facet_counts_what_each_of_its_values_would_leave(narrowed: World) -> None:
    found = json.loads(narrowed.search(type="organisation", topic="web").more["facets"])

    assert found["type"] == [{"value": "organisation", "count": 2}, {"value": "event", "count": 1}]
    assert found["topic"] == [{"value": "it", "count": 2}, {"value": "web", "count": 2}]
    assert found["kind"] == [{"value": "company", "count": 2}]
    assert found["city"] == [{"value": "Jena", "count": 1}, {"value": "Leipzig", "count": 1}]
    assert found["network"] == [{"value": narrowed.ids["net"], "count": 1, "name": "Netz"}]


@pytest.mark.parametrize("query", ["", "firma", "firma süd vertrag"])
def test_every_value_of_a_facet_leaves_as_many_as_it_counts(narrowed: World, query: str) -> None:
    facets = json.loads(narrowed.search(query).more["facets"])

    for name in ("type", "kind", "topic", "region", "network"):
        for entry in facets[name]:
            assert len(narrowed.found(query, **{name: entry["value"]})) == entry["count"], (name, entry)


def test_a_network_that_is_not_known_yet_has_no_facet(world: World) -> None:
    world.ids["net"] = "org_00000000000000000000000001"
    world.put("a", organisation("Alpha"))
    world.put("m", {"type": "membership", "network_id": {"ref": "sample:net"}, "member_id": {"ref": "sample:a"}})

    found = json.loads(world.search("alpha").more["facets"])

    assert (found["type"], found["network"]) == ([{"value": "organisation", "count": 1}], [])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((51.34, 12.37), (51.34, 12.37), 0.0),
        ((51.34, 12.37), (50.93, 11.59), 71.0),
        ((0.0, 179.5), (0.0, -179.5), 111.2),
        ((90.0, 0.0), (-90.0, 0.0), 20015.1),
    ],
)
def test_distances_are_those_on_a_sphere(one: tuple[float, float], other: tuple[float, float], expected: float) -> None:
    assert distance(one, other) == pytest.approx(expected, rel=0.01)


def test_a_radius_reaches_over_the_date_line_and_the_pole(world: World) -> None:
    for slug, lat, lon in (("east", 0.0, 179.9), ("west", 0.0, -179.9), ("pole", 89.9, 10.0), ("far", 10.0, 0.0)):
        place = {"location": {"lat": lat, "lon": lon}}
        world.put(slug, organisation(slug, offices=[{"kind": "seat", "place": place}]))

    assert set(world.found(near="0,180", radius_km="50")) == {"east", "west"}
    assert world.found(near="89.9,-170", radius_km="50") == ["pole"]


def test_an_office_is_near_as_long_as_it_may_be_there(world: World) -> None:
    jena, leipzig = ({"location": {"lat": lat, "lon": lon}} for lat, lon in ((50.93, 11.59), (51.34, 12.37)))
    moved = [{"kind": "seat", "place": jena, "until": "2019"}, {"kind": "seat", "place": leipzig, "since": "2019"}]
    world.put("moved", organisation("Alpha", offices=moved))
    world.put("going", organisation("Beta", offices=[{"kind": "seat", "place": jena, "until": TODAY[:7]}]))
    world.put("past", {**event("Tagung", "2015-05-05"), "place": jena})

    assert set(world.found(near="50.93,11.59", radius_km="1")) == {"going", "past"}
    assert world.found(near="51.34,12.37", radius_km="1") == ["moved"]
