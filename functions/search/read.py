"""Reads of the search."""

from typing import Final

from functions.process import SEARCHING, edge
from functions.reading import Shape, digest
from functions.search.routes import ROUTES
from shared.http.messages import Request, Response
from shared.models.patch import dumps

_SCORES: Final[Shape] = (int, str)


def search(request: Request) -> Response:
    """A page of what is found, the best first."""
    from shared.projection.search.finding import search as found  # noqa: PLC0415 - see `Reading.projection`

    return SEARCHING.page(request, found, _SCORES)


def suggest(request: Request) -> Response:
    """Names and titles that begin like what was typed."""
    from shared.projection.search.finding import suggest as suggested  # noqa: PLC0415 - the same

    with SEARCHING.lists(request, None) as connection:
        networks = request.query.get("network", ())
        found = suggested(connection, request.one("q") or "", networks, SEARCHING.today())
    body = dumps({"items": found})
    return Response(body, etag=digest(body))


handler: Final = edge(ROUTES, (search, suggest))
