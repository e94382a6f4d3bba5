"""Linked data: what a JSON-LD processor makes of it, without asking anybody for anything."""

import json
from typing import Any

import pytest
from pyld import jsonld

from functions.forms.linked import document
from functions.forms.linked_values import date, identifiers, moment

Json = dict[str, Any]

SCHEMA = "https://schema.org/"
API = "https://api.example.org"
NETWORK, COMPANY = "org_01hzy3v8k2q4w5e6r7t8y9z0ab", "org_01hzy3v8k2q4w5e6r7t8y9z0ac"
EVENT, SERIES = "evt_01hzy3v8k2q4w5e6r7t8y9z0ad", "evt_01hzy3v8k2q4w5e6r7t8y9z0ae"
COOPERATION = "coop_01hzy3v8k2q4w5e6r7t8y9z0af"
MEMBERSHIP = "mem_01hzy3v8k2q4w5e6r7t8y9z0ag"
ENVELOPE: Json = {"version": 2, "updated_at": "2026-11-21T12:00:00.000Z", "managed_by": None}
REFS: Json = {
    NETWORK: {"type": "organisation", "name": "Netz e. V.", "kind": "network"},
    SERIES: {"type": "event", "title": {"de": "Reihe", "en": "Series"}, "kind": "series"},
}


def refuse(url: str, _: Json) -> Json:
    raise AssertionError(f"asked for {url}")


def triples(answer: Json) -> set[tuple[str, str, str]]:
    """Subject, predicate without schema.org's address, and object with its type or language."""
    text = json.loads(json.dumps(document(answer, API)))
    graph = jsonld.to_rdf(text, {"documentLoader": refuse})["@default"]
    return {
        (triple["subject"]["value"], triple["predicate"]["value"].removeprefix(SCHEMA), _object(triple["object"]))
        for triple in graph
    }


def _object(term: Json) -> str:
    if term["type"] != "literal":
        return f"<{term['value']}>"
    kind = term["datatype"].removeprefix(SCHEMA).replace("http://www.w3.org/2001/XMLSchema#", "xsd:")
    kind = kind.replace("http://id.loc.gov/datatypes/edtf/", "edtf:")
    return f"{term['value']}@{term['language']}" if "language" in term else f"{term['value']}^{kind}"


def about(answer: Json, record: str) -> set[tuple[str, str]]:
    """What is said of a record itself; nodes without a name of their own are left out."""
    return {
        (predicate.replace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", ""), value)
        for subject, predicate, value in triples(answer)
        if subject.endswith(record) and not value.startswith("<_:")
    }


ORGANISATION: Json = {
    "type": "organisation",
    "id": NETWORK,
    "name": "Netz e. V.",
    "other_names": [
        {"value": "Netz", "kind": "short"},
        {"value": "Altes Netz", "kind": "former", "until": "2018"},
        {"value": "Netz eingetragener Verein", "kind": "official"},
    ],
    "kind": "university",
    "founded": "2009~",
    "dissolved": "2020-05",
    "topics": ["it"],
    "website": "https://netz.example.org",
    "offices": [
        {"kind": "office", "place": {"city": "Jena"}, "until": "2015"},
        {"kind": "office", "place": {"city": "Erfurt"}},
        {"kind": "seat", "place": {"city": "Leipzig", "postal_code": "04109", "country": "DE"}},
    ],
    "people": [{"key": "p1", "name": "Erika Muster", "function": "chair", "email": "e@example.org", "phone": "1"}],
    "external_ids": [
        {"scheme": "wikidata", "value": "Q42"},
        {"scheme": "ror", "value": "https://ror.org/03s7gtk40"},
        {"scheme": "itnet.crm", "value": "7"},
    ],
    **ENVELOPE,
}


def test_an_organisation_is_told_in_the_terms_of_schema_org() -> None:
    assert about(ORGANISATION, NETWORK) == {
        ("type", f"<{SCHEMA}CollegeOrUniversity>"),
        ("name", "Netz e. V.^xsd:string"),
        ("legalName", "Netz eingetragener Verein^xsd:string"),
        ("alternateName", "Netz^xsd:string"),
        ("foundingDate", "2009~^edtf:EDTF-level1"),
        ("dissolutionDate", "2020-05^xsd:gYearMonth"),
        ("knowsAbout", "it^xsd:string"),
        ("url", "<https://netz.example.org>"),
        ("sameAs", "<http://www.wikidata.org/entity/Q42>"),
        ("sameAs", "<https://ror.org/03s7gtk40>"),
    }


def test_a_former_name_is_a_role_that_ended() -> None:
    found = triples(ORGANISATION)

    (role,) = {
        subject for subject, predicate, value in found if (predicate, value) == ("roleName", "former^xsd:string")
    }
    assert {(predicate, value) for subject, predicate, value in found if subject == role} >= {
        ("alternateName", "Altes Netz^xsd:string"),
        ("endDate", "2018^xsd:gYear"),
    }


def test_the_address_is_that_of_the_seat_and_offices_that_were_left_are_no_places() -> None:
    told = document(ORGANISATION, API)

    assert told["address"] == {
        "@type": "PostalAddress",
        "postalCode": "04109",
        "addressLocality": "Leipzig",
        "addressCountry": "DE",
    }
    assert [
        (place["address"]["addressLocality"], place["address"]["addressCountry"]) for place in told["location"]
    ] == [
        ("Leipzig", "DE"),
        ("Erfurt", "DE"),
    ]


def test_no_country_is_told_where_only_the_city_is_known() -> None:
    summary = {"type": "event", "id": EVENT, "title": {"de": "Tag"}, "kind": "other", "status": "held", "city": "Wien"}

    assert document(summary, API)["location"] == [
        {"@type": "Place", "address": {"@type": "PostalAddress", "addressLocality": "Wien"}}
    ]


def test_when_a_record_was_changed_is_told_of_its_description() -> None:
    """schema.org knows `dateModified` of works alone: an organisation or an event has none."""
    told = document(ORGANISATION, API)

    assert "dateModified" not in told
    assert told["mainEntityOfPage"] == {
        "@type": "CreativeWork",
        "dateModified": {"@type": "DateTime", "@value": "2026-11-21T12:00:00.000Z"},
    }


def test_nobody_is_told_how_to_reach_a_person() -> None:
    told = json.dumps(document(ORGANISATION, API))

    assert "Erika Muster" in told
    assert "e@example.org" not in told
    assert '"telephone"' not in told


def test_an_event_is_no_more_precise_than_known() -> None:
    answer = {
        "type": "event",
        "id": EVENT,
        "title": {"de": "Tag", "en": "Day"},
        "kind": "conference",
        "status": "cancelled",
        "when": {"start": "2023-09", "precision": "month"},
        "previous_when": {"start": "2023-06-15T17:00", "timezone": "Europe/Berlin"},
        "part_of": SERIES,
        "organisers": [
            {"organisation_id": NETWORK, "role": "co_organiser"},
            {"organisation_id": COMPANY, "role": "sponsor"},
        ],
        "place": {"name": "Messe", "online_url": "https://stream.example.org"},
        "refs": REFS,
        **ENVELOPE,
    }

    assert about(answer, EVENT) == {
        ("type", f"<{SCHEMA}BusinessEvent>"),
        ("name", "Tag@de"),
        ("name", "Day@en"),
        ("eventStatus", f"<{SCHEMA}EventCancelled>"),
        ("startDate", "2023-09^xsd:gYearMonth"),
        ("previousStartDate", "2023-06-15T17:00:00+02:00^DateTime"),
        ("superEvent", f"<{API}/v1/events/{SERIES}>"),
        ("organizer", f"<{API}/v1/organisations/{NETWORK}>"),
        ("sponsor", f"<{API}/v1/organisations/{COMPANY}>"),
    }
    assert about(answer, SERIES) == {("name", "Reihe@de"), ("name", "Series@en")}
    assert about(answer, NETWORK) == {("type", f"<{SCHEMA}Organization>"), ("name", "Netz e. V.^xsd:string")}


def test_a_cooperation_is_a_project_whose_parties_have_roles() -> None:
    answer = {
        "type": "cooperation",
        "id": COOPERATION,
        "title": {"de": "Vertrag"},
        "kind": "agreement",
        "status": "active",
        "signed_on": "2015-09-16",
        "parties": [
            {"organisation_id": NETWORK, "roles": ["lead"], "since": "[2015..]"},
            {"organisation_id": COMPANY, "roles": ["subject"]},
        ],
        "results": [{"title": {"de": "Tagung"}, "kind": "event", "event_id": EVENT}],
        "refs": REFS,
        **ENVELOPE,
    }

    found = triples(answer)

    assert about(answer, COOPERATION) == {
        ("type", f"<{SCHEMA}Project>"),
        ("name", "Vertrag@de"),
        ("foundingDate", "2015-09-16^Date"),
        ("event", f"<{API}/v1/events/{EVENT}>"),
    }
    (role,) = {subject for subject, predicate, value in found if (predicate, value) == ("roleName", "lead^xsd:string")}
    assert {(predicate, value) for subject, predicate, value in found if subject == role} >= {
        ("member", f"<{API}/v1/organisations/{NETWORK}>"),
        ("startDate", "[2015..]^edtf:EDTF-level2"),
    }
    assert not any(COMPANY in value for _, _, value in found)


def test_a_membership_is_a_role_with_both_ends() -> None:
    answer = {
        "type": "membership",
        "id": MEMBERSHIP,
        "network_id": NETWORK,
        "member_id": COMPANY,
        "grade": "ordinary",
        "since": "2015",
        "refs": REFS,
        **ENVELOPE,
    }

    assert about(answer, MEMBERSHIP) == {
        ("type", f"<{SCHEMA}OrganizationRole>"),
        ("roleName", "ordinary^xsd:string"),
        ("startDate", "2015^xsd:gYear"),
        ("member", f"<{API}/v1/organisations/{COMPANY}>"),
        ("memberOf", f"<{API}/v1/organisations/{NETWORK}>"),
    }


def test_a_page_keeps_its_order_and_tells_what_was_deleted() -> None:
    gone = {"type": "event", "id": EVENT, "deleted": True, "updated_at": "2026-11-21T12:00:00.000Z"}

    told = document({"items": [ORGANISATION, gone], "next": None}, API)

    assert [(entry["position"], entry["item"]["@type"]) for entry in told["itemListElement"]] == [
        (1, "CollegeOrUniversity"),
        (2, "DataFeedItem"),
    ]
    assert told["itemListElement"][1]["item"] == {
        "@type": "DataFeedItem",
        "item": {"@id": f"{API}/v1/events/{EVENT}"},
        "dateDeleted": {"@type": "DateTime", "@value": "2026-11-21T12:00:00.000Z"},
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018-01-11", "2018-01-11"),
        ("2018-01", {"@type": "xsd:gYearMonth", "@value": "2018-01"}),
        ("2018", {"@type": "xsd:gYear", "@value": "2018"}),
        ("2018-01-11~", {"@type": "edtf:EDTF-level1", "@value": "2018-01-11~"}),
        ("[..2018-01-11]", {"@type": "edtf:EDTF-level2", "@value": "[..2018-01-11]"}),
        (None, None),
    ],
)
def test_a_date_is_a_day_only_when_one_is_known(text: str | None, expected: object) -> None:
    assert date(text) == expected


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2018-01-11T17:00", "Europe/Berlin", "2018-01-11T17:00:00+01:00"),
        ("2018-07-11T17:00", None, "2018-07-11T17:00:00+02:00"),
        ("2018-07-11T17:00", "America/New_York", "2018-07-11T17:00:00-04:00"),
    ],
)
def test_a_local_time_has_the_offset_of_its_zone(text: str, zone: str | None, expected: str) -> None:
    assert moment(text, zone) == {"@type": "DateTime", "@value": expected}


def test_only_public_schemes_say_what_is_the_same() -> None:
    assert identifiers([{"scheme": "lei", "value": "529900T8BM49AURSDO55"}, {"scheme": "crm", "value": "1"}]) == {
        "leiCode": "529900T8BM49AURSDO55",
        "identifier": [
            {"@type": "PropertyValue", "propertyID": "lei", "value": "529900T8BM49AURSDO55"},
            {"@type": "PropertyValue", "propertyID": "crm", "value": "1"},
        ],
    }


@pytest.mark.parametrize(
    ("scheme", "value", "expected"),
    [
        ("wikidata", "Q42", ["http://www.wikidata.org/entity/Q42"]),
        ("ror", "https://ror.org/03s7gtk40", ["https://ror.org/03s7gtk40"]),
        ("isni", "0000 0001 2284 9230", ["https://isni.org/isni/0000000122849230"]),
        ("wikidata", "https://www.wikidata.org/wiki/Q42", None),
        ("viaf", "1>; rel=x", None),
        ("crm", "Q42", None),
    ],
)
def test_an_id_that_its_scheme_does_not_know_is_no_address(scheme: str, value: str, expected: list[str] | None) -> None:
    assert identifiers([{"scheme": scheme, "value": value}]).get("sameAs") == expected
