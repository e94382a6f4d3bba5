"""Writes of events."""

from typing import Final

from functions import writing
from functions.events.routes import ROUTES
from functions.process import edge
from shared.http.messages import Request, Response


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


handler: Final = edge(ROUTES, (create_event, replace_event, patch_event, delete_event))
