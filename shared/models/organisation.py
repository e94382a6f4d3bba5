"""Organisations: networks, companies, universities, chambers, authorities."""

from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field

from shared.models.base import (
    Email,
    GradeCode,
    Language,
    Line,
    LocalisedLine,
    LocalisedText,
    Many,
    Model,
    OrganisationId,
    PartialDateText,
    Phone,
    ToOrganisation,
    Url,
)
from shared.models.envelope import READ_ONLY, Record, RecordInput
from shared.models.examples import ORGANISATION
from shared.models.values import ExternalIds, Figure, Image, Person, Place, Regions, Source, Statement, Topics
from shared.models.vocabulary import OfferingKind, OrganisationKind


class OtherName(Statement):
    """A further name; one with the value of `name` dates and sources the current name."""

    value: Line
    kind: Literal["former", "official", "short", "alias"] | None = None
    lang: Language | None = None


class Office(Statement):
    """Where the organisation sits or has an office."""

    kind: Literal["seat", "office"]
    place: Place | None = None


class Offering(Statement):
    """One line of the catalogue of what the organisation offers (Leistungskatalog)."""

    title: LocalisedLine
    kind: OfferingKind | None = None
    description: LocalisedText | None = None
    topics: Topics | None = None


class Designation(Statement):
    """An award, or a recognition as a hub."""

    title: Line
    by: Line | None = None


class MembershipGrade(Statement):
    """A kind of membership that the network offers."""

    code: GradeCode
    label: LocalisedLine | None = None
    eligibility: LocalisedText | None = None


class Relation(Statement):
    """How the organisation stands to another one."""

    kind: Literal["part_of", "successor_of", "related"]
    organisation_id: ToOrganisation


MOST_GRADES: Final = 50
"""So that all of them can go at once: each is a condition in an expression of at most 4 KB (DynamoDB limit)."""


class OrganisationContent(Model):
    """What is said of an organisation."""

    name: Line
    other_names: Many[OtherName] | None = None
    kind: Annotated[
        OrganisationKind,
        Field(description="`network` wherever bringing its members together is the purpose."),
    ]
    legal_form: Annotated[
        Annotated[Line, Field(max_length=100)] | None,
        Field(description="`e.V.`, `eG`, `GmbH`, or `none`; absent: unknown."),
    ] = None
    description: LocalisedText | None = None
    founded: PartialDateText | None = None
    dissolved: PartialDateText | None = None
    focus: LocalisedText | None = None
    topics: Topics | None = None
    regions: Regions | None = None
    website: Url | None = None
    logo: Image | None = None
    email: Email | None = None
    phone: Phone | None = None
    offices: Many[Office] | None = None
    people: Many[Person] | None = None
    figures: Many[Figure] | None = None
    offerings: Many[Offering] | None = None
    reference_customers: Many[Line] | None = None
    designations: Many[Designation] | None = None
    membership_grades: Annotated[list[MembershipGrade], Field(max_length=MOST_GRADES)] | None = None
    relations: Many[Relation] | None = None
    external_ids: ExternalIds | None = None
    sources: Many[Source] | None = None


class OrganisationInput(OrganisationContent, RecordInput):
    """An organisation as a client sends it."""

    model_config = ConfigDict(json_schema_extra={"examples": [ORGANISATION]})

    type: Literal["organisation"] | None = None
    id: Annotated[OrganisationId | None, Field(json_schema_extra=READ_ONLY)] = None


class Organisation(OrganisationContent, Record):
    """An organisation as it is stored and returned."""

    type: Literal["organisation"]
    id: OrganisationId
