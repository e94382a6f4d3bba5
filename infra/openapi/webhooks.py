"""What the register sends to webhooks (OpenAPI 3.1, "webhooks")."""

import json
from typing import Any, Final

from functions.webhooks import parcels
from infra.openapi import examples
from infra.openapi.schemas import reference
from shared.tables.changes import Position
from shared.tables.feed import NO_EPOCH, Entry

Json = dict[str, Any]

TOKEN: Final = "6f1d2b0c9a8e7f5d4c3b2a1908f7e6d5"  # noqa: S105 - a challenge, which is no secret
_SIGNED: Final = (
    "Signed by the Standard Webhooks specification: `webhook-signature` holds `v1,` and the base64 of HMAC-SHA256 over"
    " `id.timestamp.body`, under the bytes behind `whsec_`; two of them while a secret is being rotated."
)
TAG: Final = "messages"
"""Of their own: generators make a class of each tag, and those of one tag would take the place of `webhooks`."""
HEADERS: Final[dict[str, Json]] = {
    component: {
        "name": name,
        "in": "header",
        "required": True,
        "description": said,
        "schema": {"type": "string", "pattern": f"^{pattern}$"},
    }
    for component, name, said, pattern in (
        ("MessageId", "webhook-id", "The same for all attempts at one message.", "msg_[a-z0-9_]{1,80}"),
        (
            "MessageTimestamp",
            "webhook-timestamp",
            "Of this attempt, in seconds since 1970; refuse what is older than minutes.",
            "[0-9]{10}",
        ),
        (
            "MessageSignature",
            "webhook-signature",
            "One for each secret that is live.",
            "v1,[A-Za-z0-9+/=]{44}( v1,[A-Za-z0-9+/=]{44})?",
        ),
    )
}
"""The header fields of every message, by the names of their components."""


def change() -> Json:
    """Return the body of a message about the example of an organisation."""
    entry = Entry(examples.LATER, examples.NETWORK, 2, "organisation", "changed", late=False)
    cursor = Position(NO_EPOCH, entry.sort_key).cursor
    body: Json = json.loads(parcels.of_entry(entry, cursor).body)
    return body


def described() -> Json:
    """Return the messages by name."""
    challenge = json.loads(parcels.challenge(TOKEN, examples.CREATED).body)
    test = json.loads(parcels.test_event("0", examples.CREATED).body)
    told = "At least once, in the order of the feed but for what is tried again; apply by version."
    asked = "Answer 200 with the value of `data.challenge`; only then is the webhook entered, or its address changed."
    answer = {
        "description": "Whoever reads here expects messages.",
        "content": {
            "application/json": {
                "schema": reference("Challenge"),
                "examples": {"answer": {"value": {"challenge": TOKEN}}},
            }
        },
    }
    messages = {
        "change": _message(
            "A record has a new version", told, "ChangeMessage", change(), {"2XX": _TAKEN, "410": _GONE}
        ),
        "challenge": _message("Do you expect messages?", asked, "ChallengeMessage", challenge, {"200": answer}),
        "test": _message("You asked for it", "See `test_webhook`.", "TestMessage", test, {"2XX": _TAKEN}),
    }
    return {name: {"post": {"operationId": f"receive_{name}", **message}} for name, message in messages.items()}


_TAKEN: Final[Json] = {"description": "It has arrived; anything else is tried again for 24 hours."}
_GONE: Final[Json] = {"description": "Send no more: the webhook is switched off."}


def _message(summary: str, description: str, schema: str, example: Json, responses: Json) -> Json:
    content = {"schema": reference(schema), "examples": {"message": {"value": example}}}
    return {
        "tags": [TAG],
        "summary": summary,
        "description": f"{description} {_SIGNED}",
        "parameters": [{"$ref": f"#/components/parameters/{component}"} for component in HEADERS],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": responses,
        "security": [],
    }
