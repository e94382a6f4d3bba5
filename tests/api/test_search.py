"""The search over HTTP: right at once, bound in its cursors, and for everybody."""

import pytest

from tests.api import samples
from tests.api.client import Api
from tests.api.conftest import House


def test_what_was_written_is_found_at_once(api: Api) -> None:
    network = samples.network(api, "Jägernetz")
    before = [item["id"] for item in api.get("/search?q=jaegernetz").json["items"]]
    api.change(f"/organisations/{network}", {"name": "Fischernetz"})

    after = api.get("/search?q=fischernetz").json["items"]
    former = api.get("/search?q=jaegernetz").json["items"]
    gone = samples.network(api, "Fischernetz Nord")
    assert api.delete(f"/organisations/{gone}", if_match="*").status == 204

    assert before == [network]
    assert [item["name"] for item in after] == ["Fischernetz"]
    assert former[0]["highlights"] == {"other_names": {"text": "Jägernetz", "ranges": [[0, 9]]}}
    assert [item["id"] for item in api.get("/suggest?q=fischer").json["items"]] == [network]


def test_pages_follow_each_other_and_a_cursor_keeps_to_its_query(api: Api) -> None:
    made = {samples.company(api, f"Werk {number}") for number in range(5)}

    found, path = [], "/search?q=werk&limit=2"
    for _ in range(3):
        answer = api.get(path).json
        found += [item["id"] for item in answer["items"]]
        path = (answer["next"] or "").removeprefix("/v1")
    other = api.get(api.get("/search?q=werk&limit=2").json["next"].removeprefix("/v1").replace("werk", "werke"))

    assert (set(found), len(found), path) == (made, 5, "")
    assert (other.status, other.json["errors"][0]["code"]) == (400, "foreign-cursor")


@pytest.mark.parametrize(
    "query",
    ["near=91,0", "near=1", "near=1,181", "near=a,b", "near=1,1&radius_km=0", "radius_km=501", "q=", "type=membership"],
)
def test_what_cannot_be_asked_is_400(api: Api, query: str) -> None:
    assert api.get(f"/search?{query}").status == 400


def test_a_cold_search_begins_with_a_snapshot_of_its_own(api: Api, house: House) -> None:
    samples.network(api, "Schnappschuss")

    house.invoke("SnapshotFunction")

    folders = {path.parent.parent.name for path in house.snapshots.rglob("*.sqlite.gz")}
    assert any(name.startswith("search-") for name in folders)
    assert api.get("/search?q=schnappschuss").json["items"][0]["name"] == "Schnappschuss"
