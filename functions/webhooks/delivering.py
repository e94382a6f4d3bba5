"""Takes messages to their receivers: from the queue, one attempt at a time, each receiver for itself."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from functions.webhooks import signing
from functions.webhooks.parcels import Parcel
from functions.webhooks.sending import WHOLE_SECONDS, Reply, Sender, Unreachable
from shared.budget import current, spending
from shared.errors import PreconditionFailed, Unavailable
from shared.http.log import logger
from shared.tables.deliveries import Attempt, Deliveries, Standing
from shared.tables.feed import seconds_of, stamp_of
from shared.tables.queues import Queue
from shared.tables.webhooks import Webhook, Webhooks

DELAYS: Final = (5, 30, 120, 600, 1800, 3600, 7200, 14_400)
"""Seconds after the first, second … attempt at a message; the last one again until it is given up."""
LONGEST_REST: Final = 3600
JITTER: Final = 0.25
"""By which share a delay is longer or shorter, so that what failed together does not come back together."""
GONE: Final = 410
OVERLOADED: Final = 429
ENOUGH: Final = WHOLE_SECONDS + 3.0
"""Seconds without which no further attempt is begun."""


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Delivers parcels; whatever happens to one is written down, and put into the queue again where it failed."""

    webhooks: Webhooks
    deliveries: Deliveries
    queue: Queue
    sender: Sender

    def deliver(self, parcel: Parcel) -> None:
        """Try once, if it is time; raises `Unavailable` where the parcel must come again as it is."""
        now = self._now()
        standing = self.deliveries.standing(parcel.webhook_id, parcel.begun, parcel.message_id)
        webhook = standing.webhook
        if webhook is None or webhook.status != "active" or standing.is_settled:
            return
        if standing.attempts > parcel.attempt:
            # The queue gave it twice, and the other one went ahead.
            return
        later = max(parcel.due_at, standing.rests_until)
        if later > now and now < parcel.deadline:
            self._put(parcel.put_off(min(later, parcel.deadline)))
        elif later > now:
            self._failed(parcel, standing, _Outcome("resting"))
        else:
            self._try(parcel, webhook, standing)

    def _try(self, parcel: Parcel, webhook: Webhook, standing: Standing) -> None:
        started, outcome = time.monotonic(), self._sent(parcel, webhook, standing)
        outcome = replace(outcome, milliseconds=round((time.monotonic() - started) * 1000))
        if outcome.problem is None:
            self._note(parcel, outcome, "delivered")
            if standing.failures:
                self.deliveries.end_rest(parcel.webhook_id)
        elif outcome.status == GONE:
            self._switch_off(webhook)
            self._note(parcel, outcome, "failed")
        else:
            if outcome.is_of_receiver:
                failures = standing.failures + 1
                rest = min(LONGEST_REST, _delay(failures - 1))
                self.deliveries.let_rest(parcel.webhook_id, failures, self._now() + self._spread(rest))
            self._failed(parcel, standing, outcome)

    def _sent(self, parcel: Parcel, webhook: Webhook, standing: Standing) -> "_Outcome":
        now = self._now()
        live = standing.secrets.live(now) if standing.secrets else []
        body = parcel.body.encode()
        try:
            reply = self.sender.post(webhook.url, body, signing.headers(live, parcel.message_id, int(now), body))
        except Unreachable as problem:
            return _Outcome(problem.reason, is_of_receiver=True)
        return _Outcome.of(reply)

    def _switch_off(self, webhook: Webhook) -> None:
        after = replace(webhook, status="gone", version=webhook.version + 1, updated_at=stamp_of(self._now()))
        # Who has changed it meanwhile may have changed the address that said so.
        with suppress(PreconditionFailed):
            self.webhooks.change(webhook, after, None)

    def _failed(self, parcel: Parcel, standing: Standing, outcome: "_Outcome") -> None:
        now = self._now()
        if now >= parcel.deadline:
            self._note(parcel, outcome, "failed")
            return
        pause = max(self._spread(_delay(standing.attempts)), outcome.retry_after)
        again = parcel.tried(min(now + pause, parcel.deadline))
        # First the queue, then the log: what dies in between is tried once more than written down, never once less.
        self._put(again)
        self._note(parcel, outcome, "retrying", again.due)

    def _note(self, parcel: Parcel, outcome: "_Outcome", state: Any, next_at: str | None = None) -> None:  # noqa: ANN401
        self.deliveries.note(
            Attempt(
                webhook_id=parcel.webhook_id,
                begun=parcel.begun,
                message_id=parcel.message_id,
                event=parcel.event,
                number=parcel.attempt + 1,
                state=state,
                at=stamp_of(self._now()),
                status=outcome.status,
                problem=outcome.problem,
                milliseconds=outcome.milliseconds,
                next_at=next_at,
                body=parcel.body,
            )
        )
        told = {"webhook": parcel.webhook_id, "message_id": parcel.message_id, "state": state}
        age = round(self._now() - seconds_of(parcel.begun))
        logger.info("delivery", extra={**told, "status": outcome.status, "problem": outcome.problem, "age": age})

    def _put(self, parcel: Parcel) -> None:
        self.queue.send([parcel.message(self._now())])

    def _now(self) -> float:
        return self.webhooks.tables.clock.now()

    def _spread(self, seconds: float) -> float:
        return seconds * (1 - JITTER + 2 * JITTER * self.webhooks.tables.clock.random())


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How an attempt ended; `problem` is None where it succeeded."""

    problem: str | None
    status: int | None = None
    retry_after: int = 0
    is_of_receiver: bool = False
    """Whether the next message would fare no better."""
    milliseconds: int = 0

    @classmethod
    def of(cls, reply: Reply) -> "_Outcome":
        """What an answer means: only 2xx says that the message has arrived (Standard Webhooks)."""
        if 200 <= reply.status < 300:  # noqa: PLR2004 - RFC 9110, section 15.3
            return cls(None, reply.status)
        overloaded = reply.status >= 500 or reply.status == OVERLOADED  # noqa: PLR2004 - section 15.6
        return cls("status", reply.status, reply.retry_after or 0, is_of_receiver=overloaded)


def _delay(attempts: int) -> int:
    return DELAYS[min(attempts, len(DELAYS) - 1)]


def work(deliverer: Deliverer, records: Sequence[Mapping[str, Any]], seconds: float) -> list[str]:
    """Deliver what the records of an event carry; gives the ids of messages that must come again.

    Each receiver has a thread of its own, in which its messages go one after another: who is slow delays nobody else,
    and once it has failed the rest of its messages need no attempt to know that.
    """
    groups: dict[str, list[tuple[str, Parcel]]] = {}
    done: set[str] = set()
    for record in records:
        with suppress(ValueError, TypeError):
            parcel = Parcel.of(record["body"])
            groups.setdefault(parcel.webhook_id, []).append((record["messageId"], parcel))
    if groups:
        with ThreadPoolExecutor(len(groups)) as pool:
            tasks = [pool.submit(_in_turn, deliverer, group, seconds, done) for group in groups.values()]
            wait(tasks)
        for error in filter(None, (task.exception() for task in tasks)):
            logger.error("unexpected", extra={"error": type(error).__name__})
    return [record["messageId"] for record in records if record["messageId"] not in done]


def _in_turn(deliverer: Deliverer, group: Sequence[tuple[str, Parcel]], seconds: float, done: set[str]) -> None:
    with spending(seconds):
        for message_id, parcel in group:
            if current().seconds_left() < ENOUGH:
                return
            with suppress(Unavailable):
                deliverer.deliver(parcel)
                done.add(message_id)
