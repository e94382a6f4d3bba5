"""What one may do with one's webhooks."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from functions.webhooks import parcels, signing
from functions.webhooks.answering import Done
from functions.webhooks.sending import Reason, Reply, Sender, Unreachable
from functions.webhooks.showing import own
from shared.caller import Caller
from shared.errors import Conflict, Fault, InvalidContent, PreconditionFailed
from shared.models import addresses, partners
from shared.models.patch import merge_patch
from shared.models.webhooks import Queued, ReplayInput, WebhookContent, WebhookInput
from shared.once import Once
from shared.tables.changes import Changes, Position
from shared.tables.deliveries import Deliveries
from shared.tables.feed import seconds_of, stamp_of
from shared.tables.lines import Lines, Replay
from shared.tables.queues import Queue
from shared.tables.tables import Tables
from shared.tables.webhooks import Secrets, Webhook, Webhooks, new_id

Json = dict[str, Any]
IfMatch = frozenset[int] | None

OLDEST_REPLAY: Final = 30 * 86_400
"""Seconds; whoever has missed more reads `/changes`."""


@dataclass(frozen=True, slots=True)
class Service:
    """Webhooks in the hands of one caller, for one request."""

    tables: Tables
    sender: Sender
    queue: Callable[[], Queue]
    caller: Caller
    once: Once | None

    def create(self, body: Json) -> Done:
        """Enter a webhook whose address has answered a challenge; raises `InvalidContent` or `Conflict`."""
        content = partners.read(WebhookInput, body)
        self._require_address(content.url)
        now = self.tables.clock.now()
        first, stamp = Secrets(1, signing.new_secret()), stamp_of(now)
        webhook = Webhook(
            id=new_id(int(now * 1000)),
            organisation_id=self.caller.organisation_id,
            url=content.url,
            types=None if content.types is None else tuple(sorted(content.types)),
            status="active",
            version=1,
            created_at=stamp,
            updated_at=stamp,
        )
        self._challenge(content.url, first.live(now))
        self._webhooks.create(webhook, first, self.once)
        return Done(webhook, first)

    def change(self, webhook_id: str, patch: Json, if_match: IfMatch) -> Done:
        """Merge a patch; what has a new address, or goes on, answers a challenge first.

        Raises `NotFound`, `PreconditionFailed` or `InvalidContent`.
        """
        held = self._held(webhook_id, if_match)
        before: Json = {"url": held.url, "types": None if held.types is None else list(held.types)}
        if held.status != "gone":
            before["status"] = held.status
        content = partners.read(WebhookContent, merge_patch({k: v for k, v in before.items() if v is not None}, patch))
        after = replace(
            held,
            url=content.url,
            types=None if content.types is None else tuple(sorted(content.types)),
            status=content.status or held.status,
        )
        if after == held:
            return Done(held)
        now = self.tables.clock.now()
        self._require_address(after.url)
        is_asked = after.status == "active" and (after.url != held.url or held.status != "active")
        if is_asked:
            self._challenge(after.url, self._webhooks.secrets(held.id).live(now))
        after = replace(after, version=held.version + 1, updated_at=stamp_of(now))
        self._webhooks.change(held, after, self.once)
        if is_asked:
            # It has just answered, whatever failed at the address before.
            Deliveries(self.tables).end_rest(held.id)
        return Done(after)

    def delete(self, webhook_id: str, if_match: IfMatch) -> Done:
        """Forget a webhook; raises `NotFound` or `PreconditionFailed`."""
        self._webhooks.delete(self._held(webhook_id, if_match), self.once)
        return Done()

    def rotate(self, webhook_id: str) -> Done:
        """Give a webhook a new secret, beside which the current one stays live for a day."""
        webhook = self._held(webhook_id, None)
        held = self._webhooks.secrets(webhook_id)
        after = held.rotated(signing.new_secret(), self.tables.clock.now())
        self._webhooks.rotate(webhook_id, held, after, self.once)
        return Done(webhook, after)

    def test(self, webhook_id: str) -> Done:
        """Send an event that nothing has caused; raises `Conflict` where nothing is sent."""
        webhook = self._active(webhook_id)
        now = self.tables.clock.now()
        return self._queued(webhook, parcels.test_event(_token(self.once), stamp_of(now)), now)

    def replay(self, webhook_id: str, body: Json) -> Done:
        """Send a delivery, or all since a moment, again; raises `InvalidContent`, `Conflict` or `NotFound`."""
        wanted = partners.read(ReplayInput, body)
        webhook = self._active(webhook_id)
        now = self.tables.clock.now()
        if wanted.delivery_id is not None:
            old = Deliveries(self.tables).one(webhook.id, *parcels.of_delivery(wanted.delivery_id))
            return self._queued(webhook, parcels.Event(old.message_id, old.event, old.body), now)
        since = str(wanted.since)
        if not now - OLDEST_REPLAY <= seconds_of(since) <= now:
            fault = Fault("Give a moment in the last 30 days; older changes are in /v1/changes.", "moment", "/since")
            raise InvalidContent(faults=[fault])
        epoch = Changes(self.tables).latest(now).epoch
        Lines(self.tables).begin(Replay(webhook.id, stamp_of(now), Position(epoch, since), stamp_of(now)))
        return Done(queued=Queued(since=since, until=stamp_of(now)))

    def _queued(self, webhook: Webhook, event: parcels.Event, now: float) -> Done:
        begun = stamp_of(now)
        self.queue().send([event.to(webhook.id, begun=begun, now=now).message(now)])
        return Done(queued=Queued(delivery_id=parcels.delivery_id(begun, event.message_id)))

    def _held(self, webhook_id: str, if_match: IfMatch) -> Webhook:
        webhook = own(self._webhooks, self.caller, webhook_id)
        if if_match is not None and webhook.version not in if_match:
            raise PreconditionFailed(headers={"ETag": f'"{webhook.version}"'})
        return webhook

    def _active(self, webhook_id: str) -> Webhook:
        webhook = self._held(webhook_id, None)
        if webhook.status != "active":
            raise Conflict("Nothing is sent to this webhook; set its status to active first.")
        return webhook

    def _require_address(self, url: str) -> None:
        try:
            addresses.parse(url, localhost=self.sender.localhost)
        except ValueError as refused:
            raise InvalidContent(faults=[Fault(str(refused), "address", pointer="/url")]) from None

    def _challenge(self, url: str, live: list[str]) -> None:
        """Ask at an address; raises `InvalidContent` unless the answer shows that somebody expects messages there."""
        now = self.tables.clock.now()
        event = parcels.challenge(secrets.token_hex(16), stamp_of(now))
        body = event.body.encode()
        try:
            reply = self.sender.post(url, body, signing.headers(live, event.message_id, int(now), body), listens=True)
        except Unreachable as problem:
            raise _unanswered(UNREACHED[problem.reason]) from None
        if not _answers(reply, json.loads(event.body)["data"]["challenge"]):
            raise _unanswered('Answer the challenge with 200 and {"challenge": …}, the value that was sent.')

    @property
    def _webhooks(self) -> Webhooks:
        return Webhooks(self.tables)


UNREACHED: Final[dict[Reason, str]] = {
    "name": "The name of its host is not known.",
    "address": "Its host has an address that is not public.",
    "connect": "No connection to it could be made.",
    "tls": "Its certificate cannot be trusted.",
    "timeout": "It did not answer within ten seconds.",
    "answer": "What it answered is no HTTP.",
}


def _unanswered(message: str) -> InvalidContent:
    return InvalidContent(faults=[Fault(message, "challenge-failed", pointer="/url")])


def _answers(reply: Reply, token: str) -> bool:
    try:
        answer = json.loads(reply.body)
    except (ValueError, RecursionError):
        return False
    return 200 <= reply.status < 300 and isinstance(answer, dict) and answer.get("challenge") == token  # noqa: PLR2004


def _token(once: Once | None) -> str:
    """What tells a test event from others: the same for the same request."""
    return secrets.token_hex(8) if once is None else sha256(f"{once.caller} {once.key}".encode()).hexdigest()[:16]
