"""The bare handler with the model, and with the further calls to DynamoDB that the register makes for a write.

These are the look-up of the key, remembered for some seconds, and the note on the feed's entry that it came in time.
"""

import json
import time
from typing import Any

from infra.bench.rivals import bare_pydantic, store
from infra.bench.rivals.bare import problem

Json = dict[str, Any]

REMEMBERED = 20.0
_known: dict[str, float] = {}


def handler(event: Json, context: object) -> Json:
    """Answer a REST proxy event."""
    if not is_known(event["headers"].get("Authorization", "")):
        return problem(401, "Send a key.")
    answer = bare_pydantic.handler(event, context)
    if answer["statusCode"] == 201:  # noqa: PLR2004 - created
        store.note(json.loads(answer["body"]))
    return answer


def is_known(header: str) -> bool:
    """Whether there is such a key."""
    now = time.monotonic()
    if now - _known.get(header, -REMEMBERED) < REMEMBERED:
        return True
    if not store.key_of(header.removeprefix("Bearer ").split("_")[2]):
        return False
    _known[header] = now
    return True
