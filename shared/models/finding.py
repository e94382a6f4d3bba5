"""What a search answers; for the OpenAPI document."""

from typing import Annotated, Literal

from pydantic import Field

from shared.models.base import Line, LocalisedLine, Model, OrganisationId, RecordId
from shared.models.page import Page
from shared.models.summaries import CooperationSummary, EventSummary, OrganisationSummary

FoundType = Literal["organisation", "event", "cooperation"]
Count = Annotated[int, Field(ge=1, le=1_000_000_000)]


class Highlight(Model):
    """A text in which something was found, cut where it is long."""

    text: Annotated[str, Field(max_length=1_000)]
    ranges: Annotated[
        list[Annotated[list[Annotated[int, Field(ge=0, le=1_000)]], Field(min_length=2, max_length=2)]],
        Field(max_length=500, description="First code point of each hit, and the one behind its last."),
    ]


class Found(Model):
    """A record that was found."""

    type: FoundType
    id: RecordId
    name: Line | None = None
    title: LocalisedLine | None = None
    kind: Annotated[str, Field(max_length=32)]
    score: Annotated[int, Field(ge=0, le=10_000, description="Only to be compared within one search.")]
    highlights: Annotated[
        dict[str, Highlight], Field(max_length=5, description="By the field in which something was found.")
    ]
    summary: OrganisationSummary | EventSummary | CooperationSummary


class FacetValue(Model):
    """A value that a filter could be set to."""

    value: Line
    count: Count


class NetworkValue(FacetValue):
    """A network that the filter could be set to."""

    value: OrganisationId
    name: Line


Values = Annotated[list[FacetValue], Field(max_length=20)]


class Facets(Model):
    """How many records each filter would leave, by value; all other filters count."""

    type: Values
    kind: Values
    topic: Values
    region: Values
    city: Values
    network: Annotated[list[NetworkValue], Field(max_length=20)]


class SearchPage(Page[Found]):
    """A page of what was found, the best first."""

    facets: Facets


class Suggestion(Model):
    """What the query may be completed to."""

    text: Line
    type: FoundType
    id: RecordId


class Suggestions(Model):
    """Names and titles, the likeliest first."""

    items: Annotated[list[Suggestion], Field(max_length=10)]
