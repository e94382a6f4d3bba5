"""Who is in a network, what an organisation is in, and its relations in both directions."""

import pytest

from tests.api import samples
from tests.api.client import STAMP, Api, Json

Ids = dict[str, str]


def summary(organisation_id: str, name: str, kind: str) -> Json:
    return {
        "type": "organisation",
        "id": organisation_id,
        "name": name,
        "kind": kind,
        "version": 1,
        "updated_at": STAMP,
        "managed_by": None,
    }


@pytest.fixture(scope="module")
def ids(register: Api) -> Ids:
    """One network with members of several times and grades."""
    api = register
    ids = {"netz": samples.network(api, "Netz", membership_grades=[{"code": "full"}, {"code": "guest"}])}
    times: dict[str, Json] = {
        "Ärztehaus": {"grade": "full"},
        "Bauer": {"since": "2015", "until": "2017", "grade": "guest"},
        "Celle": {"until": "2012~"},
        "Dachs": {"since": "9998-01"},
        "Esel": {"since": "2016~"},
    }
    for name, fields in times.items():
        ids[name] = samples.company(api, name)
        ids[f"in {name}"] = api.id(f"/organisations/{ids['netz']}/members", {"member_id": ids[name], **fields})
    return ids


def members(register: Api, ids: Ids, query: str = "") -> list[str]:
    answer = register.get(f"/organisations/{ids['netz']}/members{query}")
    assert answer.status == 200
    return [item["member"]["name"] for item in answer.items]


def test_a_member_is_shown_with_the_membership_and_its_own_summary(register: Api, ids: Ids) -> None:
    answer = register.get(f"/organisations/{ids['netz']}/members?grade=full")

    expected = {
        "type": "membership",
        "id": ids["in Ärztehaus"],
        "network_id": ids["netz"],
        "member_id": ids["Ärztehaus"],
        "grade": "full",
        "network_name": "Netz",
        "member_name": "Ärztehaus",
        "version": 1,
        "updated_at": STAMP,
        "managed_by": None,
        "member": summary(ids["Ärztehaus"], "Ärztehaus", "company"),
    }
    assert answer.json == {"items": [expected], "next": None}


def test_a_membership_is_shown_with_the_summary_of_its_network(register: Api, ids: Ids) -> None:
    answer = register.get(f"/organisations/{ids['Esel']}/memberships")

    expected = {
        "type": "membership",
        "id": ids["in Esel"],
        "network_id": ids["netz"],
        "member_id": ids["Esel"],
        "since": "2016~",
        "network_name": "Netz",
        "member_name": "Esel",
        "version": 1,
        "updated_at": STAMP,
        "managed_by": None,
        "network": summary(ids["netz"], "Netz", "network"),
    }
    assert answer.json == {"items": [expected], "next": None}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Ärztehaus", "Esel"]),
        ("?order=desc", ["Esel", "Ärztehaus"]),
        ("?as_of=any", ["Ärztehaus", "Bauer", "Celle", "Dachs", "Esel"]),
        ("?as_of=2016", ["Ärztehaus", "Bauer", "Esel"]),
        ("?as_of=2013", ["Ärztehaus", "Celle"]),
        ("?as_of=2014-12-31", ["Ärztehaus"]),
        ("?as_of=2014~", ["Ärztehaus", "Bauer", "Celle", "Esel"]),
        ("?as_of=2017-12-31", ["Ärztehaus", "Bauer", "Esel"]),
        ("?as_of=2018", ["Ärztehaus", "Esel"]),
        ("?as_of=9999", ["Ärztehaus", "Dachs", "Esel"]),
        ("?grade=guest", []),
        ("?grade=guest&as_of=any", ["Bauer"]),
        ("?grade=guest&grade=full&as_of=any", ["Ärztehaus", "Bauer"]),
    ],
)
def test_members_are_those_that_may_hold_by_name(register: Api, ids: Ids, query: str, names: list[str]) -> None:
    assert members(register, ids, query) == names


def test_memberships_take_the_same_parameters(register: Api, ids: Ids) -> None:
    path = f"/organisations/{ids['Bauer']}/memberships"

    found = [len(register.get(f"{path}{query}").items) for query in ("", "?as_of=2016", "?as_of=any&grade=full")]

    assert found == [0, 1, 0]


def test_refs_name_both_ends(register: Api, ids: Ids) -> None:
    answer = register.get(f"/organisations/{ids['Esel']}/memberships?include=refs")

    assert answer.json["refs"] == {
        ids["netz"]: {"type": "organisation", "name": "Netz", "kind": "network"},
        ids["Esel"]: {"type": "organisation", "name": "Esel", "kind": "company"},
        ids["in Esel"]: {"type": "membership"},
    }


@pytest.mark.parametrize("path", ["members", "memberships", "relations"])
@pytest.mark.parametrize("query", ["as_of=x", "as_of=2016&as_of=2017", "limit=0", "view=full", "kind=network"])
def test_a_query_that_cannot_be_read_is_400(register: Api, ids: Ids, path: str, query: str) -> None:
    assert register.get(f"/organisations/{ids['netz']}/{path}?{query}").status == 400


@pytest.mark.parametrize("path", ["members", "memberships", "relations", "events", "cooperations"])
def test_the_lists_of_a_missing_or_deleted_organisation_are_404_and_410(api: Api, path: str) -> None:
    gone = samples.network(api)
    api.delete(f"/organisations/{gone}", if_match="*")

    statuses = [api.get(f"/organisations/{each}/{path}").status for each in (gone, f"{gone[:-4]}0000", "x")]

    assert statuses == [410, 404, 404]


def test_a_membership_is_found_at_its_network_only(register: Api, ids: Ids) -> None:
    network, member, membership = ids["netz"], ids["Esel"], ids["in Esel"]
    trick = f"{network}%22,%22member_id%22:%22{member}"

    statuses = {
        each: [
            register.get(f"/organisations/{each}/members/{membership}").status,
            register.patch(f"/organisations/{each}/members/{membership}", {}, if_match="*").status,
            register.delete(f"/organisations/{each}/members/{membership}", if_match='"9"').status,
        ]
        for each in (network, member, trick, trick.replace("%22", '"'), "x")
    }

    assert statuses.pop(network) == [200, 200, 412]
    assert list(statuses.values()) == [[404, 404, 404]] * 4


def test_a_membership_may_name_the_network_of_its_path_and_no_other(api: Api) -> None:
    network, other, member = samples.network(api), samples.network(api, "Anderes"), samples.company(api)
    path = f"/organisations/{network}/members"

    refused = api.post(path, {"network_id": other, "member_id": member})
    taken = api.post(path, {"network_id": network, "member_id": member})
    moved = api.patch(f"{path}/{taken.json['id']}", {"network_id": other}, if_match="*")
    swapped = api.patch(f"{path}/{taken.json['id']}", {"member_id": other}, if_match="*")

    assert (refused.status, list(refused.faults())) == (422, ["/network_id"])
    assert taken.status == 201
    assert (moved.status, list(moved.faults())) == (422, ["/network_id"])
    assert (swapped.status, list(swapped.faults())) == (422, ["/member_id"])


def test_members_of_a_missing_or_deleted_network_cannot_be_entered(api: Api) -> None:
    member, gone = samples.company(api), samples.network(api)
    api.delete(f"/organisations/{gone}", if_match="*")

    statuses = [
        api.post(f"/organisations/{each}/members", {"member_id": member}).status
        for each in (gone, f"{gone[:-4]}0000", "x", samples.plain_event(api))
    ]

    assert statuses == [410, 404, 404, 404]


def test_relations_are_shown_in_both_directions_with_current_names(api: Api) -> None:
    old = samples.network(api, "ITnetzwerk")
    relation = {"kind": "successor_of", "organisation_id": old, "since": "2012", "certainty": "implied"}
    new = samples.network(
        api, "ITnet", relations=[relation, {"kind": "part_of", "organisation_id": old, "until": "2010"}]
    )
    api.change(f"/organisations/{old}", {"name": "ITnetzwerk Thüringen"})

    outgoing = api.get(f"/organisations/{new}/relations").json
    incoming = api.get(f"/organisations/{old}/relations?as_of=2016").json

    successor = {"kind": "successor_of", "since": "2012", "certainty": "implied"}
    assert outgoing == {
        "items": [
            {"direction": "outgoing", **successor, "organisation_id": old, "name": "ITnetzwerk Thüringen"},
            {
                "direction": "outgoing",
                "kind": "part_of",
                "organisation_id": old,
                "until": "2010",
                "name": "ITnetzwerk Thüringen",
            },
        ],
        "next": None,
    }
    assert incoming == {
        "items": [{"direction": "incoming", **successor, "organisation_id": new, "name": "ITnet"}],
        "next": None,
    }


def test_relations_come_by_the_name_of_the_other_end(api: Api) -> None:
    others = [samples.company(api, name) for name in ("Zebra", "ähre", "Bär")]
    relations = [{"kind": "related", "organisation_id": other} for other in others]
    network = samples.network(api, relations=relations)

    assert api.get(f"/organisations/{network}/relations").names() == ["ähre", "Bär", "Zebra"]
    assert api.get(f"/organisations/{network}/relations?order=desc&limit=2").names() == ["Zebra", "Bär"]


def test_a_deleted_membership_is_in_no_list_any_more(api: Api) -> None:
    network, member = samples.network(api), samples.company(api)
    membership = api.id(f"/organisations/{network}/members", {"member_id": member})

    api.delete(f"/organisations/{network}/members/{membership}", if_match="*")

    assert api.get(f"/organisations/{network}/members?as_of=any").items == []
    assert api.get(f"/organisations/{member}/memberships?as_of=any").items == []
    assert api.get(f"/organisations?network={network}").items == []
