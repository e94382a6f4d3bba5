"""Webhooks as they are kept: where to, of what, with which secrets; one conditional transaction per change."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from shared.errors import AnsweredAlready, Conflict, NotFound, PreconditionFailed, ProblemError, WriteContention
from shared.models import ids
from shared.models.ids import RecordType
from shared.once import Once
from shared.tables import keys
from shared.tables.client import call, time_for_another, wait_before
from shared.tables.feed import seconds_of, stamp_of
from shared.tables.idempotency import Answered, Change, Memory
from shared.tables.tables import Tables

Status = Literal["active", "disabled", "gone"]
"""Whether messages are sent: as its owner says, or no more since the receiver answered 410."""

MOST: Final = 10
"""Webhooks of one partner."""
PAGE: Final = 200
"""Webhooks that are read at once: with addresses of 2,000 characters still below a Query's 1 MB."""
ROTATION: Final = 24 * 3600
"""Seconds for which the secret before the current one stays live."""
_ABSENT: Final = {"ConditionExpression": "attribute_not_exists(pk)"}


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where messages go, and of which types of record they tell; None stands for all."""

    id: str
    organisation_id: str | None
    """Whose it is; None: the register's own office."""
    url: str
    types: tuple[RecordType, ...] | None
    status: Status
    version: int
    created_at: str
    updated_at: str

    def wants(self, record_type: str) -> bool:
        """Whether it is told of records of a type."""
        return self.status == "active" and (self.types is None or record_type in self.types)


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of a webhook; `generation` counts rotations from 1."""

    generation: int
    current: str
    previous: str | None = None
    previous_ends_at: str | None = None

    def live(self, now: float) -> list[str]:
        """Those that messages are signed with, the current one first."""
        ends = self.previous_ends_at
        return [self.current] if ends is None or seconds_of(ends) <= now else [self.current, str(self.previous)]

    def rotated(self, fresh: str, now: float) -> "Secrets":
        """The secrets after a rotation: the current one stays live for a while, an older one ends."""
        return Secrets(self.generation + 1, fresh, self.current, stamp_of(now + ROTATION))


def new_id(milliseconds: int) -> str:
    """Draw an id that sorts by time: `whk_01jd…`."""
    return f"whk_{ids.sortable(milliseconds, secrets.token_bytes(ids.ENTROPY_BYTES))}"


@dataclass(frozen=True, slots=True)
class Webhooks:
    """All webhooks in the register's table."""

    tables: Tables

    def get(self, webhook_id: str) -> Webhook:
        """One webhook; raises `NotFound`."""
        item = self.tables.item(self._table, keys.webhook(webhook_id))
        if item is None:
            raise NotFound
        return as_webhook(item)

    def of(self, organisation_id: str | None) -> list[Webhook]:
        """Those of one partner, in the order of their creation."""
        held = self.tables.item(self._table, keys.webhooks_of(organisation_id)) or {}
        wanted = [keys.webhook(webhook_id) for webhook_id in held.get("live", {}).get("SS", ())]
        found = self.tables.items({self._table: wanted})[self._table] if wanted else []
        return sorted(map(as_webhook, found), key=lambda webhook: webhook.id)

    def page(self, after: str | None, limit: int) -> list[Webhook]:
        """Those of all partners, from behind an id on."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :all AND sk > :after",
            "ExpressionAttributeValues": {":all": {"S": keys.WEBHOOKS}, ":after": {"S": after or " "}},
            "ConsistentRead": True,
            "Limit": limit,
        }
        answer = call(self.tables.client, "Query", request, self.tables.clock)
        return [as_webhook(item) for item in answer["Items"]]

    def all(self) -> Iterator[Webhook]:
        """Every webhook, read page by page."""
        after: str | None = None
        while page := self.page(after, PAGE):
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1].id

    def secrets(self, webhook_id: str) -> Secrets:
        """What its messages are signed with; raises `NotFound`."""
        item = self.tables.item(self._table, keys.webhook_secrets(webhook_id))
        if item is None:
            raise NotFound
        return as_secrets(item)

    def create(self, webhook: Webhook, first: Secrets, once: Once | None) -> None:
        """Enter a webhook; raises `Conflict` where its partner has as many as one may have."""
        live = self._live(webhook, "ADD live :id")
        live["ConditionExpression"] = "attribute_not_exists(live) OR size(live) < :most"
        live["ExpressionAttributeValues"][":most"] = {"N": str(MOST)}
        self._transact(
            [
                {"Update": live},
                {"Put": {"TableName": self._table, "Item": _item(webhook), **_ABSENT}},
                {"Put": {"TableName": self._table, "Item": _secrets_item(webhook.id, first), **_ABSENT}},
            ],
            self._memory(once, "created", webhook.id, 1),
            Conflict(f"One may have {MOST} webhooks; delete one first."),
        )

    def change(self, held: Webhook, after: Webhook, once: Once | None) -> None:
        """Replace the version that is held; raises `PreconditionFailed` where there is another one by now."""
        put = {"TableName": self._table, "Item": _item(after), **_still(held)}
        remembered = self._memory(once, "changed", held.id, after.version)
        self._transact([{"Put": put}], remembered, PreconditionFailed())

    def delete(self, held: Webhook, once: Once | None) -> None:
        """Forget a webhook and its secrets; raises as `change` does. What is on its way to it is dropped."""
        self._transact(
            [
                {"Delete": {"TableName": self._table, "Key": keys.webhook(held.id), **_still(held)}},
                {"Delete": {"TableName": self._table, "Key": keys.webhook_secrets(held.id)}},
                {"Update": self._live(held, "DELETE live :id")},
            ],
            self._memory(once, "deleted", held.id, held.version),
            PreconditionFailed(),
        )

    def rotate(self, webhook_id: str, held: Secrets, after: Secrets, once: Once | None) -> None:
        """Replace the secrets that are held; raises `Conflict` where another rotation came first."""
        put = {
            "TableName": self._table,
            "Item": _secrets_item(webhook_id, after),
            "ConditionExpression": "generation = :held",
            "ExpressionAttributeValues": {":held": {"N": str(held.generation)}},
        }
        remembered = self._memory(once, "changed", webhook_id, after.generation)
        self._transact([{"Put": put}], remembered, Conflict("The secret is being rotated already."))

    @property
    def _table(self) -> str:
        return self.tables.settings.register_table

    def _live(self, webhook: Webhook, expression: str) -> dict[str, Any]:
        return {
            "TableName": self._table,
            "Key": keys.webhooks_of(webhook.organisation_id),
            "UpdateExpression": expression,
            "ExpressionAttributeValues": {":id": {"SS": [webhook.id]}},
        }

    def _memory(self, once: Once | None, change: Change, webhook_id: str, number: int) -> list[dict[str, Any]]:
        """What remembers the answer to a request with an Idempotency-Key, in the transaction itself."""
        return [] if once is None else [{"Put": Memory(self.tables).put(once, Answered(change, webhook_id, number))}]

    def _transact(self, actions: list[dict[str, Any]], remembered: list[dict[str, Any]], refusal: ProblemError) -> None:
        """Carry the actions out, all or none; the condition of any of them is about the same thing."""
        request = {"TransactItems": actions + remembered, "ClientRequestToken": secrets.token_hex(16)}
        attempt = 0
        while True:
            try:
                call(self.tables.client, "TransactWriteItems", request, self.tables.clock)
            except self.tables.client.exceptions.TransactionCanceledException as error:
                reasons = cast("Sequence[dict[str, str]]", error.response.get("CancellationReasons", ()))
                failed = [reason.get("Code") == "ConditionalCheckFailed" for reason in reasons]
                if any(failed[: len(actions)]):
                    raise refusal from None
                if any(failed):
                    raise AnsweredAlready from None
                if not time_for_another():
                    raise WriteContention from None
            else:
                return
            wait_before(attempt, self.tables.clock)
            attempt += 1


def as_webhook(item: dict[str, Any]) -> Webhook:
    """Read a webhook's item."""
    types = item.get("types", {}).get("SS")
    return Webhook(
        id=item["sk"]["S"],
        organisation_id=keys.text(item, "organisation_id"),
        url=item["url"]["S"],
        types=None if types is None else tuple(sorted(types)),
        status=cast("Status", item["status"]["S"]),
        version=int(item["version"]["N"]),
        created_at=item["created_at"]["S"],
        updated_at=item["updated_at"]["S"],
    )


def as_secrets(item: dict[str, Any]) -> Secrets:
    """Read the item of a webhook's secrets."""
    return Secrets(
        int(item["generation"]["N"]),
        item["secret"]["S"],
        keys.text(item, "previous"),
        keys.text(item, "previous_ends_at"),
    )


def _item(webhook: Webhook) -> dict[str, Any]:
    item: dict[str, Any] = {
        **keys.webhook(webhook.id),
        "url": {"S": webhook.url},
        "status": {"S": webhook.status},
        "version": {"N": str(webhook.version)},
        "created_at": {"S": webhook.created_at},
        "updated_at": {"S": webhook.updated_at},
    }
    if webhook.organisation_id is not None:
        item["organisation_id"] = {"S": webhook.organisation_id}
    if webhook.types is not None:
        item["types"] = {"SS": sorted(webhook.types)}
    return item


def _secrets_item(webhook_id: str, held: Secrets) -> dict[str, Any]:
    optional = {"previous": held.previous, "previous_ends_at": held.previous_ends_at}
    return {
        **keys.webhook_secrets(webhook_id),
        "generation": {"N": str(held.generation)},
        "secret": {"S": held.current},
        **{name: {"S": value} for name, value in optional.items() if value is not None},
    }


def _still(held: Webhook) -> dict[str, Any]:
    return {
        "ConditionExpression": "version = :held",
        "ExpressionAttributeValues": {":held": {"N": str(held.version)}},
    }
