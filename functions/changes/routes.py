"""The route of the change feed."""

from typing import Final

from shared.http.parameters import CURSOR, Kind, Parameter, choice
from shared.http.routes import LIMIT, Route, many
from shared.models.ids import PREFIXES

LATEST: Final = "latest"
AFTER: Final = Kind(
    CURSOR.schema, CURSOR.parse, f"Use the cursor of an entry or of `next`, unchanged, or {LATEST}; or leave it out."
)

ROUTES: Final = (
    Route(
        "list_changes",
        "GET",
        "/changes",
        "What has changed, in one order",
        "public",
        "ChangePage",
        query=(
            Parameter("after", AFTER, f"A place in the order: a cursor, or `{LATEST}`; the beginning when absent."),
            many("type", choice(*PREFIXES), "Of the record."),
            Parameter("include", choice("record"), "`record` adds what the version said, publicly."),
            LIMIT,
        ),
    ),
)
