"""Reads of organisations and memberships."""

from typing import Final

from functions import history
from functions.organisations.matching import asked
from functions.organisations.membership import of_network
from functions.organisations.routes import ROUTES
from functions.process import READING, edge
from functions.reading import EDGES, in_order
from shared.http.messages import Request, Response


def list_organisations(request: Request) -> Response:
    """A page of organisations."""
    from shared.projection.queries import organisations  # noqa: PLC0415 - see `Reading.projection`

    return READING.page(request, organisations, in_order(request))


def match_organisations(request: Request) -> Response:
    """Organisations that may be the one asked for, best first."""
    from shared.projection.matching import Wish, items, matches  # noqa: PLC0415 - the same

    wish = Wish(**asked(request.body))
    with READING.projection().read() as connection:
        found = items(connection, matches(connection, wish))
    return Response(f'{{"items":[{",".join(found)}]}}', private=True)


def get_organisation(request: Request) -> Response:
    """One organisation."""
    return READING.record("organisation", request)


def list_members(request: Request) -> Response:
    """A page of those who are in it."""
    from shared.projection.connections import members  # noqa: PLC0415 - the same

    return READING.page(request, members, EDGES, subject="organisation", organisation=request.variables["id"])


def get_membership(request: Request) -> Response:
    """One membership, at its network only."""
    document = of_network(READING.tables, request.variables["id"], request.variables["membership_id"])
    return READING.rendered(request, document)


def list_memberships(request: Request) -> Response:
    """A page of what it is in."""
    from shared.projection.connections import memberships  # noqa: PLC0415 - the same

    return READING.page(request, memberships, EDGES, subject="organisation", organisation=request.variables["id"])


def list_relations(request: Request) -> Response:
    """A page of relations, recorded at it or at the other end."""
    from shared.projection.connections import relations  # noqa: PLC0415 - the same

    return READING.page(request, relations, EDGES, subject="organisation", organisation=request.variables["id"])


def list_organisation_events(request: Request) -> Response:
    """A page of events in which it has a role."""
    from shared.projection.queries import Scope, events  # noqa: PLC0415 - the same

    scope = Scope(organisation=request.variables["id"])
    return READING.page(request, events, in_order(request), subject="organisation", scope=scope)


def get_organisation_calendar(request: Request) -> Response:
    """The calendar of the events in which it has a role."""
    from functions.calendars.answers import of_events  # noqa: PLC0415 - only calendars need what writes them

    return of_events(READING, request, organisation=request.variables["id"])


def list_organisation_cooperations(request: Request) -> Response:
    """A page of cooperations to which it is a party."""
    from shared.projection.queries import Scope, cooperations  # noqa: PLC0415 - the same

    scope = Scope(organisation=request.variables["id"])
    return READING.page(request, cooperations, in_order(request), subject="organisation", scope=scope)


def get_organisation_by_ref(request: Request) -> Response:
    """The organisation with the external id in the path."""
    return READING.by_reference("organisation", request)


def get_membership_by_ref(request: Request) -> Response:
    """The membership with the external id in the path."""
    return READING.by_reference("membership", request)


def list_organisation_history(request: Request) -> Response:
    """A page of what became of the organisation."""
    return history.versions(request, "organisation")


def get_organisation_version(request: Request) -> Response:
    """The organisation as a version of it said."""
    return history.version(request, "organisation")


def list_membership_history(request: Request) -> Response:
    """A page of what became of the membership."""
    return history.versions(request, "membership")


def get_membership_version(request: Request) -> Response:
    """The membership as a version of it said."""
    return history.version(request, "membership")


handler: Final = edge(
    ROUTES,
    (
        list_organisations,
        match_organisations,
        get_organisation,
        list_members,
        get_membership,
        list_memberships,
        list_relations,
        list_organisation_events,
        get_organisation_calendar,
        list_organisation_cooperations,
        get_organisation_by_ref,
        get_membership_by_ref,
        list_organisation_history,
        get_organisation_version,
        list_membership_history,
        get_membership_version,
    ),
)
