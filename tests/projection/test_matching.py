"""Which organisations may be meant: scores, reasons, and that the index leads to them."""

import json
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from shared.models.ids import new_id
from shared.projection.apply import apply
from shared.projection.matching import Match, Wish, items, matches, possible_duplicates
from shared.projection.names import host, words
from shared.projection.schema import create
from shared.tables.tables import Document
from tests.projection.organisations import real_organisations
from tests.projection.register import Json

STAMP = "2026-11-20T12:00:00.000Z"

NETWORK: Json = {
    "name": "ITnet Thüringen e. V.",
    "kind": "network",
    "other_names": [
        {"value": "Softwarenetz Jena", "kind": "former"},
        {"value": "ITnet", "kind": "short"},
    ],
    "offices": [{"kind": "seat", "place": {"city": "Jena"}}],
    "website": "https://www.itnet.example/start",
    "external_ids": [{"scheme": "register", "value": "VR 1"}],
}


def identifier(number: int) -> str:
    return new_id("organisation", 1, number.to_bytes(10))


def put(connection: sqlite3.Connection, number: int, record: Json, version: int = 1) -> None:
    text = json.dumps(
        {
            "type": "organisation",
            "id": identifier(number),
            "version": version,
            "created_at": STAMP,
            "updated_at": STAMP,
            "managed_by": None,
            "kind": "other",
            **record,
        }
    )
    apply(connection, Document(identifier(number), version, STAMP, text))


@pytest.fixture
def register(connection: sqlite3.Connection) -> sqlite3.Connection:
    put(connection, 1, NETWORK)
    put(connection, 2, {"name": "Musterwerk GmbH", "kind": "company"})
    put(connection, 3, {"name": "Thüringer Hof", "kind": "company", "offices": [{"kind": "seat", "place": {}}]})
    return connection


def seen(found: list[Match]) -> list[tuple[str, float, list[str]]]:
    return [(one.id, one.score, [reason.kind for reason in one.reasons]) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ITnet Thüringen e. V.", ("itnet", "thuringen")),
        ("ITnet Thueringen eingetragener Verein", ("itnet", "thuringen")),
        ("Müller & Söhne GmbH & Co. KG", ("muller", "sohne")),
        ("TowerByte eG", ("towerbyte",)),
        ("Beispiel gGmbH", ("beispiel",)),
        ("Neu UG (haftungsbeschränkt)", ("neu",)),
        ("Stadtwerke A.ö.R.", ("stadtwerke",)),
        ("AG", ("ag",)),
    ],
)
def test_words_are_folded_and_legal_forms_dropped(text: str, expected: tuple[str, ...]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.itnet.example/start?x=1", "itnet.example"),
        ("http://ITNET.example:8080", "itnet.example"),
        ("https://[broken", None),
        (None, None),
    ],
)
def test_of_a_web_site_the_host_counts(address: str | None, expected: str | None) -> None:
    assert host(address) == expected


@pytest.mark.parametrize(
    ("name", "score", "reason"),
    [
        ("ITnet Thüringen", 0.9, "same_name"),
        ("itnet thueringen eingetragener Verein", 0.9, "same_name"),
        ("IT-Net Thüringen", 0.9, "same_name"),
        ("Softwarenetz Jena", 0.85, "same_former"),
        ("ITnet", 0.81, "same_short"),
    ],
)
def test_any_spelling_of_any_name_finds_its_organisation(
    register: sqlite3.Connection, name: str, score: float, reason: str
) -> None:
    found = matches(register, Wish(name))

    assert seen(found)[0] == (identifier(1), score, [reason])


def test_a_slip_of_one_letter_is_similar(register: sqlite3.Connection) -> None:
    for slip in ("Mustrwerk", "Musterwerkk", "Musetrwerk", "Musterverk"):
        assert seen(matches(register, Wish(slip))) == [(identifier(2), 0.72, ["similar_name"])]


def test_web_site_and_city_speak_for_a_candidate(register: sqlite3.Connection) -> None:
    found = matches(register, Wish("ITnet", city="JENA", website="https://itnet.example"))

    assert seen(found) == [(identifier(1), 0.95, ["same_short", "same_site", "same_city"])]
    assert [dict(reason.text) for reason in found[0].reasons] == [
        {"de": "Gleicher Kurzname: ITnet", "en": "Same short name: ITnet"},
        {"de": "Gleiche Website: itnet.example", "en": "Same web site: itnet.example"},
        {"de": "Gleicher Ort", "en": "Same city"},
    ]


def test_another_city_speaks_against_it(register: sqlite3.Connection) -> None:
    found = matches(register, Wish("ITnet Thüringen", city="Weimar"))

    assert seen(found)[0] == (identifier(1), 0.77, ["same_name", "other_city"])


def test_a_portal_that_many_share_says_little(connection: sqlite3.Connection) -> None:
    for number in range(4):
        put(connection, number, {"name": f"Verein {number}", "website": f"https://portal.example/{number}"})

    found = matches(connection, Wish("Ganz anders", website="https://portal.example/9"))

    assert found == []


def test_who_has_nothing_in_common_is_no_candidate(register: sqlite3.Connection) -> None:
    assert matches(register, Wish("Bäckerei Sonnenschein")) == []
    assert matches(register, Wish("!?")) == []


def test_at_most_ten_come_back_the_best_first(connection: sqlite3.Connection) -> None:
    for number in range(15):
        put(connection, number, {"name": f"Energieverbund Thüringen {'Nord' if number == 9 else number}"})

    found = matches(connection, Wish("Energieverbund Thüringen Nord"))

    assert found[0].id == identifier(9)
    assert len(found) == 10
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_two_common_words_lead_to_those_who_have_both(connection: sqlite3.Connection) -> None:
    for number in range(300):
        put(connection, number, {"name": f"Technische Anstalt {number}"})
        put(connection, 1000 + number, {"name": f"Freie Universität {number}"})
    put(connection, 5000, {"name": "Technische Universität"})

    assert seen(matches(connection, Wish("Technische Universität")))[0] == (identifier(5000), 0.9, ["same_name"])
    assert matches(connection, Wish("Universität Technische"))[0].id == identifier(5000)


def test_a_name_that_was_taken_away_leads_nowhere(register: sqlite3.Connection) -> None:
    put(register, 2, {"name": "Neuwerk GmbH"}, version=2)
    apply(register, Document(identifier(1), 2, STAMP, None))

    assert matches(register, Wish("Musterwerk")) == []
    assert matches(register, Wish("ITnet")) == []
    assert seen(matches(register, Wish("Neuwerk"))) == [(identifier(2), 0.9, ["same_name"])]


def test_an_item_holds_score_reasons_and_summary(register: sqlite3.Connection) -> None:
    (item,) = items(register, matches(register, Wish("Musterwerk")))

    assert json.loads(item) == {
        "score": 0.9,
        "reasons": [
            {
                "field": "name",
                "kind": "same_name",
                "text": {"de": "Gleicher Name: Musterwerk GmbH", "en": "Same name: Musterwerk GmbH"},
            }
        ],
        "organisation": {
            "type": "organisation",
            "id": identifier(2),
            "name": "Musterwerk GmbH",
            "kind": "company",
            "version": 1,
            "updated_at": STAMP,
            "managed_by": None,
        },
    }


TWIN: Json = {"name": "ITnet Thueringen", "kind": "network"}
IN_JENA: Json = {"offices": [{"kind": "seat", "place": {"city": "JENA"}}]}
IN_WEIMAR: Json = {"offices": [{"kind": "seat", "place": {"city": "Weimar"}}]}
AT_SITE: Json = {"website": "http://itnet.example"}


@pytest.mark.parametrize(
    "record",
    [
        {**TWIN, **IN_JENA},
        {**TWIN, **AT_SITE},
        {**TWIN, **IN_JENA, "website": "https://elsewhere.example"},
        {**TWIN, **IN_JENA, "name": "Softwarenetz Jena e. V."},
        {**TWIN, **IN_JENA, "name": "Das Netz", "other_names": [{"value": "ITnet Thüringen", "kind": "official"}]},
        {**TWIN, **IN_JENA, "external_ids": [{"scheme": "register", "value": "VR 1"}]},
        {**TWIN, **IN_JENA, "external_ids": [{"scheme": "itnet.crm", "value": "1"}]},
    ],
    ids=["city", "web site", "city, another site", "former name", "official name", "same id", "id of another scheme"],
)
def test_the_same_name_at_the_same_place_is_a_possible_duplicate(register: sqlite3.Connection, record: Json) -> None:
    assert possible_duplicates(register, record) == [identifier(1)]


@pytest.mark.parametrize(
    "record",
    [
        TWIN,
        {**TWIN, **IN_WEIMAR},
        {**TWIN, **IN_WEIMAR, **AT_SITE},
        {**TWIN, **IN_JENA, **AT_SITE, "name": "ITnet Thüringen Service"},
        {**TWIN, **IN_JENA, **AT_SITE, "external_ids": [{"scheme": "register", "value": "VR 2"}]},
        {**TWIN, **IN_JENA, **AT_SITE, "id": identifier(1)},
    ],
    ids=["name alone", "another city", "same site, another city", "similar name", "another id", "itself"],
)
def test_whatever_leaves_a_doubt_is_none(register: sqlite3.Connection, record: Json) -> None:
    assert possible_duplicates(register, record) == []


def test_names_without_a_letter_are_never_the_same(connection: sqlite3.Connection) -> None:
    put(connection, 1, {**TWIN, **IN_JENA, "name": "+++"})

    assert possible_duplicates(connection, {**TWIN, **IN_JENA, "name": "!?"}) == []


def test_different_real_organisations_are_not_held_back_and_known_ones_are(connection: sqlite3.Connection) -> None:
    records = {identifier(number): record for number, record in enumerate(real_organisations()[:1_000])}
    held_back = []
    for number, record in enumerate(records.values()):
        held_back += [(record, records[other]) for other in possible_duplicates(connection, record)]
        put(connection, number, record)

    again = {known: {**record, "name": f"{record['name'].upper()} e.V."} for known, record in records.items()}

    # The public records hold a few organisations twice: then even the web site is the same.
    assert len(held_back) <= len(records) / 200
    assert [one["name"] for one, other in held_back if host(one.get("website")) != host(other.get("website"))] == []
    assert [known for known, record in again.items() if known not in possible_duplicates(connection, record)] == []


def steps(connection: sqlite3.Connection, work: Callable[[], object]) -> int:
    """Return how many hundreds of SQLite's own steps the work takes."""
    count = 0

    def one() -> None:
        nonlocal count
        count += 1

    connection.set_progress_handler(one, 100)
    work()
    connection.set_progress_handler(None, 0)
    return count


def test_a_match_costs_the_same_however_many_organisations_there_are(connection: sqlite3.Connection) -> None:
    wish = Wish("Verein Nummer 77777", city="Jena", website="https://verein-7.example")
    costs = []
    for first, last in ((0, 1_000), (1_000, 8_000)):
        for number in range(first, last):
            put(connection, number, {"name": f"Verein Nummer {number:05}", "website": f"https://v{number}.example"})
        costs.append(steps(connection, lambda: matches(connection, wish)))

    assert costs[1] < 1.2 * costs[0]


@pytest.fixture(scope="module")
def real() -> Iterator[tuple[sqlite3.Connection, list[str]]]:
    """A register of real organisations, and their names by number."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        create(opened, "0")
        records = real_organisations()
        records = records[:: 1 + len(records) // 300]
        for number, record in enumerate(records):
            put(opened, number, {field: record[field] for field in ("name", "other_names") if field in record})
        yield opened, [record["name"] for record in records]


def without_a_letter(name: str) -> str:
    inner = [place for place, letter in enumerate(name[:-1]) if letter.isalpha() and place]
    place = random.Random(name).choice(inner or [0])  # noqa: S311 - the same slip in every run
    return name[:place] + name[place + 1 :]


def written_out(name: str) -> str:
    for letter, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        name = name.replace(letter, letters)
    return name


@pytest.mark.parametrize(
    ("vary", "found_first"),
    [
        (written_out, 1.0),
        (str.upper, 1.0),
        (lambda name: f"{name} e. V.", 1.0),
        (lambda name: name.replace("-", " "), 1.0),
        (without_a_letter, 0.93),
    ],
    ids=["umlauts written out", "capitals", "a legal form", "no hyphens", "a letter lost"],
)
def test_variants_of_real_names_find_their_organisation_first(
    real: tuple[sqlite3.Connection, list[str]], vary: Callable[[str], str], found_first: float
) -> None:
    connection, names = real

    first = 0
    for number, name in enumerate(names):
        found = matches(connection, Wish(vary(name)))
        first += any(one.id == identifier(number) and one.score == found[0].score for one in found)

    assert first >= found_first * len(names)
