"""Imports of partners."""

import json
from typing import Final

from functions.partners import rows
from functions.partners.importing import Import
from functions.partners.routes import ROUTES
from functions.process import edge
from functions.writing import REGISTER
from shared.http.messages import Request, Response

SECONDS: Final = 24.0
"""For the rows of one request: an answer must come before API Gateway gives up (29 s)."""


def import_records(request: Request) -> Response:
    """Write every row that can be written, and say of each what became of it."""
    started = Import(REGISTER.acting(request.caller, None), request.once, request.one("dry_run") == "true")
    items = started.run(rows.sent_rows(request.body))
    return Response(json.dumps({"items": items}, ensure_ascii=False, separators=(",", ":")), private=True)


handler: Final = edge(ROUTES, (import_records,), seconds=SECONDS)
