"""What a key is good for."""

from dataclasses import replace

from shared.tables.client import Clock
from tests.api.client import Api
from tests.api.conftest import House, altered
from tests.partners.conftest import Partner


def test_a_partner_learns_what_its_key_may_do_and_what_is_left(house: House, itnet: Partner) -> None:
    noon = replace(house.process.TABLES, clock=Clock(now=lambda: 1_795_262_400.0))
    with altered(house.process.QUOTA, tables=noon):
        itnet.api.post("/organisations", {"name": "Neu", "kind": "company"})

        answer = itnet.api.get("/me", authorization=f"Bearer {itnet.api.key}")

    assert answer.status == 200
    assert answer.json == {
        "organisation_id": itnet.id,
        "organisation": {"type": "organisation", "name": "ITnet", "kind": "network"},
        "scopes": ["cooperations:write", "events:write", "organisations:write"],
        "prefix": "itnet",
        "quota": {"limit": 600, "remaining": 599, "resets_in": 60},
    }
    assert answer.headers["cache-control"] == "private, no-store"


def test_the_office_has_no_quota(api: Api) -> None:
    answer = api.get("/me", x_api_key=api.key)

    assert (answer.status, answer.json) == (200, {"scopes": ["admin"]})


def test_nobody_is_nobody(api: Api) -> None:
    assert api.get("/me").status == 401
