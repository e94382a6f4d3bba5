"""The graph as an answer in each of its formats."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from functions.network.drawing import drawing
from functions.network.files import dot, graphml
from functions.reading import REGISTER, digest
from shared.http.messages import JSON_FORM, Response
from shared.http.routes import FORMATS, PREFIX
from shared.models.patch import dumps

Json = dict[str, Any]

_RECORDS: Final = f"{PREFIX}/organisations/"
_POLICY: Final = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
"""A picture needs its own style and nothing else, wherever it is opened."""


def written(graph: Json, how: str, root: str | None) -> Response:
    """The graph in the format that was asked for; only the text of a picture names the root."""
    if how == JSON_FORM:
        body = dumps(graph)
        return Response(body, etag=digest(body))
    body = WRITERS[how](graph, root)
    media_type = f"{FORMATS[how]}; charset=utf-8"
    return Response(body, media_type=media_type, etag=f"{digest(body)}-{how}", headers=_POLICY if how == "svg" else {})


def _picture(graph: Json, root: str | None) -> str:
    name = next((node["name"] for node in graph["nodes"] if node["id"] == root), REGISTER)
    return drawing(graph, root, name, _RECORDS)


WRITERS: Final[Mapping[str, Callable[[Json, str | None], str]]] = {
    "graphml": lambda graph, _: graphml(graph),
    "dot": lambda graph, _: dot(graph),
    "svg": _picture,
}
