"""How a merge is begun, what stands against it, and that one which was stopped or killed can be taken up again."""

import pytest

from shared.errors import Gone
from shared.tables.merging import Merging
from tests.api import samples
from tests.api.chaos import killed
from tests.api.client import Api, Json, problem
from tests.api.conftest import House
from tests.api.merges import entered, merge, require_merged


@pytest.fixture
def names(api: Api) -> dict[str, str]:
    """Two records of one network, and everything that may name the old one."""
    return entered(api)


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


@pytest.fixture
def only_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests just begin a merge, as if they had no time left for more."""
    monkeypatch.setattr("functions.jobs.merge.RESERVE", 60.0)


@pytest.mark.usefixtures("only_begun")
def test_a_worker_goes_on_with_what_a_request_began(api: Api, house: House, names: dict[str, str]) -> None:
    begun = merge(api, names)

    assert begun.json["state"] == "running"
    assert house.invoke("JobsWorkerFunction") == {"done": 1, "left": 0}
    assert house.invoke("JobsWorkerFunction") == {"done": 0, "left": 0}
    require_merged(api, house, names)


@pytest.mark.usefixtures("only_begun")
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


@pytest.mark.usefixtures("only_begun")
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


@pytest.fixture
def stuck(api: Api, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Two organisations, of which one is closed already; since then a rule stands against what is left to move."""
    into, old = samples.network(api, "Neu"), samples.network(api, "Alt")
    firm, other = samples.company(api, "Musterwerk"), samples.company(api, "TowerByte eG")
    member = api.id(f"/organisations/{old}/members", {"member_id": firm})
    with monkeypatch.context() as patch:
        # As if the request had no time left for more than to begin.
        patch.setattr("functions.jobs.merge.RESERVE", 60.0)
        job = api.post(f"/organisations/{old}/merge", {"into": into}).json
    assert (job["state"], job["progress"]) == ("running", {"closed": True, "moved": 0})
    rival = api.id(f"/organisations/{into}/members", {"member_id": firm})
    return {"into": into, "old": old, "firm": firm, "other": other, "member": member, "rival": rival, "job": job["id"]}


def job_of(api: Api, stuck: dict[str, str]) -> Json:
    told: Json = api.get(f"/jobs/{stuck['job']}", authorization=f"Bearer {api.key}").json
    return {name: told[name] for name in ("state", "progress", "report")}


def test_a_merge_that_stops_lets_the_old_one_be_named_again(api: Api, house: House, stuck: dict[str, str]) -> None:
    done = house.invoke("JobsWorkerFunction")

    assert done == {"done": 1, "left": 0}
    assert job_of(api, stuck) == {
        "state": "stopped",
        "progress": {"moved": 0},
        "report": {"obstacles": [{"code": "membership-overlap", "records": [stuck["member"]]}]},
    }
    assert api.post(f"/organisations/{stuck['old']}/members", {"member_id": stuck["other"]}).status == 201


def test_a_merge_that_stopped_goes_on_when_the_obstacle_is_gone(api: Api, house: House, stuck: dict[str, str]) -> None:
    house.invoke("JobsWorkerFunction")
    api.delete(f"/organisations/{stuck['into']}/members/{stuck['rival']}", if_match="*")

    job = api.post(f"/organisations/{stuck['old']}/merge", {"into": stuck["into"]}).json

    assert (job["id"], job["state"], job["progress"]) == (stuck["job"], "finished", {"closed": True, "moved": 1})


def test_after_a_merge_that_stopped_another_one_may_begin(api: Api, house: House, stuck: dict[str, str]) -> None:
    house.invoke("JobsWorkerFunction")
    third = samples.network(api, "Dritt")

    back = api.post(f"/organisations/{stuck['into']}/merge", {"into": third}).json
    on = api.post(f"/organisations/{stuck['old']}/merge", {"into": samples.network(api, "Viert")}).json

    assert [back["state"], on["state"]] == ["finished", "finished"]


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after it took effect"])
@pytest.mark.parametrize("at", range(1, 17))
def test_a_kill_anywhere_and_the_request_again_finish_it(
    api: Api, house: House, names: dict[str, str], at: int, *, after: bool
) -> None:
    with killed(house.process.TABLES.client, at, after=after):
        merge(api, names)

    assert merge(api, names).json["state"] == "finished"
    house.invoke("JobsWorkerFunction")
    require_merged(api, house, names)
