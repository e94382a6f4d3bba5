"""Tables: CSV that every program reads alike, and no spreadsheet computes."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.forms.table import COLUMNS, written

EVENT = {
    "type": "event",
    "id": "evt_1",
    "title": {"de": "Tag der Sicherheit, „groß“", "en": "Security day"},
    "kind": "conference",
    "status": "held",
    "when": {"start": "2023-09", "precision": "month"},
    "organisers": [
        {"organisation_id": "org_1", "role": "organiser", "name": "Netz e. V."},
        {"organisation_id": "org_2", "name": "Zweites Netz"},
    ],
    "topics": ["it", "it-security"],
    "version": 3,
    "updated_at": "2026-11-21T12:00:00.000Z",
    "managed_by": None,
}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_list_of_events_has_a_head_and_a_line_for_each() -> None:
    text = written([EVENT], COLUMNS["list_events"], "de")

    assert text == (
        "type,id,title,kind,status,start,end,timezone,extent,precision,place_name,city,audience,"
        "organiser_ids,organiser_names,organiser_roles,part_of,expected_parts,cooperation_id,topics,website,"
        "registration_url,version,updated_at,managed_by,deleted\r\n"
        'event,evt_1,"Tag der Sicherheit, „groß“",conference,held,2023-09,,,,month,,,,'
        "org_1 | org_2,Netz e. V. | Zweites Netz,organiser | ,,,,it | it-security,,,3,2026-11-21T12:00:00.000Z,,\r\n"
    )


def test_a_text_comes_in_the_language_that_is_asked_for() -> None:
    assert rows(written([EVENT], COLUMNS["list_events"], "en"))[0]["title"] == "Security day"


def test_a_deleted_record_has_a_line_too() -> None:
    deleted = {"type": "event", "id": "evt_1", "deleted": True, "updated_at": "2026-11-21T12:00:00.000Z"}

    (found,) = rows(written([deleted], COLUMNS["list_events"], "de"))

    assert {name: value for name, value in found.items() if value} == {**deleted, "deleted": "true"}


@pytest.mark.parametrize(
    "begin", ["=", "+", "-", "@", "\t", "\r", "\n", "'=", "''@", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
)
def test_what_might_be_a_formula_is_a_text(begin: str) -> None:
    name = f"{begin}HYPERLINK(0)"

    (found,) = rows(written([{"name": name}], COLUMNS["list_organisations"], "de"))

    assert found["name"] == f"'{name}"


@pytest.mark.parametrize("name", ["'t Hooft GmbH", "3-D-Druck", "A=B", "Müller & Söhne", "#1", "100 %"])
def test_other_texts_stay_as_they_are(name: str) -> None:
    (found,) = rows(written([{"name": name}], COLUMNS["list_organisations"], "de"))

    assert found["name"] == name


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_is_a_formula_however_cells_are_parted(delimiter: str) -> None:
    name = "Firma;=1+1;\t+2\n-3,@4"

    text = written([{"name": name}], COLUMNS["list_organisations"], "de")

    cells = [cell for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for cell in line]
    assert [cell for cell in cells if cell[:1] in {"=", "+", "-"}] == []


@given(st.lists(st.text("a'=-;\t\n\uff1d ", max_size=12) | st.text(max_size=30), max_size=4))
def test_every_text_is_read_back(names: list[str]) -> None:
    text = written([{"name": name} for name in names], COLUMNS["list_organisations"], "de")

    found = [row["name"] for row in rows(text)]

    signs = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
    assert [re.sub(rf"(?:^|(?<=[;\t\r\n]))'(?='*{signs})", "", each) for each in found] == names
    assert not any(re.search(rf"(?:^|;){signs}", each) for each in found)
