"""Many threads on one copy: each sees what was acknowledged before it asked, and few of them work for all."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from shared.errors import CatchingUp
from shared.projection.engine import Projection
from shared.tables.feed import Tail
from tests.projection.networks import content, names
from tests.projection.register import Register

Open = Callable[..., Projection]
PATIENCE = 20.0


class Held(Register):
    """A feed whose first tail has been read, but whose answer is held back until the test lets it go."""

    def __init__(self) -> None:
        super().__init__()
        self.is_read = threading.Event()
        self.may_go = threading.Event()

    def tail(self, since: str | None) -> Iterator[Tail]:
        found = list(super().tail(since))
        if self.calls["tail"] == 1:
            self.is_read.set()
            assert self.may_go.wait(PATIENCE)
        yield from found


def wait_for(held: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.005)):
        if held():
            return
        pause.wait(0.005)
    raise AssertionError("waited in vain")


def test_who_waits_takes_a_refresh_that_began_after_he_came_and_no_older_one(open_projection: Open) -> None:
    register = Held()
    projection = open_projection(feed=register)
    arrived = []
    refresh = projection.refresh

    def counted() -> list[str]:
        arrived.append(True)
        return names(projection)

    with ThreadPoolExecutor(9) as threads:
        first = threads.submit(refresh)
        assert register.is_read.wait(PATIENCE)
        register.write(content(1))
        others = [threads.submit(counted) for _ in range(8)]
        wait_for(lambda: len(arrived) == 8)
        threading.Event().wait(0.2)
        register.may_go.set()
        first.result(PATIENCE)
        found = [other.result(PATIENCE) for other in others]

    assert found == [["Netz 00001"]] * 8
    assert register.calls == {"tail": 2, "documents": 1}


def test_who_asks_during_a_pursuit_has_his_turn_between_any_two_of_its_parts(
    register: Register, open_projection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.projection.engine.ENTRIES_BEFORE_AN_ANSWER", 5)
    register.page_size = 1000
    for number in range(50):
        register.write(content(number))
    refused = []

    def ask(_: float) -> None:
        with ThreadPoolExecutor(1) as threads:
            refused.append(threads.submit(projection.refresh).exception(PATIENCE))

    projection = open_projection()
    monkeypatch.setattr("shared.projection.engine.time", SimpleNamespace(sleep=ask, monotonic=time.monotonic))
    projection.pursue()

    assert [type(problem) for problem in refused] == [CatchingUp] * 4 + [type(None)]
    assert len(names(projection)) == 50


def test_who_waited_for_a_refresh_that_was_too_short_is_refused_with_it(open_projection: Open) -> None:
    register = Held()
    projection = open_projection(feed=register)
    register.page_size = 1000

    def ask() -> int | None:
        try:
            return len(names(projection))
        except CatchingUp:
            return None

    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(ask)
        assert register.is_read.wait(PATIENCE)
        for number in range(1500):
            register.write(content(number))
        others = [threads.submit(ask) for _ in range(3)]
        threading.Event().wait(0.3)
        register.may_go.set()
        first.result(PATIENCE)
        found = [other.result(PATIENCE) for other in others]

    assert found == [None] * 3
    assert register.calls["tail"] == 2


def test_every_thread_reads_its_own_writes(register: Register, projection: Projection) -> None:
    writing = threading.Lock()
    register.page_size = 100

    def write_and_read(thread: int) -> list[bool]:
        seen = []
        for step in range(15):
            name = f"Netz {thread} {step}"
            with writing:
                register.write(content(thread * 100 + step, name))
            seen.append(name in names(projection))
        return seen

    with ThreadPoolExecutor(6) as threads:
        seen = [each for found in threads.map(write_and_read, range(6)) for each in found]

    assert seen == [True] * 90


def test_several_openings_of_one_new_file_at_once_make_one_copy(register: Register, open_projection: Open) -> None:
    for number in range(30):
        register.write(content(number))
    register.page_size = 100
    together = threading.Barrier(6)

    def open_and_read(_: int) -> int:
        together.wait(PATIENCE)
        return len(names(open_projection()))

    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(open_and_read, range(6)))

    assert found == [30] * 6
