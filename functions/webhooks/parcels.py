"""What is on its way to a webhook: a message, when it is due, and how often it was tried."""

import json
import math
import re
from dataclasses import dataclass, replace
from typing import Any, Final

from shared.errors import NotFound
from shared.tables.feed import Entry, seconds_of, stamp_of
from shared.tables.queues import LONGEST_DELAY, Message

TRIED_FOR: Final = 24 * 3600
"""Seconds after which a message is given up."""
DELIVERY: Final = r"dlv_([0-9]{13})_(msg_[a-z0-9_]{1,80})"
"""The name of a delivery."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message to one webhook; `attempt` counts those that were made."""

    webhook_id: str
    message_id: str
    """The `webhook-id` of all its attempts, by which a receiver knows what it has had."""
    event: str
    body: str
    begun: str
    """The event's own time, or that of the request to replay it: the same parcel put twice is one delivery."""
    queued_at: str
    attempt: int = 0
    due: str | None = None

    @classmethod
    def of(cls, text: str) -> "Parcel":
        """Read what `message` wrote; raises `ValueError` or `TypeError` for anything else."""
        return cls(**json.loads(text))

    def message(self, now: float) -> Message:
        """What the queue carries; it comes back before its time where that is further away than a queue can wait."""
        fields = {name: getattr(self, name) for name in self.__slots__ if getattr(self, name) is not None}
        delay = min(LONGEST_DELAY, max(0, math.ceil(self.due_at - now)))
        return Message(json.dumps(fields, ensure_ascii=False), self.webhook_id, delay)

    def put_off(self, until: float) -> "Parcel":
        """The same, to be tried later."""
        return replace(self, due=stamp_of(until))

    def tried(self, until: float) -> "Parcel":
        """What is left after an attempt that failed."""
        return replace(self, due=stamp_of(until), attempt=self.attempt + 1)

    @property
    def due_at(self) -> float:
        """From when on it is to be tried; 0 for at once."""
        return 0.0 if self.due is None else seconds_of(self.due)

    @property
    def deadline(self) -> float:
        """From when on a failure is the last one."""
        return seconds_of(self.queued_at) + TRIED_FOR


def delivery_id(begun: str, message_id: str) -> str:
    """The name of a delivery: `dlv_1795253400000_msg_org_01jd…_7`."""
    return f"dlv_{round(seconds_of(begun) * 1000)}_{message_id}"


def of_delivery(name: str) -> tuple[str, str]:
    """When a delivery began, and its message; raises `NotFound` for what names none."""
    match = re.fullmatch(DELIVERY, name)
    if match is None:
        raise NotFound("There is no such delivery.")
    return stamp_of(int(match[1]) / 1000), match[2]


@dataclass(frozen=True, slots=True)
class Event:
    """What a message tells: ids and versions, never what a record says."""

    message_id: str
    type: str
    body: str

    def to(self, webhook_id: str, *, begun: str, now: float) -> Parcel:
        """The parcel that takes it to a webhook."""
        return Parcel(webhook_id, self.message_id, self.type, self.body, begun, stamp_of(now))


def of_entry(entry: Entry, cursor: str) -> Event:
    """The event of a new version; `cursor` is its place in `/changes`."""
    data = {
        "cursor": cursor,
        "type": entry.type,
        "id": entry.id,
        "version": entry.version,
        "change": entry.change,
        "late": entry.late,
    }
    return _event(f"msg_{entry.id}_{entry.version}", f"{entry.type}.{entry.change}", entry.stamp, data)


def test_event(token: str, at: str) -> Event:
    """An event that nothing has caused."""
    return _event(f"msg_test_{token}", "webhook.test", at, {})


def challenge(token: str, at: str) -> Event:
    """A question that only somebody who reads at the address can answer."""
    return _event(f"msg_challenge_{token}", "webhook.challenge", at, {"challenge": token})


def _event(message_id: str, event: str, at: str, data: dict[str, Any]) -> Event:
    body = {"type": event, "timestamp": at, "data": data}
    return Event(message_id, event, json.dumps(body, separators=(",", ":")))
