"""Rows of an import: what each says, and in which order they can be written."""

from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from shared.errors import Fault, InvalidContent, ProblemError
from shared.models import partners
from shared.models.ids import RecordType
from shared.models.record import parse_input
from shared.models.text import clean
from shared.models.vocabulary import MOST_ROWS
from shared.tables.external_ids import Pair, with_pair
from shared.tables.references import named_in, without

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` counts from 1."""

    number: int
    type: RecordType
    ref: str
    if_version: int | None
    new: bool
    record: Json

    @property
    def pair(self) -> Pair:
        """Its `ref` as an external id."""
        return Pair(*self.ref.split(":", 1))

    def by_itself(self) -> Json | None:
        """What it says without what it names by external ids; None where that breaks a rule."""
        try:
            content = parse_input(self.type, with_pair(without(self.record, named_in(self.record)), self.pair))
        except InvalidContent:
            return None
        return content.model_dump(exclude_none=True)


@dataclass(frozen=True, slots=True)
class Step:
    """One write of a row: without these references where rows name each other in a circle."""

    row: Row
    left_out: frozenset[str] = frozenset()

    @property
    def record(self) -> Json:
        """What is written."""
        return without(self.row.record, self.left_out) if self.left_out else self.row.record


def sent_rows(body: Json) -> list[Any]:
    """The rows of a body, whatever each of them is; raises `InvalidContent` where there are none or too many."""
    rows = body.get("rows")
    unknown = [Fault("Leave this field out.", "unknown-field", pointer=f"/{name}") for name in body if name != "rows"]
    if isinstance(rows, list) and 1 <= len(rows) <= MOST_ROWS and not unknown:
        return rows
    if not isinstance(rows, list):
        unknown.append(Fault("Give a list of rows.", "type" if "rows" in body else "required", pointer="/rows"))
    elif not 1 <= len(rows) <= MOST_ROWS:
        code = "too-many" if rows else "too-few"
        unknown.append(Fault(f"Send 1 to {MOST_ROWS} rows at once.", code, pointer="/rows"))
    raise InvalidContent(faults=unknown)


def read(number: int, sent: object) -> Row:
    """One row as it was sent; raises what is wrong with it, with pointers into the row."""
    if isinstance(sent, ProblemError):
        raise sent
    if not isinstance(sent, dict):
        raise InvalidContent(faults=[Fault("Give an object.", "type", pointer="")])
    row = partners.read(partners.ImportRowInput, sent)
    try:
        scheme, value = row.ref.split(":", 1)
        ref = f"{scheme}:{clean(value)}"
    except ValueError:
        message = "Leave out control characters and those that turn the direction of writing."
        raise InvalidContent(faults=[Fault(message, "characters", pointer="/ref")]) from None
    if ref.endswith(":") and not clean(value):
        raise InvalidContent(faults=[Fault("Give a value behind the colon.", "too-short", pointer="/ref")])
    return Row(number, row.type, ref, row.if_version, row.new is True, row.record)


def in_order(rows: Collection[Row], existing: AbstractSet[str]) -> Iterator[Step]:
    """Steps such that each finds what it names: rows in their order, but behind those that they name.

    In a circle one row goes first; where it names others that do not exist yet, it goes without those references, and
    a second time at the end. So does a new one that names itself, but at once.
    """
    refs = {row.ref for row in rows}
    ahead = {row.ref: (row, (named_in(row.record) & refs) - {row.ref}) for row in rows}
    again: list[Row] = []
    while ahead:
        ready = [ref for ref, (_, names) in ahead.items() if not names & ahead.keys()]
        for ref in ready:
            row, _ = ahead.pop(ref)
            if ref not in existing and ref in named_in(row.record):
                yield Step(row, frozenset({ref}))
            yield Step(row)
        if not ready:
            step = _breaking(ahead, existing)
            del ahead[step.row.ref]
            yield step
            if step.left_out:
                again.append(step.row)
    yield from map(Step, again)


def _breaking(ahead: Mapping[str, tuple[Row, set[str]]], existing: AbstractSet[str]) -> Step:
    """The step that best breaks a circle: of a row that only names what exists, or that can do without what it names.

    An event or organisation can rather than a cooperation. Memberships name what they cannot do without, but nothing
    names a membership: they are in no circle.
    """
    seen: list[str] = []
    ref = next(iter(ahead))
    while ref not in seen:
        seen.append(ref)
        ref = min(ahead[ref][1] & ahead.keys())
    circle = (ahead[one] for one in seen[seen.index(ref) :])
    steps = [
        Step(row, frozenset(((names & ahead.keys()) | (named_in(row.record) & {row.ref})) - existing))
        for row, names in circle
    ]
    rank = {"organisation": 0, "event": 1, "cooperation": 2, "membership": 3}
    return min(steps, key=lambda step: (bool(step.left_out), rank[step.row.type]))
