"""The lines of the dispatcher: two that run at once take nothing away from each other."""

import pytest

from shared.errors import Conflict
from shared.tables.changes import Position
from shared.tables.lines import Lines, Replay
from shared.tables.tables import Tables

FIRST = Replay(
    "whk_1", "2026-11-21T10:00:00.000Z", Position("0", "2026-11-20T00:00:00.000Z"), "2026-11-21T10:00:00.000Z"
)
SECOND = Replay(
    "whk_1", "2026-11-21T11:00:00.000Z", Position("0", "2026-11-19T00:00:00.000Z"), "2026-11-21T11:00:00.000Z"
)


@pytest.fixture
def lines(tables: Tables) -> Lines:
    return Lines(tables)


def test_a_replay_that_is_done_makes_room_for_another(lines: Lines) -> None:
    lines.begin(FIRST)
    with pytest.raises(Conflict):
        lines.begin(SECOND)

    lines.end(FIRST)

    lines.begin(SECOND)
    assert list(lines.replays()) == [SECOND]


def test_whoever_ends_a_replay_late_does_not_end_the_next_one(lines: Lines) -> None:
    lines.begin(FIRST)
    lines.end(FIRST)
    lines.begin(SECOND)

    lines.end(FIRST)

    assert list(lines.replays()) == [SECOND]
