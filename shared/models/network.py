"""What is answered about the network of organisations, for the OpenAPI document."""

from typing import Annotated, Literal

from pydantic import Field

from shared.models.base import Line, Model, OrganisationId, PartialDateText, RecordId
from shared.models.vocabulary import OrganisationKind

Evidence = Annotated[
    list[RecordId], Field(max_length=10, description="The records that say so; of many, the last to be entered.")
]
TieType = Literal["cooperation", "membership", "event", "relation"]


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
