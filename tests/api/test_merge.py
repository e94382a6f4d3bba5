"""One organisation turns out to be another: everything that names the old one moves, and nothing is lost on the way."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from infra.local.functions import scheduled_event
from infra.template import Function
from shared.errors import Gone
from shared.tables.merging import Merging
from tests.api import samples
from tests.api.client import STAMP, Api, Json, Like, problem
from tests.api.conftest import House

JOB = Like(r"job_[0-7][0-9a-hjkmnp-tv-z]{25}")


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def names(api: Api) -> dict[str, str]:
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


def merge(api: Api, names: dict[str, str], **headers: str) -> Any:  # noqa: ANN401 - an answer
    return api.post(f"/organisations/{names['old']}/merge", {"into": names["into"]}, **headers)


def guards(house: House) -> dict[str, Json]:
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


def entries(house: House) -> list[tuple[str, str]]:
    feed = [
        item for item in house.contents()["RegisterTable"] if item["pk"]["S"].startswith("FEED#") and "type" in item
    ]
    return [(item["sk"]["S"].split("#")[1], item["change"]["S"]) for item in sorted(feed, key=lambda i: i["sk"]["S"])]


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
    held = guards(house)
    assert {record_id: held[record_id] for record_id in held if len(set(held[record_id].values())) > 1} == {}
    changes = entries(house)
    assert [change for record_id, change in changes if record_id == old] == ["created", "merged"]
    assert len(changes) == len(set(changes)) or [c for c in changes if c[1] == "merged"] == [(old, "merged")]
    assert not [item for item in house.contents()["RegisterTable"] if item["pk"]["S"] == "JOB#open" and "ids" in item]


def test_everything_that_names_the_old_one_moves_and_reads_are_led_on(
    api: Api, house: House, names: dict[str, str]
) -> None:
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


def test_the_same_request_again_is_the_same_job(api: Api, house: House, names: dict[str, str]) -> None:
    first, before = merge(api, names, idempotency_key="m1"), house.contents()["OrganisationsTable"]

    again, repeated = merge(api, names), merge(api, names, idempotency_key="m1")

    assert (again.status, again.json) == (202, first.json)
    assert (repeated.status, repeated.json, repeated.headers["idempotent-replayed"]) == (202, first.json, "true")
    assert house.contents()["OrganisationsTable"] == before


def test_overlapping_memberships_are_reported_and_nothing_is_moved(
    api: Api, house: House, names: dict[str, str]
) -> None:
    rival = api.id(f"/organisations/{names['into']}/members", {"member_id": names["firm"], "since": "2018"})
    before = house.contents()

    answer = merge(api, names)

    assert (answer.status, answer.json) == (
        409,
        problem(
            "membership-overlap",
            409,
            "That pair already has a membership for this time",
            "End or delete one of each two memberships in `related` first.",
            related=[names["member"], rival],
        ),
    )
    assert house.contents() == before
    api.change(f"/organisations/{names['into']}/members/{rival}", {"since": "2010", "until": "2014"})
    assert merge(api, names).json["state"] == "finished"


def test_what_would_break_a_rule_is_named_before_anything_is_moved(api: Api, house: House) -> None:
    into, old = samples.network(api, "Neu"), samples.network(api, "Alt")
    member = api.id(f"/organisations/{into}/members", {"member_id": old})
    agreement = api.id("/cooperations", samples.cooperation(old, into))
    before = house.contents()

    answer = api.post(f"/organisations/{old}/merge", {"into": into})

    assert (answer.status, answer.json["related"]) == (409, sorted([agreement, member]))
    assert answer.json["detail"].endswith("member-of-itself, too-few-parties.")
    assert house.contents() == before


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


def test_an_organisation_that_has_keys_is_not_merged(api: Api, house: House, names: dict[str, str]) -> None:
    key = house.key(names["old"], "events:write")
    before = house.contents()

    refused, after = merge(api, names), house.contents()
    house.process.PARTNERS.revoke(key.split("_")[2])

    assert (refused.status, refused.json) == (
        409,
        problem(
            "still-has-keys",
            409,
            "This organisation still has keys",
            "Have the register's office revoke every key of the organisation first, ended ones included.",
        ),
    )
    assert after == before
    assert merge(api, names).json["state"] == "finished"
    with pytest.raises(Gone):
        house.process.PARTNERS.create(names["old"], ["events:write"])


def test_a_key_that_is_made_while_the_merge_begins_stops_it(
    api: Api, house: House, names: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    close = Merging.close

    def late(merging: Merging) -> None:
        made.append(house.key(names["old"], "events:write"))
        close(merging)

    monkeypatch.setattr(Merging, "close", late)

    stopped = merge(api, names).json
    house.process.PARTNERS.revoke(made[0].split("_")[2])
    monkeypatch.setattr(Merging, "close", close)

    assert (stopped["state"], stopped["report"]["obstacles"]) == (
        "stopped",
        [{"code": "still-has-keys", "records": [names["old"]]}],
    )
    assert merge(api, names).json["state"] == "finished"
    require_merged(api, house, names)


@pytest.mark.parametrize(
    ("into", "fault"),
    [
        (None, "required"),
        (7, "type"),
        ("org_00000000000000000000000000", "unknown-reference"),
        ({"ref": "wikidata:Q1"}, "unknown-reference"),
    ],
)
def test_the_other_organisation_must_be_there(api: Api, into: object, fault: str) -> None:
    old = samples.network(api)

    answer = api.post(f"/organisations/{old}/merge", {"into": into})

    assert (answer.status, answer.faults()) == (422, {"/into": fault})


def test_an_organisation_merges_into_another_one_only(api: Api) -> None:
    old = samples.network(api)

    assert api.post(f"/organisations/{old}/merge", {"into": old}).faults() == {"/into": "unknown-reference"}
    assert api.post(f"/organisations/{old}/merge", {"into": old, "x": 1}).faults() == {"/x": "unknown-field"}
    assert api.post("/organisations/org_00000000000000000000000000/merge", {"into": old}).status == 404


def test_only_the_office_merges_and_sees_jobs(api: Api, house: House, names: dict[str, str]) -> None:
    partner = {"authorization": f"Bearer {house.key(names['old'], 'organisations:write')}"}
    job = f"/jobs/{'job_' + names['old'].removeprefix('org_')}"

    assert merge(api, names, **partner).status == 403
    assert merge(api, names, authorization="").status == 401
    assert [api.get(job).status, api.get(job, **partner).status] == [401, 403]
    assert api.get(job, authorization=f"Bearer {api.key}").status == 404
    assert api.get("/jobs/x", authorization=f"Bearer {api.key}").status == 404


def worker_of(house: House) -> Function:
    (function,) = (one for one in house.template.functions if one.logical_id == "JobsWorkerFunction")
    return function


@pytest.fixture
def worker(house: House, monkeypatch: pytest.MonkeyPatch) -> Callable[[], object]:
    """Only the worker has time for jobs; requests just begin them."""
    monkeypatch.setattr("functions.jobs.merge.RESERVE", 60.0)
    return lambda: house.functions.invoke(worker_of(house), scheduled_event(), seconds=300)


def test_a_worker_goes_on_with_what_a_request_began(
    api: Api, house: House, names: dict[str, str], worker: Callable[[], object]
) -> None:
    begun = merge(api, names)

    assert begun.json["state"] == "running"
    assert worker() == {"done": 1, "left": 0}
    assert worker() == {"done": 0, "left": 0}
    require_merged(api, house, names)


@pytest.mark.usefixtures("worker")
def test_the_old_one_takes_no_new_references_meanwhile(api: Api, names: dict[str, str]) -> None:
    old, into = names["old"], names["into"]
    merge(api, names)

    named = api.post(f"/organisations/{old}/members", {"member_id": names["other"]})
    third = api.post(f"/organisations/{old}/merge", {"into": names["roof"]})
    back = api.post(f"/organisations/{into}/merge", {"into": names["roof"]})

    assert (named.status, named.json["errors"]) == (
        422,
        [
            {
                "pointer": "/network_id",
                "message": f"Name the record that this one was merged into: {into}.",
                "code": "unknown-reference",
            }
        ],
    )
    assert (third.status, third.json["detail"]) == (
        409,
        "This organisation is on its way into another one; wait until that is done.",
    )
    assert (back.status, back.json["detail"]) == (
        409,
        "Another organisation is being merged into this one; wait until that is done.",
    )


@pytest.mark.usefixtures("worker")
def test_an_organisation_on_its_way_into_another_one_cannot_be_deleted(api: Api) -> None:
    into, old = samples.network(api, "Neu"), samples.network(api, "Alt")
    api.post(f"/organisations/{old}/merge", {"into": into})

    answer = api.delete(f"/organisations/{old}", if_match="*")

    assert (answer.status, answer.json) == (
        409,
        problem(
            "conflict",
            409,
            "Another record stands against this",
            "This record is being merged into another one.",
            related=[into],
        ),
    )


class Fatal:
    """Ends the process around the n-th call that changes a table: before it, or after it took effect."""

    def __init__(self, client: Any, at: int, *, after: bool) -> None:  # noqa: ANN401 - botocore's client
        self.calls = 0
        self.at, self.after = at, after
        self.real = {name: getattr(client, name) for name in ("transact_write_items", "put_item", "update_item")}

    def method(self, name: str) -> Callable[..., object]:
        def called(**request: object) -> object:
            self.calls += 1
            if self.calls == self.at and not self.after:
                raise Killed
            answer = self.real[name](**request)
            if self.calls == self.at:
                raise Killed
            return answer

        return called


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after it took effect"])
@pytest.mark.parametrize("at", range(1, 17))
def test_a_kill_anywhere_and_the_request_again_finish_it(
    api: Api, house: House, names: dict[str, str], at: int, *, after: bool
) -> None:
    client = house.process.TABLES.client
    fatal = Fatal(client, at, after=after)

    with pytest.MonkeyPatch.context() as patch:
        for name in fatal.real:
            patch.setattr(client, name, fatal.method(name))
        with pytest.raises(Killed):
            merge(api, names)

    assert merge(api, names).json["state"] == "finished"
    house.functions.invoke(worker_of(house), scheduled_event())
    require_merged(api, house, names)
