"""Quotas: how many writes a partner may make in a minute, counted in one item per partner and minute."""

from dataclasses import dataclass
from typing import Final

from shared.caller import Caller
from shared.errors import TooManyRequests
from shared.tables import keys
from shared.tables.client import call
from shared.tables.tables import Tables

WINDOW: Final = 60
"""Seconds of a window; windows begin with the minute."""


@dataclass(frozen=True, slots=True)
class Quota:
    """The writes that partners have left; admins and those without a key are not counted."""

    tables: Tables
    limit: int

    def admit(self, caller: Caller, writes: int = 1) -> dict[str, str]:
        """Count writes in, and give the header fields that say what is left; raises `TooManyRequests`.

        The fields are those of draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4. A count whose answer is lost
        is made again, so that a write may count twice, but none goes uncounted.
        """
        if caller.key_id is None or caller.is_admin:
            return {}
        now = int(self.tables.clock.now())
        request = {
            "TableName": self.tables.settings.register_table,
            "Key": keys.quota(caller.name, now // WINDOW),
            "UpdateExpression": "ADD used :writes SET expires_at = :end",
            "ExpressionAttributeValues": {":writes": {"N": str(writes)}, ":end": {"N": str(now + 2 * WINDOW)}},
            "ReturnValues": "UPDATED_NEW",
        }
        answer = call(self.tables.client, "UpdateItem", request, self.tables.clock)
        used = keys.number(answer["Attributes"], "used")
        fields = self._fields(used, now)
        if used > self.limit:
            raise TooManyRequests(headers={**fields, "Retry-After": str(WINDOW - now % WINDOW)})
        return fields

    def state(self, caller: Caller) -> dict[str, int] | None:
        """The quota, what is left of it and the seconds until it is whole again; None where writes are not counted."""
        if caller.key_id is None or caller.is_admin:
            return None
        now = int(self.tables.clock.now())
        key = keys.quota(caller.name, now // WINDOW)
        item = self.tables.item(self.tables.settings.register_table, key) or {}
        remaining = max(0, self.limit - keys.number(item, "used"))
        return {"limit": self.limit, "remaining": remaining, "resets_in": WINDOW - now % WINDOW}

    def _fields(self, used: int, now: int) -> dict[str, str]:
        left = max(0, self.limit - used)
        return {
            "RateLimit-Policy": f'"writes";q={self.limit};w={WINDOW}',
            "RateLimit": f'"writes";r={left};t={WINDOW - now % WINDOW}',
        }
