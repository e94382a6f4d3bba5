"""The feed gives every entry, in order, over pages and borders of days; the sweeper brings what came too late."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from shared.budget import Budget, spending
from shared.tables.feed import Entry, Feed, renew_epoch, seconds_of, stamp_of
from shared.tables.register import Register
from shared.tables.sweeper import Sweeper
from shared.tables.tables import Tables
from tests.tables.conftest import enter
from tests.tables.faulty import Contents, Faulty, Time

Read = Callable[[], Contents]


@dataclass(frozen=True)
class Schedule:
    """Starts a sweep with the time that each has of its own."""

    tables: Tables

    def sweep(self) -> int:
        with spending(45.0):
            return Sweeper(self.tables).sweep()


@pytest.fixture
def feed(tables: Tables) -> Feed:
    return Feed(tables)


def everything(feed: Feed, since: str | None = None) -> list[Entry]:
    return [entry for page in feed.tail(since) for entry in page.entries]


def test_entries_stand_in_the_order_of_their_stamps(register: Register, feed: Feed, time: Time) -> None:
    made = enter(register)
    time.pass_by(1.0)
    register.patch(made, {"name": "B"}, if_match=None)
    register.delete(made, if_match=None)

    found = everything(feed)

    assert found == [
        Entry("2026-11-21T12:00:00.000Z", made, 1, "organisation", "created", late=False, prompt=True),
        Entry("2026-11-21T12:00:01.000Z", made, 2, "organisation", "changed", late=False, prompt=True),
        Entry("2026-11-21T12:00:01.001Z", made, 3, "organisation", "deleted", late=False, prompt=True),
    ]


def test_the_tail_goes_on_over_midnight(register: Register, feed: Feed, time: Time) -> None:
    time.now = seconds_of("2026-11-20T23:59:59.000Z")
    before = enter(register)
    time.pass_by(2.0)
    after = enter(register)

    found = everything(feed, "2026-11-20T23:59:00")

    assert [entry.id for entry in found] == [before, after]


def test_a_stamp_just_ahead_of_midnight_is_in_the_tail(register: Register, feed: Feed, time: Time) -> None:
    time.now = seconds_of("2026-11-22T00:00:03.000Z")
    ahead = enter(register)
    time.now -= 5.0

    assert [entry.id for entry in everything(feed, "2026-11-21T23:59:00")] == [ahead]


def test_a_clock_set_back_an_hour_over_midnight_hides_nothing(register: Register, feed: Feed, time: Time) -> None:
    time.now = seconds_of("2026-11-22T00:30:00.000Z")
    made = enter(register)
    time.now -= 3600.0

    assert [entry.id for entry in everything(feed, "2026-11-21T23:00:00")] == [made]


def test_nothing_before_the_wanted_stamp_is_read(register: Register, feed: Feed, time: Time) -> None:
    enter(register)
    time.pass_by(1.0)
    second = enter(register)

    assert [entry.id for entry in everything(feed, stamp_of(time.now))] == [second]


def test_pages_of_one_item_lose_nothing(
    register: Register, feed: Feed, client: Faulty, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [enter(register) for _ in range(5)]
    query: Any = client.real.query
    monkeypatch.setattr(client, "query", lambda **request: query(**request, Limit=1), raising=False)

    assert sorted(entry.id for entry in everything(feed, "2026-11-21")) == sorted(made)


def test_unprocessed_keys_are_asked_for_again(
    register: Register, feed: Feed, client: Faulty, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [enter(register) for _ in range(5)]
    batch: Any = client.real.batch_get_item

    def one_at_a_time(RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 - boto's name
        ((table, wanted),) = RequestItems.items()
        first, rest = wanted["Keys"][:1], wanted["Keys"][1:]
        answer: dict[str, Any] = batch(RequestItems={table: {**wanted, "Keys": first}})
        return {**answer, "UnprocessedKeys": {table: {**wanted, "Keys": rest}} if rest else {}}

    monkeypatch.setattr(client, "batch_get_item", one_at_a_time, raising=False)

    assert sorted(feed.documents(made)) == sorted(made)


def test_a_new_epoch_is_seen_in_the_tail_of_today_and_of_tomorrow(
    register: Register, feed: Feed, tables: Tables, time: Time
) -> None:
    enter(register)

    epoch = renew_epoch(tables.client, "register", tables.clock)

    assert [page.epoch for page in feed.tail("2026-11-21")] == [epoch]
    time.pass_by(86_400.0)
    assert [page.epoch for page in feed.tail("2026-11-22")] == [epoch]


def test_an_unchanged_tail_costs_one_unit(register: Register, feed: Feed, budget: Budget) -> None:
    enter(register)
    spent = budget.read_units

    everything(feed, "2026-11-21T11:59:50")

    assert budget.read_units - spent == 1


def test_a_quiet_feed_has_nothing_late(register: Register, tables: Tables, time: Time) -> None:
    sweeper = Schedule(tables)
    for _ in range(5):
        enter(register)
        time.pass_by(20.0)

        assert sweeper.sweep() == 0


def test_an_entry_behind_the_line_of_the_last_sweep_stands_again(
    register: Register, feed: Feed, tables: Tables, client: Faulty, time: Time
) -> None:
    sweeper = Schedule(tables)
    made = enter(register)
    sweeper.sweep()
    _commit_late(register, client, time, made, seconds=70.0, sweeper=sweeper)

    late = sweeper.sweep()

    second, fresh = everything(feed)[1:]
    assert late == 1
    assert (second.version, second.late, second.restamped) == (2, False, True)
    assert fresh == Entry(stamp_of(time.now), made, 2, "organisation", "changed", late=True, prompt=True)


def _commit_late(
    register: Register, client: Faulty, time: Time, record_id: str, *, seconds: float, sweeper: Schedule
) -> None:
    """Send a write that the client gives up and that commits so much later, with a sweep in between."""

    def held_back(request: dict[str, Any]) -> dict[str, Any]:
        time.pass_by(seconds / 2)
        sweeper.sweep()
        time.pass_by(seconds / 2)
        client.commit(request)
        raise SystemExit

    client.script = [held_back]
    with pytest.raises(SystemExit):
        register.patch(record_id, {"name": "B"}, if_match=None)


def test_what_stands_again_is_not_brought_a_third_time(
    register: Register, feed: Feed, tables: Tables, client: Faulty, time: Time
) -> None:
    sweeper = Schedule(tables)
    made = enter(register)
    sweeper.sweep()
    _commit_late(register, client, time, made, seconds=70.0, sweeper=sweeper)

    found = [sweeper.sweep()]
    for _ in range(4):
        time.pass_by(60.0)
        found.append(sweeper.sweep())

    assert found == [1, 0, 0, 0, 0]
    assert len(everything(feed)) == 3


def test_a_sweep_that_is_cut_off_before_it_remembers_does_not_bring_anything_twice(
    register: Register, feed: Feed, tables: Tables, client: Faulty, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweeper = Schedule(tables)
    made = enter(register)
    sweeper.sweep()
    _commit_late(register, client, time, made, seconds=70.0, sweeper=sweeper)
    with monkeypatch.context() as patched:
        patched.setattr(Sweeper, "_put", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            sweeper.sweep()

    again = sweeper.sweep()

    assert again == 0
    assert len(everything(feed)) == 3


def test_a_conflict_leaves_the_entry_for_the_next_sweep(
    register: Register, feed: Feed, tables: Tables, client: Faulty, time: Time
) -> None:
    sweeper = Schedule(tables)
    made = enter(register)
    sweeper.sweep()
    _commit_late(register, client, time, made, seconds=70.0, sweeper=sweeper)
    client.script = [client.conflict]

    found = [sweeper.sweep(), sweeper.sweep()]

    assert found == [0, 1]
    assert len(everything(feed)) == 3


@pytest.mark.parametrize("fault", ["throttled", "broken", "lost_request", "lost_answer", "never_sent"])
def test_a_sweep_outlives_what_passes(
    register: Register, feed: Feed, tables: Tables, client: Faulty, time: Time, fault: str
) -> None:
    sweeper = Schedule(tables)
    made = enter(register)
    sweeper.sweep()
    _commit_late(register, client, time, made, seconds=70.0, sweeper=sweeper)
    client.script = [getattr(client, fault)]

    found = [sweeper.sweep(), sweeper.sweep()]

    assert found == [1, 0]
    assert len(everything(feed)) == 3


@pytest.mark.parametrize("seconds", [7.0, 12.0, 30.0, 59.0])
def test_a_commit_between_two_sweeps_that_nobody_saw_in_time_stands_again(
    register: Register, feed: Feed, tables: Tables, client: Faulty, time: Time, seconds: float
) -> None:
    sweeper = Schedule(tables)
    made = enter(register)
    time.pass_by(10.0)
    sweeper.sweep()
    _give_up(register, client, made)
    time.pass_by(seconds)
    client.commit({"TransactItems": client.sent[-1]})
    time.pass_by(60.0 - seconds)

    found = [sweeper.sweep() for _ in range(3)]

    second, fresh = everything(feed)[1:]
    assert found == [1, 0, 0]
    assert (second.prompt, second.restamped) == (False, True)
    assert (fresh.version, fresh.late, fresh.prompt, fresh.stamp) == (2, True, True, stamp_of(time.now))


def _give_up(register: Register, client: Faulty, record_id: str) -> None:
    client.script = [client.killed]
    with pytest.raises(SystemExit):
        register.patch(record_id, {"name": "B"}, if_match=None)


def test_a_writer_that_dies_before_it_notes_its_commit_costs_one_entry_more(
    register: Register, feed: Feed, tables: Tables, client: Faulty, time: Time
) -> None:
    made = enter(register)
    _give_up(register, client, made)
    client.commit({"TransactItems": client.sent[-1]})
    time.pass_by(11.0)

    late = Schedule(tables).sweep()

    assert late == 1
    assert [(entry.version, entry.late) for entry in everything(feed)] == [(1, False), (2, False), (2, True)]


def test_a_note_that_fails_is_no_fault(
    register: Register, feed: Feed, tables: Tables, client: Faulty, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**_: object) -> None:
        client.throttled({})

    monkeypatch.setattr(client, "update_item", fails, raising=False)

    made = enter(register)
    time.pass_by(11.0)

    assert [(entry.id, entry.prompt) for entry in everything(feed)] == [(made, False)]
    assert Schedule(tables).sweep() == 1


def test_a_sweeper_that_stood_still_for_hours_misses_nothing(
    register: Register, feed: Feed, tables: Tables, client: Faulty, time: Time
) -> None:
    sweeper = Schedule(tables)
    made = enter(register)
    sweeper.sweep()
    _give_up(register, client, made)
    time.pass_by(30.0)
    client.commit({"TransactItems": client.sent[-1]})
    time.pass_by(5 * 3600.0)
    enter(register)
    time.pass_by(11.0)

    found = [sweeper.sweep(), sweeper.sweep()]

    assert found == [1, 0]
    assert [entry.version for entry in everything(feed) if entry.late] == [2]


def test_a_sweep_whose_time_is_up_goes_on_where_it_stopped(
    register: Register, tables: Tables, client: Faulty, time: Time
) -> None:
    sweeper = Sweeper(tables)
    for _ in range(3):
        made = enter(register)
        _give_up(register, client, made)
        client.commit({"TransactItems": client.sent[-1]})
        time.pass_by(1.0)
    time.pass_by(20.0)
    found = []
    for _ in range(7):
        # Each look at the clock takes a second, of which there are two and a half.
        ticks = iter(range(100))
        with spending(2.5, monotonic=lambda: float(next(ticks))):  # noqa: B023 - used up at once
            found.append(sweeper.sweep())

    assert found == [0, 1, 0, 1, 0, 1, 0]


def test_the_sweepers_memory_expires(tables: Tables, register: Register, contents: Read, time: Time) -> None:
    enter(register)
    time.pass_by(11.0)

    Schedule(tables).sweep()

    expiry = {key: item["expires_at"] for key, item in contents()["register"].items() if "expires_at" in item}
    assert expiry == {
        ("SWEEP", "2026-11-21T12:00"): {"N": str(int(time.now + 7 * 86_400))},
    }


def test_stamps_are_utc_with_milliseconds() -> None:
    assert stamp_of(1_795_262_400.0004) == "2026-11-21T12:00:00.000Z"
    assert stamp_of(1_795_262_400.9996) == "2026-11-21T12:00:01.000Z"
    assert seconds_of("2026-11-21T12:00:00.123Z") == pytest.approx(1_795_262_400.123)
    assert json.dumps(stamp_of(0.0)) == '"1970-01-01T00:00:00.000Z"'
