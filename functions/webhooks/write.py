"""What changes webhooks, and what sends to them once more."""

from collections.abc import Callable
from typing import Final

from functions.process import SETTINGS, TABLES, deliveries_queue, edge
from functions.webhooks.answering import Answers, Done
from functions.webhooks.routes import ROUTES
from functions.webhooks.sending import Sender
from functions.webhooks.service import Service
from functions.webhooks.showing import told, webhook_json
from shared.http.messages import Request, Response
from shared.http.routes import PREFIX

SECONDS: Final = 18.0
"""Of which a challenge takes ten at the most; with an answer before API Gateway gives up."""
SENDER: Final = Sender(SETTINGS.webhooks_to_localhost)


def create_webhook(request: Request) -> Response:
    """Enter a webhook, whose address answers a challenge."""
    return _done(request, lambda service: service.create(request.body), shows_secret=True)


def patch_webhook(request: Request) -> Response:
    """Merge the body into the webhook."""
    return _done(request, lambda service: service.change(request.variables["id"], request.body, request.if_match))


def delete_webhook(request: Request) -> Response:
    """Forget it."""
    return _done(request, lambda service: service.delete(request.variables["id"], request.if_match))


def rotate_webhook(request: Request) -> Response:
    """Give it a new secret."""
    return _done(request, lambda service: service.rotate(request.variables["id"]), shows_secret=True)


def test_webhook(request: Request) -> Response:
    """Send an event that nothing has caused."""
    return _done(request, lambda service: service.test(request.variables["id"]))


def replay_webhook(request: Request) -> Response:
    """Send a delivery, or everything since a moment, once more."""
    return _done(request, lambda service: service.replay(request.variables["id"], request.body))


def _done(request: Request, work: Callable[[Service], Done], *, shows_secret: bool = False) -> Response:
    service = Service(TABLES, SENDER, deliveries_queue, request.caller, request.once)
    done = Answers(TABLES, request.caller, request.once).of(lambda: work(service), shows_secret=shows_secret)
    headers = {"Idempotent-Replayed": "true"} if done.replayed else {}
    if done.queued is not None:
        return told(done.queued.model_dump(exclude_none=True), request.route.status, headers=headers)
    if done.webhook is None:
        return Response(status=204, headers=headers, private=True)
    content = webhook_json(done.webhook)
    if done.secrets is not None:
        content["secret"] = done.secrets.current
        if done.secrets.previous_ends_at is not None:
            content["previous_secret_ends_at"] = done.secrets.previous_ends_at
    if request.route.status == 201:  # noqa: PLR2004 - RFC 9110, section 15.3.2
        headers["Location"] = f"{PREFIX}/webhooks/{done.webhook.id}"
    return told(content, request.route.status, etag=str(done.webhook.version), headers=headers)


handler: Final = edge(
    ROUTES,
    (create_webhook, patch_webhook, delete_webhook, rotate_webhook, test_webhook, replay_webhook),
    seconds=SECONDS,
)
