"""Who and what counts: everything, or what one or several networks and their members do."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

WITHIN: Final = """
    WITH member (id) AS MATERIALIZED (
        SELECT f.id FROM facet AS f WHERE f.name = 'organisation.network' AND f.opens <= :last AND f.closes >= :first
           AND f.value IN (SELECT value FROM json_each(:networks))
    ), actor (id) AS MATERIALIZED (
        SELECT id FROM member UNION SELECT value FROM json_each(:networks)
    ), organised (id) AS (
        SELECT f.id FROM actor AS a CROSS JOIN facet AS f ON f.name = 'event.organiser' AND f.value = a.id
    ), joined (id) AS (
        SELECT f.id FROM actor AS a CROSS JOIN facet AS f ON f.name = 'cooperation.party' AND f.value = a.id
    )
"""
"""Members on some day from :first to :last of the networks asked for, with the networks themselves, and what all of
these do."""

_AMONG: Final = "(:networks IS NULL OR {id} IN (SELECT id FROM %s))"
COUNTED: Final[Mapping[str, str]] = {
    "organisation": _AMONG % "member",
    "event": _AMONG % "organised",
    "cooperation": _AMONG % "joined",
    "offering": _AMONG % "actor",
}
"""Whether a record counts, or what an organisation offers: as the filter `network` of the list has it."""


def asked(networks: Sequence[str], first: str, last: str) -> dict[str, object]:
    """Return the parameters of these conditions; no network means everything."""
    return {"networks": json.dumps([*networks]) if networks else None, "first": first, "last": last}
