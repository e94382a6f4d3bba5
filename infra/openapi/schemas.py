"""The components of the document: the models' schemas, and what follows from them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from functions.forms.table import COLUMNS, SEPARATOR
from shared.errors import PROBLEMS
from shared.http.routes import PREFIX
from shared.models import document

Json = dict[str, Any]

REFERENCE: Final = "#/components/schemas/"
LONGEST_FILE: Final = 4_000_000
LONGEST_ADDRESS: Final = 10_000
LONGEST_LINE: Final = 2_000
LONGEST_CALENDAR: Final = 6 * 1024 * 1024
"""Bytes of an answer that Lambda passes on."""
PATCHES: Final = tuple(model.__name__.removesuffix("Input") + "Patch" for model in document.SENT)
LONGEST_EXPORT: Final = 10_000_000_000
"""100,000 records, each as long as it may be."""
_INSTANT: Final[Json] = {"type": "string", "format": "date-time", "maxLength": 24}
_OWN: Final[Mapping[str, Json]] = {
    "OpenApiDocument": {
        "type": "object",
        "description": "An OpenAPI document, version 3.1.",
        "required": ["openapi", "info", "paths"],
        "additionalProperties": True,
        "properties": {
            "openapi": {"type": "string", "maxLength": 20},
            "info": {"type": "object"},
            "paths": {"type": "object"},
            "components": {"type": "object"},
        },
    },
    "ProblemType": {
        "type": "object",
        "description": "What all problems of one type have in common.",
        "required": ["type", "title", "status", "advice"],
        "properties": {
            "type": {
                "type": "string",
                "enum": [f"{PREFIX}/problems/{slug}" for slug in PROBLEMS],
                "description": "The `type` of the problems.",
            },
            "title": {"type": "string", "maxLength": 300, "description": "What is the matter."},
            "status": {"type": "integer", "minimum": 400, "maximum": 599, "description": "The usual status."},
            "advice": {"type": "string", "maxLength": 1000, "description": "What to do."},
        },
    },
    "Calendar": {
        "type": "string",
        "description": "An iCalendar object (RFC 5545), in UTF-8.",
        "maxLength": LONGEST_CALENDAR,
    },
    "JsonFeed": {
        "type": "object",
        "description": "A JSON Feed (https://jsonfeed.org/version/1.1).",
        "required": ["version", "title", "feed_url", "language", "authors", "items"],
        "properties": {
            "version": {"const": "https://jsonfeed.org/version/1.1"},
            "title": {"type": "string", "maxLength": 400},
            "home_page_url": {"type": "string", "maxLength": LONGEST_ADDRESS, "description": "The homepage."},
            "feed_url": {"type": "string", "maxLength": LONGEST_ADDRESS, "description": "The address of this feed."},
            "language": {"type": "string", "enum": ["de", "en"]},
            "authors": {
                "type": "array",
                "maxItems": 1,
                "items": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {"name": {"type": "string", "maxLength": 300}},
                },
            },
            "items": {"type": "array", "maxItems": 200, "items": {"$ref": f"{REFERENCE}JsonFeedItem"}},
        },
    },
    "JsonFeedItem": {
        "type": "object",
        "description": "A record that was entered.",
        "required": ["id", "url", "title", "content_text", "date_published", "date_modified"],
        "properties": {
            "id": {"type": "string", "maxLength": 45, "description": "Stays for ever: `urn:uuid:…`."},
            "url": {"type": "string", "maxLength": LONGEST_ADDRESS, "description": "The record in this API."},
            "external_url": {"type": "string", "maxLength": LONGEST_ADDRESS, "description": "Its web site."},
            "title": {"type": "string", "maxLength": LONGEST_LINE, "description": "What it is, in one line."},
            "content_text": {"type": "string", "maxLength": LONGEST_LINE, "description": "The same."},
            "date_published": {**_INSTANT, "description": "When it was entered."},
            "date_modified": {**_INSTANT, "description": "When it was changed last."},
            "tags": {
                "type": "array",
                "maxItems": 20,
                "items": {"type": "string", "maxLength": 64},
                "description": "Its topics.",
            },
        },
    },
    "Export": {
        "type": "string",
        "description": "Rows of an import, one on each line (NDJSON).",
        "maxLength": LONGEST_EXPORT,
    },
    "AtomFeed": {"type": "string", "description": "An Atom document (RFC 4287).", "maxLength": LONGEST_FILE},
    "LinkedData": {
        "type": "object",
        "description": (
            "The same as linked data (JSON-LD 1.1) in the terms of schema.org, with dates no more precise than known: "
            "a month or a year as such, all else as EDTF."
        ),
        "required": ["@context", "@type"],
        "additionalProperties": True,
        "properties": {
            "@context": {"type": "object"},
            "@type": {"type": "string", "maxLength": 64},
            "@id": {"type": "string", "maxLength": LONGEST_ADDRESS},
        },
    },
    "GraphFile": {
        "type": "string",
        "description": "The same as a picture (SVG), as GraphML 1.0 or in the DOT language of Graphviz, in UTF-8.",
        "maxLength": LONGEST_FILE,
    },
    "File": {"type": "string", "maxLength": LONGEST_FILE},
}


def reference(name: str) -> Json:
    """Return a reference to the component that a route names."""
    return {"$ref": REFERENCE + name}


def table(operation: str) -> Json:
    """Return the schema of a list as a table, which names its columns."""
    columns = ", ".join(f"`{name}`" for name in COLUMNS[operation])
    return {
        "type": "string",
        "description": (
            f"The same as a table (CSV, RFC 4180) with the columns {columns}. Several values of a cell stand between "
            f"`{SEPARATOR.strip()}`; what a spreadsheet might take for a formula has an apostrophe before it."
        ),
        "maxLength": LONGEST_CALENDAR,
    }


def components() -> dict[str, Json]:
    """Return every schema by name, those that no route needs included."""
    found: dict[str, Json] = {name: _for_generators(schema) for name, schema in document.schemas().items()}
    found |= _OWN
    for name in PATCHES:
        needed = found[f"{name.removesuffix('Patch')}Input"]["required"]
        found[name] = {**found[name], "properties": _optional(found[name]["properties"], needed, found)}
    sent = reachable(found, (*(model.__name__ for model in (*document.SENT, *document.ASKED)), *PATCHES))
    for name in found.keys() - sent:
        found[name] = _given(found[name])
    # Pydantic gives a model that is both sent and given one title for its two forms.
    return {name: {**schema, "title": name} if "title" in schema else schema for name, schema in found.items()}


def _for_generators(schema: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return the schema such that generated clients read it rightly; it allows the same values.

    They take `anyOf` beside `type` for a choice of its own, and a field with a default for one that is always there.
    """
    if isinstance(schema, list):
        return [_for_generators(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {keyword: _for_generators(part) for keyword, part in schema.items() if keyword != "default"}
    if "type" in found and "anyOf" in found:
        found["allOf"] = [{"anyOf": found.pop("anyOf")}]
    if "default" in schema:
        found["description"] = f"{found.get('description', '')} Absent: `{schema['default']}`.".strip()
    return found


def _given(schema: Json) -> Json:
    """Return the schema of an answer: later versions of the API may add fields, and a past state may lack entries."""
    opened = {
        keyword: value for keyword, value in schema.items() if (keyword, value) != ("additionalProperties", False)
    }
    properties = {
        name: {keyword: value for keyword, value in field.items() if keyword != "minItems"}
        for name, field in schema.get("properties", {}).items()
    }
    if "allOf" in opened:
        opened["allOf"] = [{"anyOf": [_condition(choice) for choice in each["anyOf"]]} for each in opened["allOf"]]
    return {**opened, "properties": properties} if properties else opened


def _condition(choice: Json) -> Json:
    """Return what `given` says of fields that are never null, as which are there and which are not.

    Generators take fields that are described in a choice for fields of every choice, all of them required.
    """
    absent = [{"required": [name]} for name in choice["properties"] if name not in choice["required"]]
    return {"required": choice["required"], **({"not": {"anyOf": absent}} if absent else {})}


def _optional(properties: Mapping[str, Json], needed: Iterable[str], found: dict[str, Json]) -> dict[str, Json]:
    """Return the fields of a merge patch: objects in them are patches again, null takes away what may be missing.

    See RFC 7396.
    """
    patched = {name: _patched(field, found) for name, field in properties.items()}
    return {name: field if name in needed else _nullable(field) for name, field in patched.items()}


def _patched(field: Json, found: dict[str, Json]) -> Json:
    if "anyOf" in field:
        return {**field, "anyOf": [_patched(choice, found) for choice in field["anyOf"]]}
    name = str(field.get("$ref", "")).removeprefix(REFERENCE)
    target = found.get(name, {})
    if target.get("type") != "object":
        return field
    patch_name = f"{name.removesuffix('Input')}Patch"
    if patch_name not in found:
        kept = {
            keyword: value for keyword, value in target.items() if keyword not in {"required", "minProperties", "not"}
        }
        found[patch_name] = kept
        if "properties" in target:
            found[patch_name]["properties"] = _optional(target["properties"], target.get("required", ()), found)
    return {**field, "$ref": REFERENCE + patch_name}


def _nullable(field: Json) -> Json:
    if {"type": "null"} in field.get("anyOf", ()):
        return field
    told: Json = {keyword: field[keyword] for keyword in ("description", "readOnly") if keyword in field}
    choice = {keyword: value for keyword, value in field.items() if keyword not in told}
    choices = choice["anyOf"] if choice.keys() == {"anyOf"} else [choice]
    return {"anyOf": [*choices, {"type": "null"}], **told}


def references(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Yield the names of the schemas that a part of the document refers to."""
    if isinstance(value, dict):
        target = value.get("$ref")
        if isinstance(target, str) and target.startswith(REFERENCE):
            yield target.removeprefix(REFERENCE)
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def reachable(found: Mapping[str, Json], names: Iterator[str] | tuple[str, ...]) -> set[str]:
    """Return the names of the schemas that these lead to, themselves included."""
    reached: set[str] = set()
    ahead = set(names)
    while ahead:
        reached |= ahead
        ahead = {target for name in ahead for target in references(found[name])} - reached
    return reached
