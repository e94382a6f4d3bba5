"""Values that several records share: sources, statements, persons, places, figures."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from shared.models.base import (
    CLEAN,
    Country,
    Distinct,
    Email,
    Key,
    Line,
    LocalisedLine,
    LocalisedText,
    Many,
    Model,
    Note,
    PartialDateText,
    PersonKey,
    Phone,
    Pointer,
    PostalCode,
    Quote,
    Region,
    Schema,
    Slug,
    ToOrganisation,
    Url,
    given,
)
from shared.models.regions import HOME_COUNTRY
from shared.models.text import LINE_PATTERN

Certainty = Literal["stated", "implied", "derived"]
Topics = Distinct[Slug]
Regions = Distinct[Region]
Amount = Annotated[int, Field(ge=0, le=1_000_000_000_000)]

DEFAULT_STATED: dict[str, Any] = {"default": "stated"}


class Source(Model):
    """Who said it, where and when; `title` or `url` is required. One that no statement names speaks for the rest."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [given("title"), given("url")]})

    key: Key
    title: Line | None = None
    publisher: Line | None = None
    url: Url | None = None
    archived_url: Url | None = None
    published_on: PartialDateText | None = None
    accessed_on: PartialDateText | None = None
    quote: Quote | None = None
    note: Note | None = None
    about: Annotated[Many[Pointer] | None, Field(description="What it speaks for, where not for all.")] = None


class Statement(Model):
    """What every list entry about the world may carry: when it held, how certain it is, who says so."""

    since: PartialDateText | None = None
    until: Annotated[PartialDateText | None, Field(description="The last day, inclusive.")] = None
    as_of: Annotated[PartialDateText | None, Field(description="Known to hold then.")] = None
    certainty: Annotated[Certainty | None, Field(json_schema_extra=DEFAULT_STATED)] = None
    claim: Annotated[Key | None, Field(description="Entries with the same claim are rival statements.")] = None
    note: Note | None = None
    sources: Annotated[Distinct[Key] | None, Field(description="Keys of the record's sources.")] = None

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - pydantic's own signature
        """Return the schema with the entry's own fields first: what is said comes before since when and by whom."""
        schema = handler(source)
        inner: Any = schema.get("schema")
        if isinstance(inner, dict) and inner.get("type") == "model-fields":
            fields = inner["fields"]
            shared = cls.__mro__[cls.__mro__.index(Model) - 1].__annotations__
            mine = {name: field for name, field in fields.items() if name not in shared}
            inner["fields"] = {**mine, **{name: field for name, field in fields.items() if name not in mine}}
        return schema


class Person(Statement):
    """A person in a role; `visibility` says what the public sees (absent: all but e-mail and phone)."""

    ALWAYS: ClassVar[frozenset[str]] = frozenset({"key"})

    key: Annotated[PersonKey | None, Field(description="Stable; given by the register where absent.")] = None
    name: Line
    honorific_prefix: Line | None = None
    role: LocalisedLine | None = None
    function: (
        Literal[
            "chair",
            "vice_chair",
            "board",
            "managing_director",
            "spokesperson",
            "contact",
            "speaker",
            "moderator",
            "signatory",
            "representative",
            "other",
        ]
        | None
    ) = None
    organisation_id: ToOrganisation | None = None
    affiliation: Annotated[Line | None, Field(description="The home body at that time, as text.")] = None
    email: Email | None = None
    phone: Phone | None = None
    visibility: Annotated[
        Literal["public", "partners"] | None,
        Field(description="`public`: all of it; `partners`: publicly only name, role and function."),
    ] = None


class Location(Model):
    """A point in degrees (WGS 84)."""

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class Place(Model):
    """A place, as far as it is known."""

    name: Line | None = None
    care_of: Line | None = None
    care_of_id: ToOrganisation | None = None
    street: Line | None = None
    postal_code: PostalCode | None = None
    city: Line | None = None
    region: Region | None = None
    country: Annotated[Country | None, Field(json_schema_extra={"default": HOME_COUNTRY})] = None
    location: Location | None = None
    online_url: Url | None = None


class Figure(Statement):
    """A number that somebody gave: `value`, or `min` and `max`; `scope` where it counts something narrower."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                given("value", without=("min", "max")),
                given("min", without=("value",)),
                given("max", without=("value",)),
            ]
        }
    )

    measure: Literal[
        "members",
        "partners",
        "members_and_partners",
        "member_companies",
        "employees",
        "employees_of_members",
        "participants",
        "other",
    ]
    qualifier: Literal["exact", "about", "at_least", "at_most", "unknown"] | None = None
    value: Amount | None = None
    min: Amount | None = None
    max: Amount | None = None
    scope: Line | None = None


class ExternalId(Model):
    """What another register calls the record; a pair is unique in the whole register."""

    scheme: Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]{1,31}$"), CLEAN]
    value: Annotated[str, Field(min_length=1, max_length=128), CLEAN, Schema(pattern=LINE_PATTERN)]


ExternalIds = Annotated[
    list[ExternalId],
    Field(max_length=12, description="At most 6 of the office that keeps the record, and 6 that other partners gave."),
]


class Image(Model):
    """An image and who made it."""

    url: Url
    alt: Line | None = None
    credit: Line | None = None


class OnBehalfOf(Model):
    """For whom a member is in a network, where it is not for itself alone."""

    regions: Regions | None = None
    organisation_ids: Distinct[ToOrganisation] | None = None
    text: LocalisedText | None = None
