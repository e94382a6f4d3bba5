"""Imports of partners."""

import json
from collections.abc import Mapping
from typing import Any, Final

from functions.partners import rows
from functions.partners.importing import Import
from functions.partners.routes import ROUTES
from functions.process import edge, projection
from functions.writing import REGISTER
from shared.http.messages import Request, Response

Json = dict[str, Any]

SECONDS: Final = 24.0
"""For the rows of one request: an answer must come before API Gateway gives up (29 s)."""


def import_records(request: Request) -> Response:
    """Write every row that can be written, and say of each what became of it."""
    register, is_rehearsal = REGISTER.acting(request.caller, None), request.one("dry_run") == "true"
    items = Import(register, request.once, is_rehearsal, _duplicates).run(rows.sent_rows(request.body))
    return Response(json.dumps({"items": items}, ensure_ascii=False, separators=(",", ":")), private=True)


def _duplicates(new: Mapping[str, Json]) -> dict[str, list[str]]:
    from shared.projection.matching import possible_duplicates  # noqa: PLC0415 - only new organisations need it

    with projection().read() as connection:
        found = {name: possible_duplicates(connection, record) for name, record in new.items()}
    return {name: ids for name, ids in found.items() if ids}


handler: Final = edge(ROUTES, (import_records,), seconds=SECONDS)
