"""The write side of the register: create, replace, patch, delete, for all four types alike."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.errors import Fault, InvalidContent, NotFound, PreconditionFailed, WriteContention
from shared.models import ids
from shared.models.faults import MOST_FAULTS
from shared.models.patch import merge_patch
from shared.models.record import RECORDS, Record, RecordInput, create, parse_input, replace
from shared.tables.client import time_for_another, wait_before
from shared.tables.references import resolve
from shared.tables.tables import Document, Tables
from shared.tables.version import Version
from shared.tables.writing import Referrers, Write

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Register:
    """What may be done to records; each method is one transaction, or none when nothing changes."""

    tables: Tables
    referrers: Referrers
    """Supplies names for a refused deletion; the guards decide it."""

    def create(self, record_type: ids.RecordType, body: Json, *, managed_by: str | None = None) -> Document:
        """Write version 1 of a new record; raises `InvalidContent` or `Conflict` and its kinds."""
        content = self._parsed(record_type, body, held=None)
        milliseconds = int(self.tables.clock.now() * 1000)
        record_id = ids.new_id(record_type, milliseconds, secrets.token_bytes(ids.ENTROPY_BYTES))
        record = create(content, id=record_id, managed_by=managed_by, new_key=_person_key)
        return self._write(record, before=None)

    def held(self, record_id: str) -> tuple[Document, Record]:
        """The current version, whole; raises `NotFound` or `Gone`."""
        document = self.tables.document(record_id)
        record_type = ids.type_of(record_id)
        if record_type is None or document.text is None:
            raise NotFound
        return document, RECORDS[record_type].load(document.text, self.tables.private_text(document))

    def replace(self, record_id: str, body: Json, *, if_match: "IfMatch", correction: bool = False) -> Document:
        """Make the body the next version; the current one comes back when that changes nothing.

        Raises `NotFound`, `Gone`, `PreconditionFailed`, `InvalidContent` or `Conflict` and its kinds.
        """
        return self._change(record_id, lambda _: body, if_match, correction=correction)

    def patch(self, record_id: str, body: Json, *, if_match: "IfMatch", correction: bool = False) -> Document:
        """Merge the body into the whole record (RFC 7396); otherwise as `replace`."""
        return self._change(
            record_id, lambda record: merge_patch(record.as_input(), body), if_match, correction=correction
        )

    def _change(
        self, record_id: str, edit: Callable[[Record], Json], if_match: "IfMatch", *, correction: bool
    ) -> Document:
        def change(document: Document, record: Record) -> Document:
            content = self._parsed(record.type, edit(record), held=record)
            successor = replace(record, content, correction=correction, new_key=_person_key)
            if successor.same_content(record):
                return document
            return self._write(successor, before=_version(record))

        return self._matching(record_id, if_match, change)

    def delete(self, record_id: str, *, if_match: "IfMatch") -> Document:
        """Leave a tombstone; raises as `replace` does, and `StillReferred` while others name the record."""

        def bury(_: Document, record: Record) -> Document:
            return Write(self.tables, record_id, record.type, _version(record), None, self.referrers).run()

        return self._matching(record_id, if_match, bury)

    def _matching(self, record_id: str, if_match: "IfMatch", write: Callable[[Document, Record], Document]) -> Document:
        """Carry out a write to the current version, if If-Match names it.

        `*` is never refused for another writer's speed (RFC 9110, section 13.1.1): the write begins anew.
        """
        attempt = 0
        while True:
            document, record = self.held(record_id)
            require_match(document, if_match)
            try:
                return write(document, record)
            except PreconditionFailed:
                if if_match is not None:
                    raise
                if not time_for_another():
                    raise WriteContention from None
            wait_before(attempt, self.tables.clock)
            attempt += 1

    def _parsed(self, record_type: ids.RecordType, body: Json, *, held: Record | None) -> RecordInput:
        resolved, unknown = resolve(self.tables, body)
        try:
            content = parse_input(record_type, resolved, held=held)
        except InvalidContent as problem:
            if not unknown:
                raise
            raise InvalidContent(
                problem.detail, faults=[*unknown, *_elsewhere(problem, unknown)][:MOST_FAULTS]
            ) from None
        if unknown:
            raise InvalidContent(faults=unknown)
        return content

    def _write(self, record: Record, before: Version | None) -> Document:
        def render(stamp: str) -> Version:
            stamped = record.stamped(stamp)
            return Version.of(stamped.public_text(), stamped.private_text())

        return Write(self.tables, record.id, record.type, before, render, self.referrers).run()


IfMatch = frozenset[int] | None
"""The versions that If-Match names; None stands for `*`, any version."""


def require_match(document: Document, if_match: IfMatch) -> None:
    """Raise `PreconditionFailed`, with the current ETag, unless If-Match names the current version."""
    if if_match is not None and document.version not in if_match:
        raise PreconditionFailed(headers={"ETag": f'"{document.version}"'})


def _version(record: Record) -> Version:
    return Version.of(record.public_text(), record.private_text())


def _person_key() -> str:
    return f"p{secrets.token_hex(5)}"


def _elsewhere(problem: InvalidContent, unknown: list[Fault]) -> list[Fault]:
    places = {fault.pointer for fault in unknown}
    below = tuple(f"{place}/" for place in places)
    return [
        fault for fault in problem.faults if fault.pointer not in places and not (fault.pointer or "").startswith(below)
    ]
