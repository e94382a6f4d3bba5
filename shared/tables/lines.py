"""How far the feed has been handed on to webhooks: the line of the dispatcher, and replays on their way."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from shared.errors import Conflict
from shared.tables import keys
from shared.tables.changes import Position
from shared.tables.client import call
from shared.tables.tables import Tables

REPLAY_KEPT: Final = 7 * 86_400
"""Seconds after which a replay that nobody could finish is forgotten."""


class Overtaken(Exception):
    """Another dispatcher has moved the line meanwhile: what it stands for is done."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What is sent to a webhook once more: all between a position and a moment."""

    webhook_id: str
    begun: str
    """When it was asked for."""
    position: Position
    until: str
    """The stamp behind which new messages go out by themselves."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The positions of the dispatcher; each moves by a condition on where it stood."""

    tables: Tables

    def line(self) -> Position | None:
        """Up to where messages are in the queue; None before the first run."""
        item = self.tables.item(self._table, keys.webhook_line())
        return None if item is None else _position(item)

    def move(self, held: Position | None, after: Position) -> None:
        """Move the line; raises `Overtaken`. Done twice it does no harm."""
        self._put({**keys.webhook_line(), **_attributes(after)}, held)

    def replays(self) -> Iterator[Replay]:
        """All replays on their way."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :all",
            "ExpressionAttributeValues": {":all": {"S": keys.REPLAYS}},
            "ConsistentRead": True,
        }
        while True:
            answer = call(self.tables.client, "Query", request, self.tables.clock)
            for item in answer["Items"]:
                yield Replay(item["sk"]["S"], item["begun"]["S"], _position(item), item["until"]["S"])
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def begin(self, replay: Replay) -> None:
        """Let a replay begin; raises `Conflict` while one of that webhook is on its way."""
        try:
            self._put(self._replay_item(replay), None)
        except Overtaken:
            raise Conflict("A replay of this webhook is on its way already.") from None

    def go_on(self, held: Replay, after: Position) -> None:
        """Say how far a replay has come; raises `Overtaken`."""
        self._put(self._replay_item(replace(held, position=after)), held.position)

    def end(self, replay: Replay) -> None:
        """Forget a replay that is done; another one that was asked for meanwhile stays."""
        request = {
            "TableName": self._table,
            "Key": keys.webhook_replay(replay.webhook_id),
            "ConditionExpression": "begun = :begun",
            "ExpressionAttributeValues": {":begun": {"S": replay.begun}},
        }
        with suppress(self.tables.client.exceptions.ConditionalCheckFailedException):
            call(self.tables.client, "DeleteItem", request, self.tables.clock)

    def _replay_item(self, replay: Replay) -> dict[str, Any]:
        return {
            **keys.webhook_replay(replay.webhook_id),
            **_attributes(replay.position),
            "begun": {"S": replay.begun},
            "until": {"S": replay.until},
            "expires_at": {"N": str(int(self.tables.clock.now()) + REPLAY_KEPT)},
        }

    def _put(self, item: dict[str, Any], held: Position | None) -> None:
        request: dict[str, Any] = {"TableName": self._table, "Item": item}
        if held is None:
            request["ConditionExpression"] = "attribute_not_exists(pk)"
        else:
            request["ConditionExpression"] = "behind = :held AND epoch = :epoch"
            request["ExpressionAttributeValues"] = {":held": {"S": held.behind}, ":epoch": {"S": held.epoch}}
        try:
            call(self.tables.client, "PutItem", request, self.tables.clock)
        except self.tables.client.exceptions.ConditionalCheckFailedException:
            raise Overtaken from None

    @property
    def _table(self) -> str:
        return self.tables.settings.register_table


def _position(item: dict[str, Any]) -> Position:
    return Position(item["epoch"]["S"], item["behind"]["S"])


def _attributes(position: Position) -> dict[str, Any]:
    return {"epoch": {"S": position.epoch}, "behind": {"S": position.behind}}
