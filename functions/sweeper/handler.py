"""Sweeps the feed every minute for entries that became visible too late."""

from collections.abc import Mapping
from typing import Any

from functions.process import TABLES
from shared.budget import spending
from shared.http.edge import Context
from shared.http.log import logger
from shared.tables.sweeper import Sweeper

KEPT_FOR_ANSWER = 5.0


def handler(event: Mapping[str, Any], context: Context) -> dict[str, int]:  # noqa: ARG001 - its schedule is all it needs
    """Sweep once; gives the number of late entries, which the alarm counts in the log."""
    with spending(context.get_remaining_time_in_millis() / 1000 - KEPT_FOR_ANSWER):
        late = Sweeper(TABLES).sweep()
    logger.info("sweep", extra={"late": late})
    return {"late": late}
