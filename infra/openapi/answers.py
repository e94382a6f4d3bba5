"""The answers that operations share: 304, and one for each status of a problem."""

from typing import Any, Final

from infra.openapi import headers, problems, words
from infra.openapi.schemas import reference
from shared.errors import PROBLEMS

Json = dict[str, Any]

PROBLEM: Final = "application/problem+json"

NOT_MODIFIED: Final = "NotModified"
MOVED: Final = "Moved"
LED: Final = "Led"

_TOO_MANY_REQUESTS: Final = 429
_NAMES: Final[dict[int, str]] = {
    # Of several classes with one status the first is the general one, so it has the last word.
    **{problem.status: problem.__name__ for problem in reversed([*PROBLEMS.values()])},
}
_FIELDS: Final = {
    401: ("WWW-Authenticate",),
    404: (headers.REPLAYED,),
    409: (headers.REPLAYED, "Retry-After"),
    410: (headers.REPLAYED,),
    412: ("ETag", headers.REPLAYED),
    415: ("Accept", "Accept-Encoding", "Accept-Patch"),
    422: (headers.REPLAYED,),
    _TOO_MANY_REQUESTS: ("Retry-After", *headers.QUOTA),
    503: ("Retry-After",),
}


def component(status: int) -> str:
    """Return the name of the component that describes the problems of a status, such as `NotFound`."""
    return _NAMES[status]


def components() -> dict[str, Json]:
    """Return the shared answers by name."""
    unchanged = {
        "description": "Nothing has changed since the answer with that ETag.",
        "headers": headers.references("ETag"),
    }
    occurred = problems.occurrences()
    shown = {
        status: {slug: problem for slug, problem in occurred.items() if problem["status"] == status}
        for status in words.PROBLEMS
    }
    # The gateway gives this one itself, with a type of problem that the register sends as 503.
    shown[_TOO_MANY_REQUESTS]["throttled"] = {**occurred["throttled"], "status": _TOO_MANY_REQUESTS}
    moved = {
        "description": "An organisation asked about was merged into another: ask that, at the address in `Location`.",
        "headers": headers.references("Location"),
    }
    led = {
        "description": "The file lies at the address in `Location`, for some minutes and without a key.",
        "headers": headers.references("Link", "Location"),
    }
    return {
        NOT_MODIFIED: unchanged,
        MOVED: moved,
        LED: led,
        **{_NAMES[status]: _refusal(status, shown[status]) for status in words.PROBLEMS},
    }


def _refusal(status: int, shown: dict[str, Json]) -> Json:
    return {
        "description": words.PROBLEMS[status],
        "headers": headers.references(*_FIELDS.get(status, ())),
        "content": {
            PROBLEM: {
                "schema": reference("Problem"),
                "examples": {slug: {"summary": PROBLEMS[slug].title, "value": value} for slug, value in shown.items()},
            }
        },
    }
