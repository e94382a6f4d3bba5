"""One organisation turns out to be another: everything that names the old one moves, and nothing is lost on the way."""

import pytest

from tests.api import samples
from tests.api.client import STAMP, Api, Like, problem
from tests.api.conftest import House
from tests.api.merges import entered, merge, require_merged

JOB = Like(r"job_[0-7][0-9a-hjkmnp-tv-z]{25}")


def test_everything_that_names_the_old_one_moves_and_reads_are_led_on(api: Api, house: House) -> None:
    names = entered(api)
    old, into = names["old"], names["into"]

    answer = merge(api, names)

    assert (answer.status, answer.headers["location"]) == (202, f"/v1/jobs/{answer.json['id']}")
    assert answer.json == {
        "type": "job",
        "id": JOB,
        "kind": "merge",
        "state": "finished",
        "created_at": STAMP,
        "updated_at": STAMP,
        "progress": {"closed": True, "moved": 7},
        "report": {"into": into, "moved": 7, "external_ids_left": []},
    }
    assert api.get(f"/jobs/{answer.json['id']}", authorization=f"Bearer {api.key}").json == answer.json
    require_merged(api, house, names)
    below = ("memberships", "relations", "events", "cooperations", f"members/{names['member']}?include=refs")
    for path in ("", "?as_of=2016", "/members?limit=5&grade=a", *(f"/{name}" for name in below)):
        for led in (api.get(f"/organisations/{old}{path}"), api.head(f"/organisations/{old}{path}")):
            assert (led.status, led.headers["location"]) == (308, f"/v1/organisations/{into}{path}")
            assert api.get(led.headers["location"].removeprefix("/v1")).status == 200
    assert api.get(f"/organisations/{names['roof']}/members/{names['member']}").status == 404
    gone = problem(
        "merged",
        410,
        "This record was merged into another one",
        "Use the record in `related`, which carries its names and everything that referred to it.",
        related=[into],
    )
    refused = [
        api.put(f"/organisations/{old}", {"name": "x", "kind": "other"}, if_match="*"),
        api.delete(f"/organisations/{old}", if_match="*"),
        api.post(f"/organisations/{old}/members", {"member_id": names["firm"]}),
        api.patch(f"/organisations/{old}/members/{names['member']}", {"note": "x"}, if_match="*"),
    ]
    assert [(one.status, one.json) for one in refused] == [(410, gone)] * 4
    assert api.post("/organisations/match", {"name": "ITnet Thueringen"}).items[0]["organisation"]["id"] == into
    named = api.post(
        "/events",
        {
            "title": {"de": "x"},
            "kind": "other",
            "status": "planned",
            "organisers": [{"organisation_id": {"ref": "wikidata:Q42"}}],
        },
    )
    assert named.json["organisers"] == [{"organisation_id": into}]


def test_a_question_that_names_the_old_one_is_led_to_the_new_one(api: Api) -> None:
    names = entered(api)
    old, into, other = names["old"], names["into"], names["other"]
    merge(api, names)
    leads = {
        f"/graph?root={old}&depth=2": f"/graph?root={into}&depth=2",
        f"/graph?network={old}&format=svg": f"/graph?network={into}&format=svg",
        f"/synergies?organisation={old}": f"/synergies?organisation={into}",
        f"/organisations?related={old}&order=desc": f"/organisations?related={into}&order=desc",
        f"/events?organiser={other}&organiser={old}": f"/events?organiser={other}&organiser={into}",
        f"/events.ics?network={old}": f"/events.ics?network={into}",
        f"/organisations/{other}/events?network={old}": f"/organisations/{other}/events?network={into}",
        f"/organisations/{old}/events?network={old}": f"/organisations/{into}/events?network={into}",
        f"/organisations/by-ref/clusterregister/{old}": f"/organisations/by-ref/clusterregister/{into}",
        f"/cooperations?party={old}&limit=1": f"/cooperations?party={into}&limit=1",
        f"/search?q={old}&network={old}": f"/search?q={old}&network={into}",
        f"/suggest?q=it&network={old}": f"/suggest?q=it&network={into}",
        f"/stats?network={old}&network={into}": f"/stats?network={into}",
        f"/feed.atom?organisation={old}": f"/feed.atom?organisation={into}",
    }

    for path, location in leads.items():
        for led in (api.get(path), api.head(path)):
            assert (led.status, led.headers.get("location"), led.content) == (308, f"/v1{location}", b"")
            assert api.get(location).status == 200


@pytest.mark.parametrize("walk", ["/events?organiser={}&limit=1", "/organisations/{}/events?limit=1"])
def test_a_walk_that_a_merge_cuts_short_begins_anew(api: Api, walk: str) -> None:
    names = entered(api)
    old, into = names["old"], names["into"]
    api.post("/events", samples.event(old, external_ids=[]))
    first = api.get(walk.format(old)).json
    merge(api, names)

    led = api.get(first["next"].removeprefix("/v1"))

    assert (led.status, led.headers["location"]) == (308, f"/v1{walk.format(into)}")
    assert api.get(walk.format(into)).status == 200


def test_a_question_that_names_a_deleted_one_finds_nothing(api: Api) -> None:
    gone = samples.company(api)
    api.delete(f"/organisations/{gone}", if_match="*")

    assert api.get(f"/graph?root={gone}").json == {"nodes": [], "edges": [], "truncated": False}
    assert api.get(f"/cooperations?party={gone}").json == {"items": [], "next": None}


def test_ids_move_along_such_that_nightly_writes_go_on(api: Api) -> None:
    body = {"name": "Neu", "kind": "network"}
    into = api.put("/organisations/by-ref/office.crm/new", body).json["id"]
    old = samples.network(api, "Alt", external_ids=[{"scheme": "office.crm", "value": "old"}])
    for path in (f"{old}/external-ids/ror/x1", f"{old}/external-ids/itnet.crm/1", f"{into}/external-ids/itnet.crm/2"):
        assert api.send("PUT", f"/organisations/{path}").status == 200

    job = api.post(f"/organisations/{old}/merge", {"into": into}).json

    same, changed = (
        api.put("/organisations/by-ref/office.crm/new", sent) for sent in (body, {**body, "focus": {"de": "x"}})
    )
    assert (job["state"], job["report"]["external_ids_left"]) == ("finished", [])
    assert (same.status, same.etag, changed.etag) == (200, '"3"', '"4"')
    assert [entry["scheme"] + ":" + entry["value"] for entry in same.json["external_ids"]] == [
        "office.crm:new",
        "itnet.crm:2",
        "office.crm:old",
        "ror:x1",
        "itnet.crm:1",
    ]
    assert [api.get(f"/organisations/by-ref/{ref}").json["id"] for ref in ("office.crm/old", "itnet.crm/1")] == [
        into
    ] * 2


def test_what_finds_no_room_stays_with_the_tombstone(api: Api) -> None:
    own = [{"scheme": "sample", "value": str(number)} for number in range(6)]
    into = samples.network(api, "Neu", external_ids=own)
    old = samples.network(api, "Alt", external_ids=[{"scheme": "wikidata", "value": "Q1"}])
    for path in (*(f"{into}/external-ids/p{number}.crm/1" for number in range(6)), f"{old}/external-ids/itnet.crm/1"):
        assert api.send("PUT", f"/organisations/{path}").status == 200

    job = api.post(f"/organisations/{old}/merge", {"into": into}).json

    assert job["report"]["external_ids_left"] == ["wikidata:Q1", "itnet.crm:1"]
    assert len(api.get(f"/organisations/{into}").json["external_ids"]) == 12
    left = [api.get("/organisations/by-ref/wikidata/Q1"), api.put("/organisations/by-ref/itnet.crm/1", {"name": "x"})]
    assert [answer.status for answer in left] == [410, 410]


def test_parties_that_were_both_are_one_with_all_roles(api: Api) -> None:
    into, old, third = (samples.network(api, name) for name in ("Neu", "Alt", "Dritt"))
    parties = [
        {"organisation_id": into, "roles": ["party"]},
        {"organisation_id": old, "roles": ["lead"]},
        {"organisation_id": third},
    ]
    project = samples.plain_cooperation(api, into, parties=parties)

    api.post(f"/organisations/{old}/merge", {"into": into})

    assert [
        (one["organisation_id"], one.get("roles")) for one in api.get(f"/cooperations/{project}").json["parties"]
    ] == [
        (into, ["party", "lead"]),
        (third, None),
    ]


def test_what_the_old_one_managed_is_managed_by_the_new_one(api: Api, house: House) -> None:
    into, old = samples.network(api, "Neu"), samples.network(api, "Alt")
    text = house.key(old, "events:write", "organisations:write")
    key = {"authorization": f"Bearer {text}"}
    body = {"title": {"de": "Treffen"}, "kind": "other", "status": "planned"}
    event = api.post("/events", body, **key).json["id"]
    house.process.PARTNERS.revoke(text.split("_")[2])

    job = api.post(f"/organisations/{old}/merge", {"into": into}).json

    assert (job["state"], api.get(f"/events/{event}").json["managed_by"]) == ("finished", into)
