"""The route of the export."""

from typing import Final

from shared.http.routes import NDJSON, Route

ROUTES: Final = (
    Route(
        "get_export",
        "GET",
        "/export",
        "The whole register, as rows of an import",
        "public",
        "Export",
        produces=NDJSON,
        leads=True,
    ),
)
