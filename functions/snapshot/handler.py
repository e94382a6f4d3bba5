"""Builds the snapshots that cold copies of the projection start from: by schedule, and when one is far behind."""

from collections.abc import Mapping
from typing import Any

from functions.process import TABLES, copies, snapshots
from shared.budget import spending
from shared.http.edge import Context
from shared.http.log import logger
from shared.projection.snapshot import Pointer, build_snapshot, current
from shared.tables.feed import Feed

KEPT_FOR_ANSWER = 5.0


def handler(event: Mapping[str, Any], context: Context) -> dict[str, str]:  # noqa: ARG001 - any event wakes it
    """Bring the copies level with the feed and write them to the bucket; gives the name of the lists' object."""
    with spending(context.get_remaining_time_in_millis() / 1000 - KEPT_FOR_ANSWER):
        behind = _behind(current(snapshots()))
        pointers = [build_snapshot(copy) for copy in copies()]
    for pointer in pointers:
        built = {"object": pointer.name, "bytes": pointer.length, "position": pointer.position}
        logger.info("snapshot", extra={**built, "behind": behind})
    return {"name": pointers[0].name}


def _behind(pointer: Pointer | None) -> int:
    """How many entries the feed has that the current snapshot has not."""
    position = None if pointer is None else pointer.position
    entries = (entry for page in Feed(TABLES).tail(position) for entry in page.entries)
    return sum(position is None or entry.stamp > position for entry in entries)
