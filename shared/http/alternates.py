"""The same answer in other forms, as links to them (RFC 8288; `alternate` in HTML, section 4.6.7.1)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from shared.http.messages import Request
from shared.http.routes import FORMAT, FORMATS, PREFIX, Routes

LONGEST: Final = 1000
"""Characters of a query that is repeated: all headers of an answer have 10,240 bytes (API Gateway's quota)."""


def links(request: Request, routes: Routes) -> Iterator[str]:
    """The values of Link for an answer, none where the query is too long to be repeated."""
    if len(urlencode(request.asked, doseq=True)) > LONGEST:
        return
    for name in request.route.formats:
        if name != request.form:
            yield _link(request.path, {**request.asked, FORMAT: [name]}, FORMATS[name])
    for operation in request.route.alternates:
        other = routes.named(operation)
        taken = {parameter.name for parameter in other.query}
        query = {name: values for name, values in request.asked.items() if name in taken}
        yield _link(other.path.format(**request.variables), query, other.offers[0])


def _link(path: str, query: Mapping[str, Sequence[str]], media_type: str) -> str:
    encoded = f"?{urlencode(query, doseq=True)}" if query else ""
    return f'<{PREFIX}{path}{encoded}>; rel="alternate"; type="{media_type}"'
