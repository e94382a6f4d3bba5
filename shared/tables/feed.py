"""The feed: one entry per version, in the order of its stamp, written in the transaction of the write itself.

An entry is visible within `LATE_BOUND` of its stamp; one that is not gets a fresh stamp from the sweeper. Epochs stand
in the same partitions behind the entries, so that whoever reads the tail learns of a new one without another call.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from botocore.exceptions import ClientError

from shared.budget import record_call
from shared.tables import keys
from shared.tables.client import TRANSPORT_ERRORS, Clock, call
from shared.tables.tables import Document, Tables

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_dynamodb.type_defs import UpdateItemInputTypeDef

FIRST_DAY: Final = "2026-11-01"
"""No entry is older than the software; reading from the beginning starts here."""
LATE_BOUND: Final = 12.0
"""Seconds after its stamp within which the entry of an acknowledged write is visible, with two to spare: the time a
write may take from its last stamp to its answer (`PROMPT`), and two seconds of clock skew on either side."""
BEHIND: Final = 10.0
"""Seconds between the clock and the line up to which the feed is final."""
SKEW: Final = 2.0
"""Seconds by which any clock may be wrong."""
PROMPT: Final = BEHIND - 2 * SKEW
"""Seconds after its stamp within which a write must be answered for its entry to be where nobody has read yet: by the
time of a writer whose clock is behind and a reader whose clock is ahead."""
CLOCK_AHEAD: Final = 5.0
"""Seconds by which a stamp may lie ahead of the clock; a write that would need more is refused."""
CLOCK_BACK: Final = 3600.0
"""Seconds by which a reader's clock may be behind without hiding the new day from it."""
NO_EPOCH: Final = "0"
"""The epoch of a register that was never restored."""


@dataclass(frozen=True, slots=True)
class Entry:
    """That one version of one record exists; `stamp` is its place in the order, RFC 3339 UTC with milliseconds."""

    stamp: str
    id: str
    version: int
    type: str
    change: str
    late: bool
    restamped: bool = False
    """It came too late, and stands again under a fresh stamp."""
    prompt: bool = False
    """Its writer saw it in time; what lacks this may have come too late, and only its writer could know."""

    @property
    def sort_key(self) -> str:
        """Its place in the one order, as text."""
        return keys.feed_entry(self.stamp, self.id, self.version)["sk"]["S"]


@dataclass(frozen=True, slots=True)
class Tail:
    """One page of entries in their order, and the newest epoch seen on it."""

    entries: list[Entry]
    epoch: str | None


def stamp_of(seconds: float) -> str:
    """A moment (seconds since 1970) as RFC 3339 in UTC with milliseconds: `2026-11-21T09:30:00.000Z`."""
    milliseconds = round(seconds * 1000)
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"


def seconds_of(stamp: str) -> float:
    """The moment of a stamp, in seconds since 1970."""
    return datetime.fromisoformat(stamp).timestamp()


@dataclass(frozen=True, slots=True)
class Feed:
    """Reading the feed, and the documents that it speaks of."""

    tables: Tables

    def tail(self, since: str | None) -> Iterator[Tail]:
        """Pages from the stamp `since` (None: the first day) to the newest entry, over borders of days.

        There is no upper bound within a day: what was written after the call began may be among them.
        """
        first = since or f"{FIRST_DAY}T"
        for day in _days(first[:10], stamp_of(self.tables.clock.now() + CLOCK_BACK)[:10]):
            yield from self._day(day, first)

    def _day(self, day: str, since: str) -> Iterator[Tail]:
        request: dict[str, Any] = {
            "TableName": self.tables.settings.register_table,
            "KeyConditionExpression": "pk = :day AND sk >= :since",
            "ExpressionAttributeValues": {":day": {"S": keys.feed_day(day)}, ":since": {"S": since}},
            "ConsistentRead": True,
        }
        while True:
            answer = call(self.tables.client, "Query", request, self.tables.clock)
            yield _page(answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def documents(self, ids: Sequence[str]) -> dict[str, Document]:
        """Current versions and tombstones by id, read consistently."""
        return self.tables.documents(ids)

    def revision(self, id: str, version: int) -> Document | None:
        """What one version said publicly."""
        return self.tables.revision(id, version)


def _days(first: str, last: str) -> Iterator[str]:
    day, end = datetime.fromisoformat(first), datetime.fromisoformat(max(first, last))
    while day <= end:
        yield day.date().isoformat()
        day += timedelta(days=1)


def _page(items: Sequence[dict[str, Any]]) -> Tail:
    names = [item["sk"]["S"] for item in items if _is_epoch(item)]
    return Tail(entries_of(items), names[-1][len(keys.EPOCH_PREFIX) :] if names else None)


def _is_epoch(item: dict[str, Any]) -> bool:
    return str(item["sk"]["S"]).startswith(keys.EPOCH_PREFIX)


def entries_of(items: Sequence[dict[str, Any]]) -> list[Entry]:
    """Read the entries among the items of a day."""
    entries = []
    for item in items:
        if _is_epoch(item):
            continue
        stamp, record_id, version = item["sk"]["S"].split("#")
        entries.append(
            Entry(
                stamp=stamp,
                id=record_id,
                version=int(version),
                type=item["type"]["S"],
                change=item["change"]["S"],
                late="late" in item,
                restamped="restamped" in item,
                prompt="prompt" in item,
            )
        )
    return entries


def entry_item(
    stamp: str, record_id: str, version: int, *, record_type: str, change: str, late: bool = False
) -> dict[str, Any]:
    """The item of one entry; `late` marks one that got a fresh stamp."""
    item: dict[str, Any] = {
        **keys.feed_entry(stamp, record_id, version),
        "type": {"S": record_type},
        "change": {"S": change},
    }
    if late:
        item["late"] = {"BOOL": True}
    return item


def attest(tables: Tables, stamp: str, record_id: str, version: int) -> bool:
    """Note on an entry that was just written that it came in time; False, and no note, if it did not."""
    is_prompt = tables.clock.now() - seconds_of(stamp) <= PROMPT
    if is_prompt:
        note(tables, stamp, record_id, version, "prompt")
    return is_prompt


def note(tables: Tables, stamp: str, record_id: str, version: int, what: Literal["prompt", "restamped"]) -> None:
    """Note something on an entry, in one attempt.

    One that fails is no fault: the sweeper repeats the entry, which costs a follower one more look at it.
    """
    request: UpdateItemInputTypeDef = {
        "TableName": tables.settings.register_table,
        "Key": keys.feed_entry(stamp, record_id, version),
        "UpdateExpression": f"SET {what} = :yes",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeValues": {":yes": {"BOOL": True}},
    }
    with suppress(ClientError, *TRANSPORT_ERRORS):
        record_call("UpdateItem", request, dict(tables.client.update_item(**request)))


def renew_epoch(client: "DynamoDBClient", register_table: str, clock: Clock | None = None) -> str:
    """Begin a new epoch, after a restore or an unclean start: every copy of the projection throws itself away.

    Written behind the entries of today and tomorrow, so that a reader at the border of the days sees it too, and under
    a key of its own, because a position in the final feed may be of any day.
    """
    now = (clock or Clock()).now()
    name = f"{stamp_of(now)}#{secrets.token_hex(4)}"
    for moment in (now, now + 86_400):
        client.put_item(TableName=register_table, Item=keys.epoch(stamp_of(moment)[:10], name))
    client.put_item(TableName=register_table, Item={**keys.current_epoch(), "name": {"S": name}})
    return name
