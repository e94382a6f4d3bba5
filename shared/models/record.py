"""The four types of record: from a client's body to the next version."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from pydantic import ValidationError

from shared.errors import Fault, InvalidContent
from shared.models import faults, kept, rules, views
from shared.models.cooperation import Cooperation, CooperationInput
from shared.models.envelope import UNSTAMPED, Record, RecordInput
from shared.models.event import Event, EventInput
from shared.models.ids import RecordType
from shared.models.membership import Membership, MembershipInput
from shared.models.organisation import Organisation, OrganisationInput
from shared.models.patch import dumps

__all__ = [
    "INPUTS",
    "RECORDS",
    "Record",
    "RecordInput",
    "RecordType",
    "create",
    "parse_input",
    "prepare",
    "replace",
    "rewritten",
]

Json = dict[str, Any]

RECORDS: Final[Mapping[RecordType, type[Record]]] = {
    "organisation": Organisation,
    "membership": Membership,
    "event": Event,
    "cooperation": Cooperation,
}
INPUTS: Final[Mapping[RecordType, type[RecordInput]]] = {
    "organisation": OrganisationInput,
    "membership": MembershipInput,
    "event": EventInput,
    "cooperation": CooperationInput,
}

LARGEST_RECORD: Final = 96 * 1024
"""Bytes of its JSON text in UTF-8, so that a version and its revision fit into one transaction (4 MB) with all else."""


def prepare(*record_types: RecordType) -> None:
    """Build the validators of these types now, in Lambda's init phase; those of others are built when first used."""
    for record_type in record_types:
        INPUTS[record_type].model_rebuild()
        RECORDS[record_type].model_rebuild()


def parse_input(record_type: RecordType, body: Json, *, held: Record | None = None) -> RecordInput:
    """Return what a client sent for a record; raises `InvalidContent` with everything that is wrong with it."""
    known = held.as_input() if held else {}
    found: list[Fault] = []
    content = None
    try:
        content = INPUTS[record_type].model_validate(body)
    except ValidationError as error:
        found = faults.of_validation(error)
    places = {fault.pointer for fault in found}
    between = (*kept.touched(record_type, body, known), *rules.broken(record_type, body, known))
    found += (fault for fault in between if fault.pointer not in places)
    if content is None or found:
        raise _invalid(iter(found))
    return content


def create(content: RecordInput, *, id: str, managed_by: str | None, new_key: Callable[[], str]) -> Record:
    """Return version 1 of a record, to be stamped, from what `parse_input` gave, whose rules hold for it as it is.

    Raises `InvalidContent` where it breaks a bound.
    """
    record_type = _type_of(content)
    envelope = {"type": record_type, "id": id, "version": 1, "created_at": UNSTAMPED, "updated_at": UNSTAMPED}
    fields = kept.carry_over(record_type, _sent(content), {}, correction=False, new_key=new_key)
    return _bounded(record_type, {**envelope, "managed_by": managed_by, **fields})


def replace(held: Record, content: RecordInput, *, correction: bool, new_key: Callable[[], str]) -> Record:
    """Return the next version of a record, to be stamped; raises `InvalidContent` where it breaks a bound."""
    known = held.as_input()
    envelope = {name: known[name] for name in ("type", "id", "version", "created_at", "updated_at", "managed_by")}
    fields = kept.carry_over(held.type, _sent(content), known, correction=correction, new_key=new_key)
    return _built(held.type, {**envelope, "version": held.version + 1, **fields}, known)


def rewritten(held: Record, fields: Json) -> Record:
    """Return the next version with the fields that the register itself gives it, to be stamped.

    Rules on what a client may change do not hold here; raises `InvalidContent` where it breaks any other.
    """
    return _built(held.type, {**fields, "version": held.version + 1}, {})


def _type_of(content: RecordInput) -> RecordType:
    return next(record_type for record_type, model in INPUTS.items() if isinstance(content, model))


def _sent(content: RecordInput) -> Json:
    """Return the fields that were sent, those sent as null included."""
    return content.model_dump(exclude_unset=True)


def _built(record_type: RecordType, fields: Json, held: Json) -> Record:
    # What the register keeps may break rules together with what was sent: a hidden field whose source is gone.
    found = list(rules.broken(record_type, fields, held))
    if found:
        raise _invalid(iter(found))
    return _bounded(record_type, fields)


def _bounded(record_type: RecordType, fields: Json) -> Record:
    record = RECORDS[record_type].model_validate(fields)
    whole, found = record.as_input(), []
    if len(dumps(whole).encode()) > LARGEST_RECORD:
        found.append(Fault("Shorten the record: it may take 96 KB.", "record-too-large", pointer=""))
    named = list(views.references(whole).values())
    if len(named) > views.MOST_REFERENCES:
        found.append(Fault(views.TOO_MANY_REFERENCES, "too-many-references", pointer=named[views.MOST_REFERENCES]))
    if found:
        raise InvalidContent(faults=found)
    return record


def _invalid(found: Iterator[Fault]) -> InvalidContent:
    named = list(islice(found, faults.MOST_FAULTS + 1))
    if len(named) > faults.MOST_FAULTS:
        detail = f"More than {faults.MOST_FAULTS} things are wrong; `errors` names the first of them."
        return InvalidContent(detail, faults=named[: faults.MOST_FAULTS])
    return InvalidContent(faults=named)
