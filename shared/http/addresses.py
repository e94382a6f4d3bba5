"""Where records are: their addresses without the host."""

from collections.abc import Mapping
from typing import Any

from shared.http.routes import PREFIX


def address(record: Mapping[str, Any]) -> str:
    """The path of a record or of its summary: `/v1/events/evt_01…`, `/v1/organisations/org_01…/members/mem_01…`."""
    if record["type"] == "membership":
        return f"{PREFIX}/organisations/{record['network_id']}/members/{record['id']}"
    return f"{PREFIX}/{record['type']}s/{record['id']}"
