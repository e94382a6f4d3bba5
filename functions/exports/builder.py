"""Writes the export: every night, and when an erasure has deleted what there was."""

from collections.abc import Mapping
from typing import Any

from functions.exports.building import Exporter
from functions.process import SETTINGS, TABLES, projection
from shared.budget import spending
from shared.http.edge import Context
from shared.http.log import logger

KEPT_FOR_ANSWER = 5.0


def handler(event: Mapping[str, Any], context: Context) -> dict[str, str]:  # noqa: ARG001 - any event wakes it
    """Write the register of this moment into the bucket; gives the names of both files."""
    with spending(context.get_remaining_time_in_millis() / 1000 - KEPT_FOR_ANSWER):
        export = Exporter(TABLES, projection(), SETTINGS).build()
    logger.info("export", extra={"as_of": export.as_of, "bytes": export.public.length + export.full.length})
    return {"public": export.public.name, "full": export.full.name}
