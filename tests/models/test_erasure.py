"""Whom a keyed hash means, and what is left of a person."""

import pytest

from shared.models.erasure import Search, Wanted

ERIKA = {
    "key": "p1",
    "name": "Erika Müller",
    "honorific_prefix": "Dr.",
    "role": {"de": "Vorständin"},
    "function": "chair",
    "affiliation": "Universität",
    "email": "erika@example.org",
    "phone": "+49 1",
    "visibility": "public",
    "since": "2015",
    "note": "Privat",
    "sources": ["site"],
}
MAX = {"key": "p2", "name": "Max Mustermann"}


def search(name: str, email: str | None = None, *peppers: str) -> Search:
    return Search([Wanted.of("pepper", name, email)], peppers or ("pepper",))


def test_the_role_stays_and_the_name_is_withheld() -> None:
    record = {
        "people": [MAX, ERIKA],
        "programme": [{"title": "x", "speakers": [ERIKA]}],
        "parties": [{"signatory": MAX}],
    }

    erased, places = search("erika mueller").erased(record, set())

    left = {
        "key": "p1",
        "name": "Name withheld",
        "role": {"de": "Vorständin"},
        "function": "chair",
        "since": "2015",
        "sources": ["site"],
    }
    assert places == ["/people/1", "/programme/0/speakers/0"]
    assert erased == {**record, "people": [MAX, left], "programme": [{"title": "x", "speakers": [left]}]}
    assert record["people"] == [MAX, ERIKA]


@pytest.mark.parametrize(
    ("name", "email", "expected"),
    [
        ("ERIKA MUELLER", None, True),
        ("Erika Müller", "Erika@Example.org", True),
        ("Erika Müller", "other@example.org", False),
        ("Erika", None, False),
        ("Erika Müller-Lüdenscheidt", None, False),
    ],
)
def test_the_name_must_fit_and_the_address_where_there_is_one(name: str, email: str | None, *, expected: bool) -> None:
    assert search(name, email).is_meant(ERIKA, set()) is expected


def test_a_key_known_from_another_version_stands_for_the_address() -> None:
    without = {"key": "p1", "name": "Erika Müller"}
    wanted = search("Erika Müller", "erika@example.org")

    keys = wanted.keys({"people": [ERIKA]})

    assert keys == {"p1"}
    assert (wanted.is_meant(without, set()), wanted.is_meant(without, keys)) == (False, True)
    assert not wanted.is_meant({"key": "p1", "name": "Somebody Else"}, keys)


def test_a_name_in_a_text_is_found_and_not_touched() -> None:
    record = {
        "name": "Kanzlei Erika Müller",
        "description": {"de": "Gegründet von Erika\nMÜLLER, Jena."},
        "people": [{"key": "p3", "name": "Dr. Erika Müller"}],
        "focus": {"de": "Erika allein, Müller allein"},
    }
    wanted = search("Erika Müller")

    assert wanted.erased(record, set()) == (record, [])
    assert wanted.mentions(record) == ["/name", "/description/de", "/people/0/name"]


@pytest.mark.parametrize("text", ["Müller, Erika", "Müller, Erika (Jena)", "Kontakt: Müller Erika"])
def test_a_name_with_the_family_name_first_is_found_for_a_human(text: str) -> None:
    record = {"description": {"de": text}, "people": [{"key": "p3", "name": text}]}
    wanted = search("Erika Müller")

    assert wanted.erased(record, set()) == (record, [])
    assert wanted.mentions(record) == ["/description/de", "/people/0/name"]


def test_an_address_that_stands_elsewhere_is_found_for_a_human() -> None:
    record = {
        "email": "erika@example.org",
        "focus": {"de": "Fragen an <Erika@Example.org>, nicht an max@example.org."},
        "people": [{"key": "p3", "name": "E. Müller", "email": "erika@example.org"}, MAX],
    }
    wanted = search("Erika Müller", "erika@example.org")
    restored = Search([Wanted.from_json(one.to_json()) for one in wanted.wanted], wanted.peppers)

    assert restored.erased(record, set()) == (record, [])
    assert restored.mentions(record) == ["/email", "/focus/de", "/people/0/email"]


def test_a_pepper_that_was_rotated_out_is_still_tried() -> None:
    assert search("Erika Müller", None, "new", "pepper").is_meant(ERIKA, set())
    assert not search("Erika Müller", None, "new").is_meant(ERIKA, set())


def test_nothing_that_is_kept_tells_the_name() -> None:
    wanted = Wanted.of("pepper", "Erika Müller", "erika@example.org")

    kept = str(wanted.to_json()).lower()

    assert Wanted.from_json(wanted.to_json()) == wanted
    assert "erika" not in kept
    assert wanted.name != Wanted.of("other", "Erika Müller", None).name
