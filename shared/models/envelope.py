"""The envelope around every record, and what can be done with a record whatever its type."""

import json
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field

from shared.models import views
from shared.models.base import Instant, Model, OrganisationId, Timestamp
from shared.models.ids import RecordType
from shared.models.patch import dumps

Json = dict[str, Any]

ENVELOPE = ("type", "id", "version", "created_at", "updated_at", "managed_by")
UNSTAMPED = "0001-01-01T00:00:00.000Z"
"""The `created_at` and `updated_at` of a first version before its attempt to be written."""

Version = Annotated[int, Field(ge=1, le=999_999_999_999)]

READ_ONLY: Json = {"readOnly": True}
"""Kept by the register; taken in input only when equal to what it holds, so that what was read can be sent back."""


class RecordInput(Model):
    """What a client may send of the envelope: nothing, or exactly what the register holds."""

    type: RecordType | None = None
    id: Annotated[str | None, Field(json_schema_extra=READ_ONLY)] = None
    version: Annotated[Version | None, Field(json_schema_extra=READ_ONLY)] = None
    created_at: Annotated[Instant, Field(json_schema_extra=READ_ONLY)] = None
    updated_at: Annotated[Instant, Field(json_schema_extra=READ_ONLY)] = None
    managed_by: Annotated[OrganisationId | None, Field(json_schema_extra=READ_ONLY)] = None


class Record(Model):
    """A record as it is stored and returned."""

    ALWAYS: ClassVar[frozenset[str]] = frozenset({"managed_by"})

    type: RecordType
    id: str
    version: Version
    created_at: Timestamp
    updated_at: Timestamp
    managed_by: Annotated[
        OrganisationId | None,
        Field(description="The organisation whose office keeps the record; null: the register's own."),
    ] = None

    @classmethod
    def load(cls, public_text: str, private_text: str | None) -> Self:
        """Return the record of which these are the stored texts."""
        if private_text is None:
            return cls.model_validate_json(public_text)
        return cls.model_validate(views.join(json.loads(public_text), json.loads(private_text)))

    def stamped(self, updated_at: str) -> Self:
        """Return the record with this moment as its last change, and as its creation if it is version 1."""
        moments = {"updated_at": updated_at}
        if self.version == 1:
            moments["created_at"] = updated_at
        return self.model_copy(update=moments)

    def as_input(self) -> Json:
        """Return all of the record as JSON, in the form that PUT takes and `view=full` gives."""
        given = self.model_dump(exclude_none=True)
        return {name: given.get(name) for name in type(self).model_fields if name in given or name in self.ALWAYS}

    def texts(self) -> tuple[str, str | None]:
        """Return the JSON text that everybody may read, and that of what is hidden of persons (None: nothing is)."""
        public, private = views.split(self.as_input())
        return dumps(public), dumps(private) if private else None

    def same_content(self, other: "Record") -> bool:
        """Tell whether the other record says the same, whatever its version and the time of its last change."""
        kept = {"version": self.version, "updated_at": self.updated_at}
        return {**other.as_input(), **kept} == self.as_input()
