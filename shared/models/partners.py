"""What partners send beside records: who keeps a record, a party's answer, rows to import."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from shared.errors import InvalidContent
from shared.models import faults
from shared.models.base import Model, ToOrganisation
from shared.models.envelope import Version
from shared.models.ids import RecordType
from shared.models.vocabulary import MOST_ROWS

Json = dict[str, Any]
Sent = TypeVar("Sent", bound=Model)


class ManagedByInput(Model):
    """Which organisation's office keeps the record from now on; null: the register's own."""

    managed_by: ToOrganisation | None


class AnswerInput(Model):
    """What a party answers."""

    state: Literal["confirmed", "declined"]


class ImportRowInput(Model):
    """One record, by an external id of it; created, or replaced as a whole."""

    type: RecordType
    ref: Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]{1,31}:.{1,128}$", description="`scheme:value`.")]
    if_version: Annotated[Version | None, Field(description="Replace this version only.")] = None
    new: Annotated[
        bool | None, Field(description="`true`: an organisation that is none of its possible duplicates. Enter it.")
    ] = None
    record: Annotated[
        dict[str, Any], Field(description="As PUT takes it; `ref` need not be repeated in its `external_ids`.")
    ]


class ImportInput(Model):
    """Rows that may name each other by `ref`, in any order."""

    rows: Annotated[list[ImportRowInput], Field(min_length=1, max_length=MOST_ROWS)]


def read(model: type[Sent], body: Json) -> Sent:
    """Return what was sent; raises `InvalidContent` with everything that is wrong with it."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise InvalidContent(faults=faults.of_validation(error)) from None
