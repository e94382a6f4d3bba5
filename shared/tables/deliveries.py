"""What became of each message to a webhook, for some days; and how long a failing receiver is left alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from shared.errors import NotFound
from shared.tables import keys
from shared.tables.client import call
from shared.tables.feed import seconds_of, stamp_of
from shared.tables.tables import Tables
from shared.tables.webhooks import Secrets, Webhook, as_secrets, as_webhook

State = Literal["delivered", "retrying", "failed"]

KEPT: Final = 14 * 86_400
"""Seconds for which it is remembered what became of a message."""
REST_KEPT: Final = 2 * 86_400


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a message, as it ended."""

    webhook_id: str
    begun: str
    """When its event happened, or when its replay was asked for: with the id of the message the delivery's name."""
    message_id: str
    event: str
    """Its type: `organisation.changed`."""
    number: int
    """How many attempts there were, this one included."""
    state: State
    at: str
    status: int | None
    """What the receiver answered."""
    problem: str | None
    """Why there is no such answer, or why it does not count."""
    milliseconds: int
    next_at: str | None
    """When it is tried again."""
    body: str
    """What was sent, so that it can be sent again."""


@dataclass(frozen=True, slots=True)
class Standing:
    """All that an attempt depends on, read at one moment."""

    webhook: Webhook | None
    secrets: Secrets | None
    attempts: int
    is_settled: bool
    """Whether the message was delivered, or given up."""
    failures: int
    """Of the receiver, in a row, whatever the message."""
    rests_until: float


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The log of deliveries, in the register's table."""

    tables: Tables

    def standing(self, webhook_id: str, begun: str, message_id: str) -> Standing:
        """How things stand for a message, read consistently in one call."""
        hook, live = keys.webhook(webhook_id), keys.webhook_secrets(webhook_id)
        log, rest = keys.delivery(webhook_id, begun, message_id), keys.webhook_rest(webhook_id)
        items = self.tables.items({self._table: [hook, live, log, rest]})[self._table]
        found: dict[str, Mapping[str, Any]] = {item["pk"]["S"]: item for item in items}
        held, kept = found.get(hook["pk"]["S"]), found.get(live["pk"]["S"])
        logged, resting = dict(found.get(log["pk"]["S"], {})), dict(found.get(rest["pk"]["S"], {}))
        until = keys.text(resting, "until")
        return Standing(
            webhook=None if held is None else as_webhook(dict(held)),
            secrets=None if kept is None else as_secrets(dict(kept)),
            attempts=keys.number(logged, "attempts"),
            is_settled=keys.text(logged, "state") in {"delivered", "failed"},
            failures=keys.number(resting, "failures"),
            rests_until=0.0 if until is None else seconds_of(until),
        )

    def note(self, attempt: Attempt) -> None:
        """Write down how an attempt ended; it replaces what is known of the attempts before."""
        texts = {
            "event": attempt.event,
            "body": attempt.body,
            "state": attempt.state,
            "at": attempt.at,
            "problem": attempt.problem,
            "next_at": attempt.next_at,
        }
        numbers = {"attempts": attempt.number, "status": attempt.status, "milliseconds": attempt.milliseconds}
        expiry = int(self.tables.clock.now()) + KEPT
        item: dict[str, Any] = {
            **keys.delivery(attempt.webhook_id, attempt.begun, attempt.message_id),
            **{name: {"S": value} for name, value in texts.items() if value is not None},
            **{name: {"N": str(value)} for name, value in numbers.items() if value is not None},
            "expires_at": {"N": str(expiry)},
        }
        call(self.tables.client, "PutItem", {"TableName": self._table, "Item": item}, self.tables.clock)

    def let_rest(self, webhook_id: str, failures: int, until: float) -> None:
        """Leave a receiver alone until then, because so many attempts at it failed in a row."""
        item = {
            **keys.webhook_rest(webhook_id),
            "failures": {"N": str(failures)},
            "until": {"S": stamp_of(until)},
            "expires_at": {"N": str(int(until) + REST_KEPT)},
        }
        call(self.tables.client, "PutItem", {"TableName": self._table, "Item": item}, self.tables.clock)

    def end_rest(self, webhook_id: str) -> None:
        """Send as before: the receiver works."""
        request = {"TableName": self._table, "Key": keys.webhook_rest(webhook_id)}
        call(self.tables.client, "DeleteItem", request, self.tables.clock)

    def page(self, webhook_id: str, before: tuple[str, str] | None, limit: int) -> list[Attempt]:
        """The deliveries of a webhook, newest first, from before one (begun, message) on."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :log",
            "ExpressionAttributeValues": {":log": {"S": keys.deliveries(webhook_id)}},
            "ScanIndexForward": False,
            "ConsistentRead": True,
            "Limit": limit,
        }
        if before is not None:
            request["ExclusiveStartKey"] = keys.delivery(webhook_id, *before)
        answer = call(self.tables.client, "Query", request, self.tables.clock)
        return [_as_attempt(webhook_id, item) for item in answer["Items"]]

    def one(self, webhook_id: str, begun: str, message_id: str) -> Attempt:
        """The last attempt at a message; raises `NotFound`."""
        item = self.tables.item(self._table, keys.delivery(webhook_id, begun, message_id))
        if item is None:
            raise NotFound
        return _as_attempt(webhook_id, item)

    @property
    def _table(self) -> str:
        return self.tables.settings.register_table


def _as_attempt(webhook_id: str, item: dict[str, Any]) -> Attempt:
    begun, _, message_id = item["sk"]["S"].partition("#")
    return Attempt(
        webhook_id=webhook_id,
        begun=begun,
        message_id=message_id,
        event=item["event"]["S"],
        number=keys.number(item, "attempts"),
        state=cast("State", item["state"]["S"]),
        at=item["at"]["S"],
        status=keys.number(item, "status") or None,
        problem=keys.text(item, "problem"),
        milliseconds=keys.number(item, "milliseconds"),
        next_at=keys.text(item, "next_at"),
        body=item["body"]["S"],
    )
