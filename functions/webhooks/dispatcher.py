"""Hands the final feed on to webhooks, every minute and as long as something comes."""

from collections.abc import Mapping
from typing import Any, Final

from functions.process import TABLES, deliveries_queue
from functions.webhooks.dispatching import Dispatcher
from shared.budget import spending
from shared.http.edge import Context
from shared.http.log import logger
from shared.tables.lines import Overtaken

KEPT_FOR_ANSWER: Final = 5.0


def handler(event: Mapping[str, Any], context: Context) -> dict[str, int]:  # noqa: ARG001 - its schedule is all it needs
    """Hand on what is final; gives what the alarms look at in the log."""
    with spending(context.get_remaining_time_in_millis() / 1000 - KEPT_FOR_ANSWER):
        try:
            sent, behind = Dispatcher(TABLES, deliveries_queue()).run()
        except Overtaken:
            # Another run does the same, and tells of it.
            return {}
    logger.info("dispatch", extra={"sent": sent, "behind": behind})
    return {"sent": sent, "behind": behind}
