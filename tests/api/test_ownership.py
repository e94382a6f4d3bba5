"""Whose a record is: set from the key, and by nothing that anybody sends."""

import pytest

from tests.api import samples
from tests.api.client import Api, Json
from tests.api.conftest import House

SCOPES = ("organisations:write", "events:write", "cooperations:write")


@pytest.fixture
def own(api: Api) -> str:
    """The organisation of the partner."""
    return samples.network(api, "Netz")


@pytest.fixture
def partner(house: House, api: Api, own: str) -> Api:
    return Api(api.gateway, house.key(own, *SCOPES))


@pytest.fixture
def entries(api: Api, own: str) -> dict[str, tuple[str, Json]]:
    """What a partner may enter, by type: where, and what."""
    title: Json = {"title": {"de": "Neu"}, "status": "planned"}
    party = {"organisation_id": own}
    return {
        "organisation": ("/organisations", {"name": "Neu", "kind": "company"}),
        "membership": (f"/organisations/{own}/members", {"member_id": samples.company(api)}),
        "event": ("/events", {**title, "kind": "workshop"}),
        "cooperation": ("/cooperations", {**title, "kind": "project", "status": "active", "parties": [party]}),
    }


TYPES = ["organisation", "membership", "event", "cooperation"]


@pytest.mark.parametrize("record_type", TYPES)
def test_what_a_partner_enters_is_managed_by_its_organisation(
    partner: Api, own: str, entries: dict[str, tuple[str, Json]], record_type: str
) -> None:
    path, body = entries[record_type]

    made = partner.create(path, body)

    assert made["managed_by"] == own
    assert partner.get(f"{path}/{made['id']}").json == made


@pytest.mark.parametrize("record_type", TYPES)
def test_what_the_office_enters_is_managed_by_the_office(
    api: Api, entries: dict[str, tuple[str, Json]], record_type: str
) -> None:
    made = api.create(*entries[record_type])

    assert made["managed_by"] is None


@pytest.mark.parametrize("record_type", TYPES)
def test_nobody_says_whose_a_new_record_is(
    house: House, partner: Api, own: str, entries: dict[str, tuple[str, Json]], record_type: str
) -> None:
    path, body = entries[record_type]
    records = {name: items for name, items in house.contents().items() if name != "RegisterTable"}

    answers = [partner.post(path, {**body, "managed_by": manager}) for manager in (own, samples.NOBODY)]

    assert [(answer.status, answer.faults()) for answer in answers] == [(422, {"/managed_by": "server-kept"})] * 2
    assert {name: items for name, items in house.contents().items() if name != "RegisterTable"} == records


@pytest.mark.parametrize("record_type", TYPES)
def test_nobody_takes_a_record_over_by_saying_so(
    partner: Api, api: Api, own: str, entries: dict[str, tuple[str, Json]], record_type: str
) -> None:
    path, body = entries[record_type]
    made = api.create(path, body)
    one = f"{path}/{made['id']}"

    answers = [
        api.put(one, {**made, "managed_by": own}, if_match="*"),
        api.patch(one, {"managed_by": own}, if_match="*"),
        partner.patch(one, {"managed_by": own}, if_match="*"),
    ]

    assert [answer.status for answer in answers] == [422, 422, 422 if record_type == "membership" else 403]
    assert api.get(one).json == made


def test_a_change_by_somebody_else_who_may_leaves_the_manager(house: House, api: Api, partner: Api, own: str) -> None:
    other = samples.company(api)
    concerned = Api(api.gateway, house.key(other, *SCOPES))
    mine = partner.id("/events", {"title": {"de": "Neu"}, "kind": "workshop", "status": "planned"})

    by_office = api.change(f"/events/{mine}", {"topics": ["a"]})
    by_itself = concerned.change(f"/organisations/{other}", {"topics": ["a"]})

    assert (by_office["managed_by"], by_itself["managed_by"]) == (own, None)


def test_a_network_keeps_its_members_and_no_others(api: Api, partner: Api, own: str) -> None:
    foreign, member = samples.network(api, "Fremdes Netz"), samples.company(api)
    theirs = api.id(f"/organisations/{foreign}/members", {"member_id": own})
    ours = api.id(f"/organisations/{own}/members", {"member_id": member})

    statuses = {
        "enters its own": partner.post(f"/organisations/{own}/members", {"member_id": foreign}).status,
        "enters elsewhere": partner.post(f"/organisations/{foreign}/members", {"member_id": member}).status,
        "enters itself elsewhere": partner.post(f"/organisations/{foreign}/members", {"member_id": own}).status,
        "changes what the office entered": partner.patch(
            f"/organisations/{own}/members/{ours}", {"note": "x"}, if_match="*"
        ).status,
        "changes its own elsewhere": partner.patch(
            f"/organisations/{foreign}/members/{theirs}", {"note": "x"}, if_match="*"
        ).status,
        "moves one elsewhere": partner.patch(
            f"/organisations/{own}/members/{ours}", {"network_id": foreign}, if_match="*"
        ).status,
    }

    assert statuses == {
        "enters its own": 201,
        "enters elsewhere": 403,
        "enters itself elsewhere": 403,
        "changes what the office entered": 200,
        "changes its own elsewhere": 403,
        "moves one elsewhere": 422,
    }


@pytest.mark.parametrize(
    ("scopes", "status"), [(["contacts:read"], 200), (["admin"], 200), (["organisations:write"], 403), ([], 401)]
)
def test_contacts_of_others_are_for_those_who_may_read_them(
    house: House, api: Api, partner: Api, own: str, scopes: list[str], status: int
) -> None:
    foreign = samples.network(api, people=[samples.OPEN_PERSON])
    key = house.key(own, *scopes) if scopes else ""

    answer = partner.get(f"/organisations/{foreign}?view=full", authorization=f"Bearer {key}" if key else "")

    assert answer.status == status
    assert (samples.CANARIES[0].encode() in answer.content) == (status == 200)
