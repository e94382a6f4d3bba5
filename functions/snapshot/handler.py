"""Builds the snapshot that cold copies of the projection start from: by schedule, and when one is far behind."""

from collections.abc import Mapping
from typing import Any

from functions.process import projection
from shared.budget import spending
from shared.http.edge import Context, logger
from shared.projection.snapshot import build_snapshot

KEPT_FOR_ANSWER = 5.0


def handler(event: Mapping[str, Any], context: Context) -> dict[str, str]:  # noqa: ARG001 - any event wakes it
    """Bring the copy level with the feed and write it to the bucket; gives the object's name."""
    with spending(context.get_remaining_time_in_millis() / 1000 - KEPT_FOR_ANSWER):
        pointer = build_snapshot(projection())
    logger.info("snapshot", extra={"object": pointer.name, "bytes": pointer.length, "position": pointer.position})
    return {"name": pointer.name}
