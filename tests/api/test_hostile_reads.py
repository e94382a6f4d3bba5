"""Values that no parameter takes are refused by every route that reads; what is only odd is answered."""

from collections.abc import Iterable

import pytest

from infra.openapi.document import ROUTES as EVERY
from infra.openapi.operations import takes_keys
from shared.http.parameters import Parameter
from shared.http.routes import Route
from tests.api import samples
from tests.api.attacks import Attack
from tests.api.battery import Target, expected, outcomes, struck
from tests.api.client import Api
from tests.api.conftest import House

ROUTES: dict[str, Route] = {
    route.operation: route
    for route in EVERY
    if route.method == "GET" and route.access == "public" and takes_keys(route) and not route.leads
}
"""What anybody may read, but for the documentation, and the export, which may be elsewhere."""


@pytest.fixture(scope="module")
def paths(register: Api) -> dict[str, str]:
    """The path of every route that reads, of records that exist."""
    api = register
    network = samples.network(api)
    ids = {
        "organisations": network,
        "events": samples.plain_event(api),
        "cooperations": samples.plain_cooperation(api, network),
    }
    membership = api.id(f"/organisations/{network}/members", {"member_id": samples.company(api)})
    ids["memberships"] = f"{network}/members/{membership}"
    for noun, record_id in ids.items():
        path = f"/{noun.replace('memberships', 'organisations')}/{record_id}/external-ids/crm/{noun}"
        assert api.put(path, None).status == 200
    found = {}
    for name, route in ROUTES.items():
        noun = route.path.split("/")[1]
        values = {"id": ids.get(noun), "membership_id": membership, "scheme": "crm", "value": noun, "version": 1}
        found[name] = route.path.format(**values)
    return found


def target(paths: dict[str, str], name: str) -> Target:
    return Target(ROUTES[name], paths[name])


_WORTHLESS = ["", "%20", "%00", "a%00b", "%0A", "%E2%80%AE", "%1B[31m", "x" * 3_000, "%C2%85"]
_WRONG = [
    "'",
    "';DROP TABLE record;--",
    "-1",
    "0x10",
    "1e9",
    "1.0",
    "9" * 400,
    "%D9%A3",
    "%EF%BC%91",
    "None",
    "null",
    "[]",
    "{}",
    "*",
    "%25",
    "../..",
    "<script>",
    "0000-00-00",
    "2023-02-30",
    "2023-13",
    "99999-01-01",
    "2023-09-10T25:00:00Z",
    "0001-01-01T00:00:00%2B14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-01-01T00:00:00%2B99:99",
    "org_01hzy3v8k2q4w5e6r7t8y9z0ab%0A",
    "evt_01hzy3v8k2q4w5e6r7t8y9z0aB",
]
_OF_TEXTS = {
    "city": ["%F3%A0%80%81%00", "a%E2%80%A8b"],
    "q": ["%F3%A0%80%81%00", "a%E2%80%A8b", "x" * 201],
    "grade": ["a%E2%81%A6b"],
    "topic": ["IT", "it%20security", "it--security", "-it", "it-", "%C3%A4", "x" * 65],
    "external_id": ["ab", "ab:", ":x", "AB:x", "ab:%20", "ab:a%00b", "ab:a%0Ab", "ab:%E2%80%AEx", f"ab:{'x' * 129}"],
    "source": [
        "example.org",
        "javascript:alert(1)",
        "https://",
        "https://a/%00",
        "https://u:p@a/",
        f"https://a/{'x' * 2_000}",
    ],
    "cursor": ["x", "%C3%A4", "e30", "bnVsbA"],
}
"""What parameters do not take that take words of the caller's own."""
_LONE = {"external_id": "ab:\ud800", "source": "https://\ud800"}


def wrong_values(parameter: Parameter) -> Iterable[Attack]:
    """Values that a parameter does not take, and ways to give it that are none."""
    own = _OF_TEXTS.get(parameter.name, _WRONG)
    for value in (*_WORTHLESS, *own):
        yield Attack(f"{parameter.name}={value[:30]}", 400, query=f"{parameter.name}={value}")
    most = 11 if parameter.many else 2
    query = "&".join(f"{parameter.name}={parameter.example or 'a'}{number}" for number in range(most))
    yield Attack(f"{parameter.name} {most} times", 400, query=query)
    yield Attack(f"{parameter.name}[]", 400, query=f"{parameter.name}[]=a")
    yield Attack(f"{parameter.name} in capitals", 400, query=f"{parameter.name.upper()}=a")
    yield Attack(f"{parameter.name} with a space", 400, query=f"{parameter.name}%20=a")
    lone = {"multiValueQueryStringParameters": {parameter.name: [_LONE.get(parameter.name, "\ud800")]}}
    yield Attack(f"{parameter.name} of a lone surrogate", 400, event=lambda event: event.update(lone))
    empty: dict[str, object] = {"multiValueQueryStringParameters": {parameter.name: None}}
    yield Attack(f"{parameter.name} of null", 400, event=lambda event: event.update(empty))


@pytest.mark.parametrize("name", ROUTES)
def test_values_that_a_parameter_does_not_take_are_refused(house: House, paths: dict[str, str], name: str) -> None:
    every = [attack for parameter in ROUTES[name].query for attack in wrong_values(parameter)]

    assert len(every) >= 40
    assert outcomes(house, target(paths, name), every) == expected(every)


ODD = [
    Attack("an empty If-None-Match", 200, headers={"if-none-match": ""}),
    Attack("junk in If-None-Match", 200, headers={"if-none-match": '"' * 2_001}),
    Attack("an If-Match", 200, headers={"if-match": "junk"}),
    Attack("an If-Modified-Since", 200, headers={"if-modified-since": "yesterday"}),
    Attack("a Range", 200, headers={"range": "bytes=0-0"}),
    Attack("junk in Accept-Encoding", 200, headers={"accept-encoding": ";;,q=;gzip;q=x,\u00e4"}),
    Attack("junk in Accept-Language", 200, headers={"accept-language": "*" * 2_000}),
    Attack("a media type of no body", 200, headers={"content-type": "text/plain"}),
    Attack("an odd Origin", 200, headers={"origin": "null, javascript:\x09"}),
    Attack("another method in a header", 200, headers={"x-http-method-override": "DELETE"}),
    Attack("another path in a header", 200, headers={"x-original-url": "/v1/admin"}),
    Attack("another host", 200, headers={"host": "evil.example", "x-forwarded-host": "evil.example"}),
    Attack("no headers", 200, event=lambda event: event.update(headers=None, multiValueHeaders=None)),
    Attack("header values of null", 200, event=lambda event: event.update(multiValueHeaders={"Accept": None})),
    Attack("headers of numbers", 200, event=lambda event: event.update(headers=5, multiValueHeaders={"Accept": 5})),
    Attack("headers in a list", 200, event=lambda event: event.update(multiValueHeaders=[["Accept", "text/html"]])),
    Attack("a query in a list", 200, event=lambda event: event.update(multiValueQueryStringParameters=["x"])),
    Attack("a context that is a text", 200, event=lambda event: event.update(requestContext="x")),
    Attack("a context of numbers", 200, event=lambda event: event.update(requestContext={"requestId": 5, "stage": 5})),
    Attack("no query", 200, event=lambda event: event.update(multiValueQueryStringParameters=None)),
    Attack("no context", 200, event=lambda event: event.update(requestContext=None)),
    Attack("a request id that is none", 200, event=lambda event: event.update(requestContext={"requestId": "\n"})),
    Attack("an empty body", 200, event=lambda event: event.update(body="", isBase64Encoded=True)),
    Attack(
        "nothing but method and path",
        200,
        event=lambda event: [event.pop(part) for part in (*event,) if part not in {"httpMethod", "path"}],
    ),
    Attack("the stage in the path", 200, event=lambda event: event.update(path=f"/v1{event['path']}")),
    Attack("a method in lower case", 200, event=lambda event: event.update(httpMethod="get")),
]


# Feeds give whole addresses, and so depend on the host that was asked.
@pytest.mark.parametrize("name", [name for name in ROUTES if not name.endswith("_feed")])
def test_what_is_only_odd_is_answered_as_usual(house: House, paths: dict[str, str], name: str) -> None:
    usual = struck(house, target(paths, name), Attack("usual", 200))

    found = {attack.name: struck(house, target(paths, name), attack) for attack in ODD}

    assert {about: (answer.status, answer.content) for about, answer in found.items()} == {
        attack.name: (200, usual.content) for attack in ODD
    }
