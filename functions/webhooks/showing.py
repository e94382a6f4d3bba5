"""Webhooks and deliveries as answers show them, and whose they are."""

import json
import re
from hashlib import blake2b
from typing import Any

from functions.webhooks.parcels import delivery_id
from shared.caller import Caller
from shared.errors import NotFound
from shared.http.messages import Response
from shared.models import ids
from shared.tables.deliveries import Attempt
from shared.tables.webhooks import Webhook, Webhooks

Json = dict[str, Any]


def own(webhooks: Webhooks, caller: Caller, webhook_id: str) -> Webhook:
    """A webhook that this one may see and manage; raises `NotFound` for another's, of which nobody else knows."""
    # A text of any length is no key for DynamoDB.
    if re.fullmatch(ids.WEBHOOK_PATTERN, webhook_id) is None:
        raise NotFound
    webhook = webhooks.get(webhook_id)
    if not caller.is_admin and webhook.organisation_id != caller.organisation_id:
        raise NotFound
    return webhook


def webhook_json(webhook: Webhook) -> Json:
    """A webhook without its secret."""
    fields: Json = {
        "id": webhook.id,
        "organisation_id": webhook.organisation_id,
        "url": webhook.url,
        "types": None if webhook.types is None else list(webhook.types),
        "status": webhook.status,
        "version": webhook.version,
        "created_at": webhook.created_at,
        "updated_at": webhook.updated_at,
    }
    return {name: value for name, value in fields.items() if value is not None}


def delivery_json(attempt: Attempt) -> Json:
    """A delivery as far as it has come."""
    fields: Json = {
        "id": delivery_id(attempt.begun, attempt.message_id),
        "message_id": attempt.message_id,
        "type": attempt.event,
        "state": attempt.state,
        "attempts": attempt.number,
        "at": attempt.at,
        "status": attempt.status,
        "problem": attempt.problem,
        "milliseconds": attempt.milliseconds,
        "next_at": attempt.next_at,
    }
    return {name: value for name, value in fields.items() if value is not None}


def told(
    content: Json, status: int = 200, *, etag: str | None = None, headers: dict[str, str] | None = None
) -> Response:
    """An answer for its asker alone."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    digest = etag or blake2b(body.encode(), digest_size=16).hexdigest()
    return Response(body, status, etag=digest, headers=headers or {}, private=True)
