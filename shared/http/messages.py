"""The request as handlers see it, and the response as they give it."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from shared.caller import Caller
from shared.errors import Fault, MalformedRequest
from shared.http.routes import JSON, PREFIX, Route
from shared.once import Once

Json = dict[str, Any]

JSON_FORM: Final = "json"
"""The form in which every answer is made; others are made of it."""

_HOST: Final = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Incoming:
    """The parts of an API Gateway REST proxy event, whatever it leaves out."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case; repeated fields joined by commas (RFC 9110, section 5.3)."""
    query: Mapping[str, Sequence[str]]
    raw_body: str
    is_base64: bool
    request_id: str
    origin: str
    """Where the API was asked, such as `https://api.example.org`; empty where that cannot be told."""

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "Incoming":
        """Read an event."""
        headers: dict[str, str] = {}
        for name, values in _pairs(event, "multiValueHeaders", "headers"):
            held = headers.get(name.lower())
            joined = ", ".join(values)
            headers[name.lower()] = joined if held is None else f"{held}, {joined}"
        context = event.get("requestContext")
        context = context if isinstance(context, dict) else {}
        query = _pairs(event, "multiValueQueryStringParameters", "queryStringParameters")
        return cls(
            method=str(event.get("httpMethod") or "").upper(),
            path=_relative(str(event.get("path") or "/")),
            headers=headers,
            query={name: values or [""] for name, values in query},
            raw_body=str(event.get("body") or ""),
            is_base64=bool(event.get("isBase64Encoded")),
            request_id=str(context.get("requestId") or ""),
            # Behind a distribution the gateway is asked by a name that nobody else knows.
            origin=_origin(
                headers.get("x-forwarded-host") or str(context.get("domainName") or ""),
                headers.get("x-forwarded-proto", ""),
            ),
        )

    def body(self) -> bytes:
        """The body's bytes; raises `MalformedRequest` when the gateway's coding of it is broken."""
        try:
            if self.is_base64:
                return base64.b64decode(self.raw_body, validate=True)
            return self.raw_body.encode("utf-8")
        except (binascii.Error, UnicodeEncodeError, ValueError):
            message = "Send the body in UTF-8 (RFC 8259, section 8.1)."
            raise MalformedRequest(faults=[Fault(message, "malformed-body", pointer="")]) from None


def _pairs(event: Mapping[str, Any], several: str, single: str) -> Iterator[tuple[str, list[str]]]:
    """Names and values of a field that stands in an event twice; what is no text becomes some.

    API Gateway gives lists of texts or null, but whoever may invoke the function can give it anything.
    """
    found = event.get(several) or {name: [value] for name, value in _entries(event.get(single))}
    for name, values in _entries(found):
        yield name, [str(value or "") for value in values] if isinstance(values, list) else []


def _entries(value: object) -> Iterable[tuple[str, Any]]:
    return value.items() if isinstance(value, dict) else ()


def _origin(host: str, scheme: str) -> str:
    is_known = _HOST.fullmatch(host) and scheme in {"http", "https"}
    return f"{scheme}://{host}" if is_known else ""


def _relative(path: str) -> str:
    # A custom domain's base path mapping leaves the stage's name in the path; the gateway's own address does not.
    return path.removeprefix(PREFIX) if path.startswith(f"{PREFIX}/") else path


@dataclass(frozen=True, slots=True)
class Request:
    """A request that the edge has let through: of a route, with parsed parameters and a strict body."""

    route: Route
    path: str
    variables: Mapping[str, str]
    query: Mapping[str, Sequence[str]]
    """Parsed values by name; those with a default are always there."""
    body: Json
    if_match: frozenset[int] | None
    """The versions that If-Match names; None for `*` and for routes that need none."""
    caller: Caller
    once: Once | None
    """The Idempotency-Key of a write, with all that makes it the same request."""
    must_exist: bool = False
    """Whether If-Match was sent: nothing may be created."""
    create_only: bool = False
    """Whether `If-None-Match: *` was sent: nothing may be replaced."""
    origin: str = ""
    """Where the API was asked, to begin addresses with that leave it; empty where that cannot be told."""
    form: str = JSON_FORM
    """The form of the answer, among those of the route."""
    method: str = "GET"
    """The one that was sent: HEAD has the route of GET."""

    @property
    def asked(self) -> dict[str, Sequence[str]]:
        """The parsed values that say more than the defaults do."""
        defaults = {parameter.name: [parameter.default] for parameter in self.route.query}
        return {name: values for name, values in self.query.items() if values != defaults.get(name)}

    @property
    def named(self) -> dict[str, Sequence[str]]:
        """The parsed values that are ids of records, by parameter."""
        names = (parameter.name for parameter in self.route.query if parameter.kind.names is not None)
        return {name: self.query[name] for name in names if name in self.query}

    def one(self, name: str) -> str | None:
        """The value of a parameter that is given once."""
        values = self.query.get(name)
        return values[0] if values else None


@dataclass(frozen=True, slots=True)
class Response:
    """An answer before negotiation: `etag` is opaque and unquoted, `private` keeps it out of every cache."""

    body: str = ""
    status: int = 200
    media_type: str = JSON
    etag: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    private: bool = False
