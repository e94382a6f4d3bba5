"""The routes of events."""

from typing import Final, get_args

from functions.alike import by_reference, external_ids, hand_over, history
from shared.http.parameters import CITY, INSTANT, ISO_REGION, PARTIAL_DATE, TOPIC, URL, Parameter, choice, identifier
from shared.http.routes import (
    AS_OF,
    CALENDAR,
    LANGUAGE,
    LIMIT,
    LIST_FORMATS,
    NEXT,
    RECORD_FORMATS,
    REFS,
    TABLE_LANGUAGE,
    VIEW,
    Route,
    many,
    ordered,
)
from shared.models.vocabulary import Audience, EventKind, EventStatus

ONE: Final = "/events/{id}"

DATE_MATCH: Final = Parameter(
    "date_match",
    choice("possible", "certain"),
    "Whether what may lie between `from` and `to` counts, or only what certainly does.",
    default="possible",
)
_PROPERTIES: Final = (
    DATE_MATCH,
    many("organiser", identifier("organisation"), "Organised by it, in any role."),
    many("network", identifier("organisation"), "Organised by it or by one of its members of today."),
    many("region", ISO_REGION, "ISO 3166-2, of its place.", "DE-SN"),
    many("city", CITY, "Of its place.", "Leipzig"),
    many("topic", TOPIC, "Among its topics."),
    many("kind", choice(*get_args(EventKind)), "What it is."),
    many("status", choice(*get_args(EventStatus)), "How certain it is, or whether it took place."),
    many("audience", choice(*get_args(Audience)), "For whom it is."),
    many("part_of", identifier("event"), "The event that it is a part of."),
    many("cooperation", identifier("cooperation"), "The cooperation that it came of."),
    many("source", URL, "The address of one of its sources."),
    Parameter("parts", choice("include", "exclude", "only"), "Events that are parts of others.", default="include"),
)
FILTERS: Final = (
    Parameter("from", PARTIAL_DATE, "Not over before this date.", example="2023-09-10"),
    Parameter("to", PARTIAL_DATE, "Begun by this date.", example="2023-09-12"),
    *_PROPERTIES,
    Parameter(
        "undated",
        choice("include", "only", "exclude"),
        "Events without a date; `exclude` by default when `from` or `to` is given, else `include`.",
    ),
    Parameter("updated_since", INSTANT, "Changed then or later, in order of change, deletions included."),
    ordered("By earliest day, whole days before times; undated last."),
    LIMIT,
    NEXT,
    REFS,
    LIST_FORMATS,
    TABLE_LANGUAGE,
)

TENTATIVE: Final = Parameter(
    "tentative",
    choice("include", "exclude"),
    "Events whose first or last day is not known: left out, or all day over their whole span.",
    default="exclude",
)
CALENDAR_FILTERS: Final = (
    Parameter(
        "from",
        PARTIAL_DATE,
        "Not over before this date; without `from` and `to` the last 365 days and all to come.",
        example="2023-09-10",
    ),
    Parameter("to", PARTIAL_DATE, "Begun by this date.", example="2023-09-12"),
    *_PROPERTIES,
    Parameter("updated_since", INSTANT, "Changed then or later."),
    TENTATIVE,
    LANGUAGE,
)

ROUTES: Final = (
    Route(
        "list_events",
        "GET",
        "/events",
        "Events, by date",
        "public",
        "EventPage",
        query=FILTERS,
        alternates=("get_calendar",),
    ),
    Route("create_event", "POST", "/events", "Enter an event", "events:write", "Event", body="EventInput", status=201),
    Route(
        "get_event",
        "GET",
        ONE,
        "One event",
        "public",
        "Event",
        query=(AS_OF, REFS, VIEW, RECORD_FORMATS),
        alternates=("get_event_calendar",),
    ),
    Route(
        "replace_event", "PUT", ONE, "Replace an event", "events:write", "Event", body="EventInput", conditional=True
    ),
    Route(
        "patch_event",
        "PATCH",
        ONE,
        "Change parts of an event (RFC 7396)",
        "events:write",
        "Event",
        body="EventPatch",
        conditional=True,
    ),
    Route("delete_event", "DELETE", ONE, "Delete an event", "events:write", None, status=204, conditional=True),
    Route(
        "list_event_parts",
        "GET",
        f"{ONE}/parts",
        "The events that are parts of it",
        "public",
        "EventPage",
        query=FILTERS,
    ),
    Route(
        "get_calendar",
        "GET",
        "/events.ics",
        "Events as a calendar to subscribe to",
        "public",
        "Calendar",
        query=CALENDAR_FILTERS,
        produces=CALENDAR,
        alternates=("list_events",),
    ),
    Route(
        "get_event_calendar",
        "GET",
        f"{ONE}.ics",
        "One event as a calendar",
        "public",
        "Calendar",
        query=(TENTATIVE, LANGUAGE),
        produces=CALENDAR,
        alternates=("get_event",),
    ),
    hand_over("event", ONE, "events:write"),
    *history("event", ONE),
    *external_ids("event", ONE, "events:write"),
    *by_reference("event", "events", "events:write"),
)
