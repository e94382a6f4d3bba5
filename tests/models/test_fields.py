"""Every field says what is wrong with it, all at once, and never repeats what was sent."""

from typing import Any

import pytest

from shared.errors import Fault, InvalidContent
from shared.models.faults import MOST_FAULTS
from shared.models.ids import RecordType
from shared.models.record import INPUTS, parse_input
from tests.models.records import EVENT, IDS, ITNET, SMALLEST, body, created, faults


@pytest.mark.parametrize("record_type", list(SMALLEST))
def test_the_smallest_record_is_whole(record_type: RecordType) -> None:
    expected = {"type": record_type, "id": IDS[record_type], "version": 1, "managed_by": None}

    record = created(record_type).as_input()

    assert record == {**record, **expected, **{name: record[name] for name in SMALLEST[record_type]}}


@pytest.mark.parametrize(
    ("record_type", "missing"),
    [
        ("organisation", ["/name", "/kind"]),
        ("membership", ["/network_id", "/member_id"]),
        ("event", ["/title", "/kind", "/status"]),
        ("cooperation", ["/title", "/kind", "/status", "/parties"]),
    ],
)
def test_required_fields_are_asked_for_together(record_type: RecordType, missing: list[str]) -> None:
    assert faults(record_type, {}) == [(pointer, "required") for pointer in missing]
    nulls = {pointer[1:]: None for pointer in missing}
    assert [pointer for pointer, _ in faults(record_type, nulls)] == missing


@pytest.mark.parametrize(
    ("field", "entry", "pointer"),
    [
        ("other_names", {"kind": "short"}, "/other_names/0/value"),
        ("offices", {"place": {"city": "Jena"}}, "/offices/0/kind"),
        ("people", {"function": "chair"}, "/people/0/name"),
        ("figures", {"value": 5}, "/figures/0/measure"),
        ("offerings", {"kind": "service"}, "/offerings/0/title"),
        ("designations", {"by": "BMBF"}, "/designations/0/title"),
        ("membership_grades", {"label": {"de": "ordentlich"}}, "/membership_grades/0/code"),
        ("relations", {"organisation_id": ITNET}, "/relations/0/kind"),
        ("external_ids", {"value": "1"}, "/external_ids/0/scheme"),
        ("sources", {"title": "Presse"}, "/sources/0/key"),
    ],
)
def test_a_list_entry_needs_its_first_field(field: str, entry: object, pointer: str) -> None:
    assert faults("organisation", body("organisation", **{field: [entry]})) == [(pointer, "required")]


def test_all_faults_of_a_body_are_reported_at_once() -> None:
    sent = {
        "name": " ",
        "kind": "club",
        "colour": "blue",
        "founded": "2006-02-30",
        "website": "ftp://example.org",
        "email": "nobody",
        "regions": ["Thüringen"],
        "topics": ["it", "it"],
        "description": {},
        "people": [{"name": "Ines Groß", "sources": ["missing"]}, {"name": 5}],
        "figures": [{"measure": "members", "since": "2019", "until": "2018"}],
    }

    with pytest.raises(InvalidContent) as caught:
        parse_input("organisation", sent)

    assert set(caught.value.faults) == {
        Fault("Give at least 1 character(s) that can be seen.", "too-short", pointer="/name"),
        Fault(
            "Use one of 'network', 'company', 'university', 'research_institute', 'chamber', 'public_authority', "
            "'association', 'community', 'site' or 'other'.",
            "choice",
            pointer="/kind",
        ),
        Fault("Leave this field out: the register does not know it.", "unknown-field", pointer="/colour"),
        Fault(
            "Give a date such as 2023-09-11, 2023-09, 2023~ or [..2015-09-16] that exists.",
            "partial-date",
            pointer="/founded",
        ),
        Fault("Give an http or https address, other characters percent-encoded.", "pattern", pointer="/website"),
        Fault("Give an e-mail address.", "pattern", pointer="/email"),
        Fault("Give codes of ISO 3166-2, such as DE-TH.", "pattern", pointer="/regions/0"),
        Fault("Give each only once.", "duplicate", pointer="/topics"),
        Fault("Give the text in at least one language.", "too-few", pointer="/description"),
        Fault("Name the key of one of the record's sources.", "unknown-source", pointer="/people/0/sources/0"),
        Fault("Give a text.", "type", pointer="/people/1/name"),
        Fault("Give `value`, or `min` and `max`.", "figure-without-number", pointer="/figures/0"),
        Fault("Give a date that does not lie before `since`.", "end-before-start", pointer="/figures/0/until"),
    }


SECRET = "geheim-4711"


@pytest.mark.parametrize(
    "sent",
    [
        {"name": {SECRET: SECRET}},
        {"name": [SECRET]},
        {"kind": SECRET},
        {"founded": SECRET},
        {"website": SECRET},
        {"people": [{"name": "x", "key": SECRET, "function": SECRET, "visibility": SECRET, "email": SECRET}]},
        {"figures": [{"measure": SECRET, "value": SECRET}]},
        {"description": SECRET},
        {"offices": [{"kind": SECRET, "place": {"country": SECRET, "location": {"lat": SECRET, "lon": SECRET}}}]},
        {"id": SECRET, "version": SECRET, "updated_at": SECRET},
        {"sources": [{"key": "a", "title": "b", "about": [SECRET]}], "topics": [SECRET.upper()]},
    ],
)
def test_no_fault_repeats_what_was_sent(sent: dict[str, Any]) -> None:
    with pytest.raises(InvalidContent) as caught:
        parse_input("organisation", body("organisation", **sent))

    assert caught.value.faults
    assert SECRET not in "".join(fault.message + fault.code for fault in caught.value.faults)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"name": "x" * 301}, "/name", "too-long"),
        ({"name": "Je\u202ena"}, "/name", "characters"),
        ({"name": "Je\nna"}, "/name", "characters"),
        ({"name": "Je\ud800na"}, "/name", "characters"),
        ({"description": {}}, "/description", "too-few"),
        ({"description": {"de": ""}}, "/description/de", "too-short"),
        ({"description": {"de": None}}, "/description", "too-few"),
        ({"description": "Netzwerk"}, "/description", "type"),
        ({"description": {"Deutsch!": "x"}}, "/description/Deutsch!", "language"),
        ({"description": {"DE": "x"}}, "/description/DE", "language"),
        ({"topics": ["IT Sicherheit"]}, "/topics/0", "pattern"),
        ({"topics": [f"t{number}" for number in range(21)]}, "/topics", "too-many"),
        ({"regions": ["de-th"]}, "/regions/0", "pattern"),
        ({"figures": [{"measure": "members", "value": 1.5}]}, "/figures/0/value", "type"),
        ({"figures": [{"measure": "members", "value": True}]}, "/figures/0/value", "type"),
        ({"figures": [{"measure": "members", "value": "50"}]}, "/figures/0/value", "type"),
        ({"figures": [{"measure": "members", "value": -1}]}, "/figures/0/value", "too-small"),
        ({"figures": [{"measure": "members", "value": 10**13}]}, "/figures/0/value", "too-large"),
        ({"figures": [{"measure": "members", "value": 10**5000}]}, "/figures/0/value", "too-large"),
        ({"offices": [{"kind": "seat", "place": {"postal_code": 7743}}]}, "/offices/0/place/postal_code", "type"),
        ({"offices": [{"kind": "seat", "place": {"country": "Deutschland"}}]}, "/offices/0/place/country", "pattern"),
        ({"website": "https://user:secret@example.org"}, "/website", "pattern"),
        ({"website": "javascript:alert(1)"}, "/website", "pattern"),
        ({"website": "https://example.org/über"}, "/website", "pattern"),
        ({"website": "https://example.org/%zz"}, "/website", "pattern"),
        ({"website": "https://example.org/a[1]"}, "/website", "pattern"),
        ({"website": "https://example.org/#a#b"}, "/website", "pattern"),
        ({"email": "a@b"}, "/email", "pattern"),
        ({"email": ".a@example.org"}, "/email", "pattern"),
        ({"email": "a..b@example.org"}, "/email", "pattern"),
        ({"email": f"{'a' * 65}@example.org"}, "/email", "pattern"),
        ({"external_ids": [{"scheme": "ROR", "value": "1"}]}, "/external_ids/0/scheme", "pattern"),
        ({"external_ids": [{"scheme": "ror", "value": "1" * 129}]}, "/external_ids/0/value", "too-long"),
        ({"external_ids": [{"scheme": "ror", "value": f"{n}"} for n in range(13)]}, "/external_ids", "too-many"),
        ({"people": [{"name": "x", "key": "Ä"}]}, "/people/0/key", "pattern"),
        ({"people": {"name": "x"}}, "/people", "type"),
        ({"people": [None]}, "/people/0", "type"),
        (
            {"relations": [{"kind": "related", "organisation_id": EVENT}]},
            "/relations/0/organisation_id",
            "wrong-record-type",
        ),
        ({"sources": [{"key": "a", "title": "b", "about": ["name"]}]}, "/sources/0/about/0", "pattern"),
        ({"sources": [{"key": "a", "title": "b", "quote": "x" * 501}]}, "/sources/0/quote", "too-long"),
        ({"sources": [{"key": "a"}]}, "/sources/0", "source-without-title"),
    ],
)
def test_a_value_out_of_its_bounds_is_refused(fields: dict[str, Any], pointer: str, code: str) -> None:
    assert faults("organisation", body("organisation", **fields)) == [(pointer, code)]


@pytest.mark.parametrize("coordinate", [float("nan"), float("inf"), 90.5, True, "50.9"])
def test_a_latitude_is_a_finite_number_of_degrees(coordinate: object) -> None:
    place = {"location": {"lat": coordinate, "lon": 11.5}}

    assert [pointer for pointer, _ in faults("event", body("event", place=place))] == ["/place/location/lat"]


def test_umlauts_leading_zeros_and_line_feeds_are_kept() -> None:
    fields = {
        "name": "Gesellschaft für Größe e. V.",
        "description": {"de": "Erste Zeile\n\tzweite Zeile: Straße"},
        "offices": [{"kind": "seat", "place": {"street": "Löbstedter Straße 47a", "postal_code": "07743"}}],
        "website": "https://www.xn--grsse-jua.example/ueber%20uns?a=b#c",
        "phone": "+49 (0) 3641 / 12-34",
    }

    record = created("organisation", **fields).as_input()

    assert {name: record[name] for name in fields} == fields


def test_texts_are_trimmed_and_composed() -> None:
    record = created("organisation", name="  Thu\u0308ringen\u00a0", topics=[" it "]).as_input()

    assert (record["name"], record["topics"]) == ("Thüringen", ["it"])


def test_null_means_absent() -> None:
    record = created("organisation", description=None, people=[{"name": "Ines Groß", "role": {"de": "x", "en": None}}])

    assert "description" not in record.as_input()
    assert record.as_input()["people"] == [{"key": "p1", "name": "Ines Groß", "role": {"de": "x"}}]


def test_places_that_cannot_be_repeated_are_pointed_at_from_outside() -> None:
    for name in ("x" * 101, "a\ud800b", "a\u202eb"):
        assert [pointer for pointer, _ in faults("organisation", {**SMALLEST["organisation"], name: 1})] == [""]


def test_a_flood_of_faults_is_cut() -> None:
    flood = {f"f{number}": 1 for number in range(30_000)}

    with pytest.raises(InvalidContent) as caught:
        parse_input("organisation", {**SMALLEST["organisation"], **flood})

    assert len(caught.value.faults) == MOST_FAULTS
    assert caught.value.detail == "More than 100 things are wrong; `errors` names the first of them."


@pytest.mark.parametrize("record_type", list(INPUTS))
def test_no_junk_in_any_field_breaks_the_checks(record_type: RecordType) -> None:
    junk: list[Any] = [0, 1.5, True, "x", "\ud800", [], {}, [[]], [{}], [None], {"de": []}, {"key": {}}, [{"key": []}]]

    for name in INPUTS[record_type].model_fields:
        for value in (*junk, [{"sources": 1, "since": [], "organisation_id": {}, "scheme": [], "speakers": "x"}]):
            try:
                parse_input(record_type, body(record_type, **{name: value}))
            except InvalidContent as refused:
                assert refused.faults  # noqa: PT017 - some junk is legal: an empty list, a text
