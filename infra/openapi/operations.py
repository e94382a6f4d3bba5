"""What a route says, as an operation of the document."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from functions.alike import LONGEST_NUMBER
from functions.documentation.problems import explained
from functions.documentation.routes import ASSETS
from infra.openapi import examples, headers, published
from infra.openapi.answers import LED, MOVED, NOT_MODIFIED, component
from infra.openapi.schemas import reference, table
from infra.openapi.words import ANSWERS, DESCRIPTIONS
from shared.errors import PROBLEMS, PreconditionFailed
from shared.http.edge import LARGEST_IMPORT
from shared.http.external import LONGEST_VALUE, SCHEME
from shared.http.parameters import MOST_VALUES, Parameter
from shared.http.routes import AS_OF, CALENDAR, CSV, FORMATS, NDJSON, Route
from shared.models import ids
from shared.models.text import LINE_PATTERN

Json = dict[str, Any]

BEARER: Final = "Bearer"
API_KEY: Final = "ApiKey"

RECORD_TYPES: Final[dict[str, ids.RecordType]] = {
    "Organisation": "organisation",
    "Membership": "membership",
    "Event": "event",
    "Cooperation": "cooperation",
}
_NOUNS: Final[dict[str, ids.RecordType]] = {
    "organisations": "organisation",
    "events": "event",
    "cooperations": "cooperation",
    "memberships": "membership",
}
_CHAPTERS: Final = {
    "search": "search",
    "suggest": "search",
    "catalogue": "overview",
    "topics": "overview",
    "regions": "overview",
    "stats": "overview",
    "graph": "network",
    "synergies": "network",
    "feed.json": "feeds",
    "feed.atom": "feeds",
    "export": "exports",
    "me": "partners",
    "imports": "partners",
    "changes": "changes",
    "webhooks": "webhooks",
    "jobs": "jobs",
    "persons": "jobs",
}


def tag(route: Route) -> str:
    """Return the chapter that an operation belongs to."""
    if "member" in route.operation:
        return "memberships"
    if route.produces == CALENDAR:
        return "calendars"
    noun = route.path.split("/")[1]
    return noun if noun in _NOUNS else _CHAPTERS.get(noun, "documentation")


def takes_keys(route: Route) -> bool:
    """Tell whether a key is looked at, so that a bad one is refused; the documentation is the same for everybody."""
    return tag(route) != "documentation"


def _security(route: Route) -> list[Json]:
    """Return the ways to be let in: nobody needs a key for what is public, but may send one."""
    if not takes_keys(route):
        return []
    scopes = [] if route.access in {"public", "key"} else [route.access]
    ways: list[Json] = [{BEARER: scopes}, {API_KEY: scopes}]
    return [{}, *ways] if route.access == "public" else ways


def operation(route: Route) -> Json:
    """Return the operation; its parameters in full."""
    found: Json = {
        "operationId": route.operation,
        "tags": [tag(route)],
        "summary": route.summary,
        "description": DESCRIPTIONS[route.operation],
        "parameters": [*_variables(route), *map(_parameter, route.query), *_conditions(route)],
        "requestBody": _body(route),
        "responses": _responses(route),
    }
    return {**{name: value for name, value in found.items() if value}, "security": _security(route)}


def _variables(route: Route) -> Iterator[Json]:
    for name in re.findall(r"\{(\w+)\}", route.path):
        yield {"name": name, "in": "path", "required": True, **_variable(route, name)}


def _variable(route: Route, name: str) -> Json:
    if name in _BY_NAME:
        return _BY_NAME[name]
    if tag(route) in _BY_TAG:
        return _BY_TAG[tag(route)]
    named: dict[str, ids.RecordType] = {"membership_id": "membership", "party_id": "organisation"}
    record_type = named.get(name) or _NOUNS[route.path.split("/")[1]]
    return {
        "description": f"The id of the {record_type}.",
        "schema": {"type": "string", "pattern": ids.ID_PATTERN[record_type]},
        "example": examples.example_id(record_type),
    }


_BY_NAME: Final[Mapping[str, Json]] = {
    "slug": {"description": "A type of problem.", "schema": {"type": "string", "enum": list(PROBLEMS)}},
    "asset": {"description": "A file.", "schema": {"type": "string", "enum": list(ASSETS)}},
    "version": {
        "description": "The number of a version.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 10**LONGEST_NUMBER - 1},
        "example": 1,
    },
    "scheme": {
        "description": "A scheme of external ids: a public one, or one that begins with a partner's prefix.",
        "schema": {"type": "string", "pattern": SCHEME},
        "example": "itnet.crm",
    },
    "value": {
        "description": "The value of the external id. Slashes may stand as they are, all else percent-encoded.",
        "schema": {"type": "string", "pattern": LINE_PATTERN, "minLength": 1, "maxLength": LONGEST_VALUE},
        "example": "1001",
    },
}
_BY_TAG: Final[Mapping[str, Json]] = {
    "jobs": {
        "description": "The id of the job.",
        "schema": {"type": "string", "pattern": ids.JOB_PATTERN},
        "example": examples.JOB,
    },
    "webhooks": {
        "description": "The id of the webhook.",
        "schema": {"type": "string", "pattern": ids.WEBHOOK_PATTERN},
        "example": examples.WEBHOOK["id"],
    },
}
"""What `{id}` is where it is no record's."""


def _parameter(parameter: Parameter) -> Json:
    schema: Json = dict(parameter.kind.schema)
    if parameter.default is not None:
        schema["default"] = int(parameter.default) if schema.get("type") == "integer" else parameter.default
    if parameter.example is not None:
        # As `example` of the parameter, pages such as ours would send it with each request that is tried.
        schema["examples"] = [parameter.example]
    if parameter.many:
        schema = {"type": "array", "items": schema, "maxItems": MOST_VALUES}
    return {"name": parameter.name, "in": "query", "description": parameter.description, "schema": schema}


_OPTIONAL: Final = {"If-Match": "IfMatchWhereSent", "If-None-Match": "CreateOnly"}


def _conditions(route: Route) -> Iterator[Json]:
    if route.conditional:
        yield {"$ref": "#/components/parameters/IfMatch"}
    for condition in route.conditions:
        yield {"$ref": f"#/components/parameters/{_OPTIONAL[condition]}"}
    if route.method == "GET":
        yield {"$ref": "#/components/parameters/IfNoneMatch"}
    if route.writes:
        yield {"$ref": "#/components/parameters/IdempotencyKey"}


def _body(route: Route) -> Json | None:
    if route.body is None or route.consumes is None:
        return None
    record_type = RECORD_TYPES.get(route.body.removesuffix("Input").removesuffix("Patch"))
    if record_type is None:
        return _asked(route, route.body, route.consumes)
    shown = {"POST": examples.INPUT, "PATCH": examples.PATCH}.get(route.method)
    value = shown[record_type] if shown else examples.record(record_type).as_input()
    content = {"schema": reference(route.body), "examples": {record_type: {"value": value}}}
    return {"required": True, "content": {route.consumes: content}}


def _asked(route: Route, body: str, consumes: str) -> Json:
    """Return a body that is no record; rows may come as lines too."""
    shown = examples.ASKED[body]
    found: Json = {consumes: {"schema": reference(body), "examples": {"json": {"value": shown}}}}
    if route.rows:
        lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in shown[route.rows])
        schema = {"type": "string", "minLength": 1, "maxLength": LARGEST_IMPORT, "description": "One row on each line."}
        found[NDJSON] = {"schema": schema, "examples": {"lines": {"value": lines}}}
    return {"required": True, "content": found}


def _responses(route: Route) -> Json:
    found: Json = {str(route.status): _success(route)}
    if "If-None-Match" in route.conditions:
        found[str(HTTPStatus.CREATED.value)] = _success(replace(route, status=HTTPStatus.CREATED))
    if route.method == "GET":
        found["304"] = {"$ref": f"#/components/responses/{NOT_MODIFIED}"}
    if route.leads:
        found["302"] = {"$ref": f"#/components/responses/{LED}"}
    if route.method == "GET" and _leads_on(route):
        found["308"] = {"$ref": f"#/components/responses/{MOVED}"}
    return {
        **found,
        **{str(status): {"$ref": f"#/components/responses/{component(status)}"} for status in errors(route)},
    }


def _leads_on(route: Route) -> bool:
    """Tell whether it is asked about organisations, by path or query, which may have been merged into others.

    The versions of the organisation itself stay where they are; its ids of other schemes are the other one's by then.
    """
    in_path = "/organisations/{id}" in route.path and not route.path.startswith("/organisations/{id}/history")
    return (
        in_path
        or route.operation == "get_organisation_by_ref"
        or any(parameter.kind.names == "organisation" for parameter in route.query)
    )


def errors(route: Route) -> list[int]:
    """Return the errors that may come instead of the answer, by what the route takes and does.

    405 is the answer to methods that the document does not list, and 500 is none that anybody can expect.
    """
    names_record = ("id}" in route.path and tag(route) not in {"jobs", "webhooks"}) or route.greedy
    found = {400, 403, 414, 429, 503}
    found |= {406} if route.negotiates else set()
    found |= {401} if takes_keys(route) else set()
    found |= {404} if "{" in route.path else set()
    found |= {410} if names_record or route.answer == "ChangePage" else set()
    found |= {422} if route.writes or route.body else set()
    found |= {409} if route.writes and not route.rows else set()
    found |= {412, 428} if route.conditional else set()
    found |= {412} if route.conditions else set()
    found |= {413, 415} if route.body else set()
    return sorted(found)


def _success(route: Route) -> Json:
    is_versioned = not (route.rows or route.reads or route.status == HTTPStatus.ACCEPTED)
    fields = ["ETag"] if route.answer is not None and is_versioned else []
    fields += ["Location"] if route.status in {HTTPStatus.CREATED, HTTPStatus.ACCEPTED} else []
    fields += [*headers.QUOTA, headers.REPLAYED] if route.writes else []
    is_linked = route.formats or route.alternates or (route.answer or "").endswith("Page")
    fields += ["Link"] if is_linked else []
    fields += ["Content-Disposition"] if CSV in route.offers else []
    fields += headers.OF_FILES if route.leads else []
    found: Json = {
        "description": ANSWERS[route.status],
        "headers": headers.references(*fields),
    }
    if route.answer is not None:
        own = _content(route, route.answer)
        found["content"] = {route.offers[0]: own, **_other_forms(route, own)}
    return found


def _other_forms(route: Route, own: Json) -> Json:
    """Return what else the answer may be, each with the example of the answer in JSON in that form."""
    shown = next(iter(own.get("examples", {}).values()), None)
    return {
        FORMATS[form]: {
            "schema": table(route.operation) if form == "csv" else reference(published.SCHEMAS[form]),
            "examples": {form: {"value": published.formed(route, form, shown["value"])}},
        }
        for form in route.formats[1:]
        if shown
    }


def _content(route: Route, answer: str) -> Json:
    shown: Json
    if answer.endswith("Page"):
        shown = examples.pages()[answer]
    elif answer in RECORD_TYPES:
        shown = _records(route, RECORD_TYPES[answer])
    elif answer in examples.answers():
        shown = examples.answers()[answer]
    elif answer in published.MADE:
        shown = published.examples_of(answer)
    elif answer == "ProblemType":
        shown = {"a problem": explained(PreconditionFailed)}
    else:
        shown = {}
    schema = reference(f"{answer}View" if AS_OF in route.query and answer in RECORD_TYPES else answer)
    return {"schema": schema, **({"examples": {title: {"value": shown[title]} for title in shown}} if shown else {})}


def _records(route: Route, record_type: ids.RecordType) -> dict[str, Json]:
    if AS_OF not in route.query:
        return {record_type: examples.answer(record_type)}
    found = {record_type: examples.answer(record_type), "with as_of": examples.past(record_type)}
    with_references = examples.with_references(record_type)
    return {**found, "with include=refs": with_references} if with_references["refs"] else found
