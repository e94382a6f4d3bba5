"""What lists show of records; for the OpenAPI document."""

from typing import Annotated, ClassVar, Generic, Literal

from pydantic import Field

from shared.models.base import (
    CooperationId,
    EventId,
    GradeCode,
    Line,
    LocalisedLine,
    MembershipId,
    Model,
    OrganisationId,
    PartialDateText,
    RecordId,
    Timestamp,
    Url,
)
from shared.models.cooperation import Party
from shared.models.envelope import Version
from shared.models.event import Organiser, When
from shared.models.ids import RecordType
from shared.models.organisation import Relation
from shared.models.page import Item, Page
from shared.models.values import DEFAULT_STATED, Certainty, OnBehalfOf, Regions, Topics
from shared.models.vocabulary import (
    Audience,
    CooperationKind,
    CooperationStatus,
    EventKind,
    EventStatus,
    OrganisationKind,
)

Name = Annotated[Line, Field(description="Its current name.")]


class Label(Model):
    """What is needed to show a reference: `name` of an organisation, `title` of an event or cooperation."""

    type: RecordType
    name: Line | None = None
    title: LocalisedLine | None = None
    kind: Annotated[str, Field(max_length=32)] | None = None
    city: Line | None = None


References = Annotated[dict[str, Label], Field(description="With `include=refs`: each id in the answer.")]


class _Summary(Model):
    """What every summary ends with."""

    ALWAYS: ClassVar[frozenset[str]] = frozenset({"managed_by"})

    version: Version
    updated_at: Timestamp
    managed_by: OrganisationId | None = None


class OrganisationSummary(_Summary):
    """An organisation in a list."""

    type: Literal["organisation"]
    id: OrganisationId
    name: Line
    kind: OrganisationKind
    legal_form: Line | None = None
    regions: Regions | None = None
    topics: Topics | None = None
    website: Url | None = None
    short_names: Annotated[list[Line], Field(max_length=200)] | None = None
    city: Annotated[Line | None, Field(description="Of the seat, else of the first office.")] = None


class NamedOrganiser(Organiser):
    """An organiser with its name."""

    name: Name | None = None


class EventSummary(_Summary):
    """An event in a list."""

    ALWAYS: ClassVar[frozenset[str]] = _Summary.ALWAYS | {"when"}

    type: Literal["event"]
    id: EventId
    title: LocalisedLine
    kind: EventKind
    status: EventStatus
    when: When | None = None
    part_of: EventId | None = None
    expected_parts: Annotated[int, Field(ge=0, le=10_000)] | None = None
    audience: Audience | None = None
    cooperation_id: CooperationId | None = None
    topics: Topics | None = None
    website: Url | None = None
    city: Line | None = None
    place_name: Line | None = None
    registration_url: Url | None = None
    organisers: Annotated[list[NamedOrganiser], Field(max_length=200)] | None = None


class NamedParty(Party):
    """A party with its name."""

    name: Name | None = None


class CooperationSummary(_Summary):
    """A cooperation in a list."""

    type: Literal["cooperation"]
    id: CooperationId
    title: LocalisedLine
    kind: CooperationKind
    status: CooperationStatus
    signed_on: PartialDateText | None = None
    effective_from: PartialDateText | None = None
    ended_on: PartialDateText | None = None
    part_of: CooperationId | None = None
    topics: Topics | None = None
    city: Line | None = None
    parties: Annotated[list[NamedParty], Field(min_length=1, max_length=30)]


class MembershipSummary(_Summary):
    """A membership in a list, with the summary of the other end: `member` or `network`."""

    type: Literal["membership"]
    id: MembershipId
    network_id: OrganisationId
    member_id: OrganisationId
    grade: GradeCode | None = None
    on_behalf_of: OnBehalfOf | None = None
    role: LocalisedLine | None = None
    since: PartialDateText | None = None
    until: PartialDateText | None = None
    as_of: PartialDateText | None = None
    certainty: Annotated[Certainty | None, Field(json_schema_extra=DEFAULT_STATED)] = None
    network_name: Line
    member_name: Line
    member: OrganisationSummary | None = None
    network: OrganisationSummary | None = None


class RelationSummary(Relation):
    """A relation, recorded at this organisation (`outgoing`) or at the other one (`incoming`)."""

    direction: Literal["outgoing", "incoming"]
    name: Name


class Tombstone(Model):
    """A deleted record in a list by time of change."""

    type: RecordType
    id: RecordId
    updated_at: Timestamp
    deleted: Literal[True]


class _Page(Page[Item], Generic[Item]):
    """A page of records, or of what ties them."""

    refs: References | None = None


class OrganisationPage(_Page[OrganisationSummary | Tombstone]):
    """A page of organisations."""


class EventPage(_Page[EventSummary | Tombstone]):
    """A page of events."""


class CooperationPage(_Page[CooperationSummary | Tombstone]):
    """A page of cooperations."""


class MembershipPage(_Page[MembershipSummary]):
    """A page of memberships."""


class RelationPage(_Page[RelationSummary]):
    """A page of relations."""
