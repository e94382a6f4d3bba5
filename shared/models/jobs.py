"""What an office asks of jobs, and what a job tells of itself."""

from typing import Annotated, Literal

from pydantic import Field

from shared.models.base import Email, Line, Model, OrganisationId, RecordId, Timestamp, ToOrganisation
from shared.models.ids import JOB_PATTERN

JobId = Annotated[str, Field(pattern=JOB_PATTERN)]
Count = Annotated[int, Field(ge=0, le=999_999_999)]


class MergeInput(Model):
    """Into which organisation another one is to be merged."""

    into: Annotated[ToOrganisation, Field(description="The one that stays.")]


class ErasureInput(Model):
    """Whom to erase."""

    name: Annotated[Line, Field(description="As it stands in the records; umlauts and case make no difference.")]
    email: Annotated[
        Email | None, Field(description="Then only who has this address in the same entry, in any version of it.")
    ] = None
    dry_run: Annotated[bool | None, Field(description="Change nothing, report everything.")] = None


class JobProgress(Model):
    """How far a job has come."""

    closed: Annotated[bool | None, Field(description="Of a merge: nothing new can refer to the old one.")] = None
    moved: Annotated[Count | None, Field(description="Of a merge: records that name the other one by now.")] = None
    position: Annotated[Timestamp | None, Field(description="Of an erasure: records made before it are done.")] = None


class JobObstacle(Model):
    """What a person has to settle before a job can go on."""

    code: Annotated[str, Field(max_length=64, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    records: Annotated[list[RecordId], Field(max_length=20)]


class JobPlaces(Model):
    """Places in the current version of a record, or in the last one of a deleted one."""

    id: RecordId
    pointers: Annotated[list[Annotated[str, Field(max_length=2_000)]], Field(max_length=200)]


Places = Annotated[list[JobPlaces], Field(max_length=200)]


class JobReport(Model):
    """What came of a job."""

    into: OrganisationId | None = None
    moved: Count | None = None
    external_ids_left: Annotated[
        list[Annotated[str, Field(max_length=161)]] | None,
        Field(max_length=12, description="Those that found no room at the new one and stay with the tombstone."),
    ] = None
    obstacles: Annotated[list[JobObstacle] | None, Field(max_length=20)] = None
    dry_run: Annotated[bool | None, Field(description="Nothing was changed.")] = None
    records: Annotated[Count | None, Field(description="Records that named the person, in any version.")] = None
    versions: Annotated[Count | None, Field(description="Versions that did.")] = None
    found: Annotated[Places | None, Field(description="Where; empty pointers: in earlier versions only.")] = None
    unsure: Annotated[Places | None, Field(description="Persons with that name who were left, to be decided.")] = None
    mentions: Annotated[
        Places | None, Field(description="Texts with that name or address, to be mended by a human.")
    ] = None


class Job(Model):
    """Work that takes longer than a request."""

    type: Literal["job"]
    id: JobId
    kind: Literal["merge", "erasure"]
    state: Annotated[
        Literal["running", "stopped", "finished"],
        Field(description="`stopped`: settle what the report names, and ask for the same again."),
    ]
    created_at: Timestamp
    updated_at: Timestamp
    progress: JobProgress
    report: JobReport
