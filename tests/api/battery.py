"""What every route is struck with, and its answers; a battery follows from what the route says of itself."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import cast

from infra.local.functions import Functions
from infra.local.gateway import Gateway
from infra.local.wire import Request
from infra.openapi.operations import takes_keys
from infra.template import Function
from shared.http.routes import Route
from tests.api import attacks
from tests.api.attacks import Attack
from tests.api.client import Answer, Json
from tests.api.conftest import House


@dataclass(frozen=True, slots=True)
class Altering:
    """Functions whose events are altered on the way; for what no HTTP request can bring about."""

    functions: Functions
    change: attacks.Mutation

    def invoke(self, function: Function, event: Json) -> object:
        self.change(event)
        return self.functions.invoke(function, event)


@dataclass(frozen=True, slots=True)
class Target:
    """A route, with a request that would succeed."""

    route: Route
    path: str
    body: Json | None = None
    key: str = ""


def struck(house: House, target: Target, attack: Attack) -> Answer:
    """The answer to the target's request, changed as the attack says."""
    route = target.route
    body = attack.body if attack.body is not None else b"" if target.body is None else attacks.as_patch(target.body)
    headers: dict[str, str | None] = {"host": "127.0.0.1"}
    if route.consumes is not None or body:
        headers["content-type"] = route.consumes or "application/json"
    if target.key:
        headers["authorization"] = f"Bearer {target.key}"
    if route.conditional:
        headers["if-match"] = "*"
    headers |= attack.headers
    path = target.path if attack.path is None else attack.path(target.path)
    address = f"/v1{path}{'?' if attack.query else ''}{attack.query}"
    fields = tuple((name, value) for name, value in headers.items() if value is not None)
    request = Request(route.method, address, "HTTP/1.1", fields, body, "127.0.0.1")
    functions = house.functions if attack.event is None else cast("Functions", Altering(house.functions, attack.event))
    response = Gateway(house.template, functions).respond(request)
    return Answer(response.status, {name.lower(): value for name, value in response.headers}, response.body)


def outcomes(house: House, target: Target, every: Iterable[Attack]) -> dict[str, object]:
    """The status of each attack, or what is wrong with its answer."""
    found: dict[str, object] = {}
    for attack in every:
        answer = struck(house, target, attack)
        found[attack.name] = answer.status
        if answer.headers.get("content-type") != "application/problem+json":
            found[attack.name] = f"{answer.status} as {answer.headers.get('content-type')}"
        elif answer.json["status"] != answer.status or (answer.status in (400, 422) and not answer.json["errors"]):
            found[attack.name] = answer.json
    return found


def expected(every: Iterable[Attack]) -> dict[str, object]:
    return {attack.name: attack.status for attack in every}


def against(target: Target) -> list[Attack]:
    """Everything that a route must refuse, whatever it is about; no two have one name."""
    route = target.route
    every = [
        *attacks.QUERIES,
        *_of_path(target),
        *(attacks.ACCEPT if route.negotiates else ()),
        *attacks.EVENTS,
        *(_of_body(route) if route.body else attacks.BODIES_WHERE_NONE_BELONGS[:: 1 if route.writes else 4]),
    ]
    if route.conditional or "If-Match" in route.conditions:
        every += attacks.IF_MATCH if route.conditional else attacks.IF_MATCH[1:]
    if "If-None-Match" in route.conditions:
        every += attacks.IF_NONE_MATCH
    if takes_keys(route):
        every += attacks.KEYS
    if route.writes:
        every += attacks.IDEMPOTENCY_KEYS
    if route.access != "public":
        every.append(attacks.NO_HEADERS)
    counts = Counter(attack.name for attack in every)
    assert counts.most_common(1)[0][1] == 1, counts.most_common(9)
    return every


def _of_body(route: Route) -> Iterator[Attack]:
    taken = {attack.name for attack in attacks.LINES} if route.rows else set()
    yield from (attack for attack in attacks.BODIES if attack.name not in taken)
    yield from attacks.LINES if route.rows else ()
    yield from attacks.MEDIA_TYPES
    yield from attacks.junk(str(route.consumes))
    yield from attacks.BODY_EVENTS


def _of_path(target: Target) -> Iterator[Attack]:
    """Paths beside the route's own; what ends with a reference takes whatever stands at the end."""
    route = target.route
    if route.operation == "match_organisations":
        # What its path becomes may be the id of a record, which takes no POST.
        yield from (replace(attack, status=405 if attack.name in attacks.ENDS else 404) for attack in attacks.PATHS)
    else:
        yield from (attack for attack in attacks.PATHS if not route.greedy or attack.name in attacks.BEGINNINGS)
    parts, sent = route.path.split("/"), target.path.split("/")
    for place, part in enumerate(parts):
        if part.partition(".")[0] not in {"{id}", "{membership_id}", "{party_id}", "{version}", "{slug}", "{asset}"}:
            continue
        for segment in attacks.NO_IDS:
            changed = "/".join([*sent[:place], segment + part.partition("}")[2], *sent[place + 1 :]])
            yield Attack(f"{part} {segment[:60]}", 404, path=lambda _, changed=changed: changed)  # type: ignore[misc]
