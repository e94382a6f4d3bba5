"""Whether the OpenAPI document still promises what the released one did: within v1 nothing may break.

What a client may send must stay acceptable, what it gets must stay within what it was told. `--release` keeps the
present document, without its words and examples, as the one that clients are written against from now on.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal

from infra.openapi.document import build

Json = dict[str, Any]
Direction = Literal["sent", "given"]

RELEASED: Final = Path(__file__).resolve().parent / "released.json"
_METHODS: Final = ("get", "put", "post", "delete", "patch")
_WORDS: Final = {"description", "summary", "example", "examples", "title", "tags", "info", "bearerFormat"}
_NAMED: Final = {"properties", "schemas", "parameters", "responses", "headers", "paths", "webhooks"}
"""What holds names of its own, which may be called as words are."""
_LOWEST: Final = ("minLength", "minimum", "minItems", "minProperties")
_HIGHEST: Final = ("maxLength", "maximum", "maxItems", "maxProperties")


def bare(value: Any, *, names: bool = False) -> Any:  # noqa: ANN401 - any JSON value
    """Return a document without what only people read."""
    if isinstance(value, dict):
        return {
            name: bare(part, names=name in _NAMED and not names)
            for name, part in value.items()
            if names or name not in _WORDS
        }
    return [bare(part) for part in value] if isinstance(value, list) else value


def broken(released: Json, current: Json) -> list[str]:
    """Return every promise of the released document that the current one does not keep, a line each."""
    return [*dict.fromkeys(_Comparison(released, current).all())]


class _Comparison:
    def __init__(self, released: Json, current: Json) -> None:
        self._released = released
        self._current = current
        self._compared: set[tuple[str, str, Direction]] = set()

    def all(self) -> Iterator[str]:
        for path, methods in self._released["paths"].items():
            for method in _METHODS:
                if method not in methods:
                    continue
                about = f"{method.upper()} {path}"
                now = self._current["paths"].get(path, {}).get(method)
                if now is None:
                    yield f"{about} is gone"
                else:
                    yield from self._operation(about, methods[method], now)

    def _operation(self, about: str, old: Json, new: Json) -> Iterator[str]:
        if old["operationId"] != new["operationId"]:
            yield f"{about} is called otherwise, and so are the methods of generated clients"
        if {} in old.get("security", [{}]) and {} not in new.get("security", [{}]):
            yield f"{about} needs a key"
        yield from self._parameters(about, old, new)
        yield from self._body(about, old, new)
        yield from self._answers(about, old["responses"], new["responses"])

    def _parameters(self, about: str, old: Json, new: Json) -> Iterator[str]:
        taken = self._by_name(self._released, old)
        now = self._by_name(self._current, new)
        for name, parameter in taken.items():
            if name not in now:
                yield f"{about} does not take {name}"
            else:
                yield from self._schema(f"{about} {name}", parameter["schema"], now[name]["schema"], "sent")
        for name, parameter in now.items():
            if parameter.get("required") and not taken.get(name, {}).get("required"):
                yield f"{about} asks for {name}"

    def _by_name(self, document: Json, operation: Json) -> dict[str, Json]:
        found = (_resolved(document, each) for each in operation.get("parameters", ()))
        return {f"{each['in']} {each['name']}": each for each in found}

    def _body(self, about: str, old: Json, new: Json) -> Iterator[str]:
        taken, now = old.get("requestBody"), new.get("requestBody")
        if taken is None:
            if now is not None:
                yield f"{about} asks for a body"
            return
        yield from self._content(about, taken, now or {}, "sent")

    def _answers(self, about: str, old: Json, new: Json) -> Iterator[str]:
        for status, answer in old.items():
            if status not in new:
                # An error that comes no more harms nobody.
                if status[0] in "23":
                    yield f"{about} never answers {status}"
                continue
            was, now = _resolved(self._released, answer), _resolved(self._current, new[status])
            yield from (
                f"{about} {status} lacks {name}"
                for name in was.get("headers", {})
                if name not in now.get("headers", {})
            )
            yield from self._content(f"{about} {status}", was, now, "given")

    def _content(self, about: str, old: Json, new: Json, direction: Direction) -> Iterator[str]:
        for media_type, content in old.get("content", {}).items():
            now = new.get("content", {}).get(media_type)
            if now is None:
                yield f"{about} knows no {media_type}"
            else:
                yield from self._schema(f"{about} {media_type}", content["schema"], now["schema"], direction)

    def _schema(self, about: str, old: Json, new: Json, direction: Direction) -> Iterator[str]:
        pair = (str(old.get("$ref")), str(new.get("$ref")), direction)
        if "$ref" in old and "$ref" in new:
            if pair in self._compared:
                return
            self._compared.add(pair)
            about = pair[0].rpartition("/")[2] + f", {direction}"
        old, new = _resolved(self._released, old), _resolved(self._current, new)
        yield from _values(about, old, new, direction)
        yield from self._choices(about, old, new, direction)
        if "items" in old and "items" in new:
            yield from self._schema(f"{about}[]", old["items"], new["items"], direction)
        yield from self._fields(about, old, new, direction)

    def _choices(self, about: str, old: Json, new: Json, direction: Direction) -> Iterator[str]:
        """Compare choices in their order; a new one at the end is fine in what is sent."""
        was, now = old.get("anyOf", []), new.get("anyOf", [])
        if len(now) < len(was) if direction == "sent" else len(was) < len(now):
            yield f"{about} has other choices"
            return
        for place, (before, after) in enumerate(zip(was, now, strict=False)):
            yield from self._schema(f"{about} choice {place + 1}", before, after, direction)

    def _fields(self, about: str, old: Json, new: Json, direction: Direction) -> Iterator[str]:
        was, now = old.get("properties", {}), new.get("properties", {})
        for name, field in was.items():
            if name in now:
                yield from self._schema(f"{about}.{name}", field, now[name], direction)
            else:
                yield f"{about} has no {name}"
        needed, promised = set(new.get("required", ())), set(old.get("required", ()))
        if direction == "sent":
            yield from (f"{about} needs {name}" for name in sorted(needed - promised))
        else:
            yield from (f"{about} may lack {name}" for name in sorted(promised - needed))


def _resolved(document: Json, value: Json) -> Json:
    while "$ref" in value:
        _, *parts = value["$ref"].split("/")
        found: Any = document
        for part in parts:
            found = found[part]
        value = found
    return value


def _values(about: str, old: Json, new: Json, direction: Direction) -> Iterator[str]:
    """Compare types, values and bounds: what is sent may only get wider, what is given only narrower."""
    wide, narrow = (new, old) if direction == "sent" else (old, new)
    if old.get("type") != new.get("type"):
        yield f"{about} is of another type"
    if old.get("format") != new.get("format"):
        yield f"{about} is of another format"
    if _listed(wide) is not None and not (_listed(narrow) or {None}) <= (_listed(wide) or set()):
        yield f"{about} has other values"
    for name, sign in (*((name, 1) for name in _LOWEST), *((name, -1) for name in _HIGHEST)):
        if name in wide and (name not in narrow or sign * wide[name] > sign * narrow[name]):
            yield f"{about} has another {name}"
    if direction == "sent" and "pattern" in new and old.get("pattern") != new["pattern"]:
        yield f"{about} has another pattern"


def _listed(schema: Json) -> set[Any] | None:
    if "const" in schema:
        return {schema["const"]}
    return set(schema["enum"]) if "enum" in schema else None


def main() -> int:
    """Compare or release; 1 with the broken promises on stderr."""
    parser = argparse.ArgumentParser(description="Whether the OpenAPI document keeps the promises of the released one.")
    parser.add_argument("--release", action="store_true", help="keep the present document as the released one")
    current = bare(build())
    if parser.parse_args().release:
        RELEASED.write_text(json.dumps(current, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return 0
    promises = broken(json.loads(RELEASED.read_text(encoding="utf-8")), current)
    if promises:
        print("Clients of the released v1 would break:", *promises, sep="\n  ", file=sys.stderr)
    return 1 if promises else 0


if __name__ == "__main__":
    sys.exit(main())
