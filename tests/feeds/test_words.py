"""What feeds say of a record, for people."""

from typing import Any, get_args

import pytest

from functions.feeds.words import WORDS, line
from shared.models.languages import Language
from shared.models.vocabulary import OrganisationKind

Json = dict[str, Any]

TODAY = "2026-11-21"
MEMBERSHIP = {"type": "membership", "network_name": "ITnet", "member_name": "TowerByte eG"}
EVENT = {"type": "event", "title": {"de": "Digitaltag", "en": "Digital Day"}, "status": "scheduled"}
COOPERATION = {"type": "cooperation", "title": {"de": "Vereinbarung"}}


def said(summary: Json) -> list[str]:
    languages: tuple[Language, ...] = get_args(Language)
    return [line(summary, language, TODAY) for language in languages]


@pytest.mark.parametrize(
    ("summary", "german", "english"),
    [
        (
            {"type": "organisation", "name": "ITnet", "kind": "network", "city": "Jena"},
            "Netzwerk: ITnet, Jena",
            "Network: ITnet, Jena",
        ),
        (
            {"type": "organisation", "name": "Uni", "kind": "university"},
            "Hochschule: Uni",
            "University: Uni",
        ),
        (MEMBERSHIP, "Mitglied von ITnet: TowerByte eG", "Member of ITnet: TowerByte eG"),
        (
            {**MEMBERSHIP, "since": "2015~", "until": "2026-11"},
            "Mitglied von ITnet: TowerByte eG, seit etwa 2015",
            "Member of ITnet: TowerByte eG, since about 2015",
        ),
        (
            {**MEMBERSHIP, "since": "2015", "until": "2026-10"},
            "Früher Mitglied von ITnet: TowerByte eG",
            "Once a member of ITnet: TowerByte eG",
        ),
        (
            {**EVENT, "when": {"start": "2023-06-15", "end": "2023-06-16"}, "city": "Erfurt"},
            "Veranstaltung: Digitaltag, 15. Juni 2023 bis 16. Juni 2023, Erfurt",
            "Event: Digital Day, 15 June 2023 to 16 June 2023, Erfurt",
        ),
        ({**EVENT, "when": None, "status": "cancelled"}, "Abgesagt: Digitaltag", "Cancelled: Digital Day"),
        (
            {**EVENT, "title": {"de": "Tag in Jena"}, "city": "Jena"},
            "Veranstaltung: Tag in Jena",
            "Event: Tag in Jena",
        ),
        ({**EVENT, "status": "postponed"}, "Verschoben: Digitaltag", "Postponed: Digital Day"),
        (
            {**COOPERATION, "parties": [{"name": "A"}, {"name": "B"}]},
            "Zusammenarbeit: Vereinbarung (A, B)",
            "Cooperation: Vereinbarung (A, B)",
        ),
        (
            {**COOPERATION, "parties": [{"name": name} for name in "ABCD"]},
            "Zusammenarbeit: Vereinbarung (A, B, C und andere)",
            "Cooperation: Vereinbarung (A, B, C and others)",
        ),
    ],
)
def test_a_record_is_said_in_one_line(summary: Json, german: str, english: str) -> None:
    assert said(summary) == [german, english]


@pytest.mark.parametrize(
    ("start", "german", "english"),
    [
        ("2023-03-01", "1. März 2023", "1 March 2023"),
        ("2023-09", "September 2023", "September 2023"),
        ("2018", "2018", "2018"),
        ("2018~", "etwa 2018", "about 2018"),
        ("[..2015-09-16]", "spätestens 16. September 2015", "not later than 16 September 2015"),
        ("[2015..]", "frühestens 2015", "not earlier than 2015"),
        ("2018-01-11T17:00", "11. Januar 2018, 17:00 Uhr", "11 January 2018, 17:00"),
    ],
)
def test_a_date_is_said_as_precisely_as_it_is_known(start: str, german: str, english: str) -> None:
    assert said({**EVENT, "when": {"start": start}}) == [
        f"Veranstaltung: Digitaltag, {german}",
        f"Event: Digital Day, {english}",
    ]


def test_every_kind_of_organisation_has_a_word_in_each_language() -> None:
    kinds = {*get_args(OrganisationKind)}

    assert [{*words.kinds} for words in WORDS.values()] == [kinds, kinds]
