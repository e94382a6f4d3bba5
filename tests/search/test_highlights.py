"""What is shown of a hit: a text or a piece of it, and where in it the words stand."""

import pytest

from shared.models.text import fold
from shared.projection.search.highlights import LONGEST, highlights
from shared.projection.search.wishes import Wish


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


def test_a_word_is_shown_whole_where_it_is_meant_by_a_slip() -> None:
    found = highlights([("name", "Alte Weberei")], [Wish("webrei", ("weberei",))])

    assert found == {"name": {"text": "Alte Weberei", "ranges": [(5, 12)]}}


def test_of_each_field_one_text_is_shown_and_five_fields_at_most() -> None:
    texts = [(field, f"Treffer {number}") for number in (1, 2) for field in "abcdef"]

    found = highlights(texts, [Wish("treffer")])

    assert {field: shown["text"] for field, shown in found.items()} == dict.fromkeys("abcde", "Treffer 1")


def test_a_long_text_is_not_looked_at_word_by_word(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []

    def folded(text: str) -> str:
        looked_at.append(text)
        return text

    monkeypatch.setattr("shared.projection.search.highlights.findable", folded)

    found = highlights([("description", "wort " * 3000 + "nadel")], [Wish("nadel")])

    assert found["description"]["text"].endswith("nadel")
    assert len(looked_at) < 3000 / 50 + 60


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
