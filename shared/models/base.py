"""The model that all others are, and the plain values: texts, dates, addresses, references."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Annotated, Any, ClassVar, TypeVar
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import list_schema
from typing_extensions import TypeAliasType

from shared.models.dates import (
    DATE_TIME_PATTERN,
    HOME_ZONE,
    INSTANT_PATTERN,
    PARTIAL_DATE_PATTERN,
    is_date_time,
    parse,
    parse_date_time,
    parse_instant,
)
from shared.models.ids import ANY_ID_PATTERN, ID_PATTERN, REF_PATTERN
from shared.models.text import LINE_PATTERN, REFUSED, TEXT_PATTERN, clean

T = TypeVar("T")

LONGEST_LIST = 200
GIVEN_EVEN_IF_NULL = frozenset({"when", "managed_by", "next", "by"})
"""Fields that every answer has: null says that there is nothing, not that nobody looked."""

_NULL = {"type": "null"}


class Model(BaseModel):
    """Refuses unknown fields and coercion; null in input means absent, and answers leave absent fields out."""

    # Built when `record.prepare` says so: a writer needs two or four of a hundred models by themselves.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True, defer_build=True)

    ALWAYS: ClassVar[frozenset[str]] = frozenset()
    """Fields that the register fills in: optional in input, there in every answer."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the schema; in that of answers no field is nullable but those that are always given."""
        reference = handler(schema)
        described = handler.resolve_ref_schema(reference)
        properties = described.get("properties", {})
        for name, field in properties.items():
            field.pop("title", None)
            if field.get("default", ...) is None:
                del field["default"]
            if handler.mode == "serialization" and name not in GIVEN_EVEN_IF_NULL:
                _refuse_null(field)
        if handler.mode == "serialization":
            required = {*described.get("required", ()), *cls.ALWAYS}
            described["required"] = [name for name in properties if name in required]
        return reference


def _refuse_null(field: JsonSchemaValue) -> None:
    choices = [choice for choice in field.pop("anyOf", ()) if choice != _NULL]
    if len(choices) == 1:
        field.update({**choices[0], **field})
    elif choices:
        field["anyOf"] = choices


class Schema:
    """Says in JSON Schema what a validator says in code: the keywords replace or add to those of the type."""

    def __init__(self, **keywords: Any) -> None:  # noqa: ANN401 - any JSON value
        """Keep the keywords."""
        self.keywords = keywords

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the type's own schema with the keywords."""
        return {**handler(schema), **self.keywords}


def given(*names: str, without: Sequence[str] = ()) -> dict[str, Any]:
    """Say in JSON Schema that fields are there and others are not, where null means absent."""
    told = {name: {"not": _NULL} for name in names} | dict.fromkeys(without, _NULL)
    return {"type": "object", "required": [*names], "properties": told}


def checked(check: Callable[[str], Any], code: str, message: str) -> AfterValidator:
    """Return a validator that keeps the text and turns the check's ValueError into a fault."""

    def validate(text: str) -> str:
        try:
            check(text)
        except ValueError:
            raise PydanticCustomError(code, "{message}", {"message": message}) from None
        return text

    return AfterValidator(validate)


def _cleaned(value: object, *, multiline: bool) -> object:
    if not isinstance(value, str):
        return value
    try:
        return clean(value, multiline=multiline)
    except ValueError:
        raise PydanticCustomError("characters", "") from None


def _line(value: object) -> object:
    return _cleaned(value, multiline=False)


def _text(value: object) -> object:
    return _cleaned(value, multiline=True)


def _without_null(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {name: part for name, part in value.items() if part is not None}


def _unique(values: list[T]) -> list[T]:
    if len(set(values)) < len(values):
        raise PydanticCustomError("duplicate", "")
    return values


CLEAN = BeforeValidator(_line)
Line = TypeAliasType("Line", Annotated[str, Field(min_length=1, max_length=300), CLEAN, Schema(pattern=LINE_PATTERN)])
"""One line: names, titles, streets."""
Text = TypeAliasType(
    "Text", Annotated[str, Field(min_length=1, max_length=10_000), BeforeValidator(_text), Schema(pattern=TEXT_PATTERN)]
)
Note = TypeAliasType(
    "Note", Annotated[str, Field(min_length=1, max_length=1_000), BeforeValidator(_text), Schema(pattern=TEXT_PATTERN)]
)
Quote = Annotated[str, Field(min_length=1, max_length=500), BeforeValidator(_text), Schema(pattern=TEXT_PATTERN)]

LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*$"
Language = Annotated[str, Field(pattern=LANGUAGE_PATTERN, max_length=35), CLEAN]
"""A language tag (BCP 47) in its usual case: `de`, `en`, `de-CH`, `zh-Hant`."""


class _Languages:
    """Describes a text in several languages by its values and the names of its members."""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        described = handler(schema)
        (text,) = described.pop("patternProperties").values()
        described["propertyNames"] = {"pattern": LANGUAGE_PATTERN, "maxLength": 35}
        described["additionalProperties"] = text
        if handler.mode == "validation":
            described |= {"additionalProperties": {"anyOf": [text, _NULL]}, "not": {"additionalProperties": _NULL}}
        return described


_LANGUAGES = (Field(min_length=1, max_length=20), _Languages(), BeforeValidator(_without_null))
LocalisedLine = TypeAliasType("LocalisedLine", Annotated[dict[Language, Line], *_LANGUAGES])
"""A title or label in one or more languages: `{"de": "…", "en": "…"}`."""
LocalisedText = TypeAliasType("LocalisedText", Annotated[dict[Language, Text], *_LANGUAGES])
"""A longer text in one or more languages."""

Many = Annotated[list[T], Field(max_length=LONGEST_LIST)]
Distinct = Annotated[list[T], Field(max_length=20), AfterValidator(_unique), Schema(uniqueItems=True)]

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64), CLEAN]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64), CLEAN]
"""A short name inside one record, for a source or a claim."""
GradeCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=32), CLEAN]
"""What a network calls one of its membership grades."""
PersonKey = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,32}$"), CLEAN]
Pointer = Annotated[str, Field(pattern=rf"^(/([^/~{REFUSED}]|~[01])*)*$", max_length=300), CLEAN]
"""A JSON Pointer (RFC 6901)."""

Region = Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$"), CLEAN]
"""ISO 3166-2, such as `DE-TH`."""
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$"), CLEAN]
"""ISO 3166-1 alpha-2."""
PostalCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9 -]*[A-Za-z0-9])?$", max_length=12), CLEAN]
Phone = Annotated[str, Field(min_length=1, max_length=100), CLEAN, Schema(pattern=LINE_PATTERN)]

_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LONGEST_LOCAL_PART = 64


def _require_local_part(address: str) -> None:
    if len(address.partition("@")[0]) > _LONGEST_LOCAL_PART:
        raise ValueError(address)


Email = Annotated[
    str,
    Field(pattern=rf"^{_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})+$", max_length=254),
    CLEAN,
    checked(_require_local_part, "pattern", "Give an e-mail address."),
    Schema(format="email"),
]
"""A mailbox whose local part is no quoted string (RFC 5321, sections 4.1.2 and 4.5.3.1.1)."""
_PATH = r"([A-Za-z0-9._~:/@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
_REST = r"([A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
Url = TypeAliasType(
    "Url",
    Annotated[
        str,
        Field(
            # Path, query and fragment of RFC 3986, and before them no `@`: no user name in an address.
            pattern=rf"^https?://{_LABEL}(\.{_LABEL})*\.?(:[0-9]{{1,5}})?"
            rf"(/{_PATH})?(\?{_REST})?(#{_REST})?$",
            max_length=2_000,
        ),
        CLEAN,
        Schema(format="uri"),
    ],
)
"""An http or https address, other characters encoded (RFC 3986)."""

PartialDateText = TypeAliasType(
    "PartialDateText",
    Annotated[
        str,
        CLEAN,
        checked(parse, "partial-date", "Give a date such as 2023-09-11, 2023-09, 2023~ or [..2015-09-16] that exists."),
        Schema(
            pattern=PARTIAL_DATE_PATTERN, maxLength=15, examples=["2018-01-11", "2023-09", "2018~", "[..2015-09-16]"]
        ),
    ],
)
"""A date as precise as known (EDTF): a day, month or year, `~` for about, `[..D]` not later, `[D..]` not earlier."""


def _parse_point(text: str) -> None:
    _ = parse_date_time(text) if is_date_time(text) else parse(text)


Point = TypeAliasType(
    "Point",
    Annotated[
        str,
        CLEAN,
        checked(_parse_point, "partial-date", "Give a date such as 2023-09-11 or 2023-09, or a time 2018-01-11T17:00."),
        Schema(
            pattern=f"{PARTIAL_DATE_PATTERN}|{DATE_TIME_PATTERN}",
            maxLength=16,
            examples=["2023-06-15", "2023-09", "2018-01-11T17:00"],
        ),
    ],
)
"""A partial date, or a local date-time to the minute."""

TIMESTAMP_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$"
Timestamp = Annotated[str, Field(pattern=TIMESTAMP_PATTERN), Schema(format="date-time")]
"""An instant (RFC 3339) in UTC, to the millisecond."""


def _written(text: str) -> str:
    try:
        return parse_instant(text)
    except ValueError:
        message = "Give a moment (RFC 3339) that exists, such as 2026-11-21T09:30:00Z."
        raise PydanticCustomError("moment", "{message}", {"message": message}) from None


class _AsSent:
    """Describes an instant: in answers as the register writes it, in input in any way that RFC 3339 has as well."""

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        forms = [TIMESTAMP_PATTERN] if handler.mode == "serialization" else [TIMESTAMP_PATTERN, INSTANT_PATTERN]
        first, *others = [{"type": "string", "format": "date-time", "pattern": pattern} for pattern in forms]
        # Clients know the first two from the released document.
        return {"anyOf": [first, _NULL, *others]}


Instant = Annotated[Annotated[str, AfterValidator(_written)] | None, _AsSent()]
"""An instant as RFC 3339 writes it, read as the register writes it: typed clients send back what they read in their own
way. Null where there is none."""


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    """Tell whether the IANA time zone database knows the name."""
    # Listing all zones walks through hundreds of files; the usual one is known to be there.
    return name == HOME_ZONE or name in _zones()


def _require_zone(name: str) -> None:
    if not is_zone(name):
        raise ValueError(name)


TimeZone = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$", max_length=64),
    CLEAN,
    checked(_require_zone, "time-zone", "Give a time zone of the IANA database, such as Europe/Berlin."),
]


class Ref(Model):
    """A record by an external id, in input only: `{"ref": "wikidata:Q42"}` stands for the id of the record."""

    ref: Annotated[str, Field(pattern=REF_PATTERN)]


class _ByReference:
    """Describes a reference: in input an id or an external id, which is replaced before validation."""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        own = handler(schema)
        if handler.mode == "serialization":
            return own
        # Asked for the model itself, the handler would write it down here once more instead of referring to it.
        return {"anyOf": [own, handler(list_schema(Ref.__pydantic_core_schema__))["items"]]}


OrganisationId = Annotated[str, Field(pattern=ID_PATTERN["organisation"])]
MembershipId = Annotated[str, Field(pattern=ID_PATTERN["membership"])]
EventId = Annotated[str, Field(pattern=ID_PATTERN["event"])]
CooperationId = Annotated[str, Field(pattern=ID_PATTERN["cooperation"])]
RecordId = Annotated[str, Field(pattern=f"^{ANY_ID_PATTERN}$")]
ToOrganisation = TypeAliasType("ToOrganisation", Annotated[OrganisationId, _ByReference()])
ToEvent = TypeAliasType("ToEvent", Annotated[EventId, _ByReference()])
ToCooperation = TypeAliasType("ToCooperation", Annotated[CooperationId, _ByReference()])
