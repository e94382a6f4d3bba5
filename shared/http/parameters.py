"""Query parameters: what each may be, said once for the parser and for the OpenAPI document."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.errors import Fault, MalformedRequest
from shared.models import dates, ids, text

Json = dict[str, Any]

MOST_VALUES: Final = 10
SLUG: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"
REGION: Final = r"^[A-Z]{2}-[A-Z0-9]{1,3}$"
EXTERNAL_ID: Final = rf"^[a-z][a-z0-9._-]{{1,31}}:[^\s{text.REFUSED}][^{text.REFUSED}]{{0,127}}$"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value may be: a JSON Schema, and the check, which gives the value as it goes on or raises ValueError."""

    schema: Mapping[str, Any]
    parse: Callable[[str], str]
    advice: str
    names: ids.RecordType | None = None
    """The type of the record whose id it is, if it is one."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter; `many` may be repeated, and its values are alternatives (OR)."""

    name: str
    kind: Kind
    description: str
    many: bool = False
    default: str | None = None
    example: str | None = None


def _matching(pattern: str, most: int = 2000) -> Callable[[str], str]:
    compiled = re.compile(pattern)

    def parse(value: str) -> str:
        if len(value) > most or compiled.fullmatch(value) is None:
            raise ValueError
        return text.clean(value)

    return parse


def choice(*values: str) -> Kind:
    """One of these words."""

    def parse(value: str) -> str:
        if value not in values:
            raise ValueError
        return value

    return Kind({"type": "string", "enum": list(values)}, parse, f"Use one of: {', '.join(values)}.")


def identifier(record_type: ids.RecordType) -> Kind:
    """The id of a record of a type."""
    pattern = ids.ID_PATTERN[record_type]
    return Kind(
        {"type": "string", "pattern": pattern},
        _matching(pattern),
        f"Use the id of a record: {ids.PREFIXES[record_type]}…",
        names=record_type,
    )


def whole_number(least: int, most: int) -> Kind:
    """A whole number in decimal digits between two bounds, both included."""

    def parse(value: str) -> str:
        if re.fullmatch(r"[0-9]{1,9}", value) is None or not least <= int(value) <= most:
            raise ValueError
        return str(int(value))

    return Kind(
        {"type": "integer", "minimum": least, "maximum": most}, parse, f"Use a whole number from {least} to {most}."
    )


def _partial_date(value: str) -> str:
    return dates.parse(value).text


def _date_or_any(value: str) -> str:
    return value if value == "any" else _partial_date(value)


def words(most: int, advice: str) -> Kind:
    """A line of so many characters at the most."""

    def parse(value: str) -> str:
        cleaned = text.clean(value)
        if not 0 < len(cleaned) <= most:
            raise ValueError
        return cleaned

    return Kind({"type": "string", "pattern": text.LINE_PATTERN, "minLength": 1, "maxLength": most}, parse, advice)


PARTIAL_DATE: Final = Kind(
    {"type": "string", "pattern": dates.PARTIAL_DATE_PATTERN, "maxLength": 15},
    _partial_date,
    "Use a date as precise as known: 2019, 2023-09, 2018-01-11, 2018~, [..2015-09-16] or [2015..].",
)
DATE_OR_ANY: Final = Kind(
    {"anyOf": [PARTIAL_DATE.schema, {"const": "any"}]}, _date_or_any, f"{PARTIAL_DATE.advice[:-1]}, or any."
)
TOPIC: Final = Kind(
    {"type": "string", "pattern": SLUG, "maxLength": 64}, _matching(SLUG, 64), "Use a slug such as it-security."
)
ISO_REGION: Final = Kind(
    {"type": "string", "pattern": REGION}, _matching(REGION), "Use an ISO 3166-2 code such as DE-TH."
)
EXTERNAL: Final = Kind(
    {"type": "string", "pattern": EXTERNAL_ID, "maxLength": 161}, _matching(EXTERNAL_ID, 161), "Use scheme:value."
)
URL: Final = Kind(
    {"type": "string", "pattern": text.WEB_ADDRESS, "maxLength": 2000},
    _matching(text.WEB_ADDRESS),
    "Use an address with http or https.",
)
INSTANT: Final = Kind(
    {"type": "string", "format": "date-time", "pattern": dates.INSTANT_PATTERN},
    dates.parse_instant,
    "Use RFC 3339, such as 2026-11-21T09:30:00Z.",
)
CITY: Final = words(200, "Use the name of a city.")
LONGEST_QUERY: Final = 200
WORDS: Final = words(LONGEST_QUERY, f"Use a few words, at most {LONGEST_QUERY} characters.")
POINT_PATTERN: Final = (
    r"^-?(90(\.0{1,7})?|[0-8]?[0-9](\.[0-9]{1,7})?),-?(180(\.0{1,7})?|(1[0-7][0-9]|[0-9]{1,2})(\.[0-9]{1,7})?)$"
)
POINT: Final = Kind(
    {"type": "string", "pattern": POINT_PATTERN, "maxLength": 24},
    _matching(POINT_PATTERN, 24),
    "Use latitude and longitude in degrees, to at most seven decimals: 51.34,12.37.",
)
FLAG: Final = choice("true", "false")
CURSOR: Final = Kind(
    {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": 2000},
    _matching(r"[A-Za-z0-9_-]{1,2000}"),
    "Use a cursor from `next`, unchanged.",
)


def read(declared: Sequence[Parameter], sent: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The values of a query by name, parsed and with defaults.

    Raises `MalformedRequest` naming every unknown, repeated or unreadable parameter at once.
    """
    known = {parameter.name: parameter for parameter in declared}
    faults = [
        _fault(name, "unknown-parameter", "This path takes no such parameter.") for name in sent if name not in known
    ]
    values: dict[str, list[str]] = {}
    for parameter in declared:
        given = list(sent.get(parameter.name, ()))
        if len(given) > (MOST_VALUES if parameter.many else 1):
            most = f"at most {MOST_VALUES} times" if parameter.many else "once"
            faults.append(_fault(parameter.name, "repeated-parameter", f"Give it {most}."))
            continue
        try:
            found = list(dict.fromkeys(parameter.kind.parse(value) for value in given))
        except ValueError:
            faults.append(_fault(parameter.name, "invalid-parameter", parameter.kind.advice))
            continue
        if found or parameter.default is not None:
            values[parameter.name] = found or [str(parameter.default)]
    if faults:
        raise MalformedRequest(faults=faults)
    return values


def _fault(name: str, code: str, message: str) -> Fault:
    # An unknown name is what the caller made up, and may hold anything: it is cut, and only shown when harmless.
    shown = name if re.fullmatch(r"[A-Za-z0-9_.\[\]-]{1,64}", name) else "(unreadable)"
    return Fault(message, code, parameter=shown)
