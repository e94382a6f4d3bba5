"""Memberships: who is in which network, from when to when, in which grade."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from shared.models.base import (
    GradeCode,
    LocalisedLine,
    Many,
    MembershipId,
    Model,
    Note,
    PartialDateText,
    ToOrganisation,
)
from shared.models.envelope import READ_ONLY, Record, RecordInput
from shared.models.examples import MEMBERSHIP
from shared.models.values import DEFAULT_STATED, Certainty, ExternalIds, OnBehalfOf, Source


class MembershipContent(Model):
    """What is said of a membership; leaving is `until`, a change of grade ends one and begins another."""

    network_id: ToOrganisation
    member_id: ToOrganisation
    grade: Annotated[GradeCode | None, Field(description="A code of the network; absent: unknown.")] = None
    on_behalf_of: OnBehalfOf | None = None
    role: LocalisedLine | None = None
    since: PartialDateText | None = None
    until: Annotated[PartialDateText | None, Field(description="The last day, inclusive.")] = None
    as_of: Annotated[PartialDateText | None, Field(description="Known to hold then.")] = None
    certainty: Annotated[Certainty | None, Field(json_schema_extra=DEFAULT_STATED)] = None
    note: Note | None = None
    external_ids: ExternalIds | None = None
    sources: Many[Source] | None = None


class MembershipInput(MembershipContent, RecordInput):
    """A membership as a client sends it."""

    model_config = ConfigDict(json_schema_extra={"examples": [MEMBERSHIP]})

    type: Literal["membership"] | None = None
    id: Annotated[MembershipId | None, Field(json_schema_extra=READ_ONLY)] = None


class Membership(MembershipContent, Record):
    """A membership as it is stored and returned."""

    type: Literal["membership"]
    id: MembershipId
