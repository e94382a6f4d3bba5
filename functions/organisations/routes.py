"""The routes of organisations and memberships."""

from typing import Final, get_args

from functions.alike import by_reference, external_ids, hand_over, history
from functions.cooperations.routes import FILTERS as COOPERATION_FILTERS
from functions.events.routes import CALENDAR_FILTERS
from functions.events.routes import FILTERS as EVENT_FILTERS
from shared.http.parameters import (
    CITY,
    DATE_OR_ANY,
    EXTERNAL,
    ISO_REGION,
    MOMENT,
    TOPIC,
    URL,
    Kind,
    Parameter,
    choice,
    identifier,
    words,
)
from shared.http.routes import AS_OF, CALENDAR, CORRECTION, LIMIT, NEXT, REFS, VIEW, Route, many, ordered
from shared.models.vocabulary import CooperationRole, EventRole, OrganisationKind

ONE: Final = "/organisations/{id}"
MEMBERSHIP: Final = "/organisations/{id}/members/{membership_id}"
GRADE: Final = Kind({"type": "string", "minLength": 1, "maxLength": 32}, words(32), "Use a grade code of the network.")

FILTERS: Final = (
    many("kind", choice(*get_args(OrganisationKind)), "What it is."),
    many("region", ISO_REGION, "ISO 3166-2, among its regions.", "DE-TH"),
    many("city", CITY, "Of any office that may hold today.", "Jena"),
    many("topic", TOPIC, "Among its topics.", "it-security"),
    many("network", identifier("organisation"), "A network of which it may be a member today."),
    many("related", identifier("organisation"), "An organisation with a relation to it, in either direction."),
    many("external_id", EXTERNAL, "`scheme:value`.", "wikidata:Q42"),
    many("source", URL, "The address of one of its sources."),
    Parameter("updated_since", MOMENT, "Changed then or later, in order of change, deletions included."),
)

_MEMBERS: Final = (
    Parameter(
        "as_of", DATE_OR_ANY, "Memberships that may hold on this date, or `any`; today when absent.", example="2018"
    ),
    many("grade", GRADE, "A grade code."),
    ordered("By the name of the other end."),
    LIMIT,
    NEXT,
    REFS,
)

_ROLE: Final = many("role", choice(*get_args(EventRole)), "Its role.")

ROUTES: Final = (
    Route(
        "list_organisations",
        "GET",
        "/organisations",
        "Organisations, by name",
        "public",
        "OrganisationPage",
        query=(*FILTERS, ordered("By name, as German lists order it (DIN 5007-1)."), LIMIT, NEXT, REFS),
    ),
    Route(
        "create_organisation",
        "POST",
        "/organisations",
        "Enter an organisation",
        "organisations:write",
        "Organisation",
        body="OrganisationInput",
        status=201,
    ),
    # Before the records: no id reads "match".
    Route(
        "match_organisations",
        "POST",
        "/organisations/match",
        "Find out whether an organisation is known",
        "public",
        "OrganisationMatches",
        body="OrganisationMatchInput",
        reads=True,
    ),
    Route("get_organisation", "GET", ONE, "One organisation", "public", "Organisation", query=(AS_OF, REFS, VIEW)),
    Route(
        "replace_organisation",
        "PUT",
        ONE,
        "Replace an organisation",
        "organisations:write",
        "Organisation",
        query=(CORRECTION,),
        body="OrganisationInput",
        conditional=True,
    ),
    Route(
        "patch_organisation",
        "PATCH",
        ONE,
        "Change parts of an organisation (RFC 7396)",
        "organisations:write",
        "Organisation",
        query=(CORRECTION,),
        body="OrganisationPatch",
        conditional=True,
    ),
    Route(
        "delete_organisation",
        "DELETE",
        ONE,
        "Delete an organisation",
        "organisations:write",
        None,
        status=204,
        conditional=True,
    ),
    Route("list_members", "GET", f"{ONE}/members", "Who is in it", "public", "MembershipPage", query=_MEMBERS),
    Route(
        "create_membership",
        "POST",
        f"{ONE}/members",
        "Enter a member",
        "organisations:write",
        "Membership",
        body="MembershipInput",
        status=201,
    ),
    Route("get_membership", "GET", MEMBERSHIP, "One membership", "public", "Membership", query=(AS_OF, REFS, VIEW)),
    Route(
        "replace_membership",
        "PUT",
        MEMBERSHIP,
        "Replace a membership",
        "organisations:write",
        "Membership",
        body="MembershipInput",
        conditional=True,
    ),
    Route(
        "patch_membership",
        "PATCH",
        MEMBERSHIP,
        "Change parts of a membership (RFC 7396)",
        "organisations:write",
        "Membership",
        body="MembershipPatch",
        conditional=True,
    ),
    Route(
        "delete_membership",
        "DELETE",
        MEMBERSHIP,
        "Delete a membership entered in error",
        "organisations:write",
        None,
        status=204,
        conditional=True,
    ),
    Route("list_memberships", "GET", f"{ONE}/memberships", "What it is in", "public", "MembershipPage", query=_MEMBERS),
    Route(
        "list_relations",
        "GET",
        f"{ONE}/relations",
        "Relations in both directions",
        "public",
        "RelationPage",
        query=(AS_OF, ordered("By the name of the other end."), LIMIT, NEXT, REFS),
    ),
    Route(
        "list_organisation_events",
        "GET",
        f"{ONE}/events",
        "Events in any role",
        "public",
        "EventPage",
        query=(_ROLE, *EVENT_FILTERS),
    ),
    Route(
        "get_organisation_calendar",
        "GET",
        f"{ONE}/events.ics",
        "Events in any role as a calendar to subscribe to",
        "public",
        "Calendar",
        query=(_ROLE, *CALENDAR_FILTERS),
        produces=CALENDAR,
    ),
    Route(
        "list_organisation_cooperations",
        "GET",
        f"{ONE}/cooperations",
        "Cooperations in any role",
        "public",
        "CooperationPage",
        query=(many("role", choice(*get_args(CooperationRole)), "Its role."), *COOPERATION_FILTERS),
    ),
    hand_over("organisation", ONE, "organisations:write"),
    *history("organisation", ONE),
    *external_ids("organisation", ONE, "organisations:write"),
    *by_reference("organisation", "organisations", "organisations:write", (CORRECTION,)),
    *history("membership", MEMBERSHIP),
    *external_ids("membership", MEMBERSHIP, "organisations:write"),
    *by_reference("membership", "memberships", "organisations:write"),
)
