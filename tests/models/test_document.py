"""What the models say of themselves in JSON Schema."""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.models.document import schemas

COMPONENTS = schemas()
GIVEN_AS_NULL = {"when", "managed_by", "next", "by"}
STDLIB = ("dates", "ids", "patch", "text", "views", "vocabulary")


def described(value: object, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        if isinstance(value.get("type"), str):
            yield name, value
        for key, part in value.items():
            if key not in {"examples", "default"}:
                yield from described(part, key)
    elif isinstance(value, list):
        for part in value:
            yield from described(part, name)


def test_every_reference_between_components_leads_somewhere() -> None:
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(COMPONENTS)))

    assert named <= set(COMPONENTS)


def test_every_text_list_and_number_is_bounded() -> None:
    loose = [
        (component, name, part)
        for component, schema in COMPONENTS.items()
        for name, part in described(schema)
        if (part.get("type") == "string" and not {"maxLength", "enum", "const", "pattern"} & set(part))
        or (part.get("type") == "array" and "maxItems" not in part)
        or (part.get("type") in {"integer", "number"} and not {"minimum", "maximum"} <= set(part))
    ]

    assert loose == []


def test_every_model_refuses_unknown_fields() -> None:
    assert [
        name
        for name, schema in COMPONENTS.items()
        if "properties" in schema and schema["additionalProperties"] is not False
    ] == []


def test_answers_leave_absent_fields_out() -> None:
    nullable = {
        (component, name)
        for component, schema in COMPONENTS.items()
        if not component.endswith(("Input", "Patch"))
        for name, part in schema.get("properties", {}).items()
        if {"type": "null"} in part.get("anyOf", ())
    }

    assert {name for _, name in nullable} == GIVEN_AS_NULL


def test_input_takes_null_for_every_optional_field_and_external_ids_as_references() -> None:
    person = COMPONENTS["PersonInput"]

    assert person["required"] == ["name"]
    assert {"type": "null"} in person["properties"]["email"]["anyOf"]
    assert {"$ref": "#/components/schemas/ToOrganisationInput"} in person["properties"]["organisation_id"]["anyOf"]
    assert COMPONENTS["ToOrganisationInput"]["anyOf"] == [
        COMPONENTS["ToOrganisation"],
        {"$ref": "#/components/schemas/Ref"},
    ]
    assert COMPONENTS["ToOrganisation"]["type"] == "string"
    assert COMPONENTS["Ref"]["required"] == ["ref"]


@pytest.mark.parametrize(
    ("component", "required"),
    [
        ("Organisation", ["type", "id", "version", "created_at", "updated_at", "managed_by", "name", "kind"]),
        (
            "Event",
            ["type", "id", "version", "created_at", "updated_at", "managed_by", "title", "kind", "status", "when"],
        ),
        ("EventInput", ["title", "kind", "status"]),
        ("Person", ["key", "name"]),
        ("Party", ["organisation_id", "confirmation"]),
        ("When", ["start", "precision"]),
        ("EventPage", ["items", "next"]),
    ],
)
def test_what_is_always_there_is_required(component: str, required: list[str]) -> None:
    assert COMPONENTS[component]["required"] == required


def test_a_merge_patch_requires_nothing() -> None:
    assert "required" not in COMPONENTS["EventPatch"]
    assert COMPONENTS["EventPatch"]["properties"] == COMPONENTS["EventInput"]["properties"]


def test_every_input_has_an_example() -> None:
    assert [name for name, schema in COMPONENTS.items() if "examples" in schema and name.endswith("Input")] == [
        "CooperationInput",
        "EventInput",
        "MembershipInput",
        "OrganisationInput",
    ]


@pytest.mark.parametrize("module", STDLIB)
def test_what_readers_need_stands_on_the_standard_library(module: str) -> None:
    path = Path(__file__).parents[2] / "shared" / "models" / f"{module}.py"

    imported = {
        name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }

    ours = {f"shared.models.{other}" for other in STDLIB}
    assert {name for name in imported if name.split(".")[0] not in sys.stdlib_module_names} <= ours
