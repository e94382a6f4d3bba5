"""What an office asks of jobs, and what a job tells of itself."""

from typing import Annotated, Literal

from pydantic import Field

from shared.models.base import Model, OrganisationId, RecordId, Timestamp, ToOrganisation
from shared.models.ids import JOB_PATTERN

JobId = Annotated[str, Field(pattern=JOB_PATTERN)]
Count = Annotated[int, Field(ge=0, le=999_999_999)]


class MergeInput(Model):
    """Into which organisation another one is to be merged."""

    into: Annotated[ToOrganisation, Field(description="The one that stays.")]


class JobProgress(Model):
    """How far a job has come."""

    closed: Annotated[bool | None, Field(description="Of a merge: nothing new can refer to the old one.")] = None
    moved: Annotated[Count | None, Field(description="Of a merge: records that name the other one by now.")] = None


class JobObstacle(Model):
    """What a person has to settle before a job can go on."""

    code: Annotated[str, Field(max_length=64, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    records: Annotated[list[RecordId], Field(max_length=20)]


class JobReport(Model):
    """What came of a job."""

    into: OrganisationId | None = None
    moved: Count | None = None
    keys_of_the_old: Annotated[
        list[Annotated[str, Field(max_length=32)]] | None,
        Field(max_length=2, description="Ids of keys that still belong to the old one: revoke them, make new ones."),
    ] = None
    external_ids_left: Annotated[
        list[Annotated[str, Field(max_length=161)]] | None,
        Field(max_length=6, description="Those that found no room at the new one and stay with the tombstone."),
    ] = None
    obstacles: Annotated[list[JobObstacle] | None, Field(max_length=20)] = None


class Job(Model):
    """Work that takes longer than a request."""

    type: Literal["job"]
    id: JobId
    kind: Literal["merge"]
    state: Annotated[
        Literal["running", "stopped", "finished"],
        Field(description="`stopped`: settle what the report names, and ask for the same again."),
    ]
    created_at: Timestamp
    updated_at: Timestamp
    progress: JobProgress
    report: JobReport
