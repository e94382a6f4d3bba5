"""Writes that change one thing about a record: who keeps it, what a party answers, an external id of a partner."""

from typing import Any

from shared.errors import Fault, Forbidden, InvalidContent, NotFound
from shared.models import ids, kept
from shared.models.envelope import Record
from shared.models.partners import AnswerInput, ManagedByInput, read
from shared.tables.external_ids import Pair, attaching, detaching, handing_over
from shared.tables.feed import stamp_of
from shared.tables.references import resolve
from shared.tables.register import KEPT_HASH, IfMatch, Outcome, Register

Json = dict[str, Any]


def hand_over(register: Register, record_id: str, body: Json, *, if_match: IfMatch) -> Outcome:
    """Let another office keep the record, or with null the register's own.

    Raises `Forbidden` for all but the present one, `InvalidContent` for an organisation that does not exist, and
    otherwise as `Register.replace`.
    """

    def edit(held: Record) -> Record:
        return _next(held, managed_by=_named(register, body))

    def allowed(held: Record) -> None:
        register.caller.require_management({"managed_by": held.managed_by})

    return register.change(record_id, edit, if_match, input_hash=KEPT_HASH, allowed=allowed, settle=handing_over)


def _named(register: Register, body: Json) -> str | None:
    resolved, unknown = resolve(register.tables, {"organisation_id": body.get("managed_by")})
    if unknown:
        raise _unknown()
    manager = read(
        ManagedByInput, {**body, "managed_by": resolved["organisation_id"]} if "managed_by" in body else body
    ).managed_by
    if manager is not None:
        found = register.tables.documents([manager]).get(manager)
        if found is None or found.text is None:
            raise _unknown()
    return manager


def _unknown() -> InvalidContent:
    message = "Name an organisation that exists; this one is missing or was deleted."
    return InvalidContent(faults=[Fault(message, "unknown-reference", pointer="/managed_by")])


def answer(register: Register, record_id: str, organisation_id: str, body: Json, *, if_match: IfMatch) -> Outcome:
    """Keep what a party says of the cooperation; raises `Forbidden` for all but that party, `NotFound` if it is none.

    Otherwise raises as `Register.replace`.
    """
    return _answered(register, record_id, organisation_id, read(AnswerInput, body).state, if_match)


def take_back(register: Register, record_id: str, organisation_id: str, *, if_match: IfMatch) -> Outcome:
    """Forget what a party said; raises as `answer`."""
    return _answered(register, record_id, organisation_id, None, if_match)


def _answered(
    register: Register, record_id: str, organisation_id: str, state: str | None, if_match: IfMatch
) -> Outcome:
    if ids.type_of(record_id) != "cooperation":
        raise NotFound

    def edit(held: Record) -> Record:
        at = stamp_of(register.tables.clock.now())
        fields = kept.answered(held.as_input(), organisation_id, state, at)
        if fields is None:
            raise NotFound("That organisation is no party to the cooperation.")
        return type(held).model_validate({**fields, "version": held.version + 1})

    def allowed(_: Record) -> None:
        register.caller.require_organisation(organisation_id)

    return register.change(record_id, edit, if_match, input_hash=KEPT_HASH, allowed=allowed)


def attach(register: Register, record_id: str, pair: Pair, *, if_match: IfMatch) -> Outcome:
    """Give a record an external id more, whoever keeps it, where the scheme is the caller's.

    Raises `Forbidden` where it is not, `Conflict` where the record has another of that partner or of six others, and
    otherwise as `Register.replace`.
    """
    return register.change(
        record_id,
        _next,
        if_match,
        input_hash=KEPT_HASH,
        allowed=lambda held: _require_use(register, held, pair),
        settle=attaching(register.caller, pair),
    )


def detach(register: Register, record_id: str, pair: Pair, *, if_match: IfMatch) -> Outcome:
    """Take an external id away, where its scheme is the caller's; raises `NotFound` where it is not there."""
    return register.change(
        record_id,
        _next,
        if_match,
        input_hash=KEPT_HASH,
        allowed=lambda held: _require_use(register, held, pair),
        settle=detaching(pair),
    )


def _require_use(register: Register, held: Record, pair: Pair) -> None:
    """Raise `Forbidden` unless the scheme is the caller's, or a public one and the record the caller's."""
    if not register.caller.may_use(pair.scheme):
        raise Forbidden("That scheme of external ids belongs to another partner.")
    if not register.caller.owns_scheme(pair.scheme):
        register.caller.require_change(held.as_input())


def _next(held: Record, **fields: str | None) -> Record:
    return held.model_copy(update={**fields, "version": held.version + 1})
