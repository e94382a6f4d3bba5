"""template.yaml as it is written, and as SAM hands it to CloudFormation."""

import re
from typing import Any

import pytest

from infra import transformed
from infra.template import Template
from tests.engine import dynamodb_engine

__all__ = ["dynamodb_engine"]

Json = dict[str, Any]
NAME_OF_TABLE = re.compile(r"\$\{(\w+Table)(\.Arn)?\}\$\{Restored\}")


@pytest.fixture(scope="session")
def template() -> Template:
    return Template.read()


@pytest.fixture(scope="session")
def written() -> Json:
    return transformed.written()


@pytest.fixture(scope="session")
def resources() -> Json:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        found: Json = _unrestored(transformed.transformed()["Resources"])
    return found


def _unrestored(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The same with the names of tables as they are while nothing was ever restored."""
    match value:
        case {"Fn::Sub": str(text)} if found := NAME_OF_TABLE.fullmatch(text):
            return {"Fn::GetAtt": [found[1], "Arn"]} if found[2] else {"Ref": found[1]}
        case dict():
            return {name: _unrestored(part) for name, part in value.items()}
        case list():
            return [_unrestored(part) for part in value]
    return value


def of_type(resources: Json, kind: str) -> Json:
    """The properties of all resources of a type, by logical id."""
    return {name: body.get("Properties", {}) for name, body in resources.items() if body["Type"] == kind}


def statements(role: Json) -> list[Json]:
    """The statements of all policies of a role, with actions and resources as lists."""
    found = [statement for policy in role["Policies"] for statement in policy["PolicyDocument"]["Statement"]]
    return [
        {**statement, "Action": _listed(statement["Action"]), "Resource": _listed(statement["Resource"])}
        for statement in found
    ]


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
