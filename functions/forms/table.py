"""Lists as tables: CSV by RFC 4180, each list with columns of its own that stay as they are.

A column may be added at the end of a table, none is moved or renamed.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from shared.models.languages import in_language

Json = Mapping[str, Any]
Cell = Callable[[Json, str], object]
"""Gives what stands in a column for an item, in a language; None leaves it empty."""
Columns = Mapping[str, Cell]

SEPARATOR: Final = " | "
"""Between the values of a cell that holds several."""
_FORMULA: Final = re.compile(r"(?:^|(?<=[;\t\r\n]))(?='*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")
"""Where a text might become a formula, as OWASP lists it, full-width signs among it: at its beginning, and where a
spreadsheet that parts cells by semicolons or tabs begins one. What looks as if it had been made harmless is treated
alike, so that the apostrophes can be taken away again."""


def written(items: Iterable[Json], columns: Columns, language: str) -> str:
    """Return the table with a head, lines ending in CRLF; what might be a formula has an apostrophe before it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(columns)
    writer.writerows([_text(cell(item, language)) for cell in columns.values()] for item in items)
    return stream.getvalue()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        value = SEPARATOR.join(str(each) for each in value)
    return _FORMULA.sub("'", value) if isinstance(value, str) else str(value)


def _at(*path: str) -> Cell:
    """Return what stands at a path of fields."""

    def cell(item: Json, _: str) -> object:
        found: Any = item
        for name in path:
            found = (found or {}).get(name)
        return found

    return cell


def _said(*path: str) -> Cell:
    """Return a text of several languages in the one that is asked for, or the nearest."""
    at = _at(*path)

    def cell(item: Json, language: str) -> object:
        texts: Any = at(item, language)
        return in_language(texts, language)[1] if texts else None

    return cell


def _each(field: str, name: str) -> Cell:
    """Return that field of every entry of a list; entries without it keep their place."""

    def cell(item: Json, _: str) -> object:
        values = [entry.get(name, "") for entry in item.get(field, ())]
        return [" + ".join(value) if isinstance(value, list) else value for value in values]

    return cell


def _said_in_each(field: str, name: str) -> Cell:
    """Return a text of several languages of every entry of a list."""
    said = _said(name)
    return lambda item, language: [said(entry, language) for entry in item[field]]


def _plain(*names: str) -> dict[str, Cell]:
    return {name: _at(name) for name in names}


_BEGINNING: Final = _plain("type", "id")
_END: Final = _plain("version", "updated_at", "managed_by", "deleted")

_ORGANISATION: Final[Columns] = {
    **_BEGINNING,
    **_plain("name", "kind", "legal_form", "short_names", "city", "regions", "topics", "website"),
    **_END,
}
_EVENT: Final[Columns] = {
    **_BEGINNING,
    "title": _said("title"),
    **_plain("kind", "status"),
    **{name: _at("when", name) for name in ("start", "end", "timezone", "extent", "precision")},
    **_plain("place_name", "city", "audience"),
    "organiser_ids": _each("organisers", "organisation_id"),
    "organiser_names": _each("organisers", "name"),
    "organiser_roles": _each("organisers", "role"),
    **_plain("part_of", "expected_parts", "cooperation_id", "topics", "website", "registration_url"),
    **_END,
}
_COOPERATION: Final[Columns] = {
    **_BEGINNING,
    "title": _said("title"),
    **_plain("kind", "status", "signed_on", "effective_from", "ended_on"),
    "party_ids": _each("parties", "organisation_id"),
    "party_names": _each("parties", "name"),
    "party_roles": _each("parties", "roles"),
    **_plain("part_of", "city", "topics"),
    **_END,
}


def _membership(other: str) -> Columns:
    """Return the columns of a membership, with some of its other end."""
    return {
        **_BEGINNING,
        **_plain("network_id", "network_name", "member_id", "member_name", "grade"),
        "role": _said("role"),
        **_plain("since", "until", "as_of", "certainty"),
        **{f"{other}_{name}": _at(other, name) for name in ("kind", "city", "website")},
        **_END,
    }


_RELATION: Final[Columns] = _plain(
    "direction", "kind", "organisation_id", "name", "since", "until", "as_of", "certainty", "note", "sources"
)
_OFFERING: Final[Columns] = {
    "title": _said("title"),
    "kind": _at("kind"),
    "description": _said("description"),
    "topics": _at("topics"),
    "organisation_id": _at("organisation", "id"),
    "organisation_name": _at("organisation", "name"),
    "organisation_city": _at("organisation", "city"),
    "organisation_website": _at("organisation", "website"),
    "network_ids": _each("networks", "id"),
    "network_names": _each("networks", "name"),
    **_plain("since", "until", "as_of", "certainty", "note", "sources"),
}
_PARTNER: Final[Columns] = {
    **_plain("id", "name", "kind", "city", "weight"),
    **{f"tie_{name}s": _each("ties", name) for name in ("type", "weight")},
    "tie_evidence": _each("ties", "evidence"),
}
_SYNERGY: Final[Columns] = {
    "score": _at("score"),
    **{f"organisation_{name}s": _each("organisations", name) for name in ("id", "name", "kind")},
    "reasons": _said_in_each("reasons", "text"),
    "reason_kinds": _each("reasons", "kind"),
    "reason_weights": _each("reasons", "weight"),
    "reason_evidence": _each("reasons", "evidence"),
}

COLUMNS: Final[Mapping[str, Columns]] = {
    "list_organisations": _ORGANISATION,
    **dict.fromkeys(("list_events", "list_event_parts", "list_organisation_events", "list_cooperation_events"), _EVENT),
    **dict.fromkeys(("list_cooperations", "list_cooperation_parts", "list_organisation_cooperations"), _COOPERATION),
    "list_members": _membership("member"),
    "list_memberships": _membership("network"),
    "list_relations": _RELATION,
    "list_offerings": _OFFERING,
    "list_partners": _PARTNER,
    "list_synergies": _SYNERGY,
    "list_topics": _plain("topic", "organisations", "events", "cooperations", "offerings"),
    "list_regions": _plain("region", "organisations", "events", "cooperations", "offerings"),
}
"""The columns of each list, by its operation."""
