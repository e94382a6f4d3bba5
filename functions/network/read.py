"""Reads of the network of organisations."""

from typing import TYPE_CHECKING, Final

from functions.network.routes import ROUTES
from functions.process import READING, edge
from functions.reading import digest
from shared.http.messages import Request, Response
from shared.models.dates import FIRST_DAY, LAST_DAY, parse
from shared.models.patch import dumps

if TYPE_CHECKING:
    from shared.projection.ties import Moment


def get_graph(request: Request) -> Response:
    """The graph around an organisation or of the whole network."""
    from shared.projection.graph import graph  # noqa: PLC0415 - see `Reading.projection`

    moment, root = _moment(request), request.one("root")
    with READING.lists(request, None) as connection:
        found = graph(connection, moment, root, int(str(request.one("depth"))), int(str(request.one("limit"))))
    body = dumps(
        {
            **({"as_of": request.one("as_of")} if request.one("as_of") else {}),
            "nodes": found.nodes,
            "edges": [{"source": tie.source, "target": tie.target, **tie.said} for tie in found.ties],
            "truncated": found.is_cut,
        }
    )
    return Response(body, etag=digest(body))


def _moment(request: Request) -> "Moment":
    from shared.projection.ties import TYPES, Moment  # noqa: PLC0415 - the same

    as_of = request.one("as_of")
    days = parse(as_of) if as_of else None
    return Moment(
        first=days.earliest if days else FIRST_DAY,
        last=days.latest if days else LAST_DAY,
        networks=tuple(request.query.get("network", ())),
        types=tuple(request.query.get("edge", TYPES)),
    )


handler: Final = edge(ROUTES, (get_graph,))
