"""Delivers what the queue hands over."""

from collections.abc import Mapping
from typing import Any, Final

from functions.process import SETTINGS, TABLES, deliveries_queue
from functions.webhooks.delivering import Deliverer, work
from functions.webhooks.sending import Sender
from shared.http.edge import Context
from shared.tables.deliveries import Deliveries
from shared.tables.webhooks import Webhooks

KEPT_FOR_ANSWER: Final = 5.0
SENDER: Final = Sender(SETTINGS.webhooks_to_localhost)


def handler(event: Mapping[str, Any], context: Context) -> dict[str, list[dict[str, str]]]:
    """Deliver the messages of a batch; gives those that must come again (SQS's partial batch response)."""
    deliverer = Deliverer(Webhooks(TABLES), Deliveries(TABLES), deliveries_queue(), SENDER)
    failed = work(deliverer, event.get("Records", ()), context.get_remaining_time_in_millis() / 1000 - KEPT_FOR_ANSWER)
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
