"""The table of facts: what each source text says, where the register must say it, and whether it does.

A row names its `source` (key of a source in the record) and the `fact`, and then either a `record` (slug) with a
`pointer` (RFC 6901) or a `path` of the API, in which `{slug}` stands for the id of a sample record; and what must be
there: `expected` (objects may say more), `absent`, or, of a list, exactly these `items`, all that it `contains`, none
that it `lacks`. `{"ref": "sample:slug"}` stands for the id of a sample record.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Get = Callable[[str], Json]

FOLDER = Path(__file__).parent
FILES = ("organisations", "memberships", "cooperations", "events")
_SCHEME = "sample"
_PLACEHOLDER = re.compile(r"\{([a-z0-9-]+)\}")
_MOST_PAGES = 50
_ABSENT = object()


def facts() -> list[Json]:
    """Return the rows of the table."""
    return _read("facts")


def records() -> Iterator[tuple[str, Json]]:
    """Yield every sample record with its slug, each after those that it names."""
    for name in FILES:
        for record in _read(name):
            yield slug_of(record), record


def slug_of(record: Json) -> str:
    """Return the value of the record's external id of the scheme `sample`."""
    return next(str(pair["value"]) for pair in record["external_ids"] if pair["scheme"] == _SCHEME)


def slug_named(value: object) -> str | None:
    """Return the slug in `{"ref": "sample:slug"}`; None for any other value."""
    if isinstance(value, dict) and value.keys() == {"ref"}:
        scheme, _, slug = str(value["ref"]).partition(":")
        return slug if scheme == _SCHEME else None
    return None


def path_of(record: Json, ids: Mapping[str, str]) -> str:
    """Return the path under which the API serves a sample record, without the stage."""
    own = ids[slug_of(record)]
    if record["type"] == "membership":
        return f"/organisations/{with_ids(record['network_id'], ids)}/members/{own}"
    return f"/{record['type']}s/{own}"


def check_fact(get: Get, row: Json, ids: Mapping[str, str]) -> str | None:
    """Return how the register deviates from a row, or None; `get` reads a path of the API, `ids` maps slug to id."""
    wanted: Json = with_ids(row, ids)
    if "record" in row:
        return deviation(get(path_of(_record(row["record"]), ids)), wanted)
    path = _PLACEHOLDER.sub(lambda found: ids[found[1]], row["path"])
    if "pointer" in row:
        return deviation(get(path), wanted)
    listed = _listed(get, path)
    strangers = listed - set(wanted["items"]) if "items" in wanted else set()
    missing = {*wanted.get("items", ()), *wanted.get("contains", ())} - listed
    unwanted = strangers | (set(wanted.get("lacks", ())) & listed)
    if missing or unwanted:
        return f"{path} lacks {_named(missing, ids)} and has {_named(unwanted, ids)} beyond the fact"
    return None


def deviation(document: Json, row: Json) -> str | None:
    """Return how a document deviates from what a row expects at its pointer, or None."""
    found = resolve(document, row["pointer"])
    if row.get("absent"):
        return None if found is _ABSENT else f"{row['pointer']} should not be there, but is {found!r}"
    if found is _ABSENT:
        return f"{row['pointer']} is not there"
    if not _says(found, row["expected"]):
        return f"{row['pointer']} is {found!r} instead of {row['expected']!r}"
    return None


def resolve(document: object, pointer: str) -> object:
    """Return what a JSON Pointer (RFC 6901) points to, or a mark that equals no JSON value where there is nothing."""
    value = document
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            return _ABSENT
    return value


def _says(found: object, expected: object) -> bool:
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(_says(found.get(name, _ABSENT), part) for name, part in expected.items())
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(map(_says, found, expected))
    return type(found) is type(expected) and found == expected


def _listed(get: Get, path: str) -> set[str]:
    """Return the ids on all pages of a list; more pages than the whole sample needs raise `ValueError`."""
    found: set[str] = set()
    following = path
    for _ in range(_MOST_PAGES):
        page = get(following)
        found.update(item["id"] for item in page["items"])
        if page["next"] is None:
            return found
        following = "/" + str(page["next"]).removeprefix("/").partition("/")[2]
    raise ValueError(f"{path} has more than {_MOST_PAGES} pages")


def with_ids(value: Any, ids: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with the ids of the sample records in place of their references."""
    slug = slug_named(value)
    if slug is not None:
        return ids[slug]
    if isinstance(value, dict):
        return {name: with_ids(part, ids) for name, part in value.items()}
    return [with_ids(part, ids) for part in value] if isinstance(value, list) else value


def _named(some: Iterable[str], ids: Mapping[str, str]) -> list[str]:
    slugs = {own: slug for slug, own in ids.items()}
    return sorted(slugs.get(own, own) for own in some)


def _record(slug: str) -> Json:
    return next(record for own, record in records() if own == slug)


def _read(name: str) -> list[Json]:
    content: list[Json] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return content
