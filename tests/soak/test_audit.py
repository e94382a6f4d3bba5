"""The soak test's audit: what is lost, doubled or out of turn is found in the feed that tells it."""

import pytest

from infra.soak import audit
from infra.soak.audit import Feed
from infra.soak.writers import Written
from tests.api.client import Json


def entry(record_id: str, version: int, word: str | None, *, late: bool = False) -> Json:
    record = {} if word is None else {"record": {"type": "organisation", "id": record_id, "name": word}}
    change = "deleted" if word is None else "created" if version == 1 else "changed"
    return {"id": record_id, "version": version, "change": change, "late": late, **record}


SOUND = [entry("a", 1, "one"), entry("b", 1, "two"), entry("a", 2, "three"), entry("b", 2, None)]
WRITTEN = [
    Written("one", done=True, record_id="a", version=1),
    Written("two", done=True, record_id="b", version=1),
    Written("three", done=True, record_id="a", version=2),
    Written("four", done=False, record_id="a", version=0),
    Written("", done=True, record_id="b", version=0, deleted=True),
]


def test_a_sound_feed_has_every_acknowledged_write_once() -> None:
    assert list(Feed(SOUND).faults()) == []
    assert list(audit.writes(Feed(SOUND), WRITTEN)) == []
    assert list(audit.followed(Feed(SOUND), SOUND)) == []


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([*SOUND, SOUND[0]], "/changes gives version 1 of a twice"),
        ([SOUND[2], *SOUND[:2], SOUND[3]], "/changes gives version 1 of a out of turn"),
        (SOUND[1:], "/changes has versions [2] of a"),
    ],
)
def test_changes_that_are_missing_doubled_or_out_of_turn_are_found(entries: list[Json], expected: str) -> None:
    assert expected in list(Feed(entries).faults())


def test_a_late_entry_may_come_again() -> None:
    assert list(Feed([*SOUND, entry("a", 1, "one", late=True)]).faults()) == []


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (SOUND[:2], "three was to be at [('a', 2)] and is at []"),
        ([*SOUND, entry("c", 1, "three")], "three was to be at [('a', 2)] and is at [('a', 2), ('c', 1)]"),
        ([*SOUND, entry("c", 1, "four")], "four was to be at [] and is at [('c', 1)]"),
        (SOUND[:3], "b was deleted, and has 0 ends in /changes"),
    ],
)
def test_writes_that_are_lost_doubled_or_done_though_refused_are_found(entries: list[Json], expected: str) -> None:
    assert expected in list(audit.writes(Feed(entries), WRITTEN))


def test_what_a_follower_missed_is_found() -> None:
    assert "the follower was never given ('a', 2)" in list(audit.followed(Feed(SOUND), [*SOUND[:2], SOUND[3]]))
    assert "the follower was given ('a', 1) 2 times" in list(audit.followed(Feed(SOUND), [SOUND[0], *SOUND]))
