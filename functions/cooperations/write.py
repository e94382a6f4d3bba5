"""Writes of cooperations."""

from typing import Final

from functions import writing
from functions.cooperations.routes import ROUTES
from functions.process import edge
from shared.http.messages import Request, Response


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


handler: Final = edge(ROUTES, (create_cooperation, replace_cooperation, patch_cooperation, delete_cooperation))
