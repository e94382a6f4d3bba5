"""The routes of the catalogue and of what is counted."""

from typing import Final, get_args

from shared.http.parameters import ISO_REGION, TOPIC, WORDS, Parameter, choice, identifier
from shared.http.routes import AS_OF, LIMIT, NEXT, TABLE_FORMATS, TABLE_LANGUAGE, Route, many
from shared.models.vocabulary import OfferingKind

NETWORK: Final = many("network", identifier("organisation"), "Only what this network and its members of today do.")

ROUTES: Final = (
    Route(
        "list_offerings",
        "GET",
        "/catalogue",
        "What is offered, over several networks",
        "public",
        "OfferingPage",
        query=(
            many("topic", TOPIC, "Among the topics of the offering, or where it has none of the organisation."),
            many("network", identifier("organisation"), "Offered by this network or one of its members of today."),
            many("region", ISO_REGION, "ISO 3166-2, of the organisation, as /organisations has it.", "DE-TH"),
            many("kind", choice(*get_args(OfferingKind)), "What it is."),
            Parameter(
                "q", WORDS, "Words, all of which stand in title, description or the organisation's name.", example="web"
            ),
            LIMIT,
            NEXT,
            TABLE_FORMATS,
            TABLE_LANGUAGE,
        ),
    ),
    Route(
        "list_topics",
        "GET",
        "/topics",
        "What it is about",
        "public",
        "TopicPage",
        query=(NETWORK, LIMIT, NEXT, TABLE_FORMATS),
    ),
    Route(
        "list_regions",
        "GET",
        "/regions",
        "Where it is",
        "public",
        "RegionPage",
        query=(NETWORK, LIMIT, NEXT, TABLE_FORMATS),
    ),
    Route(
        "get_stats",
        "GET",
        "/stats",
        "How much there is, by year and network",
        "public",
        "Stats",
        query=(NETWORK, AS_OF),
    ),
)
