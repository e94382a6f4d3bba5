"""What is answered about the whole register: the catalogue, and counts; for the OpenAPI document."""

from typing import Annotated

from pydantic import Field

from shared.models.base import Line, Model, OrganisationId, PartialDateText, Region, Slug, Url
from shared.models.organisation import Offering
from shared.models.page import Page
from shared.models.values import Figure, Source

Count = Annotated[int, Field(ge=0, le=1_000_000_000)]


class NamedNetwork(Model):
    """A network by its current name."""

    id: OrganisationId
    name: Line


class Offerer(Model):
    """Who offers something."""

    id: OrganisationId
    name: Line
    city: Annotated[Line | None, Field(description="Of the seat, else of the first office.")] = None
    website: Url | None = None


class CatalogueOffering(Offering):
    """An offering as the organisation's record has it, and who offers it; `sources` are keys in that record."""

    organisation: Offerer
    networks: Annotated[
        list[NamedNetwork],
        Field(max_length=20, description="What the organisation is a member of today, by name; at most 20."),
    ]


class OfferingPage(Page[CatalogueOffering]):
    """A page of the catalogue."""


class _Counts(Model):
    """What there is of a topic or a region: as many as the lists give for it."""

    organisations: Count
    events: Count
    cooperations: Count
    offerings: Count


class TopicCounts(_Counts):
    """How much there is on a topic."""

    topic: Slug


class RegionCounts(_Counts):
    """How much there is in a region."""

    region: Region


class TopicPage(Page[TopicCounts]):
    """A page of topics, the most frequent first."""


class RegionPage(Page[RegionCounts]):
    """A page of regions, the most frequent first."""


class FourCounts(Model):
    """Of each so many."""

    organisations: Count
    members: Annotated[Count, Field(description="Organisations that are members of a network.")]
    events: Count
    cooperations: Count


class YearCounts(FourCounts):
    """What there may have been in a year; of organisations, members and cooperations on some day of it."""

    year: Annotated[int, Field(ge=1, le=9999)]
    certain: Annotated[FourCounts, Field(description="How many of them certainly were, however their dates are read.")]


Kinds = Annotated[dict[str, Count], Field(description="By `kind`.")]


class KindCounts(Model):
    """How many there are of each kind."""

    organisations: Kinds
    events: Kinds
    cooperations: Kinds


class NetworkCounts(Model):
    """A network: what the register counts, and apart from it the numbers that its sources state."""

    id: OrganisationId
    name: Line
    members: Annotated[Count, Field(description="Entered in the register, and counted.")]
    events: Annotated[Count, Field(description="Organised by it or by its members.")]
    cooperations: Annotated[Count, Field(description="To which it or one of its members is a party.")]
    figures: Annotated[
        list[Figure],
        Field(max_length=200, description="As its record states them: neither counted nor rounded by the register."),
    ]
    sources: Annotated[list[Source], Field(max_length=200, description="Of these figures.")]


class Stats(FourCounts):
    """The register in numbers."""

    as_of: Annotated[PartialDateText | None, Field(description="The moment that was asked for.")] = None
    by_kind: KindCounts
    years: Annotated[
        list[YearCounts],
        Field(max_length=100, description="From the earliest date to this year or that of `as_of`; the last 100."),
    ]
    undated: Annotated[FourCounts, Field(description="How many stand in no year, for want of a date.")]
    networks: Annotated[
        list[NetworkCounts],
        Field(max_length=200, description="The networks with the most members; or those asked for."),
    ]
