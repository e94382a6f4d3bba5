"""Whatever content is sent to a route that writes records gets the 422 that it deserves, and nothing is written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import pytest

from infra.openapi.document import ROUTES
from tests.api import attacks, samples
from tests.api.attacks import Attack
from tests.api.battery import Target, expected, outcomes
from tests.api.client import Api, Json
from tests.api.conftest import House
from tests.api.contents import WRONG_EVERYWHERE, contents


@dataclass(frozen=True, slots=True)
class Taking:
    """A route that takes a record, and how a text in that is set."""

    target: Target
    text: Callable[[object], Json]


def _title(value: object) -> Json:
    return {"title": {"de": value}}


@pytest.fixture(scope="module")
def takers(register: Api) -> dict[str, Taking]:
    """Every route that takes a record by its id, on records that nobody refers to."""
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
    routes = {route.operation: route for route in ROUTES}
    found: dict[str, Taking] = {}
    for noun, (path, body, text) in bodies.items():
        fresh = {**body, "member_id": other} if noun == "membership" else body
        one = f"{path}/{api.id(path, body)}"
        whole = {**body, "topics": ["a"]} if "topics" in body else body
        sent = {"create": (path, fresh), "replace": (one, whole), "patch": (one, text("Neu"))}
        for verb, (address, content) in sent.items():
            target = Target(routes[f"{verb}_{noun}"], address, content, api.key)
            found[target.route.operation] = Taking(target, text)
    return found


NOUNS = ["organisation", "membership", "event", "cooperation"]
VERBS = ["create", "replace", "patch"]


@pytest.fixture(autouse=True)
def _nothing_is_written(house: House, takers: dict[str, Taking]) -> Iterator[None]:
    assert len(takers) == len(NOUNS) * len(VERBS)
    before = house.contents()
    yield
    assert house.contents() == before


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("verb", VERBS)
def test_contents_that_break_a_rule_are_refused(house: House, takers: dict[str, Taking], noun: str, verb: str) -> None:
    taking = takers[f"{verb}_{noun}"]
    every = [
        Attack(about, 422, body=attacks.as_patch({**(taking.target.body or {}), **body}))
        for about, body in contents(taking.text)
    ]

    assert len(every) > 40
    assert outcomes(house, taking.target, every) == expected(every)


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
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("wrong", WRONG_EVERYWHERE)
def test_a_value_of_the_wrong_type_is_refused_in_every_field(
    house: House, takers: dict[str, Taking], noun: str, verb: str, wrong: str
) -> None:
    target, whole = takers[f"{verb}_{noun}"].target, takers[f"create_{noun}"].target.body or {}
    value = WRONG_EVERYWHERE[wrong]
    deep = wrong == "a list of a number" and verb == "create"
    floats = {"lat", "lon"} if wrong == "a fraction" else set()
    every = [
        Attack(str(path), 422, body=attacks.as_patch(cast("Json", replaced(whole, path, value))))
        for path in leaves(whole)
        if (deep or len(path) == 1) and path[-1] not in floats
    ]

    assert outcomes(house, target, every) == expected(every)
