"""JSON as it is served, JSON Merge Patch (RFC 7396) and JSON Pointer (RFC 6901)."""

import json
from collections.abc import Iterable
from typing import Any


def dumps(value: object) -> str:
    """Return the JSON text that is stored and served: compact, its letters as they are, no NaN (else ValueError)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def merge_patch(target: Any, patch: Any) -> Any:  # noqa: ANN401 - any JSON value may be patched by any other
    """Return the target with the patch applied (RFC 7396, section 2); neither is changed."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def pointer(parts: Iterable[str | int]) -> str:
    """Return the JSON Pointer to a place, `~` and `/` escaped (RFC 6901, section 3); no parts mean the whole."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
