"""What lists show of a record: JSON text ready to serve, with gaps where names of other records belong."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from shared.models.patch import dumps
from shared.models.views import city_of

Json = dict[str, Any]

MARK = "\x03"
"""Begins the name of a field whose value, an id, gives way to the name of that record.

No other field's name begins with a control character, and JSON escapes those that stand in a text together with the
quotes around them, so this marks a gap without doubt.
"""
_GAP = re.compile(r',"\\u0003([a-z_]+)":"([a-z0-9_]+)"')

_CARRIED: Mapping[str, tuple[str, ...]] = {
    "organisation": ("type", "id", "name", "kind", "legal_form", "regions", "topics", "website"),
    "event": (
        "type",
        "id",
        "title",
        "kind",
        "status",
        "when",
        "part_of",
        "expected_parts",
        "audience",
        "cooperation_id",
        "topics",
        "website",
    ),
    "cooperation": (
        "type",
        "id",
        "title",
        "kind",
        "status",
        "signed_on",
        "effective_from",
        "ended_on",
        "part_of",
        "topics",
    ),
    "membership": (
        "type",
        "id",
        "network_id",
        "member_id",
        "grade",
        "on_behalf_of",
        "role",
        "since",
        "until",
        "as_of",
        "certainty",
    ),
}
_ENVELOPE = ("version", "updated_at", "managed_by")


def summary(record: Json) -> str:
    """Return the text of a record's summary; `fill` closes its gaps."""
    carried = {name: record[name] for name in _CARRIED[record["type"]] if name in record}
    content = {**carried, **_ADDED[record["type"]](record), **{name: record[name] for name in _ENVELOPE}}
    return dumps(content)


def _of_organisation(record: Json) -> Json:
    short = [entry["value"] for entry in record.get("other_names", ()) if entry.get("kind") == "short"]
    return _present(short_names=short or None, city=city_of(record))


def _of_event(record: Json) -> Json:
    return _present(
        city=city_of(record),
        place_name=record.get("place", {}).get("name"),
        registration_url=record.get("registration", {}).get("url"),
        organisers=_with_names(record.get("organisers")),
    )


def _of_cooperation(record: Json) -> Json:
    return _present(city=city_of(record), parties=_with_names(record.get("parties")))


def _of_membership(record: Json) -> Json:
    return {
        MARK + "network_name": record["network_id"],
        MARK + "member_name": record["member_id"],
    }


_ADDED = {
    "organisation": _of_organisation,
    "event": _of_event,
    "cooperation": _of_cooperation,
    "membership": _of_membership,
}


def _present(**fields: object) -> Json:
    return {name: value for name, value in fields.items() if value is not None}


def _with_names(entries: Sequence[Json] | None) -> list[Json] | None:
    return [{**entry, MARK + "name": entry["organisation_id"]} for entry in entries] if entries else None


def named(text: str) -> set[str]:
    """Return the ids whose names a summary shows."""
    return {gap[2] for gap in _GAP.finditer(text)}


def fill(text: str, names: Mapping[str, str]) -> str:
    """Return the summary with current names (JSON texts by id) in its gaps; what has no name is left out."""
    return _GAP.sub(lambda gap: f',"{gap[1]}":{names[gap[2]]}' if gap[2] in names else "", text)
