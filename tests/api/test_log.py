"""One line per request for the operator: what it was, how it went, what it cost; nothing that the caller sent."""

import json
from pathlib import Path

import pytest

from shared.projection.folder import Folder
from tests.api import samples
from tests.api.client import Api, Like
from tests.api.conftest import House, Log, altered

SECRET = "Geheimnis"


def line(log: Log) -> dict[str, object]:
    """The last line without what is different each time."""
    volatile = {"timestamp", "milliseconds", "request_id", "location"}
    return {name: value for name, value in log.last().items() if name not in volatile}


def test_a_request_is_one_line_with_route_status_and_cost(api: Api, log: Log) -> None:
    network = samples.network(api)
    before = len(log.lines())

    answer = api.get(f"/organisations/{network}")

    assert len(log.lines()) == before + 1
    assert log.last()["request_id"] == answer.headers["x-request-id"]
    assert log.last()["timestamp"] == Like(r"20\d\d-\d\d-\d\d[T ].*")
    assert line(log) == {
        "level": "INFO",
        "message": "request",
        "service": "clusterregister",
        "method": "GET",
        "route": "/organisations/{id}",
        "operation": "get_organisation",
        "caller": "anonymous",
        "status": 200,
        "read_units": 1.0,
        "write_units": 0.0,
        "calls": 1,
    }


def test_a_write_is_charged_twice_for_each_started_kilobyte_and_once_for_its_note(api: Api, log: Log) -> None:
    api.post("/organisations", {"name": "x", "kind": "other"})
    small = log.last()
    api.post("/organisations", {"name": "x", "kind": "other", "description": {"de": "a" * 3_000}})
    large = log.last()

    assert (small["operation"], small["status"], small["calls"], small["write_units"]) == (
        "create_organisation",
        201,
        2,
        9.0,
    )
    assert large["write_units"] == 9.0 + 2 * 3 * 2


def test_a_large_record_costs_a_read_unit_for_each_started_four_kilobytes(api: Api, log: Log) -> None:
    network = samples.network(api, description={"de": "a" * 9_000})

    api.get(f"/organisations/{network}")

    assert (log.last()["read_units"], log.last()["calls"]) == (3.0, 1)


@pytest.mark.parametrize(
    ("method", "path", "status", "route"),
    [
        ("GET", "/organisations?limit=0", 400, "/organisations"),
        ("GET", "/organisations/x", 404, "/organisations/{id}"),
        ("PUT", "/events", 405, None),
        ("OPTIONS", "/events", 204, None),
        ("HEAD", "/events", 200, "/events"),
    ],
)
def test_requests_that_fail_are_logged_as_well(
    api: Api, log: Log, method: str, path: str, status: int, route: str | None
) -> None:
    api.send(method, path)

    assert len(log.lines()) == 1
    assert (log.last()["status"], log.last().get("route"), log.last()["method"]) == (status, route, method)


def test_no_line_holds_anything_that_a_caller_sent(api: Api, log: Log) -> None:
    network = samples.network(api, SECRET, email=f"{SECRET}@example.org", website=f"https://example.org/{SECRET}")
    path = f"/organisations/{network}"
    fields = {"authorization": f"Bearer {SECRET}", "x_api_key": SECRET, "user_agent": SECRET, "cookie": SECRET}

    api.get(f"{path}?view=full", **fields)
    api.get(f"{path}/{SECRET}", **fields)
    api.get(f"/organisations/{SECRET}", **fields)
    api.get(f"/organisations?city={SECRET}&{SECRET}=1", **fields)
    api.get("/organisations", if_none_match=f'"{SECRET}"', accept_language=SECRET, origin=f"https://{SECRET}.example")
    api.send(SECRET, path)
    api.patch(path, {"name": f"{SECRET} 2", SECRET: SECRET}, if_match=f'"{SECRET}"')
    api.patch(path, {"name": f"{SECRET} 2"}, if_match="*")
    api.post("/organisations", f'{{"{SECRET}": {SECRET}'.encode())
    api.post("/events", {SECRET: SECRET}, content_type=SECRET)

    text = log.text()
    assert len(log.lines()) >= 9
    assert SECRET.lower() not in text.lower()
    assert network not in text


def test_an_unexpected_error_is_logged_without_its_message(api: Api, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    network = samples.network(api)
    monkeypatch.setattr("shared.models.views.as_of", lambda *_: json.loads(SECRET))

    answer = api.get(f"/organisations/{network}?as_of=2016")

    error, request = log.lines()[-2:]
    assert answer.status == 500
    assert answer.json["type"] == "/v1/problems/internal-error"
    assert (error["level"], error["message"], error["error"]) == ("ERROR", "unexpected", "JSONDecodeError")
    assert request["status"] == 500
    assert SECRET not in log.text()


def test_a_snapshot_tells_how_many_entries_the_one_before_had_not(
    api: Api, house: House, log: Log, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = []

    with altered(house.process.projection(), snapshots=Folder(tmp_path)):
        monkeypatch.setattr("functions.snapshot.handler.snapshots", lambda: Folder(tmp_path))
        for count in (2, 3, 0):
            for number in range(count):
                samples.network(api, f"Netz {count} {number}")
            house.invoke("SnapshotFunction")
            told.append(log.last())

    assert [(line["message"], line["behind"]) for line in told] == [("snapshot", 2), ("snapshot", 3), ("snapshot", 0)]
