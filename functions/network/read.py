"""Reads of the network of organisations."""

from typing import TYPE_CHECKING, Final

from functions.network.answers import written
from functions.network.routes import ROUTES
from functions.process import READING, edge
from shared.http.messages import Request, Response
from shared.models.dates import FIRST_DAY, LAST_DAY, parse

if TYPE_CHECKING:
    from shared.projection.ties import Moment


def get_graph(request: Request) -> Response:
    """The graph around an organisation or of the whole network."""
    from shared.projection.graph import graph  # noqa: PLC0415 - see `Reading.projection`

    moment, root = _moment(request), request.one("root")
    with READING.lists(request, None) as connection:
        found = graph(connection, moment, root, int(str(request.one("depth"))), int(str(request.one("limit"))))
    return written(found.shown(request.one("as_of")), request.form, root)


def list_partners(request: Request) -> Response:
    """A page of those whom an organisation is tied to."""
    from shared.projection.partners import partners  # noqa: PLC0415 - the same

    return READING.page(
        request, partners, (int, str, str), subject="organisation", organisation=request.variables["id"]
    )


def list_synergies(request: Request) -> Response:
    """A page of pairs that might work together."""
    from shared.projection.synergies import synergies  # noqa: PLC0415 - the same

    return READING.page(request, synergies, (int, str, str))


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


handler: Final = edge(ROUTES, (get_graph, list_partners, list_synergies))
