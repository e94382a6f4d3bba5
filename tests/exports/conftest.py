"""A register with all that an export has to carry, and the way from one register into an empty one."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.api import samples
from tests.api.client import Api, Json
from tests.api.conftest import House, api, house, log, register

__all__ = ["api", "house", "log", "register"]

LINES = "application/x-ndjson"


@pytest.fixture(autouse=True)
def no_files(house: House) -> Iterator[None]:
    """No test begins with snapshots or exports of another one."""
    shutil.rmtree(house.snapshots, ignore_errors=True)
    yield
    shutil.rmtree(house.snapshots, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Filled:
    """A register in which everything stands that a record can say, and its ids by what they are."""

    api: Api
    ids: dict[str, str]


@pytest.fixture
def filled(api: Api) -> Filled:
    ids = {"company": samples.company(api, "TowerByte eG")}
    ids["network"] = api.id("/organisations", samples.organisation(ids["company"]))
    member = samples.membership(ids["company"], since="2010", until="2012", as_of=None, external_ids=None)
    ids["left"] = api.id(f"/organisations/{ids['network']}/members", member)
    ids["rejoined"] = api.id(f"/organisations/{ids['network']}/members", samples.membership(ids["company"]))
    ids["agreement"] = api.id("/cooperations", samples.cooperation(ids["network"], ids["company"]))
    ids["series"] = samples.plain_event(api, "Reihe", kind="series")
    ids["event"] = api.id(
        "/events", samples.event(ids["network"], part_of=ids["series"], cooperation_id=ids["agreement"])
    )
    ids["gone"] = samples.plain_event(api, "Irrtum")
    assert api.delete(f"/events/{ids['gone']}", if_match="*").status == 204
    # A renamed network whose chair is named with the network itself, and a circle of event and cooperation.
    chair: Json = {**samples.OPEN_PERSON, "organisation_id": ids["network"]}
    api.change(f"/organisations/{ids['network']}", {"people": [chair, samples.PUBLIC_PERSON]})
    api.change(f"/organisations/{ids['network']}", {"name": "ITnet Mitteldeutschland"})
    api.change(f"/events/{ids['event']}", {"when": {"start": "2023-06-16", "end": "2023-06-17"}, "programme": None})
    result = {"title": {"de": "Digitaltag"}, "kind": "event", "event_id": ids["event"]}
    api.change(f"/cooperations/{ids['agreement']}", {"results": [result]})
    return Filled(api, ids)


def imported(api: Api, content: bytes) -> dict[str, int]:
    """Verdicts of a file that is sent at once, and how often each."""
    answer = api.post("/imports", content, content_type=LINES)
    assert answer.status == 200, answer.content
    found = [item["verdict"] for item in answer.items]
    assert not [item for item in answer.items if "errors" in item], answer.items
    return {verdict: found.count(verdict) for verdict in sorted(set(found))}
