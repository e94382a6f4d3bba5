"""Writes of organisations and memberships."""

from typing import Final

from functions import writing
from functions.organisations import service
from functions.organisations.membership import of_network
from functions.organisations.routes import ROUTES
from functions.process import edge
from shared.http.messages import Request, Response
from shared.tables.register import Outcome, Register


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
    network_id = request.variables["id"]
    return writing.done(request, lambda register: service.enter(register, network_id, request.body))


def replace_membership(request: Request) -> Response:
    """Make the body the next version."""

    def work(register: Register) -> Outcome:
        membership_id = of_network(register.tables, **_named(request)).id
        body = service.with_network(register, request.variables["id"], request.body)
        return register.replace(membership_id, body, if_match=request.if_match)

    return writing.done(request, work)


def patch_membership(request: Request) -> Response:
    """Merge the body into the membership."""

    def work(register: Register) -> Outcome:
        membership_id = of_network(register.tables, **_named(request)).id
        return register.patch(membership_id, request.body, if_match=request.if_match)

    return writing.done(request, work)


def delete_membership(request: Request) -> Response:
    """Leave a tombstone."""

    def work(register: Register) -> Outcome:
        return register.delete(of_network(register.tables, **_named(request)).id, if_match=request.if_match)

    return writing.done(request, work)


def _named(request: Request) -> dict[str, str]:
    return {"network_id": request.variables["id"], "membership_id": request.variables["membership_id"]}


handler: Final = edge(
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
)
