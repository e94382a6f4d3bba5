"""Reads of events."""

from typing import Final

from functions import history
from functions.events.routes import ROUTES
from functions.process import READING, edge
from functions.reading import in_order
from shared.http.messages import Request, Response


def list_events(request: Request) -> Response:
    """A page of events."""
    from shared.projection.queries import events  # noqa: PLC0415 - see `Reading.projection`

    return READING.page(request, events, in_order(request))


def get_event(request: Request) -> Response:
    """One event."""
    return READING.record("event", request)


def list_event_parts(request: Request) -> Response:
    """A page of the events that are parts of it."""
    from shared.projection.queries import Scope, events  # noqa: PLC0415 - the same

    return READING.page(
        request, events, in_order(request), subject="event", scope=Scope(parent=request.variables["id"])
    )


def get_calendar(request: Request) -> Response:
    """The calendar of the events that pass the filters."""
    from functions.calendars.answers import of_events  # noqa: PLC0415 - only calendars need what writes them

    return of_events(READING, request)


def get_event_calendar(request: Request) -> Response:
    """The calendar of one event."""
    from functions.calendars.answers import of_event  # noqa: PLC0415 - the same

    return of_event(READING, request)


def get_event_by_ref(request: Request) -> Response:
    """The event with the external id in the path."""
    return READING.by_reference("event", request)


def list_event_history(request: Request) -> Response:
    """A page of what became of the event."""
    return history.versions(request, "event")


def get_event_version(request: Request) -> Response:
    """The event as a version of it said."""
    return history.version(request, "event")


handler: Final = edge(
    ROUTES,
    (
        list_events,
        get_event,
        list_event_parts,
        get_calendar,
        get_event_calendar,
        get_event_by_ref,
        list_event_history,
        get_event_version,
    ),
)
