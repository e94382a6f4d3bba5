"""The change feed: every version in one order, from any place in it; with records, without what was withdrawn."""

from collections.abc import Iterator

import pytest

from shared.models import room
from shared.tables.changes import Position
from shared.tables.client import Clock
from shared.tables.feed import renew_epoch
from tests.api import samples
from tests.api.client import ORG, STAMP, Api, Json, Like, envelope, problem
from tests.api.conftest import House, Log, altered

CURSOR = Like(r"[A-Za-z0-9_-]{20,200}")


@pytest.fixture
def ahead(house: House) -> Iterator[list[float]]:
    """Seconds by which the register's clock is ahead."""
    ahead, clock = [0.0], house.process.TABLES.clock
    with altered(house.process.TABLES, clock=Clock(now=lambda: clock.now() + ahead[0])):
        yield ahead


@pytest.fixture
def wait(ahead: list[float]) -> "Wait":
    return Wait(ahead)


class Wait:
    """Lets time pass by."""

    def __init__(self, ahead: list[float]) -> None:
        self.ahead = ahead

    def __call__(self, seconds: float = 11.0) -> None:
        self.ahead[0] += seconds


def whole(api: Api, path: str = "/changes", **headers: str) -> list[Json]:
    """All changes from a place on, until there are no more."""
    found: list[Json] = []
    while True:
        answer = api.get(path, **headers)
        assert answer.status == 200, answer.content
        found += answer.items
        path = answer.json["next"].removeprefix("/v1")
        if not answer.json["more"]:
            return found


def told(record_type: str, record_id: object, version: int, change: str, **more: object) -> Json:
    """A whole entry."""
    entry = {"cursor": CURSOR, "type": record_type, "id": record_id, "version": version, "change": change}
    return {**entry, "at": STAMP, "late": False, **more}


def test_every_version_has_an_entry_in_the_order_of_time(api: Api, wait: Wait) -> None:
    made = samples.company(api)
    event = samples.plain_event(api)
    api.change(f"/organisations/{made}", {"topics": ["it"]})
    api.delete(f"/organisations/{made}", if_match="*")
    wait()

    answer = api.get("/changes")

    assert answer.json == {
        "items": [
            told("organisation", made, 1, "created"),
            told("event", event, 1, "created"),
            told("organisation", made, 2, "changed"),
            told("organisation", made, 3, "deleted"),
        ],
        "next": f"/v1/changes?after={answer.items[-1]['cursor']}",
        "more": False,
    }
    assert answer.headers["link"] == f'<{answer.json["next"]}>; rel="next"'
    assert answer.headers["cache-control"] == "public, no-cache"
    assert [item["at"] for item in answer.items] == sorted(item["at"] for item in answer.items)


def test_what_is_newer_than_ten_seconds_is_still_to_come(api: Api, wait: Wait) -> None:
    made = samples.company(api)

    before = api.get("/changes")
    wait()
    after = api.get(before.json["next"].removeprefix("/v1"))

    assert (before.items, before.json["more"]) == ([], False)
    assert [item["id"] for item in after.items] == [made]


def test_an_entry_holds_what_its_version_said(api: Api, wait: Wait) -> None:
    made = samples.company(api)
    api.change(f"/organisations/{made}", {"name": "Neu"})
    api.delete(f"/organisations/{made}", if_match="*")
    wait()

    answer = api.get("/changes?include=record")

    first = {**envelope("organisation", made), "name": "Firma", "kind": "company"}
    former = [{"value": "Firma", "kind": "former", "as_of": Like(r"\d{4}-\d\d-\d\d"), "certainty": "derived"}]
    second = {**envelope("organisation", made, 2), "name": "Neu", "other_names": former, "kind": "company"}
    assert answer.items == [
        told("organisation", ORG, 1, "created", record=first),
        told("organisation", ORG, 2, "changed", record=second),
        told("organisation", ORG, 3, "deleted"),
    ]
    assert answer.json["next"].endswith(f"include=record&after={answer.items[-1]['cursor']}")


def test_a_merged_record_is_told_as_such(api: Api, wait: Wait) -> None:
    old, into = samples.company(api), samples.company(api)
    assert api.post(f"/organisations/{old}/merge", {"into": into}).status == 202
    wait()

    last = [item for item in api.get("/changes?include=record").items if item["version"] == 2]

    assert sorted((item["id"], item["change"], "record" in item) for item in last) == sorted(
        [(old, "merged", False), (into, "changed", True)]
    )


def test_contacts_stand_only_in_what_is_still_the_current_version(api: Api, wait: Wait) -> None:
    withdrawn = samples.company(api, people=[samples.PUBLIC_PERSON, samples.PARTNERS_PERSON])
    kept = samples.company(api, people=[samples.PUBLIC_PERSON])
    api.change(f"/organisations/{withdrawn}", {"people": None})
    wait()

    answer = api.get("/changes?include=record")

    emails = [[person.get("email") for person in item["record"].get("people", ())] for item in answer.items]
    assert emails == [[None, None], ["max@example.org"], []]
    assert answer.items[1]["record"] == api.get(f"/organisations/{kept}").json
    assert [canary for canary in samples.CANARIES if canary.encode() in answer.content] == []


def test_types_are_filtered_and_what_is_not_asked_for_is_passed(api: Api, wait: Wait) -> None:
    samples.company(api)
    event = samples.plain_event(api)
    samples.plain_cooperation(api, samples.company(api))
    wait()

    events, both, none = (api.get(f"/changes?{query}") for query in ("type=event", "type=event&type=cooperation", ""))

    assert events.items == [told("event", event, 1, "created")]
    assert [item["type"] for item in both.items] == ["event", "cooperation"]
    assert len(none.items) == 4
    rest = api.get(events.json["next"].removeprefix("/v1"))
    assert (rest.items, rest.json["next"]) == ([], events.json["next"])
    assert "type=event" in events.json["next"]


@pytest.mark.parametrize("limit", [1, 2, 5, 200])
def test_pages_of_any_size_give_the_same_entries(api: Api, wait: Wait, limit: int) -> None:
    for _ in range(5):
        samples.company(api)
    wait()

    assert whole(api, f"/changes?limit={limit}") == whole(api)
    assert len(whole(api)) == 5


def test_every_cursor_is_a_place_to_go_on_from(api: Api, wait: Wait) -> None:
    for _ in range(3):
        samples.company(api)
    wait()
    items = api.get("/changes").items

    rests = [whole(api, f"/changes?after={item['cursor']}") for item in items]

    assert rests == [items[1:], items[2:], []]


def test_the_latest_place_is_behind_all_that_is_there(api: Api, wait: Wait) -> None:
    samples.company(api)
    wait()
    latest = api.get("/changes?after=latest")
    event = samples.plain_event(api)
    wait()

    rest = api.get(latest.json["next"].removeprefix("/v1"))

    assert latest.json == {"items": [], "next": Like(r"/v1/changes\?after=[A-Za-z0-9_-]+"), "more": False}
    assert rest.items == [told("event", event, 1, "created")]


def test_a_quiet_feed_is_the_same_answer_again(api: Api, wait: Wait) -> None:
    samples.company(api)
    wait()
    path = api.get("/changes").json["next"].removeprefix("/v1")
    first = api.get(path)

    second = api.get(path, if_none_match=first.etag)

    assert (second.status, second.content) == (304, b"")


def test_a_page_of_large_records_is_cut_where_it_fits(api: Api, wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        samples.company(api)
    wait()
    expected = api.get("/changes?include=record").items
    monkeypatch.setattr(room, "LARGEST_PAGE", 1)

    first = api.get("/changes?include=record")

    assert (len(first.items), first.json["more"]) == (1, True)
    assert whole(api, "/changes?include=record") == expected


def test_a_page_of_records_reads_each_of_them_once(api: Api, wait: Wait, log: Log) -> None:
    made = samples.company(api)
    samples.plain_event(api)
    wait()

    api.get("/changes?include=record")
    current = log.last()["calls"]
    api.change(f"/organisations/{made}", {"topics": ["it"]})
    wait()
    api.get("/changes?include=record")
    past = log.last()["calls"]

    assert past == current + 1


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "WyJhIl0",
        Position("0", "2026-02-30T00:00:00.000Z").cursor,
        Position("0", "2026-11-21T12:00:00.000Z#org_1#1").cursor,
        Position("0", "").cursor,
        "a" * 2000,
    ],
)
def test_what_was_never_given_as_a_cursor_is_refused(api: Api, cursor: str) -> None:
    answer = api.get(f"/changes?after={cursor}")

    assert answer.json == problem(
        "malformed-request",
        400,
        "The request cannot be read",
        "Mend what `errors` names and send the request again.",
        errors=[
            {
                "parameter": "after",
                "message": "Use the cursor of an entry or of `next`, unchanged.",
                "code": "malformed-cursor",
            }
        ],
    )


@pytest.mark.parametrize("query", ["after=", "after=%00", "type=person", "include=refs", "limit=0", "cursor=x"])
def test_other_queries_are_refused(api: Api, query: str) -> None:
    assert api.get(f"/changes?{query}").status == 400


def test_after_a_restore_every_follower_begins_anew(house: House, api: Api, wait: Wait) -> None:
    made = samples.company(api)
    wait()
    before = api.get("/changes")
    renew_epoch(house.process.TABLES.client, "RegisterTable")

    paths = [before.json["next"].removeprefix("/v1"), f"/changes?after={before.items[0]['cursor']}"]
    answers = [api.get(path) for path in paths]
    anew = api.get("/changes")

    assert [answer.json for answer in answers] == [
        problem(
            "feed-restarted",
            410,
            "The feed has begun anew",
            "Throw away what you keep of the register, and read the feed again from its beginning, without `after`.",
        )
    ] * 2
    assert [item["id"] for item in anew.items] == [made]
    assert api.get(anew.json["next"].removeprefix("/v1")).status == 200


def test_read_twice_the_feed_is_the_same_bytes(api: Api, wait: Wait) -> None:
    other = samples.company(api)
    network = api.id("/organisations", samples.organisation(other))
    event = api.id("/events", samples.event(network))
    api.change(f"/events/{event}", {"topics": ["x"]})
    wait()

    first, second = (api.get("/changes?include=record") for _ in range(2))

    assert first.content == second.content
    assert [item["id"] for item in first.items] == [other, network, event, event]
