"""Records that use every field of their type, in the form that a client sends."""

from typing import Any

from shared.http.routes import Route
from tests.api.client import Api, Json

CANARIES = ("canary-mail@example.org", "+49 3641 canary-phone", "Canary Home University", "Canary-Grad")
"""What no public answer and no log line may ever show."""

NOBODY = "org_01hzy3v8k2q4w5e6r7t8y9z0ab"
"""An id that the register never gave."""

SOURCES = [{"key": "site", "title": "Über uns", "publisher": "ITnet", "accessed_on": "2023-05", "quote": "rund 50"}]

OPEN_PERSON = {"name": "Erika Muster", "role": {"de": "Vorständin"}, "email": CANARIES[0], "phone": CANARIES[1]}
"""Publicly all but e-mail and phone."""
PARTNERS_PERSON = {
    "name": "Dieter Näther",
    "honorific_prefix": CANARIES[3],
    "function": "chair",
    "affiliation": CANARIES[2],
    "email": CANARIES[0],
    "phone": CANARIES[1],
    "visibility": "partners",
}
"""Publicly only name, role and function."""
PUBLIC_PERSON = {"name": "Max Offen", "email": "max@example.org", "phone": "+49 1", "visibility": "public"}


def organisation(other: str, **more: object) -> Json:
    return {
        "name": "ITnet Thüringen e. V.",
        "other_names": [
            {"value": "ITnetzwerk Thüringen", "kind": "former", "until": "2012~", "sources": ["site"]},
            {"value": "ITnet", "kind": "short", "lang": "de"},
        ],
        "kind": "network",
        "legal_form": "e.V.",
        "description": {"de": "Netzwerk der Branche.\nZweite Zeile.", "en": "Network of the trade."},
        "founded": "2005",
        "focus": {"de": "Informationstechnik"},
        "topics": ["it", "it-security"],
        "regions": ["DE-TH", "DE-SN"],
        "website": "https://example.org/itnet",
        "logo": {"url": "https://example.org/logo.svg", "alt": "Zeichen", "credit": "ITnet"},
        "email": "office@example.org",
        "phone": "+49 3641 12345",
        "offices": [
            {"kind": "office", "place": {"city": "Erfurt"}, "until": "2016"},
            {"kind": "seat", "place": {"care_of_id": other, "postal_code": "07743", "city": "Jena"}, "since": "2016"},
        ],
        "people": [OPEN_PERSON, PARTNERS_PERSON, PUBLIC_PERSON],
        "figures": [{"measure": "members_and_partners", "qualifier": "about", "value": 50, "as_of": "2018-01"}],
        "offerings": [{"title": {"de": "Beratung"}, "kind": "service", "topics": ["it-security"]}],
        "reference_customers": ["Stadt Jena"],
        "designations": [{"title": "Digital Hub", "by": "BMWi", "since": "2017"}],
        "membership_grades": [{"code": "ordinary", "label": {"de": "Ordentlich"}}, {"code": "associated"}],
        "relations": [{"kind": "related", "organisation_id": other, "certainty": "implied"}],
        "external_ids": [{"scheme": "wikidata", "value": "Q42"}],
        "sources": SOURCES,
        **more,
    }


def membership(member: str, **more: object) -> Json:
    return {
        "member_id": member,
        "grade": "ordinary",
        "on_behalf_of": {"regions": ["DE-TH"], "organisation_ids": [member], "text": {"de": "für alle"}},
        "role": {"de": "Gründungsmitglied"},
        "since": "2015~",
        "as_of": "2019-03",
        "certainty": "implied",
        "note": "Aus der Liste.",
        "external_ids": [{"scheme": "crm", "value": "m 1"}],
        "sources": SOURCES,
        **more,
    }


def event(organiser: str, **more: object) -> Json:
    return {
        "title": {"de": "Thüringer Digitaltag", "en": "Digital Day"},
        "other_titles": ["Digitaltag"],
        "kind": "conference",
        "status": "scheduled",
        "status_as_of": "2023-05",
        "when": {"start": "2023-06-15T17:00", "end": "2023-06-15T21:00", "timezone": "Europe/Berlin"},
        "place": {"name": "Messe", "street": "Gothaer Str. 34", "postal_code": "99094", "city": "Erfurt",
                  "region": "DE-TH", "country": "DE", "location": {"lat": 50.96, "lon": 10.99}},
        "expected_parts": 4,
        "organisers": [{"organisation_id": organiser, "role": "organiser", "sources": ["site"]}],
        "people": [OPEN_PERSON],
        "programme": [
            {"title": {"de": "Grußwort"}, "kind": "talk", "starts": "2023-06-15T17:00", "ends": "2023-06-15T17:30",
             "abstract": {"de": "Kurz."}, "speakers": [PARTNERS_PERSON]},
        ],
        "registration": {"url": "https://example.org/anmelden", "opens_at": "2023-04", "closes_at": "2023-06-01",
                         "capacity": 120, "fee": "20 €", "required": True, "note": "Nur online."},
        "audience": "public",
        "languages": ["de", "en"],
        "topics": ["digitalisation"],
        "description": {"de": "Ein Tag."},
        "website": "https://example.org/digitaltag",
        "image": {"url": "https://example.org/bild.jpg", "alt": "Saal", "credit": "Foto"},
        "figures": [{"measure": "participants", "qualifier": "at_least", "min": 100, "max": 200, "scope": "vor Ort"}],
        "external_ids": [{"scheme": "crm", "value": "e-1"}],
        "sources": SOURCES,
        **more,
    }  # fmt: skip


def cooperation(one: str, other: str, **more: object) -> Json:
    return {
        "title": {"de": "Kooperation von ITnet und TowerByte"},
        "kind": "agreement",
        "status": "active",
        "status_as_of": "2019",
        "parties": [
            {"organisation_id": one, "roles": ["party", "initiator"], "signatory": PARTNERS_PERSON},
            {"organisation_id": other, "roles": ["party"], "focus": {"de": "Vertrieb"}, "since": "2015"},
        ],
        "parties_complete": True,
        "signed_on": "[..2015-09-16]",
        "effective_from": "2015-09",
        "planned_end": "2030",
        "place": {"city": "Jena"},
        "people": [OPEN_PERSON],
        "goals": [{"text": {"de": "Gemeinsam auftreten."}, "topics": ["skilled-workers"], "status": "ongoing"}],
        "results": [{"title": {"de": "Katalog"}, "kind": "catalogue", "url": "https://example.org/katalog"}],
        "target_groups": ["Mittelstand"],
        "open_to_partners": True,
        "figures": [{"measure": "member_companies", "qualifier": "exact", "value": 39, "claim": "companies"}],
        "documents": [{"title": "Vertrag", "url": "https://example.org/vertrag.pdf"}],
        "topics": ["skilled-workers"],
        "description": {"de": "Seit 2015."},
        "external_ids": [{"scheme": "crm", "value": "c-1"}],
        "sources": SOURCES,
        **more,
    }


def shown(record: Json, *keys: object) -> Json:
    """What the public sees of a record that was sent, with the keys that its persons got."""
    given = iter(keys)

    def public(value: object) -> object:
        if isinstance(value, list):
            return [public(part) for part in value]
        if not isinstance(value, dict):
            return value
        if value in (OPEN_PERSON, PARTNERS_PERSON, PUBLIC_PERSON):
            return {"key": next(given), **_public_person(value)}
        return {name: public(part) for name, part in value.items()}

    return {name: public(value) for name, value in record.items()}


def _public_person(person: Json) -> Json:
    visible = {
        "partners": {"name", "role", "function"},
        None: set(person) - {"email", "phone"},
        "public": set(person),
    }[person.get("visibility")]
    return {name: value for name, value in person.items() if name in visible}


def network(api: Api, name: str = "Netz", **more: Any) -> str:  # noqa: ANN401 - any JSON value
    return api.id("/organisations", {"name": name, "kind": "network", **more})


def company(api: Api, name: str = "Firma", **more: Any) -> str:  # noqa: ANN401 - any JSON value
    return api.id("/organisations", {"name": name, "kind": "company", **more})


def plain_event(api: Api, title: str = "Treffen", **more: Any) -> str:  # noqa: ANN401 - any JSON value
    return api.id("/events", {"title": {"de": title}, "kind": "networking", "status": "planned", **more})


def plain_cooperation(api: Api, party: str, title: str = "Vorhaben", **more: Any) -> str:  # noqa: ANN401 - any JSON value
    body = {"title": {"de": title}, "kind": "project", "status": "active", "parties": [{"organisation_id": party}]}
    return api.id("/cooperations", {**body, **more})


def noun_of(route: Route) -> str:
    """The type of record that a route is about."""
    if "{membership_id}" in route.path or route.operation == "create_membership":
        return "membership"
    return route.path.split("/")[1].removesuffix("s")


def least(noun: str, other: str) -> Json:
    """As little as a record may say; `other` is the member or party that it needs."""
    title: Json = {"title": {"de": "Neu"}, "status": "planned"}
    match noun:
        case "organisation":
            return {"name": "Neu", "kind": "company"}
        case "membership":
            return {"member_id": other}
        case "event":
            return {**title, "kind": "workshop"}
        case _:
            return {**title, "kind": "project", "status": "active", "parties": [{"organisation_id": other}]}
