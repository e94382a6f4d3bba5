"""Two organisations of which one turns out to be the other, and what must hold once they are one."""

import json

from tests.api import samples
from tests.api.client import Answer, Api, Json
from tests.api.conftest import House


def entered(api: Api) -> dict[str, str]:
    """Two records of one network, and everything that may name the old one."""
    into = samples.network(api, "ITnet Thüringen e. V.", external_ids=[{"scheme": "register", "value": "VR 1"}])
    old = samples.network(
        api,
        "ITnet Thueringen",
        other_names=[{"value": "Softwarenetz", "kind": "former", "until": "2012"}],
        external_ids=[{"scheme": "wikidata", "value": "Q42"}],
        membership_grades=[{"code": "ordinary", "label": {"de": "Ordentlich"}}],
        relations=[{"kind": "related", "organisation_id": into}],
    )
    firm, other = samples.company(api, "Musterwerk"), samples.company(api, "TowerByte eG")
    api.change(f"/organisations/{into}", {"relations": [{"kind": "related", "organisation_id": old}]})
    api.change(f"/organisations/{other}", {"relations": [{"kind": "part_of", "organisation_id": old}]})
    roof = samples.network(api, "Dach")
    behalf = {"organisation_ids": [old, into]}
    cooperation = api.id("/cooperations", samples.cooperation(old, other))
    return {
        "into": into,
        "old": old,
        "firm": firm,
        "other": other,
        "roof": roof,
        "member": api.id(f"/organisations/{old}/members", {"member_id": firm, "grade": "ordinary", "since": "2015"}),
        "membership": api.id(f"/organisations/{roof}/members", {"member_id": old}),
        "behalf": api.id(f"/organisations/{roof}/members", {"member_id": firm, "on_behalf_of": behalf}),
        "cooperation": cooperation,
        "event": api.id("/events", samples.event(old, cooperation_id=cooperation)),
    }


def merge(api: Api, names: dict[str, str], **headers: str) -> Answer:
    return api.post(f"/organisations/{names['old']}/merge", {"into": names["into"]}, **headers)


def require_merged(api: Api, house: House, names: dict[str, str]) -> None:
    """Fail unless all of it is done, whatever happened on the way."""
    old, into = names["old"], names["into"]
    found = api.get(f"/organisations/{into}").json
    assert found["other_names"] == [
        {"value": "ITnet Thueringen", "kind": "alias"},
        {"value": "Softwarenetz", "kind": "former", "until": "2012"},
    ]
    assert found["external_ids"] == [{"scheme": "register", "value": "VR 1"}, {"scheme": "wikidata", "value": "Q42"}]
    assert "relations" not in found
    assert [one["code"] for one in found["membership_grades"]] == ["ordinary"]
    assert api.get(f"/organisations/{names['other']}").json["relations"] == [
        {"kind": "part_of", "organisation_id": into}
    ]
    member = api.get(f"/organisations/{into}/members/{names['member']}").json
    assert (member["network_id"], member["member_id"], member["grade"]) == (into, names["firm"], "ordinary")
    members = {item["id"]: item["member_id"] for item in api.get(f"/organisations/{names['roof']}/members").items}
    assert members == {names["membership"]: into, names["behalf"]: names["firm"]}
    behalf = api.get(f"/organisations/{names['roof']}/members/{names['behalf']}").json["on_behalf_of"]
    assert behalf == {"organisation_ids": [into]}
    cooperation = api.get(f"/cooperations/{names['cooperation']}?view=full").json
    assert [party["organisation_id"] for party in cooperation["parties"]] == [into, names["other"]]
    assert cooperation["parties"][0]["signatory"]["email"] == samples.CANARIES[0]
    assert [item["id"] for item in api.get(f"/organisations/{into}/events").items] == [names["event"]]
    held = _guards(house)
    assert {record_id: held[record_id] for record_id in held if len(set(held[record_id].values())) > 1} == {}
    changes = _entries(house)
    assert [change for record_id, change in changes if record_id == old] == ["created", "merged"]
    assert len(changes) == len(set(changes)) or [c for c in changes if c[1] == "merged"] == [(old, "merged")]
    assert not [item for item in house.contents()["RegisterTable"] if item["pk"]["S"] == "JOB#open" and "ids" in item]


def _guards(house: House) -> dict[str, Json]:
    """Counters of all guards of live records, as they are and as the records say they should be."""
    tables = house.contents()
    items = [item for noun in ("Organisations", "Events", "Cooperations") for item in tables[f"{noun}Table"]]
    texts = {
        item["pk"]["S"]: json.loads(item["text"]["S"]) for item in items if item["sk"]["S"] == "DOC" and "text" in item
    }
    counts = {
        record_id: sum(
            other != record_id and f'"{record_id}"' in json.dumps({**text, "managed_by": None})
            for other, text in texts.items()
        )
        for record_id in texts
    }
    held = {item["pk"]["S"]: int(item["count"]["N"]) for item in items if item["sk"]["S"] == "IN"}
    return {record_id: {"is": held[record_id], "should be": count} for record_id, count in counts.items()}


def _entries(house: House) -> list[tuple[str, str]]:
    feed = [
        item for item in house.contents()["RegisterTable"] if item["pk"]["S"].startswith("FEED#") and "type" in item
    ]
    return [(item["sk"]["S"].split("#")[1], item["change"]["S"]) for item in sorted(feed, key=lambda i: i["sk"]["S"])]
