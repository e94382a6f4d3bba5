"""What holds for every path of the API: HEAD, OPTIONS, 405, caching, CORS."""

import pytest

from tests.api import samples
from tests.api.client import Api, problem

READS = [
    "/organisations",
    "/organisations/{org}",
    "/organisations/{org}/members",
    "/organisations/{org}/members/{mem}",
    "/organisations/{org}/memberships",
    "/organisations/{org}/relations",
    "/organisations/{org}/events",
    "/organisations/{org}/cooperations",
    "/events",
    "/events/{evt}",
    "/events/{evt}/parts",
    "/cooperations",
    "/cooperations/{coop}",
    "/cooperations/{coop}/events",
    "/cooperations/{coop}/parts",
]
WRITES = {
    "/organisations": "GET, HEAD, OPTIONS, POST",
    "/organisations/{org}": "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
    "/organisations/{org}/members": "GET, HEAD, OPTIONS, POST",
    "/organisations/{org}/members/{mem}": "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
    "/events": "GET, HEAD, OPTIONS, POST",
    "/events/{evt}": "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
    "/cooperations": "GET, HEAD, OPTIONS, POST",
    "/cooperations/{coop}": "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
}
EXPOSED = "ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id"
VARY = "Accept, Accept-Encoding, Authorization, X-API-Key, Origin"


@pytest.fixture(scope="module")
def ids(register: Api) -> dict[str, str]:
    """One record of each type."""
    network = samples.network(register)
    return {
        "org": network,
        "mem": register.id(f"/organisations/{network}/members", {"member_id": samples.company(register)}),
        "evt": samples.plain_event(register),
        "coop": samples.plain_cooperation(register, network),
    }


@pytest.mark.parametrize("path", READS)
def test_head_is_get_without_the_body(register: Api, ids: dict[str, str], path: str) -> None:
    get, head = register.get(path.format(**ids)), register.head(path.format(**ids))

    volatile = {"x-request-id", "x-amzn-requestid"}
    assert (head.status, head.content) == (get.status, b"") == (200, b"")
    assert {name: value for name, value in head.headers.items() if name not in volatile} == {
        name: value for name, value in get.headers.items() if name not in volatile
    }


@pytest.mark.parametrize("path", READS)
def test_what_may_be_cached_must_be_asked_for_again_and_depends_on_these_headers(
    register: Api, ids: dict[str, str], path: str
) -> None:
    answer = register.get(path.format(**ids))

    assert {name: answer.headers[name] for name in ("cache-control", "vary", "content-type")} == {
        "cache-control": "public, no-cache",
        "vary": VARY,
        "content-type": "application/json",
    }


@pytest.mark.parametrize("path", READS)
def test_a_method_that_a_path_does_not_take_is_405_with_those_that_it_does(
    register: Api, ids: dict[str, str], path: str
) -> None:
    allowed = WRITES.get(path, "GET, HEAD, OPTIONS")
    refused = [name for name in ("POST", "PUT", "PATCH", "DELETE") if name not in allowed]

    answers = [register.send(method, path.format(**ids), {}, if_match="*") for method in refused]

    expected = problem(
        "method-not-allowed", 405, "This path does not take that method", "Use one of the methods in the Allow header."
    )
    assert [(answer.status, answer.headers["allow"], answer.json) for answer in answers] == [
        (405, allowed, expected)
    ] * len(refused)


@pytest.mark.parametrize("path", READS)
def test_options_tells_what_a_path_takes(register: Api, ids: dict[str, str], path: str) -> None:
    answer = register.options(path.format(**ids))

    assert (answer.status, answer.content) == (204, b"")
    assert answer.headers["allow"] == WRITES.get(path, "GET, HEAD, OPTIONS")


def test_reads_are_open_to_every_origin_without_credentials(register: Api, ids: dict[str, str]) -> None:
    answers = [register.get(path.format(**ids), origin="https://anybody.example") for path in READS]

    for answer in answers:
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-expose-headers"] == EXPOSED
        assert "access-control-allow-credentials" not in answer.headers
