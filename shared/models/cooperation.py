"""Cooperations: agreements, projects, partnerships, and what came of them."""

from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from shared.models.base import (
    CooperationId,
    Distinct,
    Instant,
    Line,
    LocalisedLine,
    LocalisedText,
    Many,
    Model,
    PartialDateText,
    ToCooperation,
    ToEvent,
    ToOrganisation,
    Url,
)
from shared.models.envelope import READ_ONLY, Record, RecordInput, Version
from shared.models.examples import COOPERATION
from shared.models.values import ExternalIds, Figure, Person, Place, Source, Statement, Topics
from shared.models.vocabulary import ConfirmationState, CooperationKind, CooperationRole, CooperationStatus


class Confirmation(Model):
    """What a party itself says of the cooperation, when, and of which version."""

    state: ConfirmationState
    at: Instant = None
    version: Version | None = None
    current: Annotated[
        bool | None,
        Field(description="Whether nothing but confirmations and external ids has changed since that version."),
    ] = None


class Party(Statement):
    """Who takes part and how; `subject` is whom it concerns without having agreed."""

    ALWAYS: ClassVar[frozenset[str]] = frozenset({"confirmation"})

    organisation_id: ToOrganisation
    roles: Distinct[CooperationRole] | None = None
    focus: LocalisedText | None = None
    signatory: Person | None = None
    confirmation: Annotated[Confirmation | None, Field(json_schema_extra=READ_ONLY)] = None


class Goal(Statement):
    """What the parties want to reach."""

    text: LocalisedText
    topics: Topics | None = None
    status: Literal["intended", "ongoing", "achieved"] | None = None


class Result(Model):
    """What came of it."""

    title: LocalisedLine
    kind: Literal["product", "event", "study", "catalogue", "other"] | None = None
    url: Url | None = None
    event_id: ToEvent | None = None


class Document(Model):
    """A document about the cooperation."""

    title: Line
    url: Url | None = None


class CooperationContent(Model):
    """What is said of a cooperation."""

    title: LocalisedLine
    kind: CooperationKind
    status: CooperationStatus
    status_as_of: PartialDateText | None = None
    parties: Annotated[
        list[Party],
        Field(
            min_length=1,
            max_length=30,
            description="One entry per organisation and period; an agreement, partnership or sales partnership needs "
            "two organisations that are not `subject`.",
        ),
    ]
    parties_complete: Annotated[bool | None, Field(description="false: others are known to exist.")] = None
    signed_on: PartialDateText | None = None
    effective_from: PartialDateText | None = None
    planned_end: PartialDateText | None = None
    ended_on: PartialDateText | None = None
    place: Place | None = None
    people: Many[Person] | None = None
    goals: Many[Goal] | None = None
    results: Many[Result] | None = None
    target_groups: Many[Line] | None = None
    open_to_partners: bool | None = None
    figures: Many[Figure] | None = None
    part_of: Annotated[ToCooperation | None, Field(description="The cooperation above; three levels at most.")] = None
    documents: Many[Document] | None = None
    topics: Topics | None = None
    description: LocalisedText | None = None
    external_ids: ExternalIds | None = None
    sources: Many[Source] | None = None


class CooperationInput(CooperationContent, RecordInput):
    """A cooperation as a client sends it."""

    model_config = ConfigDict(json_schema_extra={"examples": [COOPERATION]})

    type: Literal["cooperation"] | None = None
    id: Annotated[CooperationId | None, Field(json_schema_extra=READ_ONLY)] = None


class Cooperation(CooperationContent, Record):
    """A cooperation as it is stored and returned."""

    type: Literal["cooperation"]
    id: CooperationId
