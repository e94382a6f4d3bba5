"""Writes of cooperations."""

from typing import Final

from functions import partner_writing, writing
from functions.cooperations.routes import ROUTES
from functions.process import edge
from shared.http.messages import Request, Response
from shared.models.record import prepare
from shared.tables import partner_writes


def create_cooperation(request: Request) -> Response:
    """Enter a new cooperation."""
    return writing.create("cooperation", request)


def replace_cooperation(request: Request) -> Response:
    """Make the body the next version."""
    return writing.replace("cooperation", request)


def patch_cooperation(request: Request) -> Response:
    """Merge the body into the record."""
    return writing.patch("cooperation", request)


def delete_cooperation(request: Request) -> Response:
    """Leave a tombstone."""
    return writing.delete("cooperation", request)


def upsert_cooperation_by_ref(request: Request) -> Response:
    """Create the cooperation with the external id in the path, or make the body its next version."""
    return partner_writing.upsert("cooperation", request)


def patch_cooperation_by_ref(request: Request) -> Response:
    """Merge the body into the cooperation with the external id in the path."""
    return partner_writing.patch("cooperation", request)


def delete_cooperation_by_ref(request: Request) -> Response:
    """Leave a tombstone of the cooperation with the external id in the path."""
    return partner_writing.delete("cooperation", request)


def attach_cooperation_id(request: Request) -> Response:
    """Give the cooperation an external id more."""
    return partner_writing.attach("cooperation", request)


def detach_cooperation_id(request: Request) -> Response:
    """Take an external id away from the cooperation."""
    return partner_writing.detach("cooperation", request)


def hand_over_cooperation(request: Request) -> Response:
    """Let another office keep the cooperation."""
    return partner_writing.hand_over("cooperation", request)


def answer_cooperation(request: Request) -> Response:
    """Keep what a party says of the cooperation."""
    return writing.done(
        request,
        lambda register: partner_writes.answer(
            register,
            request.variables["id"],
            request.variables["party_id"],
            request.body,
            if_match=request.if_match,
        ),
    )


def take_back_answer(request: Request) -> Response:
    """Forget what a party said of the cooperation."""
    return writing.done(
        request,
        lambda register: partner_writes.take_back(
            register, request.variables["id"], request.variables["party_id"], if_match=request.if_match
        ),
    )


prepare("cooperation")

handler: Final = edge(
    ROUTES,
    (
        create_cooperation,
        replace_cooperation,
        patch_cooperation,
        delete_cooperation,
        upsert_cooperation_by_ref,
        patch_cooperation_by_ref,
        delete_cooperation_by_ref,
        attach_cooperation_id,
        detach_cooperation_id,
        hand_over_cooperation,
        answer_cooperation,
        take_back_answer,
    ),
)
