"""Reads of webhooks and of what became of their messages."""

import json
from dataclasses import replace
from typing import Final

from functions.process import TABLES, edge
from functions.webhooks.parcels import DELIVERY, delivery_id, of_delivery
from functions.webhooks.routes import ROUTES
from functions.webhooks.showing import delivery_json, own, told, webhook_json
from shared.http.messages import Request, Response
from shared.http.paging import cursor_of, page
from shared.models import ids
from shared.tables.deliveries import Deliveries
from shared.tables.feed import stamp_of
from shared.tables.webhooks import Webhooks

WEBHOOKS: Final = Webhooks(TABLES)
DELIVERIES: Final = Deliveries(TABLES)


def list_webhooks(request: Request) -> Response:
    """Those of the caller; an admin sees all."""
    cursor, limit = cursor_of(request, (ids.WEBHOOK_PATTERN,)), int(request.one("limit") or 0)
    after = str(cursor.after[0]) if cursor else None
    if request.caller.is_admin:
        found = WEBHOOKS.page(after, limit + 1)
    else:
        found = [each for each in WEBHOOKS.of(request.caller.organisation_id) if each.id > (after or "")]
    shown = found[:limit]
    items = [_text(webhook_json(webhook)) for webhook in shown]
    return _private(page(request, items, [shown[-1].id] if len(found) > limit else None, _today(), {}))


def get_webhook(request: Request) -> Response:
    """One webhook, without its secret."""
    webhook = own(WEBHOOKS, request.caller, request.variables["id"])
    return told(webhook_json(webhook), etag=str(webhook.version))


def list_deliveries(request: Request) -> Response:
    """What was sent, newest first."""
    cursor, limit = cursor_of(request, (DELIVERY,)), int(request.one("limit") or 0)
    webhook = own(WEBHOOKS, request.caller, request.variables["id"])
    before = of_delivery(str(cursor.after[0])) if cursor else None
    found = DELIVERIES.page(webhook.id, before, limit + 1)
    shown = found[:limit]
    items = [_text(delivery_json(attempt)) for attempt in shown]
    after = [delivery_id(shown[-1].begun, shown[-1].message_id)] if len(found) > limit else None
    return _private(page(request, items, after, _today(), {}))


def _text(content: dict[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _today() -> str:
    return stamp_of(TABLES.clock.now())[:10]


def _private(response: Response) -> Response:
    return replace(response, private=True)


handler: Final = edge(ROUTES, (list_webhooks, get_webhook, list_deliveries))
