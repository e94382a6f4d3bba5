"""Pages: cursors that are bound to their query, and the body of a list."""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import urlencode

from shared.errors import Fault, MalformedRequest
from shared.http.messages import Request, Response
from shared.http.routes import PREFIX

UNBOUND: Final = frozenset({"cursor", "limit", "format", "lang"})
"""Parameters that may change from page to page."""
LARGEST: Final = 2**53
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: behind these sort values, on the day for which the first page was asked."""

    today: str
    after: tuple[str | int, ...]


def _binding(request: Request) -> str:
    bound = {name: values for name, values in request.query.items() if name not in UNBOUND}
    text = json.dumps([request.path, bound], sort_keys=True)
    return blake2b(text.encode(), digest_size=9).hexdigest()


def cursor_of(request: Request, shape: Sequence[type | str]) -> Cursor | None:
    """The cursor of a request, None on a first page; `shape` has the type or the pattern of each sort value.

    Raises `MalformedRequest` for a cursor that is damaged or belongs to another query.
    """
    given = request.one("cursor")
    if given is None:
        return None
    try:
        binding, today, *after = json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise _refused("malformed-cursor", "Use a cursor from `next`, unchanged.") from None
    if binding != _binding(request):
        raise _refused("foreign-cursor", "Use a cursor only with the path and the parameters that it was given for.")
    fits = isinstance(today, str) and DAY.fullmatch(today) and len(after) == len(shape)
    if not fits or not all(map(_is_of, after, shape)) or not all(map(_is_bindable, after)):
        raise _refused("malformed-cursor", "Use a cursor from `next`, unchanged.")
    return Cursor(today, tuple(after))


def _is_of(value: object, kind: type | str) -> bool:
    if isinstance(kind, str):
        return isinstance(value, str) and re.fullmatch(kind, value) is not None
    return type(value) is kind


def _is_bindable(value: str | int) -> bool:
    if isinstance(value, int):
        return abs(value) < LARGEST
    # Names may hold whatever a text may, but SQLite takes no lone surrogates.
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def _refused(code: str, message: str) -> MalformedRequest:
    return MalformedRequest(faults=[Fault(message, code, parameter="cursor")])


def page(
    request: Request, items: Sequence[str], after: Sequence[Any] | None, today: str, more: Mapping[str, str]
) -> Response:
    """The answer of a list: `items` are JSON texts, `after` the last item's sort values, if more of them follow.

    `more` are JSON texts by the names under which the answer has them.
    """
    address = None if after is None else next_address(request, "cursor", _encoded(request, today, after))
    tail = "".join(f',"{name}":{text}' for name, text in more.items())
    body = f'{{"items":[{",".join(items)}],"next":{json.dumps(address)}{tail}}}'
    headers = {} if address is None else {"Link": f'<{address}>; rel="next"'}
    return Response(body, etag=blake2b(body.encode(), digest_size=16).hexdigest(), headers=headers)


def _encoded(request: Request, today: str, after: Sequence[Any]) -> str:
    text = json.dumps([_binding(request), today, *after], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def next_address(request: Request, name: str, place: str) -> str:
    """The address of the next page: the same query from another place, which stands in the parameter `name`."""
    kept = {other: values for other, values in request.asked.items() if other != name}
    return f"{PREFIX}{request.path}?{urlencode({**kept, name: place}, doseq=True)}"
