"""The routes of the search."""

from typing import Final, get_args

from shared.http.parameters import (
    ISO_REGION,
    PARTIAL_DATE,
    POINT,
    TOPIC,
    WORDS,
    Parameter,
    choice,
    identifier,
    whole_number,
)
from shared.http.routes import LIMIT, NEXT, Route, many
from shared.models.vocabulary import CooperationKind, EventKind, OrganisationKind

_KINDS: Final = tuple(dict.fromkeys((*get_args(OrganisationKind), *get_args(EventKind), *get_args(CooperationKind))))
NETWORK: Final = many("network", identifier("organisation"), "Its members of today, and what it or they take part in.")

ROUTES: Final = (
    Route(
        "search",
        "GET",
        "/search",
        "Find organisations, events and cooperations",
        "public",
        "SearchPage",
        query=(
            Parameter("q", WORDS, "Words, in any spelling; without it all that the filters leave.", example="logistik"),
            many("type", choice("organisation", "event", "cooperation"), "Of which type."),
            many("kind", choice(*_KINDS), "What it is."),
            many("topic", TOPIC, "Among its topics."),
            many("region", ISO_REGION, "ISO 3166-2, of its place or its regions, else of a party.", "DE-SN"),
            NETWORK,
            Parameter(
                "near",
                POINT,
                "Latitude and longitude in degrees, of its place or an office of today.",
                example="51.34,12.37",
            ),
            Parameter("radius_km", whole_number(1, 500), "Kilometres around `near`, as the crow flies.", default="25"),
            Parameter("from", PARTIAL_DATE, "Not over before this date; what has no date is left out.", example="2023"),
            Parameter("to", PARTIAL_DATE, "Begun by this date; what has no date is left out.", example="2023-12"),
            LIMIT,
            NEXT,
        ),
    ),
    Route(
        "suggest",
        "GET",
        "/suggest",
        "Complete a name or title while somebody types",
        "public",
        "Suggestions",
        query=(
            Parameter("q", WORDS, "What was typed so far.", example="netzw"),
            NETWORK,
        ),
    ),
)
