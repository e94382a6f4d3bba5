"""The OpenAPI document, a page to browse it, and what each type of problem means. No table is read here."""

import json
from hashlib import blake2b
from pathlib import Path
from typing import Final

import aws_lambda_powertools

from functions.documentation.problems import explained
from functions.documentation.routes import ASSETS, ROUTES
from shared.errors import PROBLEMS, NotFound
from shared.http.edge import Edge
from shared.http.messages import Request, Response
from shared.http.routes import JSON
from shared.settings import LICENSE_NAME, LICENSE_URL, data_license

OWN_FILES: Final = Path(__file__).resolve().parent / "page"
# Swagger UI comes with Powertools, so nothing is fetched from elsewhere; its files are found by their path, because
# importing the package around them would load the whole event handler.
SWAGGER_UI: Final = Path(aws_lambda_powertools.__file__).parent / "event_handler" / "openapi" / "swagger_ui"
DOCUMENT: Final = Path(__file__).resolve().parents[2] / "infra" / "openapi.json"

SECURITY: Final = {
    # Swagger UI draws its icons from data: addresses; all else comes from this API, and no script stands in the page.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


def _served(text: str, media_type: str, headers: dict[str, str] | None = None) -> Response:
    etag = blake2b(text.encode(), digest_size=16).hexdigest()
    return Response(text, media_type=media_type, etag=etag, headers=headers or {})


def _file(path: Path, media_type: str, headers: dict[str, str] | None = None) -> Response:
    return _served(path.read_text(encoding="utf-8"), media_type, headers)


def _asset(name: str, media_type: str) -> Response:
    own = OWN_FILES / name
    return _file(own if own.exists() else SWAGGER_UI / name, f"{media_type}; charset=utf-8")


def _document(name: str, url: str) -> Response:
    """The committed document, with the licence of this register's data."""
    text = DOCUMENT.read_text(encoding="utf-8")
    if (name, url) == (LICENSE_NAME, LICENSE_URL):
        return _served(text, JSON)
    document = json.loads(text)
    document["info"]["license"] = {"name": f"{name} (the data)", "url": url}
    return _served(json.dumps(document, ensure_ascii=False), JSON)


_OPENAPI: Final = _document(*data_license())
_PAGE: Final = _file(OWN_FILES / "page.html", "text/html; charset=utf-8", SECURITY)
_ASSETS: Final = {name: _asset(name, media_type) for name, media_type in ASSETS.items()}
_PROBLEMS: Final = {slug: _served(json.dumps(explained(problem)), JSON) for slug, problem in PROBLEMS.items()}


def get_openapi(_: Request) -> Response:
    """The OpenAPI document."""
    return _OPENAPI


def get_page(_: Request) -> Response:
    """The page that shows it."""
    return _PAGE


def get_asset(request: Request) -> Response:
    """A file of the page; raises `NotFound`."""
    return _known(_ASSETS, request.variables["asset"])


def get_problem(request: Request) -> Response:
    """What a type of problem means, and what to do; raises `NotFound`."""
    return _known(_PROBLEMS, request.variables["slug"])


def _known(answers: dict[str, Response], name: str) -> Response:
    if name not in answers:
        raise NotFound
    return answers[name]


handler: Final = Edge(ROUTES, (get_openapi, get_page, get_asset, get_problem), frozenset())
