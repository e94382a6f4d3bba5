"""How many writes a partner has in a minute, and what its answers say of it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from shared.tables.client import Clock
from tests.api import samples
from tests.api.client import Api, problem
from tests.api.conftest import House, altered

NOON = 1_795_262_400.0
BODY = {"name": "Neu", "kind": "company"}
POLICY = '"writes";q=3;w=60'


@pytest.fixture
def seconds(house: House) -> Iterator[list[float]]:
    """The time by which writes are counted, in seconds after noon; a partner has three a minute."""
    passed = [0.0]
    tables = replace(house.process.TABLES, clock=Clock(now=lambda: NOON + passed[0]))
    with altered(house.process.QUOTA, tables=tables, limit=3):
        yield passed


@pytest.fixture
def partner(house: House, api: Api) -> Api:
    return Api(api.gateway, house.key(samples.network(api), "organisations:write", "contacts:read"))


def test_a_partner_sees_what_it_has_left(partner: Api, seconds: list[float]) -> None:
    answers = []
    for seconds[0] in (0.0, 10.0, 59.9):
        answers.append(partner.post("/organisations", BODY))

    assert [answer.status for answer in answers] == [201] * 3
    assert [answer.headers["ratelimit"] for answer in answers] == [
        '"writes";r=2;t=60',
        '"writes";r=1;t=50',
        '"writes";r=0;t=1',
    ]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {POLICY}


def test_beyond_its_quota_a_partner_is_told_when_to_come_back(house: House, partner: Api, seconds: list[float]) -> None:
    for _ in range(3):
        partner.post("/organisations", BODY)
    seconds[0] = 45.0
    before = {name: items for name, items in house.contents().items() if name != "RegisterTable"}

    refused = partner.post("/organisations", BODY)

    assert (refused.status, refused.json) == (
        429,
        problem(
            "too-many-requests",
            429,
            "The quota of this key is used up",
            "Send the same request again after the seconds in Retry-After.",
        ),
    )
    names = ("retry-after", "ratelimit", "ratelimit-policy")
    assert [refused.headers[name] for name in names] == ["15", '"writes";r=0;t=15', POLICY]
    assert {name: items for name, items in house.contents().items() if name != "RegisterTable"} == before
    seconds[0] = 60.0
    assert partner.post("/organisations", BODY).status == 201


def test_reads_are_not_counted(partner: Api, seconds: list[float]) -> None:
    answers = [partner.get("/organisations", x_api_key=partner.key) for _ in range(5)]

    assert seconds == [0.0]
    assert [(answer.status, "ratelimit" in answer.headers) for answer in answers] == [(200, False)] * 5


def test_what_cannot_be_understood_is_not_counted(partner: Api, seconds: list[float]) -> None:
    refused = [partner.post("/organisations", b"{"), partner.patch("/organisations/x", {})]

    written = partner.post("/organisations", BODY)

    assert seconds == [0.0]
    assert [answer.status for answer in refused] == [400, 428]
    assert written.headers["ratelimit"] == '"writes";r=2;t=60'


def test_the_office_has_no_quota(api: Api, seconds: list[float]) -> None:
    answers = [api.post("/organisations", BODY) for _ in range(5)]

    assert seconds == [0.0]
    assert [(answer.status, "ratelimit" in answer.headers) for answer in answers] == [(201, False)] * 5


def test_partners_have_quotas_of_their_own_and_one_for_both_of_their_keys(
    house: House, api: Api, seconds: list[float]
) -> None:
    one, other = samples.network(api), samples.company(api)
    keys = [house.key(owner, "organisations:write") for owner in (one, one, other)]

    left = [Api(api.gateway, key).post("/organisations", BODY).headers["ratelimit"] for key in keys]

    assert seconds == [0.0]
    assert left == ['"writes";r=2;t=60', '"writes";r=1;t=60', '"writes";r=2;t=60']


def test_a_counter_that_is_throttled_for_a_moment_refuses_nobody(
    house: House, partner: Api, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = house.process.TABLES.client
    update, faults = client.update_item, [1, 1]

    def throttled(**request: object) -> object:
        if faults:
            faults.pop()
            code = {
                "Error": {"Code": "ThrottlingException", "Message": ""},
                "ResponseMetadata": {"HTTPStatusCode": 400},
            }
            raise client.exceptions.ClientError(code, "UpdateItem")
        return update(**request)

    monkeypatch.setattr(client, "update_item", throttled)

    answer = partner.post("/organisations", BODY)

    assert (answer.status, faults, seconds) == (201, [], [0.0])
    assert answer.headers["ratelimit"] == '"writes";r=2;t=60'
