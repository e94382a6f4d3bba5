"""What a search finds after each change, in which order and page by page."""

import json

import pytest

from shared.projection.search.finding import suggest
from shared.projection.search.tables import SEARCH, forget
from shared.projection.search.wishes import is_one_slip_away
from shared.tables.tables import Document
from tests.search.conftest import TODAY, Json, World, event, organisation


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


def test_the_exact_name_comes_first_then_names_then_other_texts(world: World) -> None:
    world.put("text", organisation("Vierte", description={"de": "Mit der Logistik befasst."}))
    world.put("inside", organisation("Intralogistik"))
    world.put("former", organisation("Dritte", other_names=[{"value": "Logistik", "kind": "former"}]))
    world.put("longer", organisation("Logistik Süd"))
    world.put("exact", organisation("Logistik e. V."))

    assert world.found("logistik") == ["exact", "former", "longer", "inside", "text"]


@pytest.mark.parametrize(
    ("query", "behind", "before"),
    [
        ("rot", organisation("Neu Rot Werk"), organisation("Rot Werk Neu")),
        ("rot", organisation("Neu Rot Werk Halle"), organisation("Neu Rot Werk")),
        ("tagung", event("Tagung", "2026-11-27"), event("Tagung", "2026-11-29")),
        ("tagung", event("Tagung", "2026-11-01"), event("Tagung", "2026-11-01", end="2026-12-01")),
    ],
    ids=["a beginning", "a shorter name", "what is to come", "what goes on"],
)
def test_what_is_rather_meant_comes_first(world: World, query: str, behind: Json, before: Json) -> None:
    world.put("behind", behind)
    world.put("before", before)

    assert world.found(query) == ["before", "behind"]


def test_a_query_without_a_word_finds_nothing(world: World) -> None:
    world.put("a", organisation("Alpha"))

    assert (world.found("?!"), world.found()) == ([], ["a"])


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
    ("query", "expected"), [("kr", []), ("ran", []), ("kra", ["a"]), ("rane", ["a"]), ("mast", ["a"]), ("masd", [])]
)
def test_two_letters_are_no_beginning_three_no_inside_and_four_no_slip(
    world: World, query: str, expected: list[str]
) -> None:
    world.put("a", organisation("Krane", description={"de": "Ein Mast."}))

    assert world.found(query) == expected


def test_eight_different_words_of_a_query_count_and_letters_between_them_do_not(world: World) -> None:
    every = "eins zwei drei vier fünf sechs sieben acht neun"
    world.put("nine", organisation(every))
    world.put("eight", organisation(every.removesuffix(" neun")))
    world.put("seven", organisation(every.removesuffix(" acht neun")))

    assert set(world.found(every)) == {"nine", "eight"}
    assert set(world.found("neun x y")) == {"nine"}
    assert world.found("neun neun hundert tausend") == []


def test_of_many_words_that_may_be_meant_by_a_slip_the_first_five_are(world: World) -> None:
    for letter in "abcdef":
        world.put(letter, organisation(f"Kette{letter}"))

    assert sorted(world.found("kettex")) == [*"abcde"]


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
