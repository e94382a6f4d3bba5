"""The routes of feeds."""

from typing import Final

from shared.http.parameters import ISO_REGION, TOPIC, Parameter, choice, identifier
from shared.http.routes import LANGUAGE, LIMIT, Route, many
from shared.models.ids import PREFIXES

ATOM: Final = "application/atom+xml"
JSON_FEED: Final = "application/feed+json"

FILTERS: Final[tuple[Parameter, ...]] = (
    many("type", choice(*PREFIXES), "Of which type."),
    many("network", identifier("organisation"), "A network, its members of today, who is one, and what they do."),
    many("organisation", identifier("organisation"), "An organisation, its memberships and members, and what it does."),
    many("topic", TOPIC, "Among its topics; for a membership those of the member."),
    many("region", ISO_REGION, "Of its place or its regions; else of a party, or of the member.", "DE-TH"),
    LANGUAGE,
    LIMIT,
)

ROUTES: Final = (
    Route(
        "get_json_feed",
        "GET",
        "/feed.json",
        "What is new, as a JSON Feed",
        "public",
        "JsonFeed",
        query=FILTERS,
        produces=JSON_FEED,
        alternates=("get_atom_feed",),
    ),
    Route(
        "get_atom_feed",
        "GET",
        "/feed.atom",
        "What is new, as an Atom feed",
        "public",
        "AtomFeed",
        query=FILTERS,
        produces=ATOM,
        alternates=("get_json_feed",),
    ),
)
