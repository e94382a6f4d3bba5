"""Whatever is delayed, and whose clock is wrong: a follower of the final feed gets every version within the bounds."""

from dataclasses import dataclass, field, replace

import pytest

from shared.budget import spending
from shared.tables.changes import Changes, Position
from shared.tables.feed import Entry, seconds_of
from shared.tables.register import Register
from shared.tables.sweeper import Sweeper
from shared.tables.tables import Tables
from tests.tables.conftest import enter
from tests.tables.faulty import Faulty, Time


@dataclass
class Follower:
    """Reads the final feed every second or few, by a clock of its own, beside a sweeper that looks every minute."""

    feed: Changes
    time: Time
    skew: float
    seen: list[Entry] = field(default_factory=list)
    position: Position | None = None
    swept: float = 0.0

    def follow(self, seconds: float, *, step: float = 1.0) -> None:
        """Let so much time pass by."""
        for _ in range(round(seconds / step)):
            self.time.pass_by(step)
            with spending(45.0):
                if self.time.now - self.swept >= 60.0:
                    Sweeper(self.feed.tables).sweep()
                    self.swept = self.time.now
                page = self.feed.read(self.position, limit=50, now=self.time.now + self.skew)
            self.seen += page.entries
            self.position = page.position


def skewed(register: Register, time: Time, skew: float) -> Register:
    clock = replace(register.tables.clock, now=lambda: time.now + skew)
    return replace(register, tables=replace(register.tables, clock=clock))


SKEWS = [(0.0, 0.0), (-2.0, 2.0), (2.0, -2.0)]


@pytest.mark.parametrize(("writer", "reader"), SKEWS)
@pytest.mark.parametrize("delay", [0.0, 3.0, 5.9])
def test_a_write_that_is_answered_within_the_bound_comes_once_and_within_fifteen_seconds(
    register: Register, client: Faulty, tables: Tables, time: Time, delay: float, writer: float, reader: float
) -> None:
    follower = Follower(Changes(tables), time, reader)
    made = enter(register)
    follower.follow(15)

    def delay_it() -> None:
        whole = int(delay)
        follower.follow(whole)
        time.pass_by(delay - whole)

    client.script = [client.after(delay_it)]
    with spending(20.0):
        skewed(register, time, writer).patch(made, {"name": "B"}, if_match=None)
    follower.follow(15)
    seen = [(entry.version, entry.late) for entry in follower.seen]
    follower.follow(120, step=6.0)

    assert seen == [(1, False), (2, False)]
    assert len(follower.seen) == 2


@pytest.mark.parametrize(("writer", "reader"), SKEWS)
@pytest.mark.parametrize("delay", [7.0, 9.0, 11.0, 15.0, 60.0])
def test_a_write_that_is_answered_later_comes_once_more_marked_late(
    register: Register, client: Faulty, tables: Tables, time: Time, delay: float, writer: float, reader: float
) -> None:
    follower = Follower(Changes(tables), time, reader)
    made = enter(register)
    follower.follow(15)
    client.script = [client.after(lambda: follower.follow(delay))]
    with spending(120.0):
        skewed(register, time, writer).patch(made, {"name": "B"}, if_match=None)
    follower.follow(15)
    late = [entry.version for entry in follower.seen if entry.late]
    follower.follow(120, step=6.0)

    assert late == [2]
    assert len([entry for entry in follower.seen if entry.late]) == 1
    assert [entry.version for entry in follower.seen if not entry.late] in ([1], [1, 2])


@pytest.mark.parametrize(("writer", "reader"), SKEWS)
@pytest.mark.parametrize("delay", [1.0, 7.0, 9.0, 11.0, 30.0, 59.0, 61.0, 600.0])
def test_a_write_that_commits_after_its_writer_is_dead_comes_within_two_minutes(
    register: Register, client: Faulty, tables: Tables, time: Time, delay: float, writer: float, reader: float
) -> None:
    follower = Follower(Changes(tables), time, reader)
    made = enter(register)
    follower.follow(15)

    client.script = [client.killed]
    with pytest.raises(SystemExit):
        skewed(register, time, writer).patch(made, {"name": "B"}, if_match=None)
    follower.follow(delay)
    client.commit({"TransactItems": client.sent[-1]})
    follower.follow(120, step=6.0)

    assert [entry.version for entry in follower.seen if entry.late] == [2]
    assert [entry.version for entry in follower.seen if not entry.late] in ([1], [1, 2])


@pytest.mark.parametrize("delay", [3.0, 9.0, 30.0])
def test_midnight_between_a_stamp_and_its_commit_hides_nothing(
    register: Register, client: Faulty, tables: Tables, time: Time, delay: float
) -> None:
    time.now = seconds_of("2026-11-21T23:59:45.000Z")
    follower = Follower(Changes(tables), time, 0.0)
    made = enter(register)
    follower.follow(13)
    client.script = [client.after(lambda: follower.follow(delay))]
    with spending(120.0):
        register.patch(made, {"name": "B"}, if_match=None)
    follower.follow(120, step=6.0)

    assert {entry.version for entry in follower.seen} == {1, 2}


def test_a_writers_clock_that_is_minutes_behind_costs_one_entry_more(
    register: Register, tables: Tables, time: Time
) -> None:
    follower = Follower(Changes(tables), time, 0.0)
    enter(register)
    follower.follow(130, step=5.0)

    made = enter(skewed(register, time, -300.0))
    follower.follow(120, step=6.0)

    assert [(entry.id, entry.late) for entry in follower.seen[1:]] == [(made, True)]
