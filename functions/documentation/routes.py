"""The routes of the documentation, and what its page is made of."""

from typing import Final

from shared.http.routes import Route

ASSETS: Final = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "swagger-ui-bundle.min.js": "text/javascript",
    "swagger-ui.min.css": "text/css",
}
"""The files behind the page, and their media types."""

ROUTES: Final = (
    Route("get_openapi", "GET", "/openapi.json", "This document", "public", "OpenApiDocument"),
    Route("get_page", "GET", "/docs", "This document as a page to browse", "public", "File", produces="text/html"),
    Route("get_asset", "GET", "/docs/{asset}", "What that page is made of", "public", "File", produces="text/*"),
    Route("get_problem", "GET", "/problems/{slug}", "What a type of problem means", "public", "ProblemType"),
)
