"""Writes of events."""

from typing import Final

from functions import partner_writing, writing
from functions.events.routes import ROUTES
from functions.process import edge
from shared.http.messages import Request, Response
from shared.models.record import prepare


def create_event(request: Request) -> Response:
    """Enter a new event."""
    return writing.create("event", request)


def replace_event(request: Request) -> Response:
    """Make the body the next version."""
    return writing.replace("event", request)


def patch_event(request: Request) -> Response:
    """Merge the body into the record."""
    return writing.patch("event", request)


def delete_event(request: Request) -> Response:
    """Leave a tombstone."""
    return writing.delete("event", request)


def upsert_event_by_ref(request: Request) -> Response:
    """Create the event with the external id in the path, or make the body its next version."""
    return partner_writing.upsert("event", request)


def patch_event_by_ref(request: Request) -> Response:
    """Merge the body into the event with the external id in the path."""
    return partner_writing.patch("event", request)


def delete_event_by_ref(request: Request) -> Response:
    """Leave a tombstone of the event with the external id in the path."""
    return partner_writing.delete("event", request)


def attach_event_id(request: Request) -> Response:
    """Give the event an external id more."""
    return partner_writing.attach("event", request)


def detach_event_id(request: Request) -> Response:
    """Take an external id away from the event."""
    return partner_writing.detach("event", request)


def hand_over_event(request: Request) -> Response:
    """Let another office keep the event."""
    return partner_writing.hand_over("event", request)


prepare("event")

handler: Final = edge(
    ROUTES,
    (
        create_event,
        replace_event,
        patch_event,
        delete_event,
        upsert_event_by_ref,
        patch_event_by_ref,
        delete_event_by_ref,
        attach_event_id,
        detach_event_id,
        hand_over_event,
    ),
)
