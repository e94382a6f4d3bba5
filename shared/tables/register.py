"""The write side of the register: create, replace, patch, delete and more, for all four types alike."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from shared.caller import OFFICE, Caller
from shared.errors import (
    AnsweredAlready,
    Conflict,
    Gone,
    InvalidContent,
    NotFound,
    PreconditionFailed,
    ProblemError,
    WriteContention,
)
from shared.models import ids, record
from shared.models.faults import MOST_FAULTS
from shared.models.patch import merge_patch
from shared.models.record import RECORDS, Record, RecordInput, parse_input
from shared.once import Once
from shared.tables.client import time_for_another, wait_before
from shared.tables.external_ids import Settle, carried, entered, require_entry
from shared.tables.idempotency import Answered, Change, Memory
from shared.tables.references import resolve
from shared.tables.tables import Document, Tables
from shared.tables.version import Version
from shared.tables.writing import Referrers, Write

Json = dict[str, Any]
IfMatch = frozenset[int] | None
"""The versions that If-Match names; None stands for `*`, any version."""
Edit = Callable[[Record], Record]
"""Gives the successor of the held version, or the held version itself where nothing changes."""

KEPT_HASH: Final = "kept"
"""In place of an input's hash: the manager's last input stays what it was, because another one writes."""
DECIDED: Final = (NotFound, Gone, PreconditionFailed, Conflict)
REFERENCE_FAULTS: Final = frozenset({"unknown-reference", "unknown-grade"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a record, and the version that says so; `replayed` when it had been done before."""

    change: Change
    document: Document
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    """What a caller may do to records; each method is one transaction, or none when nothing changes."""

    tables: Tables
    referrers: Referrers
    """Supplies names for a refused deletion; the guards decide it."""
    caller: Caller = OFFICE
    once: Once | None = None
    planned: Mapping[str, str] | None = None
    """Not None in a rehearsal, which writes nothing: ids of records that would exist by then, by `scheme:value`."""

    def acting(self, caller: Caller, once: Once | None) -> "Register":
        """The register in the hands of a caller, for one request."""
        return replace(self, caller=caller, once=once)

    def exactly_once(self, work: Callable[[], Outcome]) -> Outcome:
        """Do the work of one request, unless its Idempotency-Key says that it was done: then its answer again.

        Refusals that were decided are answers too. Raises what `work` raises, and `IdempotencyKeyReused`.
        """
        if self.once is None:
            return work()
        memory = Memory(self.tables)
        answered = memory.recall(self.once)
        if answered is not None:
            return self._replayed(answered)
        try:
            outcome = work()
        except ProblemError as problem:
            if not _is_decided(problem):
                raise
            return self._settled(memory, self.once, problem)
        if outcome.change == "unchanged":
            same = Answered("unchanged", outcome.document.id, outcome.document.version)
            answered = _earlier(memory, self.once, same)
        return outcome if answered is None else self._replayed(answered)

    def _settled(self, memory: Memory, once: Once, problem: ProblemError) -> Outcome:
        """Refuse, and remember it, unless the same request has meanwhile been answered otherwise."""
        if isinstance(problem, AnsweredAlready):
            answered = memory.recall(once)
        else:
            answered = _earlier(memory, once, Answered("refused", "", 0, problem))
        if answered is None:
            raise problem
        return self._replayed(answered)

    def _replayed(self, answered: Answered) -> Outcome:
        if answered.problem is not None:
            answered.problem.headers["Idempotent-Replayed"] = "true"
            raise answered.problem
        if ids.type_of(answered.record_id) is None:
            # Not a record but a job, which tells of itself.
            return Outcome(answered.change, Document(answered.record_id, 0, "", None), replayed=True)
        document = self.tables.revision(answered.record_id, answered.version)
        if document is None:
            raise NotFound
        return Outcome(answered.change, document, replayed=True)

    def create(self, record_type: ids.RecordType, body: Json, *, input_hash: str | None = None) -> Outcome:
        """Write version 1 of a new record; raises `InvalidContent`, `Forbidden` or `Conflict` and its kinds."""
        content = self._parsed(record_type, body, held=None)
        milliseconds = int(self.tables.clock.now() * 1000)
        record_id = ids.new_id(record_type, milliseconds, secrets.token_bytes(ids.ENTROPY_BYTES))
        manager = self.caller.organisation_id
        made = record.create(content, id=record_id, managed_by=manager, new_key=_person_key)
        self.caller.require_entry(made.as_input())
        require_entry(self.caller, made)
        return self._write(made, None, input_hash, entered(made))

    def held(self, record_id: str) -> tuple[Document, Record]:
        """The current version, whole; raises `NotFound` or `Gone`."""
        document = self.tables.document(record_id)
        record_type = ids.type_of(record_id)
        if record_type is None or document.text is None:
            raise NotFound
        return document, RECORDS[record_type].load(document.text, self.tables.private_text(document))

    def replace(self, record_id: str, body: Json, *, if_match: IfMatch, correction: bool = False) -> Outcome:
        """Make the body the next version; the current one comes back when that changes nothing.

        Raises `NotFound`, `Gone`, `Forbidden`, `PreconditionFailed`, `InvalidContent` or `Conflict` and its kinds.
        """
        edit = self.replacing(body, correction=correction)
        return self.change(record_id, edit, if_match, input_hash=hash_of(body))

    def replacing(self, body: Json, *, correction: bool = False) -> Edit:
        """The edit that makes the body the next version."""
        return lambda held: self._successor(held, body, correction=correction)

    def patch(self, record_id: str, body: Json, *, if_match: IfMatch, correction: bool = False) -> Outcome:
        """Merge the body into the whole record (RFC 7396); otherwise as `replace`."""

        def edit(held: Record) -> Record:
            return self._successor(held, merge_patch(held.as_input(), body), correction=correction)

        return self.change(record_id, edit, if_match, input_hash=None)

    def _successor(self, held: Record, body: Json, *, correction: bool) -> Record:
        content = self._parsed(held.type, body, held=held)
        return record.replace(held, content, correction=correction, new_key=_person_key)

    def change(
        self,
        record_id: str,
        edit: Edit,
        if_match: IfMatch,
        *,
        input_hash: str | None,
        allowed: Callable[[Record], None] | None = None,
        settle: Settle | None = None,
    ) -> Outcome:
        """Make what the edit gives the next version, if `allowed` (by default: the caller's record) lets it.

        `settle` decides on external ids; by default those that are not the caller's to remove stay. Raises as
        `replace`.
        """

        def write(document: Document, held: Record) -> Outcome:
            settled = (settle or carried(self.caller))(document.attached, held, edit(held))
            if settled.record.same_content(held) and settled.attached == document.attached:
                return Outcome("unchanged", document)
            kept = None if settled.is_unlike_input else document.input_hash
            known = kept if input_hash == KEPT_HASH else input_hash
            return self._write(settled.record, Version.of_record(held), known, settled.attached)

        return self._matching(record_id, if_match, write, allowed or self._require_own)

    def delete(self, record_id: str, *, if_match: IfMatch, allowed: Callable[[Record], None] | None = None) -> Outcome:
        """Leave a tombstone; raises as `change` does, and `StillReferred` while others name the record."""

        def bury(_: Document, held: Record) -> Outcome:
            return self._run(record_id, held.type, Version.of_record(held), None, None)

        return self._matching(record_id, if_match, bury, allowed or self._require_own)

    def _require_own(self, held: Record) -> None:
        self.caller.require_change(held.as_input())

    def _matching(
        self,
        record_id: str,
        if_match: IfMatch,
        write: Callable[[Document, Record], Outcome],
        allowed: Callable[[Record], None],
    ) -> Outcome:
        """Carry out a write to the current version, if the caller may and If-Match names it.

        `*` is never refused for another writer's speed (RFC 9110, section 13.1.1): the write begins anew.
        """
        attempt = 0
        while True:
            document, held = self.held(record_id)
            allowed(held)
            require_match(document, if_match)
            try:
                return write(document, held)
            except PreconditionFailed:
                if if_match is not None:
                    raise
                if not time_for_another():
                    raise WriteContention from None
            wait_before(attempt, self.tables.clock)
            attempt += 1

    def _parsed(self, record_type: ids.RecordType, body: Json, *, held: Record | None) -> RecordInput:
        resolved, unknown = resolve(self.tables, body, self.planned or {})
        try:
            return parse_input(record_type, resolved, held=held)
        except InvalidContent as problem:
            # What leads nowhere stands there as it was sent, and is refused as no id either.
            places = {fault.pointer for fault in unknown}
            others = (fault for fault in problem.faults if fault.pointer not in places)
            raise InvalidContent(problem.detail, faults=[*unknown, *others][:MOST_FAULTS]) from None

    def _write(
        self,
        successor: Record,
        before: Version | None,
        input_hash: str | None,
        attached: frozenset[str] = frozenset(),
    ) -> Outcome:
        def render(stamp: str) -> Version:
            return Version.of_record(successor.stamped(stamp))

        return self._run(successor.id, successor.type, before, render, input_hash, attached)

    def _run(
        self,
        record_id: str,
        record_type: ids.RecordType,
        before: Version | None,
        render: Callable[[str], Version] | None,
        input_hash: str | None,
        attached: frozenset[str] = frozenset(),
    ) -> Outcome:
        write = Write(
            self.tables,
            record_id,
            record_type,
            before,
            render,
            self.referrers,
            author=self.caller.name,
            once=self.once,
            input_hash=input_hash,
            attached=attached,
        )
        if self.planned is not None:
            return Outcome(write.change, write.rehearse(frozenset(self.planned.values())))
        return Outcome(write.change, write.run())


def hash_of(body: Json) -> str:
    """What tells one input from another: SHA-256 of its JSON in one canonical form."""
    return sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def require_match(document: Document, if_match: IfMatch) -> None:
    """Raise `PreconditionFailed`, with the current ETag, unless If-Match names the current version."""
    if if_match is not None and document.version not in if_match:
        raise PreconditionFailed(headers={"ETag": f'"{document.version}"'})


def _earlier(memory: Memory, once: Once, answered: Answered) -> Answered | None:
    """Remember an answer; gives the one that another attempt at the same request has left before, if any."""
    return None if memory.remember(once, answered) else memory.recall(once)


def _is_decided(problem: ProblemError) -> bool:
    """Whether the same request would be refused again: by what the register holds, not by what it is itself."""
    if isinstance(problem, InvalidContent):
        return {fault.code for fault in problem.faults} <= REFERENCE_FAULTS
    return isinstance(problem, DECIDED)


def _person_key() -> str:
    return f"p{secrets.token_hex(5)}"
