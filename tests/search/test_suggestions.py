"""What a query may be completed to."""

from shared.projection.search.finding import suggest
from tests.search.conftest import TODAY, World, organisation


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


def test_ten_are_suggested_at_most_the_shortest_first(world: World) -> None:
    for number in range(12):
        world.put(str(number), organisation(f"Werk{'e' * (12 - number)}"))

    found = suggest(world.connection, "werk", [], TODAY)

    assert [entry["text"] for entry in found] == [f"Werk{'e' * length}" for length in range(1, 11)]


def test_suggestions_keep_to_a_network(narrowed: World) -> None:
    found = suggest(narrowed.connection, "firma", [narrowed.ids["net"]], TODAY)

    assert [entry["text"] for entry in found] == ["Firma", "Tag der Firma"]
