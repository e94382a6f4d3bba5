"""The whole document."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from functions.changes.routes import ROUTES as CHANGES
from functions.cooperations.routes import ROUTES as COOPERATIONS
from functions.documentation.routes import ROUTES as DOCUMENTATION
from functions.events.routes import ROUTES as EVENTS
from functions.exports.routes import ROUTES as EXPORTS
from functions.feeds.routes import ROUTES as FEEDS
from functions.jobs.routes import ROUTES as JOBS
from functions.network.routes import ROUTES as NETWORK
from functions.organisations.routes import ROUTES as ORGANISATIONS
from functions.overview.routes import ROUTES as OVERVIEW
from functions.partners.routes import ROUTES as PARTNERS
from functions.search.routes import ROUTES as SEARCH
from functions.webhooks.routes import ROUTES as WEBHOOKS
from infra.openapi import answers, headers, schemas, webhooks
from infra.openapi.operations import API_KEY, BEARER, operation
from infra.openapi.words import TAGS
from shared.http.conditional import IF_MATCH_PATTERN, LONGEST_CONDITION
from shared.http.routes import PREFIX, Route

Json = dict[str, Any]

ROUTES: Final[tuple[Route, ...]] = (
    *ORGANISATIONS,
    *EVENTS,
    *COOPERATIONS,
    *SEARCH,
    *OVERVIEW,
    *NETWORK,
    *FEEDS,
    *EXPORTS,
    *CHANGES,
    *PARTNERS,
    *WEBHOOKS,
    *JOBS,
    *DOCUMENTATION,
)

_ROOT: Final = Path(__file__).resolve().parents[2]
_INTRODUCTION: Final = Path(__file__).resolve().parent / "introduction.md"
_TAGS: Final[Json] = {"type": "string", "pattern": IF_MATCH_PATTERN, "minLength": 1, "maxLength": LONGEST_CONDITION}
_CONDITIONS: Final[Json] = {
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The ETag of the version that the write starts from, as it was read; `*` means any version.",
        "schema": _TAGS,
        "example": '"7"',
    },
    "IfMatchWhereSent": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag of the version that the write starts from; without it, whatever version there is.",
        "schema": {
            "type": "string",
            "pattern": IF_MATCH_PATTERN,
            "minLength": 1,
            "maxLength": LONGEST_CONDITION,
            "examples": ['"7"'],
        },
    },
    "CreateOnly": {
        "name": "If-None-Match",
        "in": "header",
        "description": "`*` creates only: 412 when there is such a record already.",
        "schema": {"type": "string", "enum": ["*"]},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "An ETag that was read: 304 when it is still the current one.",
        "schema": {"type": "string", "maxLength": LONGEST_CONDITION, "examples": ['"7"']},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Drawn anew for each write, and sent again with its repetitions: within 24 hours the same"
        " request of the same caller happens once, and is answered as the first time.",
        "schema": {"type": "string", "pattern": "^[!-~]{1,128}$", "examples": ["nightly-2026-11-21-0042"]},
    },
}
_SECURITY: Final[Json] = {
    BEARER: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "crk_<environment>_<id>_<secret>",
        "description": "A partner's key. An operation that needs one names the scope that the key must have.",
    },
    API_KEY: {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "The same key, for tools that send no Authorization. Two different ones are refused.",
    },
}


def build() -> Json:
    """Return the OpenAPI document of all routes."""
    paths: dict[str, Json] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = operation(route)
        if links := dict(_links(route)):
            paths[route.path][route.method.lower()]["responses"][str(route.status)]["links"] = links
    parameters = _shared_parameters(paths)
    shared_answers = answers.components()
    found = schemas.components()
    told = webhooks.described()
    needed = schemas.reachable(found, tuple(schemas.references([paths, told, shared_answers])))
    return {
        "openapi": "3.1.0",
        "info": _info(),
        "servers": [{"url": PREFIX}],
        "tags": [{"name": name, "description": description} for name, description in TAGS.items()],
        "paths": paths,
        "webhooks": told,
        "components": {
            "schemas": {name: found[name] for name in sorted(needed)},
            "responses": shared_answers,
            "parameters": {**_CONDITIONS, **webhooks.HEADERS, **parameters},
            "headers": headers.components(),
            "securitySchemes": _SECURITY,
        },
    }


def _links(route: Route) -> Iterator[tuple[str, Json]]:
    """Yield what can be asked next of what a request made, by operation: with its id, and its ETag where one is needed.

    See OpenAPI, section 4.8.20.
    """
    if route.method != "POST" or route.status not in {HTTPStatus.CREATED, HTTPStatus.ACCEPTED}:
        return
    own = "/jobs/" if route.answer == "Job" else f"{route.path}/"
    here = {name: f"$request.path.{name}" for name in _variables(own)}
    for each in ROUTES:
        named = re.fullmatch(r"\{(\w+)\}", each.path.removeprefix(own))
        if named is not None and each.path.startswith(own):
            condition = {"header.If-Match": "$response.header.ETag"} if each.conditional else {}
            parameters = {**here, named[1]: "$response.body#/id", **condition}
            yield each.operation, {"operationId": each.operation, "parameters": parameters}


def _variables(path: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", path)


def _info() -> Json:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    introduction = _INTRODUCTION.read_text(encoding="utf-8")
    return {
        "title": "Clusterregister",
        "version": project["version"],
        "summary": project["description"],
        "description": introduction.replace("{software}", project["license"]),
        "license": {"name": "CC BY 4.0 (the data)", "identifier": "CC-BY-4.0"},
    }


def _shared_parameters(paths: dict[str, Json]) -> dict[str, Json]:
    """Move parameters that several operations take to the components, and return those."""
    uses: dict[str, list[tuple[Json, int, str]]] = {}
    for one, answer in _operations(paths):
        for index, parameter in enumerate(one.get("parameters", ())):
            if "$ref" not in parameter:
                uses.setdefault(json.dumps(parameter), []).append((one, index, answer))
    repeated = {text: places for text, places in uses.items() if len(places) > 1}
    named = {text: (places[0][2], _pascal(json.loads(text)["name"])) for text, places in repeated.items()}
    names = Counter(name for _, name in named.values())
    of_nouns = Counter(answer.removesuffix("Page") + name for answer, name in named.values())
    moved: dict[str, Json] = {}
    for text, places in repeated.items():
        answer, name = named[text]
        of_noun = answer.removesuffix("Page") + name
        key = name if names[name] == 1 else of_noun if of_nouns[of_noun] == 1 else answer + name
        moved[key] = json.loads(text)
        for one, index, _ in places:
            one["parameters"][index] = {"$ref": f"#/components/parameters/{key}"}
    return dict(sorted(moved.items()))


def _operations(paths: dict[str, Json]) -> Iterator[tuple[Json, str]]:
    """Yield each operation with what it answers, or else the noun that it is about."""
    for route in ROUTES:
        noun = route.path.strip("/").split("/")[0].removesuffix("s").capitalize()
        yield paths[route.path][route.method.lower()], route.answer or noun


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
