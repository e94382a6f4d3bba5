"""Whatever is asked of any route, it gets the 4xx that it deserves, and nothing is written."""

from collections.abc import Iterator

import pytest

from infra.openapi.document import ROUTES
from shared.http.routes import Route
from tests.api.battery import Target, against, expected, outcomes
from tests.api.client import Api
from tests.api.conftest import House
from tests.api.test_authorisation import GUARDED, WRITE_SCOPES, Row, World, places, request
from tests.webhooks.receivers import receiving

BY_NAME = {route.operation: route for route in ROUTES}
WRITING = [name for name, route in BY_NAME.items() if route.writes]
READING = [name for name, route in BY_NAME.items() if not route.writes]


@pytest.fixture(scope="module")
def world(house: House, register: Api) -> Iterator[World]:
    with receiving() as receiver:
        yield World(house, register, receiver, WRITE_SCOPES)


@pytest.fixture(scope="module")
def targets(world: World) -> dict[str, Target]:
    """Every route, on a record of its own that the office entered."""
    return {name: target(world, route) for name, route in BY_NAME.items()}


def target(world: World, route: Route) -> Target:
    if route.operation not in GUARDED:
        return Target(route, route.path.format(asset="page.css", slug="not-found"))
    state = "foreign" if "foreign" in places(route) else "-"
    _, path, body = request(world, Row(route.operation, state, {}))
    return Target(route, path, body, "" if route.access == "public" else world.api.key)


@pytest.fixture(autouse=True)
def _nothing_is_written(house: House, targets: dict[str, Target]) -> Iterator[None]:
    assert targets
    before = house.contents()
    yield
    assert house.contents() == before


@pytest.mark.parametrize("name", BY_NAME)
def test_what_no_client_means_well_is_refused(house: House, targets: dict[str, Target], name: str) -> None:
    every = against(targets[name])

    assert outcomes(house, targets[name], every) == expected(every)


def test_every_route_is_struck_often_enough(targets: dict[str, Target]) -> None:
    counts = {name: len(against(target)) for name, target in targets.items()}

    assert counts.keys() == {route.operation for route in ROUTES}
    assert {name: counts[name] for name in WRITING if counts[name] < 150} == {}
    assert {name: counts[name] for name in READING if counts[name] < 60} == {}
