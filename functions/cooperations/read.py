"""Reads of cooperations."""

from typing import Final

from functions import history
from functions.cooperations.routes import ROUTES
from functions.process import READING, edge
from functions.reading import in_order
from shared.http.messages import Request, Response


def list_cooperations(request: Request) -> Response:
    """A page of cooperations."""
    from shared.projection.queries import cooperations  # noqa: PLC0415 - see `Reading.projection`

    return READING.page(request, cooperations, in_order(request))


def get_cooperation(request: Request) -> Response:
    """One cooperation."""
    return READING.record("cooperation", request)


def list_cooperation_events(request: Request) -> Response:
    """A page of the events that came of it."""
    from shared.projection.queries import Scope, events  # noqa: PLC0415 - the same

    scope = Scope(cooperation=request.variables["id"])
    return READING.page(request, events, in_order(request), subject="cooperation", scope=scope)


def list_cooperation_parts(request: Request) -> Response:
    """A page of the cooperations below it."""
    from shared.projection.queries import Scope, cooperations  # noqa: PLC0415 - the same

    scope = Scope(parent=request.variables["id"])
    return READING.page(request, cooperations, in_order(request), subject="cooperation", scope=scope)


def get_cooperation_by_ref(request: Request) -> Response:
    """The cooperation with the external id in the path."""
    return READING.by_reference("cooperation", request)


def list_cooperation_history(request: Request) -> Response:
    """A page of what became of the cooperation."""
    return history.versions(request, "cooperation")


def get_cooperation_version(request: Request) -> Response:
    """The cooperation as a version of it said."""
    return history.version(request, "cooperation")


handler: Final = edge(
    ROUTES,
    (
        list_cooperations,
        get_cooperation,
        list_cooperation_events,
        list_cooperation_parts,
        get_cooperation_by_ref,
        list_cooperation_history,
        get_cooperation_version,
    ),
)
