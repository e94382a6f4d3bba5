"""Reads of feeds."""

import json
from collections.abc import Callable
from typing import Final, cast
from urllib.parse import urlencode

from functions.feeds.entries import entry
from functions.feeds.routes import ATOM, JSON_FEED, ROUTES
from functions.feeds.words import WORDS
from functions.feeds.written import Feed, as_atom, as_json
from functions.process import READING, edge
from functions.reading import digest, name_of
from shared.http.messages import Request, Response
from shared.http.routes import PREFIX
from shared.models.languages import Language


def get_json_feed(request: Request) -> Response:
    """What is new, as a JSON Feed."""
    return _answer(request, as_json, JSON_FEED)


def get_atom_feed(request: Request) -> Response:
    """What is new, as an Atom document."""
    return _answer(request, as_atom, f"{ATOM}; charset=utf-8")


def _answer(request: Request, write: Callable[[Feed], str], media_type: str) -> Response:
    body = write(_feed(request))
    return Response(body, media_type=media_type, etag=digest(body))


def _feed(request: Request) -> Feed:
    from shared.projection.news import news  # noqa: PLC0415 - see `Reading.projection`

    today, language = READING.today(), cast("Language", request.one("lang"))
    asked = {name: sorted(values) for name, values in request.query.items() if name != "limit"}
    with READING.lists(request, None) as connection:
        found = news(connection, request.query, today=today, limit=int(request.one("limit") or 0))
        name = name_of(connection, [*request.query.get("network", ()), *request.query.get("organisation", ())])
    return Feed(
        of=json.dumps(asked, sort_keys=True),
        title=WORDS[language].news.format(name),
        language=language,
        home=f"{request.origin}/",
        address=f"{request.origin}{PREFIX}{request.path}?{urlencode(request.query, doseq=True)}",
        entries=[entry(json.loads(item.summary), request.origin, language, today) for item in found],
    )


handler: Final = edge(ROUTES, (get_json_feed, get_atom_feed))
