"""The closed lists of words, said once: models take them as types, routes as what a filter may be."""

from typing import Final, Literal

MOST_ROWS: Final = 500
"""Of an import; here, because the edge, which knows no models, counts them too."""

OrganisationKind = Literal[
    "network",
    "company",
    "university",
    "research_institute",
    "chamber",
    "public_authority",
    "association",
    "community",
    "site",
    "other",
]
TieType = Literal["cooperation", "membership", "event", "relation"]
"""What ties two organisations, in the order in which it is shown."""
DIRECTED: Final[frozenset[TieType]] = frozenset({"membership", "relation"})
"""The ties that lead from one organisation to the other; the rest mean the same both ways."""
OfferingKind = Literal["service", "product", "training", "competence"]
EventKind = Literal[
    "conference",
    "congress",
    "workshop",
    "training",
    "reception",
    "networking",
    "trade_fair",
    "members_meeting",
    "series",
    "campaign",
    "other",
]
EventStatus = Literal["planned", "scheduled", "postponed", "cancelled", "held", "unknown"]
EventRole = Literal["organiser", "co_organiser", "host", "partner", "sponsor", "supporter"]
Audience = Literal["public", "members", "invited"]
CooperationKind = Literal[
    "agreement",
    "project",
    "partnership",
    "sales_partnership",
    "working_group",
    "initiative",
    "funding_bid",
    "integration",
]
CooperationStatus = Literal["proposed", "active", "completed", "ended", "unknown"]
CooperationRole = Literal["party", "lead", "initiator", "coordinator", "carrier", "funder", "supporter", "subject"]
ConfirmationState = Literal["unanswered", "confirmed", "declined"]
