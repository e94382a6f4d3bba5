"""JSON as it is served, JSON Merge Patch (RFC 7396), JSON Patch (RFC 6902) and JSON Pointer (RFC 6901)."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

Path = tuple[str | int, ...]


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


def difference(old: Any, new: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any two JSON values
    """Return the operations that make the old value the new one (RFC 6902); none where both are the same."""
    return list(_operations(old, new, ()))


def _operations(old: Any, new: Any, path: Path) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON values
    if isinstance(old, dict) and isinstance(new, dict):
        for name in old:
            if name not in new:
                yield {"op": "remove", "path": pointer((*path, name))}
        for name, value in new.items():
            if name in old:
                yield from _operations(old[name], value, (*path, name))
            else:
                yield {"op": "add", "path": pointer((*path, name)), "value": value}
    elif isinstance(old, list) and isinstance(new, list):
        yield from _entries(old, new, path)
    elif not _same(old, new):
        yield {"op": "replace", "path": pointer(path), "value": new}


def _entries(old: list[Any], new: list[Any], path: Path) -> Iterator[dict[str, Any]]:
    """The operations on a list: what both begin and end with stays, so that one entry more is one operation."""
    shortest = min(len(old), len(new))
    first = next((place for place in range(shortest) if not _same(old[place], new[place])), shortest)
    tail = 0
    while tail < shortest - first and _same(old[-1 - tail], new[-1 - tail]):
        tail += 1
    held, wanted = len(old) - tail, len(new) - tail
    for place in range(first, min(held, wanted)):
        yield from _operations(old[place], new[place], (*path, place))
    for place in range(held - 1, wanted - 1, -1):
        yield {"op": "remove", "path": pointer((*path, place))}
    for place in range(held, wanted):
        yield {"op": "add", "path": pointer((*path, place)), "value": new[place]}


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401 - any two JSON values
    """Tell whether two values are the same JSON: for Python, true is 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and bool(one == other)
