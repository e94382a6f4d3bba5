"""Writes of organisations and memberships."""

from typing import Final

from functions import writing
from functions.organisations import service
from functions.organisations.membership import of_network
from functions.organisations.routes import ROUTES
from functions.process import SETTINGS
from functions.writing import REGISTER
from shared.http.edge import Edge
from shared.http.messages import Request, Response


def create_organisation(request: Request) -> Response:
    """Enter a new organisation."""
    return writing.create("organisation", request)


def replace_organisation(request: Request) -> Response:
    """Make the body the next version."""
    return writing.replace("organisation", request)


def patch_organisation(request: Request) -> Response:
    """Merge the body into the record."""
    return writing.patch("organisation", request)


def delete_organisation(request: Request) -> Response:
    """Leave a tombstone."""
    return writing.delete("organisation", request)


def create_membership(request: Request) -> Response:
    """Enter a member of the network in the path."""
    return writing.created(service.enter(REGISTER, request.variables["id"], request.body), request)


def replace_membership(request: Request) -> Response:
    """Make the body the next version."""
    membership_id = of_network(REGISTER.tables, **_named(request)).id
    body = service.with_network(REGISTER, request.variables["id"], request.body)
    return writing.current(REGISTER.replace(membership_id, body, if_match=request.if_match))


def patch_membership(request: Request) -> Response:
    """Merge the body into the membership."""
    membership_id = of_network(REGISTER.tables, **_named(request)).id
    return writing.current(REGISTER.patch(membership_id, request.body, if_match=request.if_match))


def delete_membership(request: Request) -> Response:
    """Leave a tombstone."""
    REGISTER.delete(of_network(REGISTER.tables, **_named(request)).id, if_match=request.if_match)
    return writing.gone()


def _named(request: Request) -> dict[str, str]:
    return {"network_id": request.variables["id"], "membership_id": request.variables["membership_id"]}


handler: Final = Edge(
    ROUTES,
    (
        create_organisation,
        replace_organisation,
        patch_organisation,
        delete_organisation,
        create_membership,
        replace_membership,
        patch_membership,
        delete_membership,
    ),
    SETTINGS.write_origins,
)
