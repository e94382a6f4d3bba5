"""Going back to the release before: what a later one has left is read and built upon, as the runbook says."""

import json
from collections.abc import Callable
from dataclasses import asdict

import pytest

from functions.exports.stored import Export, File
from shared.projection.snapshot import Pointer
from tests.api import samples
from tests.api.client import Api, Json, forget_projection
from tests.api.conftest import House, Log

LATER = {"later": {"S": "what a release to come keeps here"}}
FIELD = {"motto": {"de": "Gemeinsam"}}
"""A field that a record may get one day."""
FILE = File("exports/2026-11-28/1.ndjson.gz", 1, "2")


@pytest.fixture
def paths(api: Api) -> dict[str, str]:
    """A record of each type that uses every field."""
    other = samples.company(api)
    network = api.id("/organisations", samples.organisation(other))
    members = f"/organisations/{network}/members"
    return {
        "organisation": f"/organisations/{network}",
        "membership": f"{members}/{api.id(members, samples.membership(other))}",
        "event": f"/events/{api.id('/events', samples.event(network))}",
        "cooperation": f"/cooperations/{api.id('/cooperations', samples.cooperation(network, other))}",
    }


def rewrite(house: House, change: Callable[[Json], Json]) -> None:
    """Put what the change makes of each item in its place, and let the lists begin anew."""
    for table, items in house.contents().items():
        for item in items:
            house.process.TABLES.client.put_item(TableName=table, Item=change(item))
    forget_projection(house.process, house.projection)


def worded(item: Json) -> Json:
    """The same with the field, where it is a version of a record."""
    held = json.loads(item["text"]["S"]) if "text" in item else {}
    return {**item, "text": {"S": json.dumps({**held, **FIELD})}} if "managed_by" in held else item


def answers(api: Api, paths: dict[str, str]) -> list[Json]:
    """What readers get: each record, its versions, the lists and the feed."""
    lists = ["/organisations", "/events", "/cooperations", "/feed.json", "/changes", "/search?q=jena", "/stats"]
    asked = [*paths.values(), *(f"{path}/history" for path in paths.values()), *lists]
    return [api.get(path).json for path in asked]


def test_what_a_later_release_adds_to_any_item_is_in_nobodys_way(house: House, api: Api, paths: dict[str, str]) -> None:
    before = answers(api, paths)

    rewrite(house, lambda item: {**item, **LATER})

    assert answers(api, paths) == before
    for noun, path in paths.items():
        assert api.change(path, {"note": "Neu"} if noun == "membership" else {"topics": ["new"]})["version"] == 2
        assert api.delete(path, if_match="*").status == (409 if noun == "organisation" else 204)


def test_a_record_with_a_field_of_a_later_release_is_shown_and_left_alone(
    house: House, api: Api, paths: dict[str, str], log: Log
) -> None:
    rewrite(house, worded)

    for noun, path in paths.items():
        held = api.get(path).json
        assert held.items() >= FIELD.items()
        assert api.patch(path, {"sources": None}, if_match="*").status == 500
        assert [line for line in log.lines() if line["message"] == "unexpected"][-1]["error"] == "ValidationError"
        assert api.get(path).json == held
        assert noun == "membership" or held["id"] in {item["id"] for item in api.get(f"/{noun}s").items}


@pytest.mark.parametrize(
    ("pointer", "parse"),
    [
        (Pointer("snapshots/6/0/1-2.sqlite.gz", 1, "2", "0", None, {}), Pointer.parse),
        (Export(FILE, FILE, "2026-11-28T09:30:00.000Z", "3"), Export.parse),
    ],
)
def test_a_pointer_that_says_more_leads_to_the_same(
    pointer: Pointer | Export, parse: Callable[[bytes], Pointer | Export]
) -> None:
    told = {**asdict(pointer), "later": 1}

    assert parse(json.dumps(told).encode()) == pointer
