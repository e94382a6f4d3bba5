"""The routes of webhooks."""

from typing import Final

from shared.http.routes import LIMIT, NEXT, Route

SCOPE: Final = "webhooks:manage"

ROUTES: Final = (
    Route("list_webhooks", "GET", "/webhooks", "Your webhooks", SCOPE, "WebhookPage", query=(LIMIT, NEXT)),
    Route(
        "create_webhook",
        "POST",
        "/webhooks",
        "Be told of changes",
        SCOPE,
        "WebhookWithSecret",
        body="WebhookInput",
        status=201,
    ),
    Route("get_webhook", "GET", "/webhooks/{id}", "One webhook", SCOPE, "Webhook"),
    Route(
        "patch_webhook",
        "PATCH",
        "/webhooks/{id}",
        "Change parts of a webhook (RFC 7396)",
        SCOPE,
        "Webhook",
        body="WebhookPatch",
        conditional=True,
    ),
    Route("delete_webhook", "DELETE", "/webhooks/{id}", "Be told no more", SCOPE, None, status=204, conditional=True),
    Route("rotate_webhook", "POST", "/webhooks/{id}/rotate", "Get a new secret", SCOPE, "WebhookWithSecret"),
    Route("test_webhook", "POST", "/webhooks/{id}/test", "Send a test event", SCOPE, "Queued", status=202),
    Route(
        "replay_webhook",
        "POST",
        "/webhooks/{id}/replay",
        "Send once more",
        SCOPE,
        "Queued",
        body="ReplayInput",
        status=202,
    ),
    Route(
        "list_deliveries",
        "GET",
        "/webhooks/{id}/deliveries",
        "What became of each message",
        SCOPE,
        "DeliveryPage",
        query=(LIMIT, NEXT),
    ),
)
