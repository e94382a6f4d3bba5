"""What the document says of a value."""

from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

Json = dict[str, Any]


def resolve(document: Json, value: Json) -> Json:
    """Follow a reference to a component."""
    if "$ref" not in value:
        return value
    found: Any = document
    for name in value["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    target: Json = found
    return target


def faults(document: Json, schema: Json, value: object) -> list[str]:
    """What is wrong with a value by a schema of the document."""
    validator = Draft202012Validator({**schema, "components": document["components"]})
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def closed(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The document as if answers could never gain a field, so that one it does not name is found.

    What must hold for all of an object stands beside its fields in `allOf`, and names only some of them.
    """
    if isinstance(value, list):
        return [closed(part) for part in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "object" and "properties" in value:
        return {"additionalProperties": False, **value, "properties": closed(value["properties"])}
    return {name: closed(part) for name, part in value.items()}
