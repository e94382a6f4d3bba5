"""What is answered about the network of organisations, for the OpenAPI document."""

from typing import Annotated, Literal

from pydantic import Field

from shared.models.base import Line, LocalisedText, Model, OrganisationId, PartialDateText, RecordId, Slug
from shared.models.page import Page
from shared.models.vocabulary import OrganisationKind, TieType

Evidence = Annotated[
    list[RecordId], Field(max_length=10, description="The records that say so; of many, the last to be entered.")
]


class GraphNode(Model):
    """An organisation."""

    id: OrganisationId
    type: Literal["organisation"]
    name: Annotated[Line, Field(description="With `as_of` its name then.")]
    kind: OrganisationKind
    city: Annotated[Line | None, Field(description="Of the seat, else of the first office.")] = None


class Tie(Model):
    """What ties two organisations in one way."""

    type: TieType
    weight: Annotated[int, Field(ge=1, le=1_000_000, description="In how many records it stands.")]
    evidence: Evidence
    since: Annotated[PartialDateText | None, Field(description="The first beginning that is known.")] = None
    until: Annotated[PartialDateText | None, Field(description="The last end, where no end is unknown.")] = None


class GraphEdge(Tie):
    """A tie between two nodes: from the member to its network, from who records a relation; else in no direction."""

    source: OrganisationId
    target: OrganisationId


class Graph(Model):
    """Nodes and edges."""

    as_of: Annotated[PartialDateText | None, Field(description="The moment that was asked for.")] = None
    nodes: Annotated[list[GraphNode], Field(max_length=500)]
    edges: Annotated[list[GraphEdge], Field(max_length=1_000, description="The heaviest first.")]
    truncated: Annotated[bool, Field(description="Whether nodes or edges are left out because there are too many.")]


class Partner(Model):
    """An organisation that another one is tied to."""

    id: OrganisationId
    type: Literal["organisation"]
    name: Line
    kind: OrganisationKind
    city: Line | None = None
    weight: Annotated[
        int,
        Field(
            ge=1,
            le=1_000_000,
            description="5 for each cooperation, 3 for each event, 2 for each relation, 1 for each membership.",
        ),
    ]
    ties: Annotated[list[Tie], Field(min_length=1, max_length=6)]


class PartnerPage(Page[Partner]):
    """A page of partners, those with the most weight first."""


class SynergyReason(Model):
    """One thing that speaks for a pair."""

    kind: Literal["offering", "topics", "event", "partners", "region"]
    weight: Annotated[int, Field(ge=1, le=100, description="What it adds to the score.")]
    text: Annotated[LocalisedText, Field(description="In German and English.")]
    topics: Annotated[list[Slug] | None, Field(max_length=10, description="Of topics and offerings.")] = None
    evidence: Annotated[
        list[RecordId], Field(max_length=10, description="Records from which it follows; of partners, who they are.")
    ]


class Synergy(Model):
    """Two organisations that are not tied by a cooperation, a membership or a relation and might work together."""

    organisations: Annotated[list[GraphNode], Field(min_length=2, max_length=2)]
    score: Annotated[int, Field(ge=1, le=100, description="The sum of the weights.")]
    reasons: Annotated[list[SynergyReason], Field(min_length=1, max_length=5, description="The strongest first.")]


class SynergyPage(Page[Synergy]):
    """A page of pairs, the highest score first."""
