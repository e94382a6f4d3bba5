"""Pages by cursor: everything once, in order; a cursor belongs to its query and cannot be made up."""

import base64
import json
import re
from collections.abc import Iterator

import pytest

from tests.api import samples
from tests.api.client import Answer, Api, Like

Ids = dict[str, str]
NAMES = ["Aa", "aa", "Äa", "b", "B", "ß", "ss", "\u200d\u2060", "\ue000", "🚀", "🚀🚀", "zz", "Zz 2", "1", "!"]


@pytest.fixture(scope="module")
def ids(register: Api) -> Ids:
    """Lists of every kind with at least seven entries."""
    api = register
    ids = {"netz": samples.network(api, "Netz")}
    parent = samples.plain_event(api, "Reihe")
    above = samples.plain_cooperation(api, ids["netz"], "Oben")
    for number, name in enumerate(NAMES):
        company = samples.company(api, name, relations=[{"kind": "related", "organisation_id": ids["netz"]}])
        api.create(f"/organisations/{ids['netz']}/members", {"member_id": company})
        if number < 7:
            when = {"when": {"start": f"2023-09-1{number // 2}"}} if number < 5 else {}
            organisers = {"organisers": [{"organisation_id": ids["netz"]}]}
            samples.plain_event(api, f"T {number}", part_of=parent, cooperation_id=above, **when, **organisers)
            signed = {"signed_on": f"201{number // 2}"} if number < 5 else {}
            samples.plain_cooperation(api, ids["netz"], f"K {number}", part_of=above, **signed)
    return {**ids, "reihe": parent, "oben": above}


LISTS = [
    "/organisations",
    "/organisations?kind=company&kind=network&order=desc",
    "/organisations?updated_since=2026-01-01T00:00:00Z",
    "/organisations?updated_since=2026-01-01T00:00:00Z&order=desc",
    "/organisations?network={netz}",
    "/organisations/{netz}/members",
    "/organisations/{netz}/members?order=desc&as_of=any",
    "/organisations/{netz}/relations",
    "/organisations/{netz}/relations?order=desc&as_of=2016",
    "/organisations/{netz}/events",
    "/organisations/{netz}/cooperations?order=asc",
    "/events",
    "/events?order=desc",
    "/events?from=2023&to=2024",
    "/events?parts=only&undated=only",
    "/events/{reihe}/parts",
    "/cooperations",
    "/cooperations?order=asc",
    "/cooperations/{oben}/parts?order=asc",
    "/cooperations/{oben}/events",
]


def pages(register: Api, path: str, limit: int) -> Iterator[Answer]:
    step = f"{path}{'&' if '?' in path else '?'}limit={limit}"
    while True:
        answer = register.get(step)
        yield answer
        if answer.json["next"] is None:
            return
        step = answer.json["next"].removeprefix("/v1")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", [1, 3])
def test_paging_gives_everything_once_and_in_order(register: Api, ids: Ids, path: str, limit: int) -> None:
    whole = register.get(f"{path.format(**ids)}").items

    found = list(pages(register, path.format(**ids), limit))

    assert len(whole) >= 2
    assert [item for page in found for item in page.items] == whole
    assert [len(page.items) for page in found[:-1]] == [limit] * (len(found) - 1)
    assert 0 < len(found[-1].items) <= limit


def test_the_next_page_stands_in_the_body_and_in_the_link_header(register: Api, ids: Ids) -> None:
    first = register.get(f"/organisations?kind=company&network={ids['netz']}&limit=14&order=asc")

    assert first.json["next"] == Like(
        rf"/v1/organisations\?kind=company&network={ids['netz']}&order=asc&limit=14&cursor=[A-Za-z0-9_-]+"
    )
    assert first.headers["link"].split(", ")[0] == f'<{first.json["next"]}>; rel="next"'
    last = register.get(first.json["next"].removeprefix("/v1"))
    assert (last.json["next"], 'rel="next"' in last.headers["link"], len(last.items)) == (None, False, 1)


def test_the_limit_may_change_from_page_to_page(register: Api, ids: Ids) -> None:
    first = register.get(f"/organisations?network={ids['netz']}&limit=2")
    address = first.json["next"].removeprefix("/v1").replace("limit=2", "limit=200")

    rest = register.get(address)

    assert len(rest.items) == len(NAMES) - 2


def test_fifty_is_the_default_and_two_hundred_the_most(api: Api) -> None:
    for number in range(51):
        samples.company(api, f"Firma {number:03}")

    assert [len(api.get(f"/organisations{query}").items) for query in ("", "?limit=200", "?limit=1")] == [50, 51, 1]
    assert api.get("/organisations?limit=201").status == 400


def test_a_cursor_of_another_query_or_path_is_refused(register: Api, ids: Ids) -> None:
    cursor = cursor_of(register, "/organisations?kind=company&limit=1")
    foreign = [
        f"/organisations?cursor={cursor}",
        f"/organisations?kind=network&cursor={cursor}",
        f"/organisations?kind=company&order=desc&cursor={cursor}",
        f"/organisations?kind=company&topic=it&cursor={cursor}",
        f"/organisations?kind=company&include=refs&cursor={cursor}",
        f"/events?cursor={cursor}",
        f"/organisations/{ids['netz']}/members?cursor={cursor}",
    ]

    answers = [register.get(path) for path in foreign]

    assert [(answer.status, answer.faults()) for answer in answers] == [(400, {"cursor": "foreign-cursor"})] * 7


def cursor_of(register: Api, path: str) -> str:
    found = re.search(r"cursor=([A-Za-z0-9_-]+)", register.get(path).json["next"])
    assert found is not None
    return found[1]


def forged(cursor: str, *values: object) -> str:
    """The cursor with other sort values behind its binding, as whoever reads the code could make it."""
    binding, today, *_ = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    text = json.dumps([binding, *(values or (today,))])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


FORGED = [
    ("2026-11-21",),
    ("2026-11-21", 0),
    ("2026-11-21", 0, "a"),
    ("2026-11-21", 0, "a", "b", "c"),
    ("2026-11-21", "0", "a", "b"),
    ("2026-11-21", 0, 1, "b"),
    ("2026-11-21", 0, None, "b"),
    ("2026-11-21", True, "a", "b"),
    ("2026-11-21", 0.5, "a", "b"),
    ("2026-11-21", 2**70, "a", "b"),
    ("2026-11-21", -(2**63) - 1, "a", "b"),
    ("2026-11-21", 0, ["a"], "b"),
    ("2026-11-21", 0, "\ud800", "b"),
    (None, 0, "a", "b"),
    (20261121, 0, "a", "b"),
    ("\ud800", 0, "a", "b"),
    ("tomorrow", 0, "a", "b"),
]


@pytest.mark.parametrize("values", FORGED, ids=str)
def test_a_forged_cursor_is_refused(register: Api, ids: Ids, values: tuple[object, ...]) -> None:
    cursor = cursor_of(register, f"/organisations?network={ids['netz']}&limit=1")

    answer = register.get(f"/organisations?network={ids['netz']}&cursor={forged(cursor, *values)}")

    assert (answer.status, answer.faults()) == (400, {"cursor": "malformed-cursor"})


@pytest.mark.parametrize(
    "cursor",
    ["x", "", "e30", "W10", "bnVsbA", "MQ", "Ilwi", "W1tbW1tb", "__8", "A" * 2000, "A" * 2001, "a b", "%C3%A4", "a=="],
)
def test_a_damaged_cursor_is_refused(register: Api, cursor: str) -> None:
    answer = register.get(f"/organisations?cursor={cursor}")

    assert answer.status == 400
    assert list(answer.faults()) == ["cursor"]


def test_every_truncation_of_a_cursor_is_refused(register: Api, ids: Ids) -> None:
    cursor = cursor_of(register, f"/organisations?network={ids['netz']}&limit=1")

    statuses = {
        register.get(f"/organisations?network={ids['netz']}&cursor={cursor[:length]}").status
        for length in range(len(cursor) - 1)
    }

    assert statuses == {400}


def test_what_comes_between_two_pages_does_not_move_the_border(api: Api) -> None:
    for name in ("a", "c", "e"):
        samples.company(api, name)
    first = api.get("/organisations?limit=2")

    samples.company(api, "b")
    samples.company(api, "d")

    rest = api.get(first.json["next"].removeprefix("/v1"))
    assert (first.names(), rest.names()) == (["a", "c"], ["d", "e"])
