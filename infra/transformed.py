"""The template as SAM hands it to CloudFormation: `python -m infra.transformed` prints it as JSON."""

import json
import logging
from collections.abc import Mapping
from typing import Any, Final

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from infra.template import TEMPLATE

ARTEFACT: Final = "s3://bucket/artefact"
"""Where the code lies while nobody deploys it."""


class _NoManagedPolicies:
    """What SAM asks for AWS's own policies; the template uses none of them by name."""

    def load(self) -> dict[str, str]:
        return {}


def written() -> dict[str, Any]:
    """Return the template as it stands in its file, with the long forms of CloudFormation's functions."""
    document: dict[str, Any] = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))
    return document


def transformed(artefact: str = ARTEFACT, parameters: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what SAM makes of it, with the code at an address in S3; it needs a region in the environment."""
    document = written()
    document["Globals"]["Function"]["CodeUri"] = artefact
    found: dict[str, Any] = transform(document, dict(parameters or {}), _NoManagedPolicies())
    return found


if __name__ == "__main__":
    # It warns of not having asked AWS which of its novelties are switched on.
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    print(json.dumps(transformed(), indent=1))
