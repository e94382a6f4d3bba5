"""External ids of a record: who may give which, and whose survive which write.

A partner may give any record an id of its own scheme. Such ids are *attached*: noted beside the document, they count
apart from those of the office that keeps the record, and no write but their giver's takes them away.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from shared.caller import PUBLIC_SCHEMES, Caller, prefix_of
from shared.errors import Conflict, Fault, Forbidden, InvalidContent, NotFound
from shared.models.envelope import Record
from shared.models.ids import OWN_SCHEME
from shared.models.rules import MOST_ATTACHED, MOST_EXTERNAL_IDS
from shared.models.text import clean

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """One external id."""

    scheme: str
    value: str

    @property
    def name(self) -> str:
        """`itnet.crm#1001`, as keys and notes have it."""
        return f"{self.scheme}#{self.value}"

    def as_json(self) -> Json:
        """Give it as records have it."""
        return {"scheme": self.scheme, "value": self.value}


@dataclass(frozen=True, slots=True)
class Settled:
    """A next version with the external ids that it will have, and which of them are attached."""

    record: Record
    attached: frozenset[str]
    is_unlike_input: bool = False
    """Whether the manager's last input, sent again, would say something else."""


Settle = Callable[[frozenset[str], Record, Record], Settled]
"""Takes which are attached now, the held version and its successor; raises what stands against it."""


def pairs(record: Record) -> list[Pair]:
    """The external ids of a record, in their order."""
    return [Pair(**entry) for entry in record.model_dump(include={"external_ids"})["external_ids"] or ()]


def with_pair(body: Json, pair: Pair) -> Json:
    """The body of a write with one external id in it, as the last one where it was not there."""
    sent = body.get("external_ids")
    if sent is not None and not isinstance(sent, list):
        return body
    if any(_cleaned(entry) == pair.as_json() for entry in sent or ()):
        return body
    return {**body, "external_ids": [*(sent or ()), pair.as_json()]}


def _cleaned(entry: object) -> object:
    if not isinstance(entry, dict):
        return entry
    try:
        return {name: clean(value) if isinstance(value, str) else value for name, value in entry.items()}
    except ValueError:
        return entry


def require_entry(caller: Caller, made: Record) -> None:
    """Raise `Forbidden` where a new record has external ids that the caller may not give it."""
    given = pairs(made)
    _require_use(caller, given, given)


def entered(made: Record) -> frozenset[str]:
    """Which external ids of a new record count as attached."""
    return _beyond_own(pairs(made), frozenset())


def _beyond_own(final: list[Pair], attached: frozenset[str]) -> frozenset[str]:
    """Note the id that an export named a record by, and what comes with it beyond an office's six, as attached."""
    if all(pair.scheme != OWN_SCHEME for pair in final):
        return attached
    own = [pair.name for pair in final if pair.scheme != OWN_SCHEME and pair.name not in attached]
    named = {pair.name for pair in final if pair.scheme == OWN_SCHEME}
    return attached | named | {*own[MOST_EXTERNAL_IDS:]}


def carried(caller: Caller) -> Settle:
    """Any write: what others attached stays, and what has a scheme that is not the caller's, even where it is left out.

    Raises `Forbidden` for a new id of such a scheme, `InvalidContent` for too many, and as `attaching` where the caller
    is not the office that keeps the record.
    """

    def settle(attached: frozenset[str], held: Record, successor: Record) -> Settled:
        old, new = pairs(held), pairs(successor)
        given = [pair for pair in new if pair not in old]
        _require_use(caller, given, new)
        kept = [pair for pair in old if pair not in new and not _may_take(caller, pair, attached)]
        final = old if kept and {*new, *kept} == {*old} else [*new, *kept]
        noted = attached & {pair.name for pair in final}
        for pair in given:
            if not caller.is_admin and is_attached(caller, pair, held):
                noted = _attached(noted, pair)
        if caller.is_admin:
            noted = _beyond_own(final, noted)
        _require_bounds(final, noted)
        return Settled(successor if final == new else _with(successor, final), noted)

    return settle


def attaching(caller: Caller, pair: Pair) -> Settle:
    """Give the record one external id more; raises `Conflict` where the partner has given it another one before."""

    def settle(attached: frozenset[str], held: Record, successor: Record) -> Settled:
        old = pairs(held)
        if pair in old:
            return Settled(successor, attached)
        if not is_attached(caller, pair, held):
            _require_bounds([*old, pair], attached)
            return Settled(_with(successor, [*old, pair]), attached)
        noted = _attached(attached, pair)
        return Settled(_with(successor, [*old, pair]), noted)

    return settle


def _attached(attached: frozenset[str], pair: Pair) -> frozenset[str]:
    if any(prefix_of(name.partition("#")[0]) == prefix_of(pair.scheme) for name in attached):
        raise Conflict("A partner gives a record one id of its own: remove the other one first.")
    if sum(not _is_of_export(name) for name in attached) >= MOST_ATTACHED:
        raise Conflict(f"This record has ids of {MOST_ATTACHED} other partners; there is room for no more.")
    return attached | {pair.name}


def _is_of_export(name: str) -> bool:
    return name.startswith(f"{OWN_SCHEME}#")


def _may_take(caller: Caller, pair: Pair, attached: frozenset[str]) -> bool:
    return caller.owns_scheme(pair.scheme) or (caller.may_use(pair.scheme) and pair.name not in attached)


def is_attached(caller: Caller, pair: Pair, held: Record) -> bool:
    """Whether an id that the caller gives is another partner's, not one of the office that keeps the record."""
    if pair.scheme in PUBLIC_SCHEMES:
        return False
    return caller.is_admin or caller.organisation_id != held.managed_by


def detaching(pair: Pair) -> Settle:
    """Take one external id away; raises `NotFound` where the record does not have it."""

    def settle(attached: frozenset[str], held: Record, successor: Record) -> Settled:
        old = pairs(held)
        if pair not in old:
            raise NotFound("The record has no such external id.")
        left = _with(successor, [one for one in old if one != pair])
        return Settled(left, attached - {pair.name}, is_unlike_input=pair.name not in attached)

    return settle


def handing_over(attached: frozenset[str], held: Record, successor: Record) -> Settled:
    """Keep the ids of the office that gives the record away as those of any other partner."""
    if successor.managed_by == held.managed_by:
        return Settled(successor, attached)
    return Settled(successor, attached | {one.name for one in pairs(successor) if one.scheme not in PUBLIC_SCHEMES})


def inherited(heir: Record, attached: frozenset[str], old: Record) -> Settled:
    """Give a record the ids of one that was merged into it, as far as there is room.

    Those of public schemes become its office's own, first come, first served. All others are attached, whoever gave
    them: its office does not send them, and a later write of the office's would take them away.
    """
    final, given = pairs(heir), set(attached)
    for pair in pairs(old):
        if pair.scheme == OWN_SCHEME:
            # Exports name each record once, by the id that it had first itself.
            continue
        own = len(final) - len(given)
        if pair.scheme in PUBLIC_SCHEMES and own < MOST_EXTERNAL_IDS:
            final.append(pair)
        elif len(given) < MOST_ATTACHED:
            final.append(pair)
            given.add(pair.name)
    return Settled(_with(heir, final), frozenset(given))


def _with(record: Record, final: Iterable[Pair]) -> Record:
    fields = record.as_input()
    fields["external_ids"] = [pair.as_json() for pair in final]
    if not fields["external_ids"]:
        del fields["external_ids"]
    return type(record).model_validate(fields)


def _require_use(caller: Caller, given: Iterable[Pair], listed: list[Pair]) -> None:
    faults = [
        Fault("Use a public scheme, or one that begins with your prefix.", "foreign-scheme", pointer=place)
        for pair in given
        if not caller.may_use(pair.scheme)
        for place in [f"/external_ids/{listed.index(pair)}/scheme"]
    ]
    if faults:
        raise Forbidden("That scheme of external ids belongs to another partner.", faults=faults)


def _require_bounds(final: list[Pair], attached: frozenset[str]) -> None:
    counted = [pair for pair in final if pair.scheme != OWN_SCHEME]
    own = sum(pair.name not in attached for pair in counted)
    if own > MOST_EXTERNAL_IDS or len(counted) > MOST_EXTERNAL_IDS + MOST_ATTACHED:
        message = f"Give at most {MOST_EXTERNAL_IDS} external ids."
        raise InvalidContent(faults=[Fault(message, "too-many", pointer="/external_ids")])
