"""Keys as callers meet them: where they stand in a request, one answer to all that are bad, and what a log shows."""

import time as real_time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from shared.credentials import Credential
from shared.tables.client import Clock
from tests.api import samples
from tests.api.client import Answer, Api, problem
from tests.api.conftest import House, Log, altered

UNAUTHORISED = problem(
    "unauthorised",
    401,
    "A valid key is needed",
    "Send one API key, as `Authorization: Bearer …` or `X-API-Key: …`; ask the register's office for one.",
)
KINDS = [
    "mistyped",
    "unknown",
    "wrong secret",
    "other environment",
    "revoked",
    "ended",
    "two different",
    "basic",
    "no scheme",
    "empty",
    "empty bearer",
    "empty header",
    "two in one",
    "quoted",
    "in another alphabet",
]
ANSWERED = {"/organisations?limit=1": "list", "/organisations/{id}": "record", "/organisations/{id}?view=full": "whole"}


@pytest.fixture(scope="module")
def organisation(register: Api) -> str:
    return samples.network(register, "Netz")


@pytest.fixture(scope="module")
def good(house: House, organisation: str) -> str:
    return house.key(organisation, "organisations:write")


@pytest.fixture(scope="module")
def bad(house: House, register: Api, organisation: str, good: str) -> Mapping[str, Mapping[str, str]]:
    """Every way in which a key can be bad, as headers."""
    partners = house.process.PARTNERS
    other = samples.company(register)
    revoked, ended = (
        partners.create(organisation, ["admin"]),
        partners.create(other, ["admin"], ends_at="2026-01-01T00:00:00.000Z"),
    )
    partners.revoke(revoked.id)
    known = Credential.parse(good)
    assert known is not None
    sent = {
        "mistyped": f"Bearer {good[:-1]}{'0' if good[-1] != '0' else '1'}",
        "unknown": f"Bearer {Credential.new(known.environment).text()}",
        "wrong secret": f"Bearer {Credential(known.environment, known.id, '0' * 48).text()}",
        "other environment": f"Bearer {Credential('elsewhere', known.id, known.secret).text()}",
        "revoked": f"Bearer {revoked.text()}",
        "ended": f"Bearer {ended.text()}",
        "basic": f"Basic {good}",
        "no scheme": good,
        "empty bearer": "Bearer ",
        "two in one": f"Bearer {good}, Bearer {good}",
        "quoted": f'Bearer "{good}"',
        "in another alphabet": f"Bearer {good[:-1]}ö",
    }
    return {
        **{name: {"authorization": value} for name, value in sent.items()},
        "empty": {"authorization": " "},
        "empty header": {"x_api_key": ""},
        "two different": {"authorization": f"Bearer {good}", "x_api_key": register.key},
    }


def same(answer: Answer) -> tuple[int, object, Mapping[str, str]]:
    """What of a refusal must not tell one from another."""
    varying = {"x-request-id", "date", "x-amzn-requestid"}
    body = {name: value for name, value in answer.json.items() if name != "instance"}
    return answer.status, body, {name: value for name, value in answer.headers.items() if name not in varying}


def test_each_kind_of_bad_key_is_there(bad: Mapping[str, Mapping[str, str]]) -> None:
    assert sorted(bad) == sorted(KINDS)


@pytest.mark.parametrize("path", ANSWERED)
@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_key_is_refused_on_every_read_in_one_way(
    register: Api, organisation: str, bad: Mapping[str, Mapping[str, str]], kind: str, path: str
) -> None:
    address = path.format(id=organisation)

    answer, plain = register.get(address, **bad[kind]), register.get(address, **bad["mistyped"])

    assert (answer.status, answer.json) == (401, UNAUTHORISED)
    assert same(answer) == same(plain)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_key_is_refused_on_every_write_in_one_way(
    house: House, register: Api, organisation: str, bad: Mapping[str, Mapping[str, str]], kind: str
) -> None:
    before = house.contents()
    headers = {"authorization": "", **bad[kind]}

    answers = [
        register.post("/organisations", {"name": "x", "kind": "other"}, **headers),
        register.patch(f"/organisations/{organisation}", {"name": "x"}, if_match="*", **headers),
        register.delete(f"/organisations/{organisation}", if_match="*", **headers),
    ]

    assert [same(answer) for answer in answers] == [same(register.get("/organisations", **bad["mistyped"]))] * 3
    assert house.contents() == before


def test_no_key_is_refused_like_a_bad_one_where_one_is_needed(register: Api, organisation: str) -> None:
    answer = register.post("/organisations", {"name": "x", "kind": "other"}, authorization="")

    assert (answer.status, answer.json, answer.headers["www-authenticate"]) == (401, UNAUTHORISED, "Bearer")
    assert register.get(f"/organisations/{organisation}?view=full", authorization="").json == UNAUTHORISED


@pytest.mark.parametrize("header", ["authorization", "x_api_key", "both", "scheme in lower case"])
def test_a_good_key_is_taken_wherever_it_may_stand(register: Api, organisation: str, good: str, header: str) -> None:
    headers = {
        "authorization": {"authorization": f"Bearer {good}"},
        "x_api_key": {"x_api_key": good, "authorization": ""},
        "both": {"authorization": f"Bearer {good}", "x_api_key": good},
        "scheme in lower case": {"authorization": f"bearer {good}"},
    }[header]

    answer = register.get(f"/organisations/{organisation}?view=full", **headers)

    assert (answer.status, answer.headers["cache-control"]) == (200, "private, no-store")


def test_a_key_in_an_address_is_none(register: Api, good: str) -> None:
    for name in ("key", "api_key", "access_token", "authorization"):
        assert register.get(f"/organisations?{name}={good}").status == 400


@pytest.mark.parametrize(
    ("kind", "calls"),
    [
        ("mistyped", 0),
        ("other environment", 0),
        ("two different", 0),
        ("basic", 0),
        ("empty", 0),
        ("unknown", 1),
        ("wrong secret", 1),
        ("revoked", 1),
        ("ended", 1),
    ],
)
def test_what_cannot_be_a_key_is_refused_without_a_database_call(
    house: House, register: Api, log: Log, bad: Mapping[str, Mapping[str, str]], kind: str, calls: int
) -> None:
    house.process.PARTNERS._remembered.clear()

    for _ in range(2):
        register.get("/organisations", **bad[kind])

    assert [line["calls"] for line in log.lines()] == [calls, 0]
    assert [(line["problem"], line["caller"]) for line in log.lines()] == [("unauthorised", "anonymous")] * 2


@pytest.mark.parametrize("moments", [(10.0, 19.0, 21.0, 29.0), (10.0, 19.0, 3600.0, 3601.0), (10.0, 19.0, -1.0, -2.0)])
def test_a_key_that_is_revoked_elsewhere_stops_within_thirty_seconds_though_lambda_stood_still(
    house: House, register: Api, organisation: str, moments: Sequence[float]
) -> None:
    begun = now = real_time.time()
    elsewhere = replace(house.process.PARTNERS, _remembered={})
    key = elsewhere.create(organisation, ["organisations:write"])
    path, headers = f"/organisations/{organisation}", {"authorization": f"Bearer {key.text()}"}

    remembering = altered(house.process.PARTNERS, _remembered={})
    with altered(house.process.TABLES, clock=Clock(now=lambda: now)), remembering:
        statuses = [register.get(path, **headers).status]
        elsewhere.revoke(key.id)
        for moment in moments:
            now = begun + moment
            statuses.append(register.get(path, **headers).status)

    assert statuses == [200, 200, 200, 401, 401]


def test_no_line_shows_a_key(
    house: House, register: Api, log: Log, organisation: str, good: str, bad: Mapping[str, Mapping[str, str]]
) -> None:
    path = f"/organisations/{organisation}"
    house.process.PARTNERS._remembered.clear()

    for headers in [*bad.values(), {"authorization": f"Bearer {good}"}, {"x_api_key": good}]:
        register.get(path, **headers)
        register.patch(path, {"kind": "x"}, if_match="*", **headers)
    register.put(f"/organisations/{good}", {"key": good}, authorization=f"Bearer {good}", idempotency_key=good)

    text = log.text()
    assert len(log.lines()) == 2 * (len(bad) + 2) + 1
    secrets = [value.rpartition("_")[2] for headers in bad.values() for value in headers.values() if "crk_" in value]
    assert [secret for secret in [*secrets, good.rpartition("_")[2]] if secret[:16] in text] == []


@pytest.mark.parametrize(
    ("whose", "caller"), [("none", "anonymous"), ("partner", "the organisation"), ("admin", "office")]
)
def test_a_line_names_the_caller(
    register: Api, log: Log, organisation: str, good: str, whose: str, caller: str
) -> None:
    headers = {"none": {}, "partner": {"x_api_key": good}, "admin": {"x_api_key": register.key}}[whose]

    register.get("/organisations", **headers)

    assert log.last()["caller"] == {"the organisation": organisation}.get(caller, caller)


def test_no_answer_to_a_keyed_request_may_be_kept(register: Api, organisation: str, good: str) -> None:
    answers = [
        register.get(path.format(id=organisation), x_api_key=good)
        for path in ("/organisations", "/organisations/{id}", "/organisations/{id}/members", "/organisations/x")
    ]

    assert [answer.status for answer in answers] == [200, 200, 200, 404]
    assert {answer.headers["cache-control"] for answer in answers} == {"private, no-store"}
    assert {answer.headers["vary"] for answer in answers} == {
        "Accept, Accept-Encoding, Authorization, X-API-Key, Origin"
    }
