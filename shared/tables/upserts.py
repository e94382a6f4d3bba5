"""Writes by an external id: a partner names its records as it does at home, and sends them whole every night."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from shared.errors import (
    ExternalIdTaken,
    Forbidden,
    Gone,
    MembershipOverlap,
    Merged,
    NotFound,
    PreconditionFailed,
    WriteContention,
)
from shared.models import ids
from shared.models.envelope import Record
from shared.models.patch import merge_patch
from shared.tables.client import time_for_another
from shared.tables.external_ids import Pair, pairs, with_pair
from shared.tables.references import resolve
from shared.tables.register import IfMatch, Outcome, Register, hash_of, require_match

Json = dict[str, Any]

DELETED: Final = (
    "The record with this external id was deleted. A POST with the id in `external_ids` starts a new one and takes the"
    " id over."
)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must hold for an upsert: the versions of If-Match, and whether anything may be created or replaced."""

    if_match: IfMatch = None
    must_exist: bool = False
    create_only: bool = False


ALWAYS = Conditions()


def upsert(
    register: Register,
    record_type: ids.RecordType,
    pair: Pair,
    body: Json,
    conditions: Conditions = ALWAYS,
    *,
    correction: bool = False,
) -> Outcome:
    """Make the body the next version of the record with this external id, or version 1 of a new one.

    The same body as last time changes nothing, even where the register kept more than was sent, unless its references
    lead elsewhere by now. Raises `ExternalIdTaken` where a record of another type has the id, `WriteContention` where
    the record loses the id meanwhile, and otherwise as `Register.replace` and `create`.
    """
    _require_scheme(register, pair)
    body, _ = resolve(register.tables, body, register.planned or {})
    input_hash = hash_of(body)
    while True:
        record_id = _holder(register, record_type, pair)
        if record_id is None:
            if conditions.must_exist:
                raise PreconditionFailed("There is no such record yet.")
            try:
                return register.create(record_type, with_pair(body, pair), input_hash=input_hash)
            except (ExternalIdTaken, MembershipOverlap) as refused:
                # Either another request has created this very record meanwhile, or another record stands against it.
                if _holder(register, record_type, pair) is None or not time_for_another():
                    raise refused from None
                continue
        if ids.type_of(record_id) != record_type:
            raise ExternalIdTaken(related=[record_id])
        return _replaced(register, record_id, pair, body, conditions, correction=correction)


def _replaced(
    register: Register, record_id: str, pair: Pair, body: Json, conditions: Conditions, *, correction: bool
) -> Outcome:
    document = register.tables.document(record_id)
    if conditions.create_only:
        raise PreconditionFailed("There is such a record already.", headers={"ETag": f'"{document.version}"'})
    input_hash = hash_of(body)
    if document.input_hash == input_hash and not correction:
        register.caller.require_change(json.loads(document.text or "{}"))
        require_match(document, conditions.if_match)
        return Outcome("unchanged", document)
    edit = register.replacing(_named(body, record_id, pair), correction=correction)
    return register.change(
        record_id, edit, conditions.if_match, input_hash=input_hash, allowed=_holding(register, pair)
    )


def patch(
    register: Register,
    record_type: ids.RecordType,
    pair: Pair,
    body: Json,
    *,
    if_match: IfMatch,
    correction: bool = False,
) -> Outcome:
    """Merge the body into the record with this external id (RFC 7396); raises as `Register.patch` and `upsert`."""
    _require_scheme(register, pair)

    def edit(held: Record) -> Record:
        merged = _named(merge_patch(held.as_input(), body), held.id, pair)
        return register.replacing(merged, correction=correction)(held)

    record_id = named(register, record_type, pair)
    return register.change(record_id, edit, if_match, input_hash=None, allowed=_holding(register, pair))


def delete(register: Register, record_type: ids.RecordType, pair: Pair, *, if_match: IfMatch) -> Outcome:
    """Leave a tombstone of the record with this external id; raises as `Register.delete` and `upsert`."""
    _require_scheme(register, pair)
    record_id = named(register, record_type, pair)
    return register.delete(record_id, if_match=if_match, allowed=_holding(register, pair))


def named(register: Register, record_type: ids.RecordType, pair: Pair) -> str:
    """The id of the record of this type with this external id; raises `NotFound` or `Gone`."""
    record_id = register.tables.holder(pair.scheme, pair.value)
    if ids.type_of(record_id) != record_type:
        raise NotFound
    return record_id


def _holder(register: Register, record_type: ids.RecordType, pair: Pair) -> str | None:
    try:
        record_id = register.tables.holder(pair.scheme, pair.value)
        if _is_own(record_id, pair) and ids.type_of(record_id) == record_type:
            register.tables.document(record_id)
    except NotFound:
        return None
    except Merged:
        raise
    except Gone:
        if pair.scheme == ids.OWN_SCHEME:
            raise
        raise Gone(DELETED) from None
    return record_id


def _holding(register: Register, pair: Pair) -> Callable[[Record], None]:
    """Refuse a record that is not the caller's, and one that has lost the id since it was looked up by it."""

    def allowed(held: Record) -> None:
        register.caller.require_change(held.as_input())
        if pair not in pairs(held) and not _is_own(held.id, pair):
            raise WriteContention

    return allowed


def _named(body: Json, record_id: str, pair: Pair) -> Json:
    """The body with the external id in it, unless that is the record's own id."""
    return body if _is_own(record_id, pair) else with_pair(body, pair)


def _is_own(record_id: str, pair: Pair) -> bool:
    return pair == Pair(ids.OWN_SCHEME, record_id)


def _require_scheme(register: Register, pair: Pair) -> None:
    if not register.caller.may_use(pair.scheme):
        raise Forbidden("That scheme of external ids belongs to another partner.")
