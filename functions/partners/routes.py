"""The routes of partners."""

from typing import Final

from shared.http.parameters import FLAG, Parameter
from shared.http.routes import Route

ROUTES: Final = (
    Route("get_me", "GET", "/me", "What your key is good for", "key", "Me"),
    Route(
        "import_records",
        "POST",
        "/imports",
        "Create and replace many records by your own ids",
        "key",
        "ImportReport",
        query=(
            Parameter(
                "dry_run",
                FLAG,
                "`true` says what would become of each row, and writes none: neither does it see where two rows claim"
                " one id or one time, nor a grade that another row brings or takes.",
                default="false",
            ),
        ),
        body="ImportInput",
        rows="rows",
    ),
)
