"""Texts: what is kept, how it is ordered, how it is found."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.models.text import clean, fold, placed, sort_key

texts = st.text(st.characters(codec="utf-8"))
words = st.text(st.sampled_from("aouäöüßeqrst AOUÄÖÜ-"))


@given(texts)
def test_a_clean_text_is_normal_trimmed_and_stays_as_it_is(text: str) -> None:
    try:
        kept = clean(text)
    except ValueError:
        return

    assert kept == kept.strip()
    assert unicodedata.is_normalized("NFC", kept)
    assert clean(kept) == kept


def test_decomposed_umlauts_are_composed() -> None:
    assert clean("  Thu\u0308ringen ") == "Thüringen"


@pytest.mark.parametrize(
    "bad", ["\x00", "\x1b", "\x7f", "\x85", "\u2028", "\ud800", "\u202e", "\u2066", "\r", "\ufdd0", "\ufffe", "\uffff"]
)
def test_control_surrogate_and_bidi_characters_and_what_is_none_are_refused(bad: str) -> None:
    with pytest.raises(ValueError):
        clean(f"Je{bad}na")
    with pytest.raises(ValueError):
        clean(f"Je{bad}na", multiline=True)


def test_line_feeds_and_tabs_belong_into_long_texts_only() -> None:
    assert clean("Ziel:\n\tWachstum\n", multiline=True) == "Ziel:\n\tWachstum"
    with pytest.raises(ValueError):
        clean("Ziel:\nWachstum")


def test_names_stand_in_the_order_of_din_5007_1() -> None:
    names = ["Zeiss", "Österreich", "Oßmann", "ossip", "Äpfel", "apfelbaum", "Ärzte", "TÜV Nord", "Tuttlingen"]

    ordered = sorted(names, key=sort_key)

    assert ordered == [
        "Äpfel",
        "apfelbaum",
        "Ärzte",
        "ossip",
        "Oßmann",
        "Österreich",
        "Tuttlingen",
        "TÜV Nord",
        "Zeiss",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Straße", "STRASSE"), ("Ämter", "amter"), ("Łódź", "lodz"), ("IT-Netz", "IT Netz"), ("„Café“", "cafe")],
)
def test_case_accents_and_punctuation_do_not_matter_for_order(one: str, other: str) -> None:
    assert sort_key(one) == sort_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Jäger", "Jaeger"), ("Jäger", "Jager"), ("Köln", "KOELN"), ("Müller", "mueller"), ("Weißenfels", "Weissenfels")],
)
def test_spellings_of_one_word_are_found_as_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Aue", "Au"), ("neue", "neu"), ("Quelle", "Qulle"), ("Bern", "Born")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(words)
def test_folding_and_ordering_know_no_case_and_are_done_once(text: str) -> None:
    assert fold(text) == fold(text.upper()) == fold(fold(text))
    assert sort_key(text) == sort_key(text.upper()) == sort_key(sort_key(text))


@given(texts)
def test_decomposed_texts_are_ordered_and_found_alike(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)

    assert sort_key(text) == sort_key(decomposed)
    assert fold(text) == fold(decomposed)


@given(texts.filter(str.strip))
def test_no_text_loses_its_place(text: str) -> None:
    assert sort_key(text)
    assert fold(text)


@given(texts)
def test_every_word_is_placed_as_folding_and_sorting_have_it(text: str) -> None:
    found = [*placed(text)]

    assert " ".join(spellings[0][0] for spellings in found) in {fold(text), ""}
    assert " ".join(spellings[-1][0] for spellings in found) in {sort_key(text), ""}
    for word, places in (spelling for spellings in found for spelling in spellings):
        assert len(places) == len(word) + 1
        assert places == sorted(places)
        assert all(word[at] in sort_key(text[place]) for at, place in enumerate(places[:-1]))
