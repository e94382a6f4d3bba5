"""Right at once or 503: what the feed, the documents and the clocks may do, and what the lists say then."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from shared.errors import CatchingUp
from shared.projection.engine import Projection
from shared.projection.following import FAR_BACK, QUIET
from shared.projection.snapshot import build_snapshot
from shared.tables.feed import Entry, Tail, seconds_of, stamp_of
from shared.tables.tables import Document
from tests.projection.networks import content, names
from tests.projection.register import Register

Open = Callable[..., Projection]


def test_what_was_acknowledged_before_a_list_is_asked_for_is_in_it(register: Register, projection: Projection) -> None:
    register.write(content(1))
    first = names(projection)

    register.write(content(1, "anders"))
    register.write(content(2))

    assert [first, names(projection)] == [["Netz 00001"], ["anders", "Netz 00002"]]


def test_nothing_new_costs_one_look_at_the_tail_and_no_document(register: Register, projection: Projection) -> None:
    register.write(content(1))
    names(projection)
    register.calls.clear()

    names(projection)

    assert register.calls == {"tail": 1}
    assert register.asked_since[-1] == stamp_of(seconds_of(register.entries[-1].stamp) - 12)


@pytest.mark.parametrize("delay", [0.5, 1.0, 9.0, 11.0, 11.99])
def test_an_entry_that_becomes_visible_within_the_bound_is_not_missed(
    register: Register, projection: Projection, delay: float
) -> None:
    slow = register.write(content(1), seen=False, stored=False)
    register.tick(delay - 0.1)
    register.write(content(2))
    before = names(projection)

    register.store(slow)
    register.show(slow)

    assert [before, names(projection)] == [["Netz 00002"], ["Netz 00001", "Netz 00002"]]


def test_an_entry_behind_the_bound_is_taken_in_once_it_gets_a_fresh_stamp(
    register: Register, projection: Projection
) -> None:
    slow = register.write(content(1), seen=False)
    register.tick(60)
    register.write(content(2))
    names(projection)
    register.show(slow)
    before = names(projection)

    register.show(Entry(register.tick(), slow.id, slow.version, slow.type, slow.change, late=True))

    assert [before, names(projection)] == [["Netz 00002"], ["Netz 00001", "Netz 00002"]]


@pytest.mark.parametrize("delay", [30.0, 70.0, 120.0])
def test_what_came_too_late_for_one_look_is_found_by_the_far_one_though_lambda_stood_still(
    register: Register, open_projection: Open, delay: float
) -> None:
    projection = open_projection(monotonic=lambda: 0.0)
    names(projection)
    slow = register.write(content(1), seen=False)
    register.tick(delay)
    register.write(content(2))
    names(projection)
    register.show(slow)
    before = names(projection)

    register.tick(30.1)

    assert [before, names(projection)] == [["Netz 00002"], ["Netz 00001", "Netz 00002"]]


def test_a_far_look_that_did_not_succeed_is_done_again(register: Register, open_projection: Open) -> None:
    projection = open_projection()
    names(projection)
    register.tick(60)
    for number in range(2, 1203):
        register.write(content(number))
    slow = register.write(content(1), seen=False)
    register.tick(70)
    register.write(content(1203))
    build_snapshot(open_projection("other.sqlite"))
    register.show(slow)

    found = [names(projection), names(projection)]

    assert "Netz 00001" in found[-1]


def test_the_tail_of_a_quiet_register_stays_short(register: Register, projection: Projection) -> None:
    register.write(content(1))
    names(projection)

    for _ in range(30):
        register.tick(86_400)
        names(projection)

    assert seconds_of(register.asked_since[-1] or "") > register.now - 2 * QUIET - 86_400 - FAR_BACK
    names(projection)
    assert seconds_of(register.asked_since[-1] or "") > register.now - QUIET - FAR_BACK


def test_an_empty_register_is_read_from_its_beginning_once(register: Register, projection: Projection) -> None:
    names(projection)

    names(projection)

    assert [since is None for since in register.asked_since] == [True, False]


def test_a_late_entry_never_brings_an_older_version_back(register: Register, projection: Projection) -> None:
    first = register.write(content(1, "alt"))
    register.write(content(1, "neu"))
    names(projection)
    register.calls.clear()

    register.show(Entry(register.tick(), first.id, first.version, first.type, first.change, late=True))

    assert names(projection) == ["neu"]
    assert register.calls == {"tail": 1}


def test_a_stamp_ahead_of_the_clock_hides_nothing_that_comes_after_it(
    register: Register, projection: Projection
) -> None:
    register.write(content(1), stamp=stamp_of(register.now + 5))
    names(projection)
    slow = register.write(content(2), seen=False)
    register.tick(11)
    names(projection)

    register.show(slow)

    assert names(projection) == ["Netz 00001", "Netz 00002"]


def test_a_stamp_ahead_of_the_clock_is_no_position(register: Register, projection: Projection) -> None:
    slow = register.write(content(1), seen=False)
    register.tick(10)
    register.write(content(2), stamp=stamp_of(register.now + 5))
    names(projection)
    register.tick(1)
    register.show(slow)
    register.tick(5)

    found = names(projection)

    assert found == ["Netz 00001", "Netz 00002"]


def test_an_entry_at_the_end_of_a_day_is_seen_from_the_next_day(register: Register, projection: Projection) -> None:
    register.now = seconds_of("2026-11-20T23:59:58.000Z")
    slow = register.write(content(1), seen=False)
    register.now = seconds_of("2026-11-21T00:00:03.000Z")
    register.write(content(2))
    before = names(projection)

    register.show(slow)

    assert [before, names(projection)] == [["Netz 00002"], ["Netz 00001", "Netz 00002"]]


@pytest.mark.parametrize("skew", [-2.0, 2.0])
def test_a_clock_that_is_two_seconds_off_misses_nothing(register: Register, open_projection: Open, skew: float) -> None:
    projection = open_projection(clock=lambda: register.now + skew)
    slow = register.write(content(1), seen=False)
    register.tick(9)
    register.write(content(2))
    before = names(projection)

    register.show(slow)

    assert [before, names(projection)] == [["Netz 00002"], ["Netz 00001", "Netz 00002"]]


def test_clocks_set_back_an_hour_hide_nothing(register: Register, projection: Projection) -> None:
    register.write(content(1))
    names(projection)

    register.now -= 3600
    register.write(content(2))
    back = names(projection)
    register.write(content(3))

    assert [back, names(projection)] == [["Netz 00001", "Netz 00002"], ["Netz 00001", "Netz 00002", "Netz 00003"]]


def test_a_reader_whose_own_clock_is_an_hour_ahead_misses_nothing(register: Register, open_projection: Open) -> None:
    projection = open_projection(clock=lambda: register.now + 3600)
    slow = register.write(content(1), seen=False)
    register.tick(11)
    register.write(content(2))
    names(projection)

    register.show(slow)

    assert names(projection) == ["Netz 00001", "Netz 00002"]


@pytest.mark.parametrize("held", [0, 1])
def test_a_document_that_lags_behind_its_entry_is_replaced_by_its_revision(
    register: Register, projection: Projection, held: int
) -> None:
    for number in range(held):
        register.write(content(1, f"alt {number}"))
    register.write(content(1, "neu"), stored=False)

    found = names(projection)

    assert found == ["neu"]
    assert register.calls == {"tail": 1, "documents": 3, "revision": 1}


def test_an_entry_without_any_text_behind_it_holds_nobody_up_and_is_not_forgotten(
    register: Register, open_projection: Open
) -> None:
    entry = register.write(content(1), stored=False)
    revision = register.revisions.pop((entry.id, entry.version))
    register.write(content(2))
    before = names(open_projection())
    register.tick(3600)
    register.write(content(3))
    after_an_hour = names(open_projection())

    register.documents_by_id[entry.id] = revision

    assert [before, after_an_hour] == [["Netz 00002"], ["Netz 00002", "Netz 00003"]]
    assert names(open_projection()) == ["Netz 00001", "Netz 00002", "Netz 00003"]


def test_a_document_newer_than_its_entry_is_taken_as_it_is(register: Register, projection: Projection) -> None:
    register.write(content(1, "alt"))
    unseen = register.write(content(1, "neu"), seen=False)
    before = names(projection)
    register.calls.clear()

    register.show(unseen)

    assert [before, names(projection)] == [["neu"], ["neu"]]
    assert register.calls == {"tail": 1}


def test_what_was_deleted_is_gone_at_once(register: Register, projection: Projection) -> None:
    entry = register.write(content(1))
    names(projection)

    register.delete(entry.id)

    assert names(projection) == []


# Catching up


def test_more_than_can_be_read_before_an_answer_is_503_and_goes_on_with_the_next_request(
    register: Register, open_projection: Open
) -> None:
    woken: list[bool] = []
    projection = open_projection(wake=lambda: woken.append(True))
    for number in range(2001):
        register.tick(1)
        register.write(content(number))
    register.page_size = 5000

    with pytest.raises(CatchingUp):
        names(projection)
    with pytest.raises(CatchingUp) as refusal:
        names(projection)

    assert refusal.value.headers == {"Retry-After": "1"}
    assert len(names(projection)) == 2001
    assert woken == [True]


def test_who_runs_on_pursues_the_feed_in_parts_until_the_copy_is_level(
    register: Register, open_projection: Open
) -> None:
    projection = open_projection()
    for number in range(2001):
        register.tick(1)
        register.write(content(number))
    register.page_size = 5000

    projection.pursue()

    assert register.calls == {"tail": 3, "documents": 11}
    assert len(names(projection)) == 2001


def test_a_pursuit_that_the_feed_outruns_ends_when_it_is_called_for_anew(
    open_projection: Open,
) -> None:
    now = [0.0]
    projection = open_projection(monotonic=lambda: now[0])

    def outrun() -> None:
        now[0] += 12
        raise CatchingUp

    projection.refresh = outrun  # type: ignore[method-assign]

    with pytest.raises(CatchingUp):
        projection.pursue()

    assert now == [36]


def test_a_thousand_entries_are_read_before_the_answer(register: Register, projection: Projection) -> None:
    for number in range(1000):
        register.write(content(number))

    assert len(names(projection)) == 1000
    assert register.calls["documents"] == 5


def test_two_seconds_are_all_that_an_answer_waits(open_projection: Open) -> None:
    elapsed = [0.0]

    class Slow(Register):
        def documents(self, ids: Sequence[str]) -> dict[str, Document]:
            elapsed[0] += 1.5
            return super().documents(ids)

    slow = Slow()
    projection = open_projection(feed=slow, monotonic=lambda: elapsed[0])
    for number in range(700):
        slow.write(content(number))

    with pytest.raises(CatchingUp):
        names(projection)

    assert len(names(projection)) == 700
    assert slow.calls["documents"] == 4


def test_a_feed_that_takes_all_the_time_is_followed_all_the_same(open_projection: Open) -> None:
    elapsed = [0.0]

    class Slow(Register):
        def tail(self, since: str | None) -> Iterator[Tail]:
            for tail in super().tail(since):
                elapsed[0] += 3
                yield tail

    slow = Slow()
    projection = open_projection(feed=slow, monotonic=lambda: elapsed[0])
    for number in range(8):
        slow.write(content(number))

    for _ in range(2):
        with pytest.raises(CatchingUp):
            projection.refresh()

    assert len(names(projection)) == 8
