"""Reads of the catalogue and of what is counted."""

from typing import Final

from functions.overview.routes import ROUTES
from functions.process import READING, edge
from functions.reading import Shape, digest
from shared.http.messages import Request, Response

_TITLES: Final[Shape] = (str, str, int)
_FREQUENCIES: Final[Shape] = (int, str)


def list_offerings(request: Request) -> Response:
    """A page of what organisations offer."""
    from shared.projection.catalogue import catalogue  # noqa: PLC0415 - see `Reading.projection`

    return READING.page(request, catalogue, _TITLES)


def list_topics(request: Request) -> Response:
    """A page of topics, with how much there is on each."""
    from shared.projection.counts import topics  # noqa: PLC0415 - the same

    return READING.page(request, topics, _FREQUENCIES)


def list_regions(request: Request) -> Response:
    """A page of regions, with how much there is in each."""
    from shared.projection.counts import regions  # noqa: PLC0415 - the same

    return READING.page(request, regions, _FREQUENCIES)


def get_stats(request: Request) -> Response:
    """How much there is, by year and by network."""
    from shared.projection.statistics import statistics  # noqa: PLC0415 - the same

    with READING.lists(request, None) as connection:
        networks, as_of = request.query.get("network", ()), request.one("as_of")
        body = statistics(connection, networks, as_of, READING.today())
    return Response(body, etag=digest(body))


handler: Final = edge(ROUTES, (list_offerings, list_topics, list_regions, get_stats))
