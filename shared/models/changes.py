"""What answers about the past hold, for the OpenAPI document: the versions of a record, and the change feed."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from shared.models.base import Model, OrganisationId, Timestamp
from shared.models.cooperation import Cooperation
from shared.models.envelope import Version
from shared.models.event import Event
from shared.models.ids import ANY_ID_PATTERN, RecordType
from shared.models.membership import Membership
from shared.models.organisation import Organisation

MOST_ITEMS = 200
LARGEST_PATCH = 10_000
"""Operations; a record of 96 KB has fewer places."""
Become = Annotated[
    Literal["created", "changed", "deleted", "merged"],
    Field(description="What became of the record; `merged`: deleted, and another record took its place."),
]
Address = Annotated[str, Field(max_length=4_000)]


class PatchOperation(Model):
    """One operation of a JSON Patch (RFC 6902); `value` is there unless it removes."""

    op: Literal["add", "remove", "replace"]
    path: Annotated[str, Field(max_length=2_000, description="A JSON Pointer (RFC 6901); empty: the whole record.")]
    value: Annotated[Any, Field(description="Any JSON value; null as the whole record: deleted.")] = None


class RecordVersion(Model):
    """One version of a record."""

    ALWAYS: ClassVar[frozenset[str]] = frozenset({"by"})

    version: Version
    at: Timestamp
    change: Become
    by: Annotated[
        OrganisationId | None,
        Field(description="The organisation whose key wrote it; null: the register's own office."),
    ] = None
    patch: Annotated[
        list[PatchOperation],
        Field(max_length=LARGEST_PATCH, description="From the version before; from null for the first."),
    ]


class HistoryPage(Model):
    """A page of versions, newest first."""

    ALWAYS: ClassVar[frozenset[str]] = frozenset({"next"})

    items: Annotated[list[RecordVersion], Field(max_length=MOST_ITEMS)]
    next: Annotated[Address | None, Field(description="Address of the next page; null on the last.")] = None


class Change(Model):
    """That one version of one record exists."""

    cursor: Annotated[str, Field(max_length=2_000, description="The place behind it, for `after`.")]
    type: RecordType
    id: Annotated[str, Field(pattern=f"^{ANY_ID_PATTERN}$")]
    version: Version
    change: Become
    at: Annotated[Timestamp, Field(description="Its place in the order.")]
    late: Annotated[
        bool,
        Field(description="true: it came too late for its place, stands here again, and may follow a later version."),
    ]
    record: Annotated[
        Organisation | Membership | Event | Cooperation | None,
        Field(description="With `include=record`: what the version said; absent where it was deleted."),
    ] = None


class ChangePage(Model):
    """A page of changes, oldest first."""

    items: Annotated[list[Change], Field(max_length=MOST_ITEMS)]
    next: Annotated[Address, Field(description="Where to go on, also from the last page: more will come there.")]
    more: Annotated[bool, Field(description="Whether to go on at once, though `items` may be empty; else in a while.")]
