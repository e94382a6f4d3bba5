"""What a key is good for."""

from tests.api.client import Api
from tests.partners.conftest import Partner


def test_a_partner_learns_what_its_key_may_do_and_what_is_left(itnet: Partner) -> None:
    itnet.api.post("/organisations", {"name": "Neu", "kind": "company"})

    answer = itnet.api.get("/me", authorization=f"Bearer {itnet.api.key}")

    quota = answer.json["quota"]
    assert answer.status == 200
    assert answer.json == {
        "organisation_id": itnet.id,
        "organisation": {"type": "organisation", "name": "ITnet", "kind": "network"},
        "scopes": ["cooperations:write", "events:write", "organisations:write"],
        "prefix": "itnet",
        "quota": {"limit": 600, "remaining": 599, "resets_in": quota["resets_in"]},
    }
    assert 1 <= quota["resets_in"] <= 60
    assert answer.headers["cache-control"] == "private, no-store"


def test_the_office_has_no_quota(api: Api) -> None:
    answer = api.get("/me", x_api_key=api.key)

    assert (answer.status, answer.json) == (200, {"scopes": ["admin"]})


def test_nobody_is_nobody(api: Api) -> None:
    assert api.get("/me").status == 401
