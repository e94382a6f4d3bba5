"""Writes of organisations and memberships."""

from typing import Final

from functions import partner_writing, writing
from functions.organisations import service
from functions.organisations.membership import of_network
from functions.organisations.routes import ROUTES
from functions.process import edge
from shared.http.messages import Request, Response
from shared.models.record import prepare
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


def upsert_organisation_by_ref(request: Request) -> Response:
    """Create the organisation with the external id in the path, or make the body its next version."""
    return partner_writing.upsert("organisation", request)


def patch_organisation_by_ref(request: Request) -> Response:
    """Merge the body into the organisation with the external id in the path."""
    return partner_writing.patch("organisation", request)


def delete_organisation_by_ref(request: Request) -> Response:
    """Leave a tombstone of the organisation with the external id in the path."""
    return partner_writing.delete("organisation", request)


def attach_organisation_id(request: Request) -> Response:
    """Give the organisation an external id more."""
    return partner_writing.attach("organisation", request)


def detach_organisation_id(request: Request) -> Response:
    """Take an external id away from the organisation."""
    return partner_writing.detach("organisation", request)


def hand_over_organisation(request: Request) -> Response:
    """Let another office keep the organisation."""
    return partner_writing.hand_over("organisation", request)


def upsert_membership_by_ref(request: Request) -> Response:
    """Create the membership with the external id in the path, or make the body its next version."""
    return partner_writing.upsert("membership", request)


def patch_membership_by_ref(request: Request) -> Response:
    """Merge the body into the membership with the external id in the path."""
    return partner_writing.patch("membership", request)


def delete_membership_by_ref(request: Request) -> Response:
    """Leave a tombstone of the membership with the external id in the path."""
    return partner_writing.delete("membership", request)


def attach_membership_id(request: Request) -> Response:
    """Give the membership an external id more."""
    return partner_writing.attach("membership", request, _belonging(request))


def detach_membership_id(request: Request) -> Response:
    """Take an external id away from the membership."""
    return partner_writing.detach("membership", request, _belonging(request))


def _named(request: Request) -> dict[str, str]:
    return {"network_id": request.variables["id"], "membership_id": request.variables["membership_id"]}


def _belonging(request: Request) -> partner_writing.Identify:
    return lambda register: of_network(register.tables, **_named(request)).id


prepare("organisation")

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
        upsert_organisation_by_ref,
        patch_organisation_by_ref,
        delete_organisation_by_ref,
        attach_organisation_id,
        detach_organisation_id,
        hand_over_organisation,
        upsert_membership_by_ref,
        patch_membership_by_ref,
        delete_membership_by_ref,
        attach_membership_id,
        detach_membership_id,
    ),
)
