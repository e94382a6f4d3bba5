"""The header fields of answers."""

from typing import Any, Final

from infra.openapi import examples, problems
from shared.http.edge import VARY
from shared.http.routes import JSON, MERGE_PATCH

Json = dict[str, Any]

EVERYWHERE: Final = ("Cache-Control", "Vary", "X-Request-Id")
QUOTA: Final = ("RateLimit", "RateLimit-Policy")
OF_FILES: Final = ("Content-Disposition", "Last-Modified", "Link")
REPLAYED: Final = "Idempotent-Replayed"
_LONGEST: Final = 8000


def _text(description: str, example: str) -> Json:
    return {"description": description, "schema": {"type": "string", "maxLength": _LONGEST}, "example": example}


_FIELDS: Final[dict[str, Json]] = {
    "Accept": _text("The media types to send instead.", JSON),
    "Accept-Encoding": _text("There when the body was compressed, which none may be.", "identity"),
    "Accept-Patch": _text("The media type of patches (RFC 5789).", MERGE_PATCH),
    "Cache-Control": _text("What is public may be kept when it is asked for again each time.", "public, no-cache"),
    "Content-Disposition": _text(
        "A name for the file, with a table or an export.", 'attachment; filename="clusterregister-2026-11-28.ndjson"'
    ),
    "ETag": _text("Names this version, to send in If-Match and If-None-Match.", '"7"'),
    REPLAYED: {
        "description": "There when this is the answer that an earlier request with the same Idempotency-Key got.",
        "schema": {"type": "string", "enum": ["true"]},
        "example": "true",
    },
    "Last-Modified": _text("The moment that it shows.", "Sat, 28 Nov 2026 01:30:00 GMT"),
    "Link": _text(
        "The next page, where there is one, the same in other forms, or the licence of the data (RFC 8288).",
        '</v1/events?cursor=WyJhIl0>; rel="next"',
    ),
    "Location": _text("The address of the new record.", f"/v1/events/{examples.example_id('event')}"),
    "RateLimit": _text(
        "Writes that the key has left, and seconds until its quota is filled again.", '"writes";r=587;t=42'
    ),
    "RateLimit-Policy": _text("The quota: writes in a window of seconds.", '"writes";q=600;w=60'),
    "Retry-After": {
        "description": "Seconds after which the same request is worth another try.",
        "schema": {"type": "integer", "minimum": 0, "maximum": 3600},
        "example": 1,
    },
    "Vary": _text("What the answer depends on, for caches.", VARY),
    "WWW-Authenticate": _text("How to send a key (RFC 6750).", "Bearer"),
    "X-Request-Id": {
        "description": "Names the request; the same as in `instance` of a problem.",
        "schema": {"type": "string", "format": "uuid", "maxLength": 36},
        "example": problems.REQUEST_ID,
    },
}


def components() -> dict[str, Json]:
    """Return the header fields by the names of their components."""
    return {_component(field): described for field, described in _FIELDS.items()}


def references(*fields: str) -> dict[str, Json]:
    """Return the headers of an answer that has these fields beside those that every answer has."""
    return {field: {"$ref": f"#/components/headers/{_component(field)}"} for field in sorted({*fields, *EVERYWHERE})}


def _component(field: str) -> str:
    return field.replace("-", "")
