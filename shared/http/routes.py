"""What a route is: one operation as template, edge, OpenAPI document and tests all know it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from shared.caller import Scope
from shared.http.parameters import CURSOR, PARTIAL_DATE, Kind, Parameter, choice, whole_number
from shared.models.languages import HOME_LANGUAGE

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
PREFIX: Final = "/v1"
"""The stage, which stands before every path."""
Access = Literal["public", "key"] | Scope
"""Who may call a route: anyone, whoever has a key, or a key with this scope; ownership is decided per record."""
JSON: Final = "application/json"
MERGE_PATCH: Final = "application/merge-patch+json"
NDJSON: Final = "application/x-ndjson"
CALENDAR: Final = "text/calendar"
JSON_LD: Final = "application/ld+json"
CSV: Final = "text/csv"
FORMATS: Final[Mapping[str, str]] = {
    "json": JSON,
    "jsonld": JSON_LD,
    "csv": CSV,
    "graphml": "application/graphml+xml",
    "dot": "text/vnd.graphviz",
    "svg": "image/svg+xml",
}
"""Media types by the names under which `format` asks for them."""
_ENDING: Final = re.compile(r"(?<=\})\.\w+")


@dataclass(frozen=True)
class Route:
    """One operation; `operation` is the name of its handler and its id in the document."""

    operation: str
    method: Method
    path: str
    summary: str
    access: Access
    answer: str | None
    """The schema of the answer's body; None where it has none."""
    query: Sequence[Parameter] = ()
    body: str | None = None
    """The schema of the request's body; None where none is taken."""
    status: int = 200
    produces: str = JSON
    conditional: bool = False
    """Whether If-Match is required (PUT, PATCH, DELETE)."""
    conditions: Sequence[Literal["If-Match", "If-None-Match"]] = ()
    """Those of a write that are taken where they are sent; If-None-Match means `*`, to create only."""
    rows: str | None = None
    """The list in the body whose entries are written one by one; they may come as lines too (NDJSON)."""
    greedy: bool = False
    """Whether the last variable of the path takes slashes too."""
    leads: bool = False
    """Whether the answer may be the passing address of a file elsewhere (302)."""
    alternates: Sequence[str] = ()
    """Operations of the same noun that tell the same in another form, at another address."""
    reads: bool = False
    """Whether it only reads although it is a POST, since what is asked for belongs into no address."""

    @property
    def entrance(self) -> str:
        """The path as API Gateway writes it: `/events/by-ref/{scheme}/{value+}`.

        There a part of a path is a variable as a whole or not at all: what `/events/{id}.ics` means comes in by
        `/events/{id}`, to the same function.
        """
        return f"{self.path[:-1]}+}}" if self.greedy else _ENDING.sub("", self.path)

    @cached_property
    def formats(self) -> tuple[str, ...]:
        """The names of the forms that its answer may have; the first is what it gives unasked."""
        return next((tuple(each.kind.schema["enum"]) for each in self.query if each.name == FORMAT), ())

    @cached_property
    def offers(self) -> tuple[str, ...]:
        """The media types that its answer may have, the one that it gives unasked first."""
        return tuple(FORMATS[name] for name in self.formats) or (self.produces,)

    @property
    def negotiates(self) -> bool:
        """Whether Accept has a say; not where there is one form, and not JSON: calendars, feeds, export, documentation.

        Feed readers ask for RSS by habit, and would rather have what there is than 406 (RFC 9110, section 12.5.1).
        """
        return JSON in self.offers

    @property
    def writes(self) -> bool:
        """Whether it changes anything: counted, done once for an Idempotency-Key, and open to few origins."""
        return self.method != "GET" and not self.reads

    @property
    def consumes(self) -> str | None:
        """The media type of the body."""
        if self.body is None:
            return None
        return MERGE_PATCH if self.method == "PATCH" else JSON

    @property
    def taken(self) -> tuple[str, ...]:
        """All media types that the body may have."""
        found = () if self.consumes is None else (self.consumes,)
        return (*found, NDJSON) if self.rows else found


class Routes:
    """Finds the route of a request among those of one API."""

    def __init__(self, routes: Iterable[Route]) -> None:
        """Sort the routes by path."""
        self.all = tuple(routes)
        self._paths: list[tuple[str, dict[str, Route]]] = []
        by_path: dict[str, dict[str, Route]] = {}
        for route in self.all:
            by_path.setdefault(route.path, {})[route.method] = route
        for path, methods in sorted(by_path.items(), key=lambda each: [_rank(part) for part in each[0].split("/")]):
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))
            if any(route.greedy for route in methods.values()):
                pattern = f"{pattern.removesuffix('[^/]+)')}.+)"
            self._paths.append((pattern, methods))

    def named(self, operation: str) -> Route:
        """The route of that operation."""
        return next(route for route in self.all if route.operation == operation)

    def at(self, path: str) -> tuple[Mapping[str, Route], dict[str, str]] | None:
        """The routes of a path by method, and the values of its variables; None where there is no such path."""
        for pattern, methods in self._paths:
            # Compiled when first tried, and remembered by `re`: a cold start needs few of them.
            match = re.fullmatch(pattern, path)
            if match is not None:
                return methods, match.groupdict()
        return None


def _rank(part: str) -> tuple[bool, bool, str]:
    """A fixed part of a path goes before a variable, as in API Gateway; one with an ending before a bare one."""
    return part.startswith("{"), part.endswith("}"), part


def allowed(methods: Iterable[str]) -> str:
    """The Allow header of a path: its methods, HEAD with GET, and OPTIONS."""
    found = set(methods)
    return ", ".join(sorted(found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set())))


LIMIT: Final = Parameter("limit", whole_number(1, 200), "Items on a page.", default="50")
NEXT: Final = Parameter("cursor", CURSOR, "Where to go on: take it from `next`; it is bound to its query.")
AS_OF: Final = Parameter("as_of", PARTIAL_DATE, "The state as of this date, as precise as you like.", example="2016")
REFS: Final = Parameter("include", choice("refs"), "`refs` adds what is needed to show each id in the answer.")
VIEW: Final = Parameter("view", choice("full"), "`full` gives the form that PUT takes, with all contacts.")
FORMAT: Final = "format"


def formats(*names: str) -> Parameter:
    """The parameter `format` of an answer that has these forms."""
    return Parameter(FORMAT, choice(*names), "The form of the answer; goes before the header Accept.")


RECORD_FORMATS: Final = formats("json", "jsonld")
LIST_FORMATS: Final = formats("json", "jsonld", "csv")
TABLE_FORMATS: Final = formats("json", "csv")
LANGUAGE: Final = Parameter(
    "lang", choice("de", "en"), "The language of texts, where they have it; else another one.", default=HOME_LANGUAGE
)
TABLE_LANGUAGE: Final = Parameter(
    "lang", LANGUAGE.kind, "The language of texts in a table; JSON and JSON-LD have all.", default=HOME_LANGUAGE
)
CORRECTION: Final = Parameter(
    "correction",
    choice("true", "false"),
    "`true` corrects the name: the old one was wrong, not former.",
    default="false",
)


def ordered(description: str) -> Parameter:
    """The parameter `order` of a list, whose default is the list's own."""
    return Parameter("order", choice("asc", "desc"), description)


def many(name: str, kind: Kind, description: str, example: str | None = None) -> Parameter:
    """A filter whose values are alternatives."""
    return Parameter(name, kind, description, many=True, example=example)
