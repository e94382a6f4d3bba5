"""Whatever is sent to a route that writes gets the 4xx that it deserves, and nothing is written."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import cast

import pytest

from infra.local.functions import Functions
from infra.local.gateway import Gateway
from infra.local.wire import Request
from infra.template import Function
from tests.api import attacks, samples
from tests.api.attacks import Attack
from tests.api.client import TYPES, Answer, Api, Json
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
    """A route that writes, with a request that would succeed."""

    name: str
    method: str
    path: str
    body: Json | None
    text: Callable[[object], Json]
    key: str = ""

    @property
    def media_type(self) -> str:
        return TYPES.get(self.method, "application/json")


def struck(house: House, target: Target, attack: Attack) -> Answer:
    """The answer to the target's request, changed as the attack says."""
    body = attack.body if attack.body is not None else b"" if target.body is None else attacks.as_patch(target.body)
    headers: dict[str, str | None] = {"host": "127.0.0.1", "content-type": target.media_type}
    if target.key:
        headers["authorization"] = f"Bearer {target.key}"
    if target.method != "POST":
        headers["if-match"] = "*"
    headers |= attack.headers
    path = target.path if attack.path is None else attack.path(target.path)
    address = f"/v1{path}{'?' if attack.query else ''}{attack.query}"
    fields = tuple((name, value) for name, value in headers.items() if value is not None)
    request = Request(target.method, address, "HTTP/1.1", fields, body, "127.0.0.1")
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


def _title(value: object) -> Json:
    return {"title": {"de": value}}


@pytest.fixture(scope="module")
def targets(register: Api) -> dict[str, Target]:
    """Every route that writes, on records that nobody refers to."""
    api = register
    other = samples.company(api, "Andere")
    free = samples.company(api, "Freie")
    network = samples.network(api, "Netz", membership_grades=[{"code": "ordinary"}])
    bodies: dict[str, tuple[str, Json, Callable[[object], Json]]] = {
        "organisation": ("/organisations", samples.organisation(other, external_ids=[]), lambda value: {"name": value}),
        "membership": (
            f"/organisations/{network}/members",
            samples.membership(free, external_ids=[]),
            lambda value: {"note": value},
        ),
        "event": ("/events", samples.event(other, external_ids=[]), _title),
        "cooperation": ("/cooperations", samples.cooperation(other, free, external_ids=[]), _title),
    }
    found: dict[str, Target] = {}
    for noun, (path, body, text) in bodies.items():
        fresh = {**body, "member_id": other} if noun == "membership" else body
        one = f"{path}/{api.id(path, body)}"
        found[f"POST {noun}"] = Target(noun, "POST", path, fresh, text, api.key)
        found[f"PUT {noun}"] = Target(
            noun, "PUT", one, {**body, "topics": ["a"]} if "topics" in body else body, text, api.key
        )
        found[f"PATCH {noun}"] = Target(noun, "PATCH", one, text("Neu"), text, api.key)
        found[f"DELETE {noun}"] = Target(noun, "DELETE", one, None, text, api.key)
    return found


NOUNS = ["organisation", "membership", "event", "cooperation"]
TAKING = [f"{method} {noun}" for noun in NOUNS for method in ("POST", "PUT", "PATCH")]
CHANGING = [f"{method} {noun}" for noun in NOUNS for method in ("PUT", "PATCH", "DELETE")]
EVERY = [*TAKING, *(f"DELETE {noun}" for noun in NOUNS)]


@pytest.fixture(autouse=True)
def _nothing_is_written(house: House, targets: dict[str, Target]) -> Iterator[None]:
    assert targets
    before = house.contents()
    yield
    assert house.contents() == before


def expected(every: Iterable[Attack]) -> dict[str, object]:
    return {attack.name: attack.status for attack in every}


@pytest.mark.parametrize("name", TAKING)
def test_what_is_no_json_object_is_refused(house: House, targets: dict[str, Target], name: str) -> None:
    assert outcomes(house, targets[name], attacks.BODIES) == expected(attacks.BODIES)


@pytest.mark.parametrize("name", [name for name in EVERY if name not in TAKING])
def test_a_body_where_none_belongs_is_refused(house: House, targets: dict[str, Target], name: str) -> None:
    every = attacks.BODIES_WHERE_NONE_BELONGS

    assert outcomes(house, targets[name], every) == expected(every)


@pytest.mark.parametrize("name", TAKING)
def test_other_media_types_are_refused(house: House, targets: dict[str, Target], name: str) -> None:
    every = [*attacks.MEDIA_TYPES, *attacks.junk(targets[name].media_type)]

    assert outcomes(house, targets[name], every) == expected(every)


@pytest.mark.parametrize("name", EVERY)
def test_who_takes_no_problem_and_no_json_still_gets_a_problem(
    house: House, targets: dict[str, Target], name: str
) -> None:
    assert outcomes(house, targets[name], attacks.ACCEPT) == expected(attacks.ACCEPT)


@pytest.mark.parametrize("name", CHANGING)
def test_conditions_that_do_not_hold_are_refused(house: House, targets: dict[str, Target], name: str) -> None:
    assert outcomes(house, targets[name], attacks.IF_MATCH) == expected(attacks.IF_MATCH)


@pytest.mark.parametrize("name", EVERY)
def test_paths_that_lead_nowhere_are_not_found(house: House, targets: dict[str, Target], name: str) -> None:
    every = [*attacks.PATHS, *([] if name.startswith("POST") else attacks.SEGMENTS)]

    assert outcomes(house, targets[name], every) == expected(every)


def test_the_network_in_the_path_must_exist(house: House, targets: dict[str, Target]) -> None:
    every = [
        Attack(segment, 404, path=lambda _, segment=segment: f"/organisations/{segment}/members")  # type: ignore[misc]
        for segment in attacks.NO_IDS
    ]

    assert outcomes(house, targets["POST membership"], every) == expected(every)


@pytest.mark.parametrize("name", EVERY)
def test_queries_that_mean_nothing_are_refused(house: House, targets: dict[str, Target], name: str) -> None:
    every = [
        *attacks.QUERIES,
        *(Attack(f"?{query}", 400, query=query) for query in ("limit=1", "as_of=2016", "view=full", "include=refs")),
        *(Attack(f"?{query}", 400, query=query) for query in ("correction=", "correction=1", "correction=TRUE")),
        Attack("a correction twice", 400, query="correction=true&correction=true"),
        Attack("a query between two corrections", 400, query="correction=true&x=1"),
    ]

    assert outcomes(house, targets[name], every) == expected(every)


@pytest.mark.parametrize("name", EVERY)
def test_events_that_lack_parts_are_refused(house: House, targets: dict[str, Target], name: str) -> None:
    conditional = not name.startswith("POST")
    every = [
        *attacks.EVENTS,
        *([] if name.startswith("DELETE") else attacks.BODY_EVENTS),
        attacks.NO_HEADERS,
        attacks.NO_CONDITION if conditional else attacks.NO_MEDIA_TYPE,
    ]

    assert outcomes(house, targets[name], every) == expected(every)


@pytest.mark.parametrize("name", TAKING)
def test_contents_that_break_a_rule_are_refused(house: House, targets: dict[str, Target], name: str) -> None:
    target = targets[name]
    every = [
        Attack(about, 422, body=attacks.as_patch({**(target.body or {}), **body}))
        for about, body in attacks.contents(target.text)
    ]

    assert len(every) > 40
    assert outcomes(house, target, every) == expected(every)


def leaves(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON value, inner ones included."""
    if path:
        yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in members:
        yield from leaves(part, (*path, name))


def replaced(value: object, path: tuple[str | int, ...], other: object) -> object:
    if not path:
        return other
    if isinstance(value, dict):
        return {name: replaced(part, path[1:], other) if name == path[0] else part for name, part in value.items()}
    assert isinstance(value, list)
    return [replaced(part, path[1:], other) if place == path[0] else part for place, part in enumerate(value)]


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("wrong", attacks.WRONG_EVERYWHERE)
def test_a_value_of_the_wrong_type_is_refused_in_every_field(
    house: House, targets: dict[str, Target], noun: str, method: str, wrong: str
) -> None:
    target, whole = targets[f"{method} {noun}"], targets[f"POST {noun}"].body or {}
    value = attacks.WRONG_EVERYWHERE[wrong]
    deep = wrong == "a list of a number" and method == "POST"
    floats = {"lat", "lon"} if wrong == "a fraction" else set()
    every = [
        Attack(str(path), 422, body=attacks.as_patch(cast("Json", replaced(whole, path, value))))
        for path in leaves(whole)
        if (deep or len(path) == 1) and path[-1] not in floats
    ]

    assert outcomes(house, target, every) == expected(every)
