"""How long organisations existed and memberships held, for counts by year."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.models.dates import certain_bounds, parse
from shared.projection.periods import period

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lifetime:
    """When something may have begun and ended at most, and by when it certainly had begun and not yet ended.

    `owner` is the organisation that existed, or was a member of `network`. Without a date of its beginning, or with
    one that is open to a side, it is not dated: it stands in no year.
    """

    owner: str
    network: str | None
    is_dated: bool
    opens: str
    closes: str
    certain_start: str
    certain_end: str


def lifetime(record: Json) -> Lifetime | None:
    """Return the lifetime of an organisation or a membership; None for other types.

    A membership without `since` counts from the day on which it was known to hold (`as_of`).
    """
    if record["type"] == "organisation":
        return _lifetime(record["id"], None, {"since": record.get("founded"), "until": record.get("dissolved")})
    if record["type"] == "membership":
        return _lifetime(record["member_id"], record["network_id"], record)
    return None


def _lifetime(owner: str, network: str | None, statement: Json) -> Lifetime:
    begun = statement.get("since") or statement.get("as_of")
    whole = period({"since": begun, "until": statement.get("until")})
    start = parse(begun) if begun else None
    is_dated = start is not None and not (start.open_start or start.open_end)
    return Lifetime(owner, network, is_dated, whole.opens, whole.closes, *certain_bounds(statement))
