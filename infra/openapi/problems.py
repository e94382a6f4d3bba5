"""An example of each type of problem, refused by the code that refuses real requests."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, Final, cast

from infra.openapi.examples import example_id
from shared.errors import (
    PROBLEMS,
    AnsweredAlready,
    Conflict,
    Fault,
    InvalidContent,
    MalformedRequest,
    Merged,
    ProblemError,
    StillHasKeys,
)
from shared.http import parameters
from shared.http.edge import Context, Edge
from shared.http.messages import Request, Response
from shared.http.routes import LIMIT, Route
from shared.models.record import parse_input

Json = dict[str, Any]

REQUEST_ID: Final = "6f0c2a52-0f0e-4a57-9a3b-2f4e9d1c7b10"


def occurrences() -> dict[str, Json]:
    """Return an example of each type of problem by its slug, as the edge sends it."""
    with _quiet():
        return {slug: _sent(_occurrence(problem)) for slug, problem in PROBLEMS.items()}


def _occurrence(problem: type[ProblemError]) -> ProblemError:
    if problem is MalformedRequest:
        return MalformedRequest(faults=_misread())
    if problem is InvalidContent:
        return InvalidContent(faults=_miswritten())
    if problem is Merged:
        return Merged({example_id("organisation", 4): example_id("organisation", 1)})
    found = problem()
    if issubclass(problem, Conflict) and problem not in {AnsweredAlready, StillHasKeys}:
        found.related = (example_id("membership" if "member" in problem.slug else "event", 4),)
    return found


def _misread() -> tuple[Fault, ...]:
    try:
        parameters.read((LIMIT,), {"limit": ["0"], "colour": ["red"]})
    except MalformedRequest as refused:
        return refused.faults
    raise AssertionError


def _miswritten() -> tuple[Fault, ...]:
    try:
        parse_input("organisation", {"name": "", "kind": "club", "founded": "2019-02-30"})
    except InvalidContent as refused:
        return refused.faults
    raise AssertionError


def _sent(problem: ProblemError) -> Json:
    def refuse(_: Request) -> Response:
        raise problem

    edge = Edge((Route("refuse", "GET", "/", "", "public", None),), (refuse,), frozenset())
    context = cast("Context", SimpleNamespace(get_remaining_time_in_millis=lambda: 10_000))
    event = {"httpMethod": "GET", "path": "/", "requestContext": {"requestId": REQUEST_ID}}
    body: Json = json.loads(edge(event, context)["body"])
    return body


@contextmanager
def _quiet() -> Iterator[None]:
    logging.disable()
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
