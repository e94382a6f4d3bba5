"""A merge that something got in the way of: the organisation is free again, for this merge later or for another one."""

from collections.abc import Callable

import pytest

from infra.local.functions import scheduled_event
from tests.api import samples
from tests.api.client import Api, Json
from tests.api.conftest import House


@pytest.fixture
def names(api: Api, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
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


@pytest.fixture
def worker(house: House) -> Callable[[], object]:
    (function,) = (one for one in house.template.functions if one.logical_id == "JobsWorkerFunction")
    return lambda: house.functions.invoke(function, scheduled_event(), seconds=300)


def job_of(api: Api, names: dict[str, str]) -> Json:
    told: Json = api.get(f"/jobs/{names['job']}", authorization=f"Bearer {api.key}").json
    return {name: told[name] for name in ("state", "progress", "report")}


def test_a_merge_that_stops_lets_the_old_one_be_named_again(
    api: Api, names: dict[str, str], worker: Callable[[], object]
) -> None:
    done = worker()

    assert done == {"done": 1, "left": 0}
    assert job_of(api, names) == {
        "state": "stopped",
        "progress": {"moved": 0},
        "report": {"obstacles": [{"code": "membership-overlap", "records": [names["member"]]}]},
    }
    assert api.post(f"/organisations/{names['old']}/members", {"member_id": names["other"]}).status == 201


def test_a_merge_that_stopped_goes_on_when_the_obstacle_is_gone(
    api: Api, names: dict[str, str], worker: Callable[[], object]
) -> None:
    worker()
    api.delete(f"/organisations/{names['into']}/members/{names['rival']}", if_match="*")

    job = api.post(f"/organisations/{names['old']}/merge", {"into": names["into"]}).json

    assert (job["id"], job["state"], job["progress"]) == (names["job"], "finished", {"closed": True, "moved": 1})


def test_after_a_merge_that_stopped_another_one_may_begin(
    api: Api, names: dict[str, str], worker: Callable[[], object]
) -> None:
    worker()
    third = samples.network(api, "Dritt")

    back = api.post(f"/organisations/{names['into']}/merge", {"into": third}).json
    on = api.post(f"/organisations/{names['old']}/merge", {"into": samples.network(api, "Viert")}).json

    assert [back["state"], on["state"]] == ["finished", "finished"]
