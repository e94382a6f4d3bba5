"""External ids as references: `{"ref": "scheme:value"}` in a body becomes the id of the record that holds the pair."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import Any, Final

from shared.errors import Fault, InvalidContent
from shared.models.ids import OWN_SCHEME, REF_PATTERN
from shared.models.patch import pointer
from shared.models.text import clean
from shared.models.views import MOST_REFERENCES, TOO_MANY_REFERENCES, objects
from shared.tables import keys
from shared.tables.tables import Tables

Path = tuple[str | int, ...]

REFERENCE_FIELDS: Final = frozenset(
    {
        "organisation_id",
        "network_id",
        "member_id",
        "care_of_id",
        "cooperation_id",
        "event_id",
        "part_of",
    }
)
REFERENCE_LISTS: Final = frozenset({"organisation_ids"})
_REF: Final = re.compile(REF_PATTERN)


def resolve(
    tables: Tables, body: dict[str, Any], planned: Mapping[str, str] = MappingProxyType({})
) -> tuple[dict[str, Any], list[Fault]]:
    """The body with every reference by external id replaced, and a fault for each that leads nowhere.

    Those that lead nowhere stay as they were sent; `planned` are ids of records that do not exist yet. One
    BatchGetItem, none when there is no such reference. Raises `InvalidContent` where there are more of them than a
    record may name others.
    """
    wanted = named_in(body)
    if not wanted:
        return body, []
    if len(wanted) > MOST_REFERENCES:
        raise InvalidContent(faults=[Fault(TOO_MANY_REFERENCES, "too-many-references", pointer="")])
    held = {**holders(tables, wanted - planned.keys()), **planned}
    resolved, faults = deepcopy(body), []
    for path, name in _references(body):
        record_id = held.get(name)
        if record_id is None:
            message = "Use the scheme and value of a record that exists."
            faults.append(Fault(message, "unknown-reference", pointer=pointer(path)))
        else:
            _holder(resolved, path)[path[-1]] = record_id
    return resolved, faults


def named_in(body: dict[str, Any]) -> set[str]:
    """The external ids (`scheme:value`) by which a body names other records."""
    return {name for _, name in _references(body)}


def holders(tables: Tables, names: Iterable[str]) -> dict[str, str]:
    """The ids of the live records that hold external ids, by `scheme:value`; one BatchGetItem for a hundred."""
    wanted = {keys.reference(*name.split(":", 1))["pk"]["S"]: name for name in names}
    if not wanted:
        return {}
    table = tables.settings.register_table
    items = tables.items({table: [keys.reference(*name.split(":", 1)) for name in sorted(wanted.values())]})[table]
    found = {wanted[item["pk"]["S"]]: item["id"]["S"] for item in items if "deleted" not in item}
    known = {wanted[item["pk"]["S"]] for item in items}
    own = {name.partition(":")[2]: name for name in wanted.values() if name.startswith(f"{OWN_SCHEME}:")}
    here = tables.documents(record_id for record_id, name in own.items() if name not in known) if own else {}
    return found | {own[record_id]: record_id for record_id, document in here.items() if document.text is not None}


def without(body: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """The body without references to these external ids: the entry of a list goes with the reference in it."""
    left = deepcopy(body)
    places = {
        path[: 1 + max((place for place, step in enumerate(path) if isinstance(step, int)), default=len(path) - 1)]
        for path, name in _references(body)
        if name in names
    }
    # What is further in or further back goes first, so that the other places stay what they are.
    for place in sorted(places, reverse=True):
        del _holder(left, place)[place[-1]]
    return left


def _holder(value: Any, path: Path) -> Any:  # noqa: ANN401 - any JSON value
    for step in path[:-1]:
        value = value[step]
    return value


def _named(value: object) -> str | None:
    # Anything else would make keys that DynamoDB refuses: too long, or two spellings of one.
    match value:
        case {"ref": str(given), **rest} if not rest:
            try:
                name = clean(given)
            except ValueError:
                return None
            return name if _REF.fullmatch(name) else None
        case _:
            return None


def _references(body: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for path, value in objects(body):
        is_in_list = len(path) > 1 and path[-2] in REFERENCE_LISTS
        name = _named(value) if is_in_list or (path and path[-1] in REFERENCE_FIELDS) else None
        if name is not None:
            yield path, name
