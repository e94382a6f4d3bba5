"""Who and what counts: everything, or what one or several networks and their members do."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

WITHIN: Final = """
    WITH member (id) AS (
        SELECT f.id FROM facet AS f WHERE f.name = 'organisation.network' AND f.opens <= :last AND f.closes >= :first
           AND f.value IN (SELECT value FROM json_each(:networks))
    ), actor (id) AS (
        SELECT id FROM member UNION SELECT value FROM json_each(:networks)
    )
"""
"""Members on some day from :first to :last of the networks asked for, and with them the networks themselves."""

ORGANISATION: Final = "(:networks IS NULL OR {id} IN (SELECT id FROM member))"
OFFERER: Final = "(:networks IS NULL OR {id} IN (SELECT id FROM actor))"
_ACTED: Final = """
    (:networks IS NULL OR EXISTS (SELECT 1 FROM facet AS acts WHERE acts.id = {id} AND acts.name = '%s'
        AND acts.value IN (SELECT id FROM actor)))
"""
COUNTED: Final[Mapping[str, str]] = {
    "organisation": ORGANISATION,
    "event": _ACTED % "event.organiser",
    "cooperation": _ACTED % "cooperation.party",
}
"""Whether a record counts, by its type: as the filter `network` of its list has it."""


def asked(networks: Sequence[str], first: str, last: str) -> dict[str, object]:
    """Return the parameters of these conditions; no network means everything."""
    return {"networks": json.dumps([*networks]) if networks else None, "first": first, "last": last}
