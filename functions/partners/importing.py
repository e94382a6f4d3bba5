"""Imports: many records at once, each written or refused for itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from secrets import token_bytes
from typing import Any, Final

from functions.partners import rows
from functions.partners.rows import Row, Step
from shared import budget
from shared.caller import WRITE_SCOPE
from shared.errors import Conflict, Fault, InvalidContent, MalformedRequest, ProblemError, Unavailable
from shared.models import exporting, ids
from shared.once import Once
from shared.tables import upserts
from shared.tables.references import holders, named_in
from shared.tables.register import Outcome, Register, hash_of
from shared.tables.rules import MOST_RELATED

Json = dict[str, Any]
Duplicates = Callable[[Mapping[str, Json]], Mapping[str, Sequence[str]]]
"""Takes new organisations, and gives for some of them the ids of those that they most probably are already."""

KEPT_FOR_ANSWER: Final = 2.0
"""Seconds; with less left no further row is begun."""
_DOUBTFUL: Final[Json] = {
    "pointer": "/record/name",
    "message": "This is most probably the organisation in `related`: give that one your id, or say that this is `new`.",
    "code": "possible-duplicate",
}
_VERDICTS: Final = {"created": "create", "changed": "update", "unchanged": "unchanged"}


@dataclass(slots=True)
class Import:
    """One request's rows on their way; `items` are the verdicts so far by the number of the row."""

    register: Register
    once: Once | None
    is_rehearsal: bool
    duplicates: Duplicates
    items: dict[int, Json] = field(default_factory=dict)
    planned: dict[str, str] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    """The refs of rows that were not attempted: what names them must wait for the next request too."""
    held_back: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Which organisations a row most probably is, by its ref."""

    def run(self, sent: Sequence[object]) -> list[Json]:
        """Write what time suffices for; give a verdict for every row, in their order."""
        readable = list(self._readable(sent))
        existing = holders(self.register.tables, (row.ref for row in readable))
        # All of them before the first is written, so that rows of one request do not hold each other back.
        new = {row.ref: said for row in readable if row.ref not in existing and (said := self._said_to_be_new(row))}
        self.held_back = self.duplicates(new) if new else {}
        if self.is_rehearsal:
            milliseconds = int(self.register.tables.clock.now() * 1000)
            for row in readable:
                if row.ref not in existing and row.ref not in self.held_back:
                    self.planned[row.ref] = ids.new_id(row.type, milliseconds, token_bytes(ids.ENTROPY_BYTES))
        for step in rows.in_order(readable, existing.keys()):
            self._take(step)
        return [self.items[number] for number in sorted(self.items)]

    def _readable(self, sent: Sequence[object]) -> Iterator[Row]:
        first: dict[str, int] = {}
        for number, one in enumerate(sent, start=1):
            if exporting.is_license(one):
                self.items[number] = {"row": number, "verdict": "ignored"}
                continue
            try:
                row = rows.read(number, one)
                if row.ref in first:
                    message = f"Give each record once; row {first[row.ref]} has this ref already."
                    raise InvalidContent(faults=[Fault(message, "duplicate", pointer="/ref")])
            except ProblemError as problem:
                self.items[number] = {"row": number, "verdict": "invalid", "errors": _errors(problem, "")}
                continue
            first[row.ref] = number
            yield row

    def _take(self, step: Step) -> None:
        row, before = step.row, self.items.get(step.row.number)
        if before is not None and before["verdict"] not in _VERDICTS.values():
            return
        item: Json = {"row": row.number, "ref": row.ref, "verdict": "not_attempted"}
        waits = bool(self.left and self.left & named_in(step.record))
        if not waits and budget.current().seconds_left() > KEPT_FOR_ANSWER:
            item |= self._verdict(step, is_second=before is not None)
        if before is not None and item["verdict"] == "update":
            item["verdict"] = before["verdict"]
        elif before is not None:
            # Refused at the end of a circle, it still stands as it was entered at its beginning.
            item |= {name: before[name] for name in ("id", "version") if name in before}
        self.items[row.number] = item
        if item["verdict"] == "not_attempted":
            self.left.add(row.ref)
        if item["verdict"] not in _VERDICTS.values():
            self.planned.pop(row.ref, None)

    def _verdict(self, step: Step, *, is_second: bool) -> Json:
        if step.row.ref in self.held_back:
            return {
                "verdict": "possible_duplicate",
                "errors": [_DOUBTFUL],
                "related": list(self.held_back[step.row.ref])[:MOST_RELATED],
            }
        try:
            outcome = self._written(step, is_second=is_second)
        except Unavailable as problem:
            return {"verdict": "not_attempted", "errors": _errors(problem, "")}
        except ProblemError as problem:
            # What it names may only be missing yet, in a circle or not.
            codes = {fault.code for fault in problem.faults}
            if step.left_out and isinstance(problem, InvalidContent) and codes != {"unknown-reference"}:
                detail = "Rows name each other in a circle; enter one of them without such a reference first."
                problem = Conflict(detail)
            is_content = isinstance(problem, InvalidContent | MalformedRequest)
            return _refused("invalid" if is_content else "conflict", problem)
        verdict = _VERDICTS[outcome.change]
        if self.is_rehearsal and verdict == "create":
            return {"verdict": verdict}
        return {"verdict": verdict, "id": outcome.document.id, "version": outcome.document.version}

    def _written(self, step: Step, *, is_second: bool) -> Outcome:
        row = step.row
        self.register.caller.require(WRITE_SCOPE[row.type])
        register = self.register.acting(self.register.caller, self._once(step))
        if self.is_rehearsal:
            register = replace(register, planned=self.planned)
        conditions = upserts.ALWAYS
        if row.if_version is not None and not is_second:
            conditions = upserts.Conditions(frozenset({row.if_version}), must_exist=True)
        return register.exactly_once(lambda: upserts.upsert(register, row.type, row.pair, step.record, conditions))

    def _once(self, step: Step) -> Once | None:
        """Each write of a request with an Idempotency-Key has one of its own, so that the same request goes on."""
        if self.once is None or self.is_rehearsal:
            return None
        row = step.row
        # A row that went first without some references goes whole when the request is sent again: as it did at the end.
        part = "part" if step.left_out else "whole"
        name = sha256(f"{self.once.key} {part} {row.type} {row.ref}".encode()).hexdigest()
        said = {"type": row.type, "ref": row.ref, "if_version": row.if_version, "record": row.record}
        return Once(self.once.caller, f"import-{name}", hash_of(said))

    def _said_to_be_new(self, row: Row) -> Json | None:
        """What the row says of an organisation that is to be entered now; None where it is not, or may not be."""
        caller = self.register.caller
        is_meant = row.type == "organisation" and not row.new and row.if_version is None
        is_allowed = caller.has(WRITE_SCOPE[row.type]) and caller.may_use(row.pair.scheme)
        return row.by_itself() if is_meant and is_allowed else None


def _refused(verdict: str, problem: ProblemError) -> Json:
    related = {"related": list(problem.related)} if problem.related else {}
    return {"verdict": verdict, "errors": _errors(problem, "/record"), **related}


def _errors(problem: ProblemError, place: str) -> list[Json]:
    """What stands against a row, with JSON Pointers into it."""
    if not problem.faults:
        return [{"code": problem.slug, "message": problem.detail}]
    return [
        {"pointer": f"{place}{fault.pointer or ''}", "message": fault.message, "code": fault.code}
        for fault in problem.faults
    ]
