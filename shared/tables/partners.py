"""Keys of partners: made, listed, rotated, revoked, and recognised."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from shared import budget
from shared.caller import Caller
from shared.credentials import Credential
from shared.errors import Conflict, Gone, NotFound, Unauthorised, WriteContention
from shared.models import ids
from shared.tables import keys
from shared.tables.client import has_passed
from shared.tables.feed import seconds_of, stamp_of
from shared.tables.secrets import ASKED_AGAIN, KEPT
from shared.tables.tables import Tables

LIVE_KEYS: Final = 2
REMEMBERED: Final = 20.0
"""Seconds for which a process trusts what it read of a key: a revoked one stops within 30."""
MOST_REMEMBERED: Final = 1000
USE_NOTED_EVERY: Final = 3600.0
_NOBODYS: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Partners:
    """The keys in the register's table, under peppers of which the first is for new ones."""

    tables: Tables
    peppers: Callable[[float], Sequence[str]]
    """Gives them as they were at most so many seconds ago."""
    environment: str
    _remembered: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)

    def authenticate(self, text: str) -> Caller:
        """Give who sends this key; raises one and the same `Unauthorised` for every key that is not good."""
        credential = Credential.parse(text)
        if credential is None or credential.environment != self.environment:
            raise Unauthorised
        item = self._known(credential.id)
        fits = self._fits(credential, item.get("digest", {}).get("S", _NOBODYS))
        now = self.tables.clock.now()
        ends = keys.text(item, "ends_at")
        if not fits or "revoked_at" in item or (ends is not None and seconds_of(ends) <= now):
            raise Unauthorised
        self._note_use(credential.id, item, now)
        return Caller(
            credential.id,
            keys.text(item, "organisation_id"),
            frozenset(item["scopes"]["SS"]),
            ends,
            keys.text(item, "prefix"),
        )

    def _fits(self, credential: Credential, digest: str) -> bool:
        known = self.peppers(KEPT)
        if credential.fits(digest, known):
            return True
        # It may be as new as the last rotation; whether there is such a key at all makes no difference.
        newer = self.peppers(ASKED_AGAIN)
        return newer != known and credential.fits(digest, newer)

    def _known(self, key_id: str) -> dict[str, Any]:
        read_at, item = self._remembered.get(key_id, (0.0, None))
        now = self.tables.clock.now()
        if item is None or has_passed(REMEMBERED, read_at, now):
            item = self.tables.item(self.tables.settings.register_table, keys.api_key(key_id)) or {}
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key_id] = (now, item)
        return item

    def _note_use(self, key_id: str, item: dict[str, Any], now: float) -> None:
        noted = keys.text(item, "last_used_at")
        if noted is not None and now - seconds_of(noted) < USE_NOTED_EVERY:
            return
        used = {"S": stamp_of(now)}
        item["last_used_at"] = used
        request: dict[str, Any] = {
            "TableName": self.tables.settings.register_table,
            "Key": keys.api_key(key_id),
            "UpdateExpression": "SET last_used_at = :now",
            "ConditionExpression": "attribute_exists(pk) AND NOT last_used_at > :ago",
            "ExpressionAttributeValues": {":now": used, ":ago": {"S": stamp_of(now - USE_NOTED_EVERY)}},
        }
        # Whether a key is used is nice to know: it is tried once, and nobody fails by it.
        with suppress(BotoCoreError, ClientError):
            budget.record_call("UpdateItem", request, dict(self.tables.client.update_item(**request)))

    def create(
        self,
        organisation_id: str | None,
        scopes: Sequence[str],
        *,
        ends_at: str | None = None,
        prefix: str | None = None,
    ) -> Credential:
        """Make a key; raises `Conflict` while the partner has two live ones, `NotFound` or `Gone` for the partner.

        `prefix` is what the schemes of the partner's own external ids begin with; once given it stays, for all its
        keys. Raises `Conflict` where it is another partner's, or this one has another.
        """
        if organisation_id is not None:
            self._require_organisation(organisation_id)
        credential = Credential.new(self.environment)
        table, now = self.tables.settings.register_table, self.tables.clock.now()
        self._forget_ended(organisation_id, now)
        item: dict[str, Any] = {
            **keys.api_key(credential.id),
            "digest": {"S": credential.digest(self.peppers(KEPT)[0])},
            "scopes": {"SS": sorted(scopes)},
            "created_at": {"S": stamp_of(now)},
        }
        if organisation_id is not None:
            item["organisation_id"] = {"S": organisation_id}
        if ends_at is not None:
            item["ends_at"] = {"S": ends_at}
        prefix = self._give_prefix(organisation_id, prefix)
        if prefix is not None:
            item["prefix"] = {"S": prefix}
        live = {
            "TableName": table,
            "Key": keys.partner(organisation_id),
            "UpdateExpression": "ADD live :id",
            "ConditionExpression": "attribute_not_exists(live) OR size(live) < :most",
            "ExpressionAttributeValues": {":id": {"SS": [credential.id]}, ":most": {"N": str(LIVE_KEYS)}},
        }
        put = {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
        actions: list[dict[str, Any]] = [{"Put": put}, {"Update": live}, *self._still_there(organisation_id)]
        self._transact(actions, "A partner has at most two live keys: revoke one first.")
        return credential

    def _give_prefix(self, organisation_id: str | None, prefix: str | None) -> str | None:
        """Keep the partner's prefix, and on its live keys too; gives the one that it has now, if any."""
        table = self.tables.settings.register_table
        held = self.tables.item(table, keys.partner(organisation_id)) or {}
        known = keys.text(held, "prefix")
        if prefix is None or prefix == known:
            return known
        if organisation_id is None:
            raise Conflict("The register's own office needs no prefix: it may use any scheme.")
        if known is not None:
            raise Conflict("This partner has another prefix already.")
        value = {":prefix": {"S": prefix}}
        item = {**keys.prefix(prefix), "organisation_id": {"S": organisation_id}}
        actions: list[dict[str, Any]] = [
            {"Put": {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}
        ]
        changed = {"attribute_not_exists(prefix)": [keys.partner(organisation_id)]}
        changed["attribute_exists(pk)"] = [keys.api_key(key_id) for key_id in held.get("live", {}).get("SS", ())]
        actions += [
            {
                "Update": {
                    "TableName": table,
                    "Key": key,
                    "UpdateExpression": "SET prefix = :prefix",
                    "ConditionExpression": condition,
                    "ExpressionAttributeValues": value,
                }
            }
            for condition, wanted in changed.items()
            for key in wanted
        ]
        self._transact(actions, "That prefix belongs to another partner.")
        return prefix

    def listed(self, organisation_id: str | None) -> list[dict[str, Any]]:
        """What is known of a partner's live keys, without their digests."""
        held = self.tables.item(self.tables.settings.register_table, keys.partner(organisation_id)) or {}
        found = (self._item(key_id) for key_id in sorted(held.get("live", {}).get("SS", ())))
        return [
            {
                "id": item["pk"]["S"].partition("#")[2],
                "scopes": sorted(item["scopes"]["SS"]),
                **{name: keys.text(item, name) for name in ("created_at", "ends_at", "last_used_at") if name in item},
            }
            for item in found
        ]

    def has_keys(self, organisation_id: str) -> bool:
        """Whether keys are left that nobody has revoked, ended ones included."""
        held = self.tables.item(self.tables.settings.register_table, keys.partner(organisation_id)) or {}
        return "live" in held

    def revoke(self, key_id: str) -> None:
        """End a key now; raises `NotFound`. A second time changes nothing."""
        item = self._item(key_id)
        table = self.tables.settings.register_table
        revoked = {
            "TableName": table,
            "Key": keys.api_key(key_id),
            "UpdateExpression": "SET revoked_at = if_not_exists(revoked_at, :now)",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeValues": {":now": {"S": stamp_of(self.tables.clock.now())}},
        }
        live = {
            "TableName": table,
            "Key": keys.partner(keys.text(item, "organisation_id")),
            "UpdateExpression": "DELETE live :id",
            "ExpressionAttributeValues": {":id": {"SS": [key_id]}},
        }
        self._transact([{"Update": revoked}, {"Update": live}], "There is no such key any more.")
        self._remembered.pop(key_id, None)

    def rotate(self, key_id: str) -> Credential:
        """Make a second key like this one, which goes on until it is revoked; raises as `create`, and `NotFound`."""
        item = self._item(key_id)
        if "revoked_at" in item:
            raise NotFound("That key was revoked; create a new one.")
        return self.create(keys.text(item, "organisation_id"), item["scopes"]["SS"], ends_at=keys.text(item, "ends_at"))

    def _still_there(self, organisation_id: str | None) -> Iterator[dict[str, Any]]:
        from shared.tables.guards import ALIVE  # noqa: PLC0415 - whoever recognises keys needs nothing of writes

        if organisation_id is not None:
            check = {
                "TableName": self.tables.settings.organisations_table,
                "Key": keys.guard(organisation_id),
                "ConditionExpression": ALIVE,
            }
            yield {"ConditionCheck": check}

    def _require_organisation(self, organisation_id: str) -> None:
        document = self.tables.documents([organisation_id]).get(organisation_id)
        if document is None or ids.type_of(organisation_id) != "organisation":
            raise NotFound("There is no organisation with that id.")
        if document.text is None:
            raise Gone

    def _item(self, key_id: str) -> dict[str, Any]:
        item = self.tables.item(self.tables.settings.register_table, keys.api_key(key_id))
        if item is None:
            raise NotFound("There is no key with that id.")
        return item

    def _forget_ended(self, organisation_id: str | None, now: float) -> None:
        """Let keys that ended by themselves no longer count as live."""
        for key in self.listed(organisation_id):
            if "ends_at" in key and seconds_of(key["ends_at"]) <= now:
                self.revoke(key["id"])

    def _transact(self, actions: list[dict[str, Any]], refusal: str) -> None:
        """Carry out actions in DynamoDB's JSON.

        Raises `Gone` where a check of another record fails, and `Conflict`, with the refusal, where a condition does.
        """
        try:
            self.tables.client.transact_write_items(TransactItems=actions)  # type: ignore[arg-type]
        except self.tables.client.exceptions.TransactionCanceledException as error:
            reasons: Any = error.response.get("CancellationReasons", ())
            failed = [
                next(iter(action))
                for action, reason in zip(actions, reasons, strict=True)
                if reason.get("Code") == "ConditionalCheckFailed"
            ]
            if "ConditionCheck" in failed:
                raise Gone from None
            if failed:
                raise Conflict(refusal) from None
            raise WriteContention from None
