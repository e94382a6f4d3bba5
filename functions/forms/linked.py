"""Records as linked data: JSON-LD 1.1 in the terms of schema.org, whose addresses it names without asking for them.

A cooperation is a `Project`, an undertaking of several; who takes part in it is its `member` by way of a role, as is a
member of a network. What schema.org has no word for is left out, and stands in the JSON that `url` leads to.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from functions.forms.linked_values import date, identifiers, instant, location, moment, period, present, texts
from shared.http.addresses import address
from shared.models.ids import type_of
from shared.models.views import offices

Json = dict[str, Any]
Refer = Callable[[str], Json]
"""Gives the node of a record by its id, with its name where that is known."""

CONTEXT: Final[Json] = {
    "@vocab": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    **{name: {"@type": "@id"} for name in ("url", "sameAs", "image", "logo", "additionalType")},
    **{
        name: {"@type": "Date"}
        for name in ("startDate", "endDate", "previousStartDate", "foundingDate", "dissolutionDate")
    },
    "itemListElement": {"@container": "@list"},
}
_ORGANISATIONS: Final[Mapping[str, str]] = {
    "company": "Corporation",
    "university": "CollegeOrUniversity",
    "research_institute": "ResearchOrganization",
    "public_authority": "GovernmentOrganization",
}
_EVENTS: Final[Mapping[str, str]] = {
    "conference": "BusinessEvent",
    "congress": "BusinessEvent",
    "networking": "BusinessEvent",
    "members_meeting": "BusinessEvent",
    "workshop": "EducationEvent",
    "training": "EducationEvent",
    "reception": "SocialEvent",
    "trade_fair": "ExhibitionEvent",
    "series": "EventSeries",
    "campaign": "EventSeries",
}
_STATUS: Final[Mapping[str, str]] = {
    "planned": "EventScheduled",
    "scheduled": "EventScheduled",
    "held": "EventScheduled",
    "postponed": "EventPostponed",
    "cancelled": "EventCancelled",
}
_PART_IN_EVENT: Final[Mapping[str, str]] = {
    "organiser": "organizer",
    "co_organiser": "organizer",
    "host": "organizer",
    "sponsor": "sponsor",
    "partner": "contributor",
    "supporter": "contributor",
}


def document(answer: Json, origin: str) -> Json:
    """Return a record, or a page of a list, as a JSON-LD document; addresses begin with where the API was asked."""
    refer = _references(answer.get("refs", {}), origin)
    if "items" in answer:
        nodes = [_item(item, origin, refer) for item in answer["items"]]
        entries = [{"@type": "ListItem", "position": place, "item": node} for place, node in enumerate(nodes, 1)]
        return {"@context": CONTEXT, "@type": "ItemList", "itemListElement": entries}
    return {"@context": CONTEXT, **_node(answer, origin, refer)}


def _references(labels: Mapping[str, Json], origin: str) -> Refer:
    def refer(record_id: str) -> Json:
        label = labels.get(record_id, {})
        name = label.get("name") or texts(label.get("title"))
        return {"@id": origin + address({"type": type_of(record_id), "id": record_id}), **present(name=name)}

    return refer


def _item(item: Json, origin: str, refer: Refer) -> Json:
    if item.get("deleted"):
        return {"@type": "DataFeedItem", "item": refer(item["id"]), "dateDeleted": instant(item["updated_at"])}
    return _node(item, origin, refer)


def _node(record: Json, origin: str, refer: Refer) -> Json:
    return {
        "@id": origin + address(record),
        **_NODES[record["type"]](record, refer),
        **identifiers(record.get("external_ids", ())),
        **present(mainEntityOfPage=_description(record)),
    }


def _description(record: Json) -> Json | None:
    """Return the record as a work, which was changed at a time, as what it describes was not."""
    changed = instant(record.get("updated_at"))
    return None if changed is None else {"@type": "CreativeWork", "dateModified": changed}


def _organisation(record: Json, refer: Refer) -> Json:
    names, website = record.get("other_names", ()), record.get("website")
    places = [place for office in offices(record) if "until" not in office for place in location(office.get("place"))]
    seat = next((place["address"] for place in places if "address" in place), None)
    city = record.get("city")
    return {
        "@type": _ORGANISATIONS.get(record["kind"], "Organization"),
        "name": record["name"],
        **present(
            legalName=next((name["value"] for name in names if name.get("kind") == "official"), None),
            alternateName=[*_other_names(names, record["name"]), *record.get("short_names", ())],
            description=texts(record.get("description")),
            foundingDate=date(record.get("founded")),
            dissolutionDate=date(record.get("dissolved")),
            knowsAbout=record.get("topics"),
            areaServed=record.get("regions"),
            url=website,
            logo=record.get("logo", {}).get("url"),
            email=record.get("email"),
            telephone=record.get("phone"),
            address=seat or (city and {"@type": "PostalAddress", "addressLocality": city}),
            location=places,
            parentOrganization=[
                refer(relation["organisation_id"])
                for relation in record.get("relations", ())
                if relation["kind"] == "part_of"
            ],
            makesOffer=[_offer(offering) for offering in record.get("offerings", ())],
            employee=[_person(person, refer) for person in record.get("people", ())],
        ),
    }


def _other_names(names: Iterable[Json], current: str) -> Iterator[Json | str]:
    for name in names:
        if name["value"] == current or name.get("kind") == "official":
            continue
        if name.get("kind") == "former":
            yield {"@type": "Role", "roleName": "former", "alternateName": name["value"], **period(name)}
        else:
            yield name["value"]


def _offer(offering: Json) -> Json:
    kind = "Product" if offering.get("kind") == "product" else "Service"
    return {
        "@type": "Offer",
        "itemOffered": {
            "@type": kind,
            "name": texts(offering["title"]),
            **present(description=texts(offering.get("description"))),
        },
    }


def _person(person: Json, refer: Refer) -> Json:
    """Return somebody in a role; how to reach people stands in the register's own answers alone."""
    home = person.get("organisation_id")
    affiliation = refer(home) if home else person.get("affiliation")
    who = present(name=person["name"], honorificPrefix=person.get("honorific_prefix"), affiliation=affiliation)
    role = texts(person.get("role")) or person.get("function")
    return {"@type": "EmployeeRole", **present(roleName=role), **period(person), "employee": {"@type": "Person", **who}}


def _event(record: Json, refer: Refer) -> Json:
    when = record.get("when") or {}
    zone = when.get("timezone")
    registration = record.get("registration", {})
    # A summary says no country, which is no statement.
    place = record.get("place") or {"name": record.get("place_name"), "city": record.get("city"), "country": None}
    return {
        "@type": _EVENTS.get(record["kind"], "Event"),
        "name": texts(record["title"]),
        **present(
            alternateName=record.get("other_titles"),
            description=texts(record.get("description")),
            eventStatus=_event_status(record["status"]),
            startDate=moment(when.get("start"), zone),
            endDate=moment(when.get("end"), zone),
            previousStartDate=_previous(record),
            location=location(place),
            superEvent=_one(record.get("part_of"), refer),
            subEvent=[_programme_item(item, zone, refer) for item in record.get("programme", ())],
            about=_one(record.get("cooperation_id"), refer),
            maximumAttendeeCapacity=registration.get("capacity"),
            offers=_registration(registration or {"url": record.get("registration_url")}),
            audience=_audience(record.get("audience")),
            inLanguage=record.get("languages"),
            keywords=record.get("topics"),
            url=record.get("website"),
            image=record.get("image", {}).get("url"),
            performer=[_performer(person, refer) for person in record.get("people", ()) if _speaks(person)],
        ),
        **_organisers(record.get("organisers", ()), refer),
    }


def _event_status(status: str) -> Json | None:
    return {"@id": f"https://schema.org/{_STATUS[status]}"} if status in _STATUS else None


def _previous(record: Json) -> str | Json | None:
    former = record.get("previous_when") or {}
    return moment(former.get("start"), former.get("timezone"))


def _organisers(organisers: Iterable[Json], refer: Refer) -> Json:
    found: dict[str, list[Json]] = {}
    for entry in organisers:
        node = {**refer(entry["organisation_id"]), **present(name=entry.get("name"))}
        found.setdefault(_PART_IN_EVENT[entry.get("role", "organiser")], []).append({"@type": "Organization", **node})
    return dict(found)


def _programme_item(item: Json, zone: str | None, refer: Refer) -> Json:
    return {
        "@type": "Event",
        "name": texts(item["title"]),
        **present(
            description=texts(item.get("abstract")),
            startDate=moment(item.get("starts"), zone),
            endDate=moment(item.get("ends"), zone),
            performer=[_performer(person, refer) for person in item.get("speakers", ())],
        ),
    }


def _speaks(person: Json) -> bool:
    return person.get("function") in {"speaker", "moderator"}


def _performer(person: Json, refer: Refer) -> Json:
    return {"@type": "Person", **_person(person, refer)["employee"]}


def _registration(registration: Json) -> Json | None:
    if not registration.get("url"):
        return None
    opens, closes = registration.get("opens_at"), registration.get("closes_at")
    known = present(validFrom=moment(opens, None), validThrough=moment(closes, None))
    return {"@type": "Offer", "url": registration["url"], **known}


def _audience(audience: str | None) -> Json | None:
    return None if audience is None else {"@type": "Audience", "audienceType": audience}


def _cooperation(record: Json, refer: Refer) -> Json:
    parties = record.get("parties", ())
    return {
        "@type": "Project",
        "name": texts(record["title"]),
        **present(
            description=texts(record.get("description")),
            foundingDate=date(record.get("effective_from") or record.get("signed_on")),
            dissolutionDate=date(record.get("ended_on")),
            knowsAbout=record.get("topics"),
            location=location(record.get("place")),
            parentOrganization=_one(record.get("part_of"), refer),
            member=[_party(party, refer) for party in parties if "subject" not in party.get("roles", ())],
            funder=[refer(party["organisation_id"]) for party in parties if "funder" in party.get("roles", ())],
            event=[refer(result["event_id"]) for result in record.get("results", ()) if "event_id" in result],
            subjectOf=[*_documents(record.get("documents", ())), *_documents(record.get("results", ()))],
        ),
    }


def _party(party: Json, refer: Refer) -> Json:
    member = {"@type": "Organization", **refer(party["organisation_id"]), **present(name=party.get("name"))}
    return {"@type": "OrganizationRole", **present(roleName=party.get("roles")), **period(party), "member": member}


def _documents(entries: Iterable[Json]) -> Iterator[Json]:
    for entry in entries:
        if "url" in entry:
            title = entry.get("title")
            name = title if isinstance(title, str) else texts(title)
            yield {"@type": "CreativeWork", **present(name=name), "url": entry["url"]}


def _membership(record: Json, refer: Refer) -> Json:
    """Return a role that has both ends: who is in it is `member`, what it is in `memberOf`."""
    network = {**refer(record["network_id"]), **present(name=record.get("network_name"))}
    member = {**refer(record["member_id"]), **present(name=record.get("member_name"))}
    return {
        "@type": "OrganizationRole",
        **present(roleName=texts(record.get("role")) or record.get("grade")),
        **period(record),
        "member": {"@type": "Organization", **member},
        "memberOf": {"@type": "Organization", **network},
    }


def _one(record_id: str | None, refer: Refer) -> Json | None:
    return None if record_id is None else refer(record_id)


_NODES: Final[Mapping[str, Callable[[Json, Refer], Json]]] = {
    "organisation": _organisation,
    "event": _event,
    "cooperation": _cooperation,
    "membership": _membership,
}
