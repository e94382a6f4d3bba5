"""Events: conferences, workshops, series, campaigns."""

from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from shared.models.base import (
    Distinct,
    EventId,
    Language,
    Line,
    LocalisedLine,
    LocalisedText,
    Many,
    Model,
    Note,
    PartialDateText,
    Point,
    TimeZone,
    ToCooperation,
    ToEvent,
    ToOrganisation,
    Url,
)
from shared.models.dates import HOME_ZONE, WhenPrecision
from shared.models.envelope import READ_ONLY, Record, RecordInput
from shared.models.examples import EVENT
from shared.models.values import ExternalIds, Figure, Image, Person, Place, Source, Statement, Topics
from shared.models.vocabulary import Audience, EventKind, EventRole, EventStatus


class When(Model):
    """Whole days, end inclusive, or local date-times, never mixed.

    A month or year means some day or days within it, unless `extent: whole` says that it fills its span.
    """

    ALWAYS: ClassVar[frozenset[str]] = frozenset({"precision"})

    start: Point
    end: Point | None = None
    timezone: Annotated[TimeZone | None, Field(json_schema_extra={"default": HOME_ZONE})] = None
    extent: Literal["whole"] | None = None
    precision: Annotated[WhenPrecision | None, Field(json_schema_extra=READ_ONLY)] = None


class Organiser(Statement):
    """Who organises or supports an event; equals all carry `organiser`."""

    organisation_id: ToOrganisation
    role: EventRole | None = None


class ProgrammeItem(Model):
    """One part of the programme."""

    title: LocalisedLine
    kind: Annotated[Line, Field(max_length=64)] | None = None
    starts: Point | None = None
    ends: Point | None = None
    abstract: LocalisedText | None = None
    speakers: Many[Person] | None = None


class Registration(Model):
    """How to take part."""

    url: Url | None = None
    opens_at: Point | None = None
    closes_at: Point | None = None
    capacity: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    fee: Line | None = None
    required: bool | None = None
    note: Note | None = None


class EventContent(Model):
    """What is said of an event."""

    title: LocalisedLine
    other_titles: Many[Line] | None = None
    kind: EventKind
    status: Annotated[
        EventStatus,
        Field(description="`planned`: day or place open; `scheduled`: day fixed; `postponed`: the former day is off."),
    ]
    status_as_of: PartialDateText | None = None
    when: When | None = None
    previous_when: Annotated[When | None, Field(json_schema_extra=READ_ONLY)] = None
    place: Place | None = None
    part_of: Annotated[ToEvent | None, Field(description="The event above; three levels at most.")] = None
    expected_parts: Annotated[
        Annotated[int, Field(ge=0, le=10_000)] | None,
        Field(description="In all, those recorded included."),
    ] = None
    organisers: Many[Organiser] | None = None
    people: Many[Person] | None = None
    programme: Many[ProgrammeItem] | None = None
    registration: Registration | None = None
    audience: Audience | None = None
    languages: Distinct[Language] | None = None
    topics: Topics | None = None
    cooperation_id: ToCooperation | None = None
    description: LocalisedText | None = None
    website: Url | None = None
    image: Image | None = None
    figures: Many[Figure] | None = None
    external_ids: ExternalIds | None = None
    sources: Many[Source] | None = None


class EventInput(EventContent, RecordInput):
    """An event as a client sends it."""

    model_config = ConfigDict(json_schema_extra={"examples": [EVENT]})

    type: Literal["event"] | None = None
    id: Annotated[EventId | None, Field(json_schema_extra=READ_ONLY)] = None


class Event(EventContent, Record):
    """An event as it is stored and returned."""

    ALWAYS: ClassVar[frozenset[str]] = Record.ALWAYS | {"when"}

    type: Literal["event"]
    id: EventId
