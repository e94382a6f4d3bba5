"""The routes of cooperations."""

from typing import Final, get_args

from functions.alike import by_reference, external_ids, hand_over, history
from functions.events.routes import DATE_MATCH
from functions.events.routes import FILTERS as EVENT_FILTERS
from shared.http.parameters import FLAG, INSTANT, ISO_REGION, PARTIAL_DATE, TOPIC, URL, Parameter, choice, identifier
from shared.http.routes import (
    AS_OF,
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
from shared.models.vocabulary import ConfirmationState, CooperationKind, CooperationStatus

ONE: Final = "/cooperations/{id}"
CONFIRMATION: Final = f"{ONE}/parties/{{party_id}}/confirmation"

FILTERS: Final = (
    many("party", identifier("organisation"), "An organisation among its parties."),
    many("network", identifier("organisation"), "A network that is a party, or one of whose members of today is."),
    many("kind", choice(*get_args(CooperationKind)), "What it is."),
    many("status", choice(*get_args(CooperationStatus)), "How far it is."),
    many("topic", TOPIC, "Among its topics."),
    many("region", ISO_REGION, "ISO 3166-2, of any of its parties.", "DE-TH"),
    Parameter("open_to_partners", FLAG, "Whether further partners are welcome."),
    many("confirmation", choice(*get_args(ConfirmationState)), "What one of its parties answered."),
    Parameter("from", PARTIAL_DATE, "Not over before this date.", example="2015"),
    Parameter("to", PARTIAL_DATE, "Begun by this date.", example="2019"),
    DATE_MATCH,
    many("source", URL, "The address of one of its sources."),
    Parameter("updated_since", INSTANT, "Changed then or later, in order of change, deletions included."),
    ordered("By `effective_from`, else `signed_on`, newest first (`desc`) unless said otherwise; undated last."),
    LIMIT,
    NEXT,
    REFS,
    LIST_FORMATS,
    TABLE_LANGUAGE,
)

ROUTES: Final = (
    Route(
        "list_cooperations",
        "GET",
        "/cooperations",
        "Cooperations, newest first",
        "public",
        "CooperationPage",
        query=FILTERS,
    ),
    Route(
        "create_cooperation",
        "POST",
        "/cooperations",
        "Enter a cooperation",
        "cooperations:write",
        "Cooperation",
        body="CooperationInput",
        status=201,
    ),
    Route(
        "get_cooperation",
        "GET",
        ONE,
        "One cooperation",
        "public",
        "Cooperation",
        query=(AS_OF, REFS, VIEW, RECORD_FORMATS),
    ),
    Route(
        "replace_cooperation",
        "PUT",
        ONE,
        "Replace a cooperation",
        "cooperations:write",
        "Cooperation",
        body="CooperationInput",
        conditional=True,
    ),
    Route(
        "patch_cooperation",
        "PATCH",
        ONE,
        "Change parts of a cooperation (RFC 7396)",
        "cooperations:write",
        "Cooperation",
        body="CooperationPatch",
        conditional=True,
    ),
    Route(
        "delete_cooperation",
        "DELETE",
        ONE,
        "Delete a cooperation",
        "cooperations:write",
        None,
        status=204,
        conditional=True,
    ),
    Route(
        "list_cooperation_events",
        "GET",
        f"{ONE}/events",
        "The events that came of it",
        "public",
        "EventPage",
        query=EVENT_FILTERS,
    ),
    Route(
        "list_cooperation_parts",
        "GET",
        f"{ONE}/parts",
        "The cooperations below it",
        "public",
        "CooperationPage",
        query=FILTERS,
    ),
    hand_over("cooperation", ONE, "cooperations:write"),
    *history("cooperation", ONE),
    *external_ids("cooperation", ONE, "cooperations:write"),
    *by_reference("cooperation", "cooperations", "cooperations:write"),
    Route(
        "answer_cooperation",
        "PUT",
        CONFIRMATION,
        "Answer for a party",
        "cooperations:write",
        "Cooperation",
        body="AnswerInput",
        conditions=("If-Match",),
    ),
    Route(
        "take_back_answer",
        "DELETE",
        CONFIRMATION,
        "Take a party's answer back",
        "cooperations:write",
        "Cooperation",
        conditions=("If-Match",),
    ),
)
