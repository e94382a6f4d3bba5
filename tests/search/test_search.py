"""What a search finds after each change, in which order, how it is narrowed, shown and paged."""

import json
from typing import Any

import pytest

from shared.models.text import fold
from shared.projection.search import narrowing
from shared.projection.search.finding import suggest
from shared.projection.search.highlights import LONGEST, highlights
from shared.projection.search.narrowing import distance
from shared.projection.search.tables import SEARCH, forget
from shared.projection.search.wishes import Wish, is_one_slip_away
from shared.tables.tables import Document
from tests.search.conftest import TODAY, World

Json = dict[str, Any]


def organisation(name: str, **more: object) -> Json:
    return {"type": "organisation", "name": name, "kind": "company", **more}


def event(title: str, day: str | None = None, **more: object) -> Json:
    when = {"start": day, "precision": "day"} if day else None
    return {"type": "event", "title": {"de": title}, "kind": "workshop", "status": "held", "when": when, **more}


def test_a_record_is_found_by_what_it_says_now(world: World) -> None:
    world.put("a", organisation("Alpha", description={"de": "Webt Teppiche."}))
    before = world.found("teppiche")
    world.put("a", organisation("Alpha", description={"de": "Webt Decken."}))

    assert (before, world.found("teppiche"), world.found("decken")) == (["a"], [], ["a"])


def test_a_deleted_record_is_found_no_more(world: World) -> None:
    world.put("a", organisation("Alpha"))
    world.put("a", None)

    assert (world.found("alpha"), world.found()) == ([], [])


def test_an_older_version_changes_nothing(world: World) -> None:
    record_id = world.put("a", organisation("Alpha"))
    world.put("a", organisation("Beta"))

    text = json.dumps({**organisation("Alpha"), "id": record_id, "version": 1})
    assert not SEARCH.apply(world.connection, Document(record_id, 1, "2026-11-21T12:00:00.000Z", text))
    assert world.found("beta") == ["a"]


def test_an_event_is_found_by_every_name_of_its_organiser(world: World) -> None:
    world.put("a", organisation("Altnetz"))
    world.put("e", event("Tagung", organisers=[{"organisation_id": {"ref": "sample:a"}}]))
    before = world.found("altnetz", type="event")
    world.put("a", organisation("Neunetz", other_names=[{"value": "Altnetz", "kind": "former"}]))

    assert before == ["e"]
    assert world.found("neunetz", type="event") == ["e"]
    assert world.found("altnetz", type="event") == ["e"]


def test_an_organisation_that_is_entered_after_its_event_is_known_to_it(world: World) -> None:
    world.ids["a"] = "org_00000000000000000000000001"
    world.put("e", event("Tagung", organisers=[{"organisation_id": {"ref": "sample:a"}}]))
    world.put("a", organisation("Netz"))

    assert world.found("netz", type="event") == ["e"]


@pytest.mark.parametrize(("before", "after"), [("Altbau GmbH", "Altbau UG"), ("Altbau AG", "Altbau")])
def test_what_it_takes_part_in_keeps_no_word_of_a_name_that_was_taken_back(
    world: World, before: str, after: str
) -> None:
    world.put("a", organisation("Neubau", other_names=[{"value": before, "kind": "former"}]))
    world.put("e", event("Tagung", organisers=[{"organisation_id": {"ref": "sample:a"}}]))
    world.put("a", organisation("Neubau", other_names=[{"value": after, "kind": "former"}]))

    assert world.found(before.split()[1], type="event") == []
    assert world.found(after.rsplit(maxsplit=1)[-1], type="event") == ["e"]


def test_a_network_that_is_not_known_yet_has_no_facet(world: World) -> None:
    world.ids["net"] = "org_00000000000000000000000001"
    world.put("a", organisation("Alpha"))
    world.put("m", {"type": "membership", "network_id": {"ref": "sample:net"}, "member_id": {"ref": "sample:a"}})

    found = json.loads(world.search("alpha").more["facets"])

    assert (found["type"], found["network"]) == ([{"value": "organisation", "count": 1}], [])


def test_the_exact_name_comes_first_then_names_then_other_texts(world: World) -> None:
    world.put("text", organisation("Vierte", description={"de": "Mit der Logistik befasst."}))
    world.put("inside", organisation("Intralogistik"))
    world.put("former", organisation("Dritte", other_names=[{"value": "Logistik", "kind": "former"}]))
    world.put("longer", organisation("Logistik Süd"))
    world.put("exact", organisation("Logistik e. V."))

    assert world.found("logistik") == ["exact", "former", "longer", "inside", "text"]


def test_a_title_counts_in_every_language(world: World) -> None:
    world.put("long", event("Annual congress of all"))
    world.put(
        "exact", {**event("Jahreskongress aller"), "title": {"de": "Jahreskongress aller", "en": "Annual congress"}}
    )

    assert world.found("annual congress") == ["exact", "long"]


def test_of_events_with_one_name_the_nearest_to_today_comes_first(world: World) -> None:
    for slug, day in (("old", "2010-05-05"), ("last", "2026-05-05"), ("next", "2027-05-05"), ("undated", None)):
        world.put(slug, event("Tagung", day))

    assert world.found("tagung") == ["next", "last", "old", "undated"]


def test_all_words_must_be_found_or_most_of_them_but_no_less_than_half(world: World) -> None:
    world.put("both", organisation("Rot", description={"de": "blau"}))
    world.put("one", organisation("Rot"))

    assert world.found("rot blau") == ["both"]
    assert set(world.found("rot gelb")) == {"both", "one"}
    assert world.found("rot gelb lila") == []
    assert world.found("der rot und die blau") == ["both"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("web", ["a"]),
        ("berei", ["a"]),
        ("stelle", ["a"]),
        ("xy", []),
        ("eb", []),
        ("weberel", ["a"]),
        ("webrei", ["a"]),
        ("webereii", ["a"]),
        ("weebreri", []),
    ],
)
def test_a_word_is_found_by_its_beginning_its_inside_or_with_one_slip(
    world: World, query: str, expected: list[str]
) -> None:
    world.put("a", organisation("Weberei", description={"de": "Anlaufstelle"}))

    assert world.found(query) == expected


@pytest.mark.parametrize("query", ["elektronik", "elektronikwerk", "mikroelektronik", "Mikroelektronikwerk", "mikrœl"])
def test_two_words_are_found_although_their_seam_looks_like_an_umlaut(world: World, query: str) -> None:
    world.put("a", organisation("Mikroelektronikwerk"))
    world.put("e", event("Tagung", organisers=[{"organisation_id": {"ref": "sample:a"}}]))

    assert world.found(query) == ["a", "e"]
    assert suggest(world.connection, query, [], TODAY)[0]["id"] == world.ids["a"]


def test_every_word_of_an_offering_is_found_whatever_its_length_and_meaning_elsewhere(world: World) -> None:
    title = f"{'von ' * 40} Beratung zur SE"
    world.put("a", organisation("Alpha", offerings=[{"title": {"de": title}}], topics=["ag"]))

    assert [world.found(query) for query in ("beratung", "se", "ag")] == [["a"], ["a"], ["a"]]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("kette", "kette", True),
        ("kette", "ketten", True),
        ("kette", "ktte", True),
        ("kette", "kotte", True),
        ("kette", "ektte", True),
        ("kette", "kotta", False),
        ("kette", "kettens", False),
        ("kette", "tkeet", False),
    ],
)
def test_one_slip_is_one_letter_or_two_exchanged(one: str, other: str, *, expected: bool) -> None:
    assert is_one_slip_away(one, other) is is_one_slip_away(other, one) is expected


@pytest.mark.parametrize(
    "query", ['"', "a AND", "NEAR(a b)", "name: x", "*", "^a", "-a", "(", "a\x00b", "💡", "ß", "\u200b"]
)
def test_a_query_is_words_and_never_a_language(world: World, query: str) -> None:
    world.put("a", organisation("Alpha"))

    assert world.found(query) in ([], ["a"])
    assert isinstance(suggest(world.connection, query, [], TODAY), list)


def test_hidden_values_of_persons_are_not_in_what_is_searched(world: World) -> None:
    person = {"key": "p", "name": "Erika Muster", "email": "erika@example.org", "phone": "0361 4711"}
    world.put("a", organisation("Alpha", people=[person]))

    assert world.found("muster") == ["a"]
    assert world.found("erika@example.org 4711") == []


def test_nothing_of_a_former_text_is_left_once_it_is_to_be_forgotten(world: World) -> None:
    world.put("a", organisation("Alpha", people=[{"key": "p", "name": "Erika Geheimnis"}]))
    world.put("a", organisation("Alpha"))

    forget(world.connection)

    dump = b"".join(bytes(block) for (block,) in world.connection.execute("SELECT block FROM word_index_data"))
    dump += b"".join(bytes(block) for (block,) in world.connection.execute("SELECT block FROM part_index_data"))
    terms = [term for (term,) in world.connection.execute("SELECT word FROM term")]
    assert (b"geheimnis" in dump, b"imn" in dump, terms) == (False, False, ["alpha"])


@pytest.fixture
def narrowed(world: World) -> World:
    world.put("net", organisation("Netz", kind="network", regions=["DE-TH"], topics=["it"]))
    jena = {"city": "Jena", "location": {"lat": 50.93, "lon": 11.59}}
    world.put("in", organisation("Firma", topics=["it", "web"], offices=[{"kind": "seat", "place": jena}]))
    leipzig = {"city": "Leipzig", "region": "DE-SN", "location": {"lat": 51.34, "lon": 12.37}}
    world.put("out", organisation("Firma Süd", topics=["web"], offices=[{"kind": "seat", "place": leipzig}]))
    ends = {"network_id": {"ref": "sample:net"}, "member_id": {"ref": "sample:in"}}
    world.put("m", {"type": "membership", **ends})
    by = [{"organisation_id": {"ref": "sample:in"}}]
    world.put("e", event("Tag der Firma", "2023-05-05", organisers=by, topics=["web"], place=leipzig))
    parties = [{"organisation_id": {"ref": f"sample:{slug}"}, "roles": ["party"]} for slug in ("net", "out")]
    told = {"title": {"de": "Vertrag der Firmen"}, "kind": "agreement", "status": "active"}
    world.put("c", {"type": "cooperation", "parties": parties, "signed_on": "2019-06-17", **told})
    return world


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


def test_pages_of_any_size_give_everything_once_and_in_order(sample: World) -> None:
    whole = [json.loads(item)["id"] for item in sample.page("it", {}, limit=200).items]

    for limit in (1, 2, 7):
        found, after = [], None
        while True:
            page = sample.page("it", {}, limit=limit, after=after)
            found += [json.loads(item)["id"] for item in page.items]
            after = page.next
            if after is None:
                break
        assert found == whole
    assert len(whole) > 20


def test_a_hit_is_shown_where_it_stands_in_the_text_as_written() -> None:
    texts = [("name", "Müller & Söhne"), ("description", "Die Großbäckerei Mueller backt für Muller.")]

    found = highlights(texts, [Wish(fold("mueller")), Wish(fold("bäcker"))])

    shown = {name: [entry["text"][first:last] for first, last in entry["ranges"]] for name, entry in found.items()}
    assert shown == {"name": ["Müller"], "description": ["bäcker", "Mueller", "Muller"]}


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Jaegerstraße", "strasse", "straße"),
        ("Maße", "mas", "maß"),
        ("Kfz-Mikroelektronik", "elektronik", "elektronik"),
        ("Haelfte", "hal", "Hael"),
        ("X̂ylon ax̂bcd", "axbcd", "ax̂bcd"),
        ("Tango (Ẕ̂ar)", "zar", "Ẕ̂ar"),
        ("ab½", "ab1", "ab½"),
        ("👩‍🚀Raumfahrt", "raum", "Raum"),
        ("İstanbul", "ist", "İst"),
        ("Großhandel_ﬁnanzen", "finanz", "ﬁnanz"),
    ],
)
def test_a_range_holds_the_letters_that_were_searched_for_however_they_are_written(
    text: str, query: str, expected: str
) -> None:
    (found,) = highlights([("name", text)], [Wish(fold(query))]).values()

    assert [text[first:last] for first, last in found["ranges"]] == [text[slice(*found["ranges"][0])]]
    assert text[slice(*found["ranges"][0])].casefold() == expected.casefold()


def test_a_long_text_is_cut_around_its_first_hit() -> None:
    text = f"{'vorher ' * 80}Treffer {'nachher ' * 80}Treffer"

    found = highlights([("description", text)], [Wish("treffer")])["description"]

    ((first, last),) = found["ranges"]
    assert found["text"][first:last] == "Treffer"
    assert found["text"].startswith("…vorher")
    assert found["text"].endswith("nachher…")
    assert len(found["text"]) <= LONGEST + 2


@pytest.mark.parametrize("gap", ["\n", ","])
def test_a_long_text_is_cut_where_it_has_no_spaces_too(gap: str) -> None:
    text = f"{f'vorher{gap}' * 200}Treffer{f'{gap}nachher' * 200}"

    found = highlights([("description", text)], [Wish("treffer")])["description"]

    ((first, last),) = found["ranges"]
    assert found["text"][first:last] == "Treffer"
    assert len(found["text"]) <= LONGEST + 2


def test_a_suggestion_begins_like_what_was_typed_and_has_the_name_of_today(sample: World) -> None:
    texts = {
        query: [entry["text"] for entry in suggest(sample.connection, query, [], TODAY)]
        for query in ("itn", "netzwerk log", "logistik leip", "werk")
    }

    assert texts["itn"][:2] == ["ITnet Thüringen e. V.", "ITnetzwerk Thüringen"]
    assert texts["netzwerk log"][0] == "Netzwerk Logistik Mitteldeutschland e.V."
    assert texts["logistik leip"] == ["Netzwerk Logistik Mitteldeutschland e.V."]
    assert "ITnetzwerk Thüringen" in texts["werk"]
    assert all(len(each) <= 10 for each in texts.values())


def test_only_names_and_titles_are_suggested_not_what_is_offered(world: World) -> None:
    other = [{"value": "Webhaus", "kind": "former"}]
    world.put("a", organisation("Alpha", other_names=other, offerings=[{"title": {"de": "Webdesign"}}], topics=["web"]))
    world.put("b", organisation("Beta", offerings=[{"title": {"de": "Webdesign"}}], topics=["web"]))

    assert [entry["text"] for entry in suggest(world.connection, "web", [], TODAY)] == ["Alpha"]


def test_suggestions_keep_to_a_network(narrowed: World) -> None:
    found = suggest(narrowed.connection, "firma", [narrowed.ids["net"]], TODAY)

    assert [entry["text"] for entry in found] == ["Firma", "Tag der Firma"]


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
