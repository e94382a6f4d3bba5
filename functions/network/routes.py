"""The routes of the graph, of partners and of synergies."""

from typing import Final, get_args

from shared.http.parameters import Parameter, choice, identifier, whole_number
from shared.http.routes import AS_OF, LIMIT, NEXT, TABLE_FORMATS, TABLE_LANGUAGE, Route, formats, many
from shared.models.vocabulary import TieType

ROUTES: Final = (
    Route(
        "get_graph",
        "GET",
        "/graph",
        "Who is tied to whom",
        "public",
        "Graph",
        query=(
            Parameter("root", identifier("organisation"), "Only what lies around this organisation."),
            Parameter("depth", whole_number(1, 3), "How many steps from the root.", default="1"),
            AS_OF,
            many("edge", choice(*get_args(TieType)), "Only ties of this type."),
            many("network", identifier("organisation"), "Only this network and its members, at `as_of` or ever."),
            Parameter("limit", whole_number(1, 500), "Nodes at the most.", default="150"),
            formats("json", "graphml", "dot", "svg"),
        ),
    ),
    Route(
        "list_partners",
        "GET",
        "/organisations/{id}/partners",
        "Whom it is tied to",
        "public",
        "PartnerPage",
        query=(LIMIT, NEXT, TABLE_FORMATS),
    ),
    Route(
        "list_synergies",
        "GET",
        "/synergies",
        "Who might work together",
        "public",
        "SynergyPage",
        query=(
            Parameter("organisation", identifier("organisation"), "Only pairs with this organisation."),
            many("network", identifier("organisation"), "Only pairs among this network and its members of today."),
            LIMIT,
            NEXT,
            TABLE_FORMATS,
            TABLE_LANGUAGE,
        ),
    ),
)
