"""What becomes of records when one organisation turns out to be another: pure rules on plain JSON."""

from collections.abc import Mapping
from typing import Any, Final

from shared.models import dates

Json = dict[str, Any]

_CARRIED: Final = frozenset({"value", "kind", "lang", "since", "until", "as_of", "certainty", "note"})
"""Fields of a name that mean the same in another record; sources and claims belong to the one that they stand in."""


def redirected(record: Mapping[str, Any], old: str, new: str) -> Json:
    """Return a record with the new organisation wherever it named the old one.

    What then would say the same twice is said once, and a relation of the new one to itself goes.
    """
    named: Json = _renamed(dict(record), old, new)
    if "relations" in named:
        kept = _once([one for one in named.pop("relations") if one["organisation_id"] != record["id"]])
        named |= {"relations": kept} if kept else {}
    if "organisers" in named:
        named["organisers"] = _once(named["organisers"])
    if "parties" in named:
        named["parties"] = _one_entry_per_period(named["parties"], new)
    behalf = named.get("on_behalf_of", {})
    if "organisation_ids" in behalf:
        named["on_behalf_of"] = {**behalf, "organisation_ids": _once(behalf["organisation_ids"])}
    return named


def _renamed(value: Any, old: str, new: str) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {
            name: new if part == old and _names_another(name) else _renamed(part, old, new)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [new if part == old else _renamed(part, old, new) for part in value]
    return value


def _names_another(field: str) -> bool:
    return field.endswith("_id") or field == "managed_by"


def _once(entries: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for entry in entries:
        if entry not in kept:
            kept.append(entry)
    return kept


def _one_entry_per_period(parties: list[Json], new: str) -> list[Json]:
    """Join entries of the new organisation that certainly hold on the same day: the first stays, with all roles."""
    kept: list[Json] = []
    for party in parties:
        rival = next((one for one in kept if party["organisation_id"] == new and _is_rival(one, party)), None)
        if rival is None:
            kept.append({**party})
        elif party.get("roles"):
            rival["roles"] = _once([*rival.get("roles", ()), *party["roles"]])
    return kept


def _is_rival(one: Json, other: Json) -> bool:
    same = one["organisation_id"] == other["organisation_id"]
    stated = one.get("claim") is not None and one.get("claim") == other.get("claim")
    return same and not stated and dates.certainly_overlap(one, other)


def with_grades(into: Mapping[str, Any], old: Mapping[str, Any]) -> Json:
    """Return the organisation with those grades of the old one that it does not offer yet."""
    codes = {grade["code"] for grade in into.get("membership_grades", ())}
    missing = [
        {name: grade[name] for name in ("code", "label", "eligibility") if name in grade}
        for grade in old.get("membership_grades", ())
        if grade["code"] not in codes
    ]
    return {**into, "membership_grades": [*into.get("membership_grades", ()), *missing]} if missing else dict(into)


def joined(into: Mapping[str, Any], old: Mapping[str, Any]) -> Json:
    """Return the organisation with the names of the old one.

    The old one's name becomes an alias: it was a second name of one body, and nobody knows that it ever ceased.
    """
    found = dict(into)
    given = {found["name"], *(entry["value"] for entry in found.get("other_names", ()))}
    others = [{"value": old["name"], "kind": "alias"}, *old.get("other_names", ())]
    for entry in others:
        if entry["value"] not in given:
            carried = {name: entry[name] for name in entry if name in _CARRIED}
            found["other_names"] = [*found.get("other_names", ()), carried]
            given.add(entry["value"])
    return found
