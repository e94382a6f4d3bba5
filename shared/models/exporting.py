"""A register as rows of an import: how an export names records, what it says of each, and in which order they stand.

Nothing in a row depends on the register that wrote it but the names, and those stay when another one imports the rows:
the export of a register that was made of an export is that export again, byte for byte.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final

from shared.models.ids import OWN_SCHEME
from shared.models.views import Json, entries, is_reference

LICENSE: Final = "license"
"""The `type` of the first row, which is no record."""
_KEPT_BY_THE_REGISTER: Final = frozenset(
    {"type", "id", "version", "created_at", "updated_at", "managed_by", "previous_when"}
)
"""What says something of this register alone, or of what has happened in it; an import takes none of it."""


def license_row(name: str, url: str) -> Json:
    """Return the first row: under which licence all others may be used."""
    return {"type": LICENSE, "name": name, "url": url}


def is_license(row: object) -> bool:
    """Tell whether a row is such a first one."""
    return isinstance(row, dict) and row.get("type") == LICENSE


def name_of(record: Json) -> str:
    """Return the `ref` of a record: the id that it had where it was entered first, for ever."""
    here = str(record["id"])
    return f"{OWN_SCHEME}:{next((value for scheme, value in _external_ids(record) if scheme == OWN_SCHEME), here)}"


def row(record: Json, names: Callable[[str], str]) -> Json:
    """Return a record, or its public part, as a row; `names` gives the `ref` of each other one.

    What people are known by (`key`) and former names that the register noted are content like any other. What each
    party answered to a cooperation is not carried: it was said of a version of this register.
    """
    content = {name: value for name, value in record.items() if name not in _KEPT_BY_THE_REGISTER and value is not None}
    external = [entry for _, entry in entries(record, "external_ids") if entry["scheme"] != OWN_SCHEME]
    if external:
        content["external_ids"] = external
    else:
        content.pop("external_ids", None)
    if "when" in content:
        content["when"] = {name: value for name, value in content["when"].items() if name != "precision"}
    if "parties" in content:
        content["parties"] = [
            {name: value for name, value in party.items() if name != "confirmation"} for party in content["parties"]
        ]
    return {"type": record["type"], "ref": names(record["id"]), "record": _by_name(content, names)}


def _external_ids(record: Json) -> Iterator[tuple[str, str]]:
    yield from ((entry["scheme"], entry["value"]) for _, entry in entries(record, "external_ids"))


def _by_name(value: Any, names: Callable[[str], str]) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value with every id of a record replaced by `{"ref": …}`."""
    if isinstance(value, list):
        return [_by_name(part, names) for part in value]
    if not isinstance(value, dict):
        return value
    found: Json = {}
    for name, part in value.items():
        if name == "organisation_ids":
            found[name] = [{"ref": names(one)} for one in part]
        elif is_reference(name):
            found[name] = {"ref": names(part)}
        else:
            found[name] = _by_name(part, names)
    return found


def in_order(named: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Yield every name behind all those that it names, as far as there are no circles; those in a circle together.

    The order depends on nothing but the names and who names whom: strongly connected components in Tarjan's order,
    without recursion, since a chain may be as long as the register.
    """
    numbers: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_names: list[str] = []
    is_open: set[str] = set()
    for first in sorted(named):
        if first in numbers:
            continue
        way = [(first, iter(sorted(named[first])))]
        numbers[first] = lowest[first] = len(numbers)
        open_names.append(first)
        is_open.add(first)
        while way:
            name, ahead = way[-1]
            other = next((one for one in ahead if one not in numbers or one in is_open), None)
            if other is not None and other in numbers:
                lowest[name] = min(lowest[name], numbers[other])
            elif other is not None:
                numbers[other] = lowest[other] = len(numbers)
                open_names.append(other)
                is_open.add(other)
                way.append((other, iter(sorted(named[other]))))
            else:
                way.pop()
                if way:
                    lowest[way[-1][0]] = min(lowest[way[-1][0]], lowest[name])
                if lowest[name] == numbers[name]:
                    component = [open_names.pop()]
                    while component[-1] != name:
                        component.append(open_names.pop())
                    is_open.difference_update(component)
                    yield from sorted(component)
