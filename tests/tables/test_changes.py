"""The final feed: one order up to a line ten seconds behind now, from any position, at bounded cost."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.budget import Budget
from shared.errors import FeedRestarted
from shared.tables import changes
from shared.tables.changes import Changes, Page, Position
from shared.tables.feed import NO_EPOCH, Entry, renew_epoch, seconds_of, stamp_of
from shared.tables.register import Register
from shared.tables.tables import Tables
from tests.tables.conftest import enter
from tests.tables.faulty import Time


@pytest.fixture
def feed(tables: Tables) -> Changes:
    return Changes(tables)


def enter_event(register: Register) -> str:
    return register.create("event", {"title": {"de": "A"}, "kind": "other", "status": "planned"}).document.id


def everything(feed: Changes, time: Time, *, limit: int = 50, types: tuple[str, ...] = ()) -> list[Entry]:
    """What a follower gets that reads from the beginning until it has caught up."""
    entries: list[Entry] = []
    page: Page | None = None
    while page is None or not page.caught_up:
        page = feed.read(page.position if page else None, types=types, limit=limit, now=time.now)
        entries += page.entries
    return entries


def test_entries_stand_in_the_order_of_their_stamps(register: Register, feed: Changes, time: Time) -> None:
    made = enter(register)
    time.pass_by(1.0)
    register.patch(made, {"name": "B"}, if_match=None)
    register.delete(made, if_match=None)
    time.pass_by(11.0)

    page = feed.read(None, limit=50, now=time.now)

    assert page == Page(
        [
            Entry("2026-11-21T12:00:00.000Z", made, 1, "organisation", "created", late=False, prompt=True),
            Entry("2026-11-21T12:00:01.000Z", made, 2, "organisation", "changed", late=False, prompt=True),
            Entry("2026-11-21T12:00:01.001Z", made, 3, "organisation", "deleted", late=False, prompt=True),
        ],
        Position(NO_EPOCH, f"2026-11-21T12:00:01.001Z#{made}#3"),
        caught_up=True,
    )


def test_an_entry_is_final_after_ten_seconds_and_not_before(register: Register, feed: Changes, time: Time) -> None:
    enter(register)

    time.pass_by(9.999)
    before = feed.read(None, limit=50, now=time.now)
    time.pass_by(0.001)
    after = feed.read(before.position, limit=50, now=time.now)

    assert (before.entries, before.caught_up) == ([], True)
    assert len(after.entries) == 1


def test_pages_of_any_size_give_the_same_entries(register: Register, feed: Changes, time: Time) -> None:
    for _ in range(7):
        enter(register)
    time.pass_by(11.0)

    found = [everything(feed, time, limit=limit) for limit in (1, 2, 7, 50)]

    assert len(found[0]) == 7
    assert found == [found[0]] * 4


def test_each_entry_is_a_place_to_go_on_from(register: Register, feed: Changes, time: Time) -> None:
    for _ in range(4):
        enter(register)
    time.pass_by(11.0)
    page = feed.read(None, limit=50, now=time.now)

    rest = [feed.read(page.position_of(entry), limit=50, now=time.now).entries for entry in page.entries]

    assert rest == [page.entries[1:], page.entries[2:], page.entries[3:], []]


def test_only_the_types_that_are_asked_for_come(register: Register, feed: Changes, time: Time) -> None:
    enter(register)
    wanted = [enter_event(register) for _ in range(3)]
    enter(register)
    time.pass_by(11.0)

    assert [entry.id for entry in everything(feed, time, types=("event",), limit=2)] == sorted(wanted)
    assert len(everything(feed, time, types=("event", "organisation"))) == 5


def test_what_was_not_asked_for_is_passed_all_the_same(register: Register, feed: Changes, time: Time) -> None:
    made = enter(register)
    time.pass_by(11.0)

    page = feed.read(None, types=["event"], limit=50, now=time.now)

    assert page == Page([], Position(NO_EPOCH, f"2026-11-21T12:00:00.000Z#{made}#1"), caught_up=True)


def test_the_feed_goes_on_over_midnight(register: Register, feed: Changes, time: Time) -> None:
    time.now = seconds_of("2026-11-20T23:59:59.999Z")
    made = [enter(register)]
    time.pass_by(0.001)
    made.append(enter(register))
    time.pass_by(9.999)
    first = feed.read(None, limit=50, now=time.now)
    time.pass_by(0.001)
    second = feed.read(first.position, limit=50, now=time.now)

    assert [entry.id for entry in (*first.entries, *second.entries)] == made
    assert [len(first.entries), len(second.entries)] == [1, 1]


def test_a_position_of_yesterday_goes_on_today(register: Register, feed: Changes, time: Time) -> None:
    enter(register)
    time.pass_by(11.0)
    position = feed.read(None, limit=50, now=time.now).position
    time.pass_by(86_400.0)
    made = enter(register)
    time.pass_by(11.0)

    assert [entry.id for entry in feed.read(position, limit=50, now=time.now).entries] == [made]


def test_a_quiet_feed_leaves_the_position_where_it_is(register: Register, feed: Changes, time: Time) -> None:
    enter(register)
    time.pass_by(11.0)
    first = feed.read(None, limit=50, now=time.now)
    time.pass_by(60.0)

    second = feed.read(first.position, limit=50, now=time.now)

    assert second == Page([], first.position, caught_up=True)


def test_a_thousand_silent_days_cost_no_more_than_a_few_at_a_time(
    register: Register, feed: Changes, time: Time, budget: Budget
) -> None:
    enter(register)
    time.pass_by(1000 * 86_400.0)
    made = enter(register)
    time.pass_by(11.0)

    found: list[Entry] = []
    position, pages = None, 0
    while True:
        spent = len(budget.calls)
        page = feed.read(position, limit=50, now=time.now)
        found, position, pages = [*found, *page.entries], page.position, pages + 1
        assert len(budget.calls) - spent <= changes.MOST_QUERIES + 1
        if page.caught_up:
            break

    assert [entry.version for entry in found] == [1, 1]
    assert found[1].id == made
    assert pages == 32


def test_days_that_were_passed_are_not_read_again(register: Register, feed: Changes, time: Time) -> None:
    enter(register)
    time.pass_by(3 * 86_400.0)
    page = feed.read(None, limit=50, now=time.now)

    again = feed.read(page.position, limit=50, now=time.now)

    assert page.position == again.position == Position(NO_EPOCH, "2026-11-24T00:00:00.000Z")


def test_old_days_cost_what_new_ones_do(register: Register, feed: Changes, time: Time, budget: Budget) -> None:
    for _ in range(5):
        enter(register)
    time.pass_by(11.0)
    spent = budget.read_units
    feed.read(Position(NO_EPOCH, "2026-11-21T00:00:00.000Z"), limit=3, now=time.now)
    new = budget.read_units - spent
    time.pass_by(400 * 86_400.0)

    spent = budget.read_units
    feed.read(Position(NO_EPOCH, "2026-11-21T00:00:00.000Z"), limit=3, now=time.now)

    assert budget.read_units - spent == new == 2


def test_what_is_looked_through_for_a_rare_type_is_bounded(
    register: Register, feed: Changes, time: Time, budget: Budget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "SCANNED", 2)
    monkeypatch.setattr(changes, "MOST_QUERIES", 3)
    for _ in range(8):
        enter(register)
    time.pass_by(1.0)
    made = enter_event(register)
    time.pass_by(11.0)
    start = Position(NO_EPOCH, "2026-11-21T00:00:00.000Z")

    first = feed.read(start, types=["event"], limit=50, now=time.now)
    second = feed.read(first.position, types=["event"], limit=50, now=time.now)

    assert (first.entries, first.caught_up) == ([], False)
    assert ([entry.id for entry in second.entries], second.caught_up) == ([made], True)
    assert budget.calls[-8:].count("Query") <= 6


def test_latest_is_behind_everything_that_is_final(register: Register, feed: Changes, time: Time) -> None:
    enter(register)
    time.pass_by(11.0)
    latest = feed.latest(time.now)
    made = enter(register)
    time.pass_by(11.0)

    assert [entry.id for entry in feed.read(latest, limit=50, now=time.now).entries] == [made]


def test_a_restored_register_has_another_feed(register: Register, feed: Changes, tables: Tables, time: Time) -> None:
    made = enter(register)
    time.pass_by(11.0)
    page = feed.read(None, limit=50, now=time.now)
    epoch = renew_epoch(tables.client, "register", tables.clock)

    for position in (page.position, page.position_of(page.entries[0]), replace(page.position, epoch="another")):
        with pytest.raises(FeedRestarted):
            feed.read(position, limit=50, now=time.now)
    anew = feed.read(None, limit=50, now=time.now)

    assert [entry.id for entry in anew.entries] == [made]
    assert anew.position.epoch == epoch
    assert feed.read(anew.position, limit=50, now=time.now).caught_up


def test_a_readers_clock_that_goes_back_an_hour_takes_nothing_back(
    register: Register, feed: Changes, time: Time
) -> None:
    enter(register)
    time.pass_by(11.0)
    page = feed.read(None, limit=50, now=time.now)

    back = feed.read(page.position, limit=50, now=time.now - 3600.0)
    made = enter(register)
    time.pass_by(11.0)
    again = feed.read(back.position, limit=50, now=time.now)

    assert back == Page([], page.position, caught_up=True)
    assert [entry.id for entry in again.entries] == [made]


MOMENTS = st.integers(1_793_491_200_000, 4_102_444_800_000).map(lambda moment: stamp_of(moment / 1000))


@given(st.text(max_size=80), MOMENTS, st.booleans(), st.integers(1, 10**12 - 1))
def test_a_cursor_gives_its_position_back(epoch: str, stamp: str, is_entry: bool, version: int) -> None:  # noqa: FBT001
    entry = f"#coop_01hzy3v8k2q4w5e6r7t8y9z0ab#{version}" if is_entry else ""
    position = Position(epoch, f"{stamp}{entry}")

    assert Position.parse(position.cursor) == position


@given(st.one_of(st.text(max_size=60), st.binary(max_size=60).map(lambda content: Position("0", repr(content)).cursor)))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Position.parse(text)


@pytest.mark.parametrize(
    "behind",
    [
        "2026-02-30T00:00:00.000Z",
        "2026-11-21",
        "2026-11-21T12:00:00.000Z#org_1#1",
        "2026-11-21T12:00:00.000Z#org_01hzy3v8k2q4w5e6r7t8y9z0ab#0",
        "~2026-11-21T12:00:00.000Z",
        "0000-11-21T12:00:00.000Z",
        "\ud800",
    ],
)
def test_a_cursor_to_no_place_is_refused(behind: str) -> None:
    with pytest.raises(ValueError):
        Position.parse(Position("0", behind).cursor)


def test_a_day_far_ahead_is_no_harm(feed: Changes, time: Time) -> None:
    ahead = Position(NO_EPOCH, "9999-12-31T23:59:59.999Z")

    assert feed.read(ahead, limit=50, now=time.now) == Page([], ahead, caught_up=True)
