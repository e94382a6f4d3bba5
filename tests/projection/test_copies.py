"""The file of a copy, the epochs that it lives through, and what its readers see meanwhile."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from shared.errors import CatchingUp
from shared.projection.engine import Projection
from shared.projection.following import FAR_BACK, begin_epoch
from shared.tables.feed import seconds_of, stamp_of
from shared.tables.tables import Document
from tests.projection.networks import content, names, roll_back
from tests.projection.register import START, Register

Open = Callable[..., Projection]


def test_a_file_that_is_there_is_used(register: Register, open_projection: Open) -> None:
    register.write(content(1))
    names(open_projection())
    register.calls.clear()

    found = names(open_projection())

    assert found == ["Netz 00001"]
    assert register.calls == {"tail": 1}


@pytest.mark.parametrize("damage", ["garbage", "truncated", "other schema", "empty"])
def test_a_file_that_cannot_be_used_is_thrown_away(
    tmp_path: Path, register: Register, open_projection: Open, damage: str
) -> None:
    path = tmp_path / "copy.sqlite"
    for number in range(50):
        register.write(content(number))
    first = open_projection()
    names(first)
    first.close()
    if damage == "other schema":
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA user_version = 999")
        connection.close()
    else:
        whole = path.read_bytes()
        path.write_bytes({"garbage": b"no database" * 999, "truncated": whole[: len(whole) // 2], "empty": b""}[damage])

    found = names(open_projection())

    assert len(found) == 50
    assert register.asked_since[-1] is None


def test_a_new_epoch_under_a_living_copy_leaves_no_ghost_and_no_lost_update(
    register: Register, projection: Projection
) -> None:
    register.write(content(1, "alt"))
    lost = [register.write(content(1, "Geist")), register.write(content(2, "Geist"))]
    before = names(projection)

    for entry in lost:
        roll_back(register, entry)
    register.renew_epoch("first")
    after = names(projection)
    register.write(content(1, "neu"))

    assert [before, after, names(projection)] == [["Geist", "Geist"], ["alt"], ["neu"]]


def test_an_old_epoch_that_is_read_again_throws_nothing_away(register: Register, projection: Projection) -> None:
    register.write(content(1))
    register.renew_epoch("first")
    register.now += 86_400
    register.write(content(2))
    register.renew_epoch("second")
    names(projection)
    register.now += 86_400
    register.write(content(3))
    names(projection)
    register.calls.clear()

    names(projection)

    assert register.calls == {"tail": 1}


@pytest.mark.parametrize("many", [3, 1500])
def test_a_copy_that_begins_after_several_epochs_ends_in_the_newest(
    register: Register, projection: Projection, many: int
) -> None:
    for day in range(3):
        for number in range(many):
            register.write(content(day * many + number))
        register.renew_epoch(f"epoch {day}")
        register.now += 86_400
    register.page_size = 1000

    for _ in range(20):
        try:
            found = names(projection)
            break
        except CatchingUp:
            continue

    assert len(found) == 3 * many
    with projection.read() as connection:
        assert connection.execute("SELECT epoch FROM following").fetchone() == ("epoch 2",)


def test_a_list_is_never_read_from_a_copy_that_another_thread_has_just_thrown_away(
    tmp_path: Path, register: Register, projection: Projection, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.write(content(1))
    refresh = projection.refresh
    thrown: list[bool] = []

    def refreshed_and_thrown_away() -> None:
        refresh()
        if not thrown:
            connection = sqlite3.connect(tmp_path / "copy.sqlite", isolation_level=None)
            thrown.append(begin_epoch(connection, "another"))
            connection.close()

    monkeypatch.setattr(projection, "refresh", refreshed_and_thrown_away)

    assert names(projection) == ["Netz 00001"]
    assert thrown == [True]


def test_the_queries_of_one_answer_see_one_state(register: Register, projection: Projection) -> None:
    register.write(content(1))

    with projection.read() as connection:
        before = connection.execute("SELECT count(*) FROM record").fetchone()
        register.write(content(2))
        inner = names(projection)
        after = connection.execute("SELECT count(*) FROM record").fetchone()

    assert (before, after, inner) == ((1,), (1,), ["Netz 00001", "Netz 00002"])


def test_time_moves_the_tail_along(register: Register, projection: Projection) -> None:
    for number in range(3):
        register.now = START + number * 100_000
        register.write(content(number))
        names(projection)

    names(projection)

    assert register.asked_since == [
        None,
        # A day later it looks far back, which is not needed again at once.
        *(stamp_of(START + number * 100_000 + 0.001 - back) for number, back in enumerate((150, 150, 12))),
    ]


def test_a_copy_that_was_never_level_with_the_feed_is_not_read(
    register: Register, projection: Projection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1500):
        register.write(content(number))
    with pytest.raises(CatchingUp):
        projection.refresh()
    monkeypatch.setattr(projection, "refresh", lambda: None)  # another's, before a third threw the copy away

    with pytest.raises(CatchingUp):
        names(projection)


def test_a_copy_that_was_killed_in_the_middle_of_catching_up_is_whole_and_goes_on(
    tmp_path: Path, register: Register, open_projection: Open
) -> None:
    program = """
import os, signal, sys
from pathlib import Path
from shared.projection.engine import Projection
from shared.projection.folder import Folder
from tests.projection.register import Register
from tests.projection.networks import content

class Deadly(Register):
    def documents(self, ids):
        if self.calls["documents"] == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().documents(ids)

register = Deadly()
for number in range(900):
    register.write(content(number))
Projection(Path(sys.argv[1]), register, Folder(Path(sys.argv[2])), clock=lambda: register.now).refresh()
"""
    root = Path(__file__).parents[2]
    killed = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "copy.sqlite"), str(tmp_path / "bucket")], cwd=root, check=False
    )
    for number in range(900):
        register.write(content(number))

    projection = open_projection()

    assert killed.returncode == -9
    assert names(projection) == [f"Netz {number:05}" for number in range(900)]
    assert register.asked_since == [stamp_of(seconds_of(register.entries[599].stamp) - FAR_BACK)]
    assert register.calls["documents"] == 2


def test_a_read_that_fails_half_way_is_made_good_by_the_next(open_projection: Open) -> None:
    class Failing(Register):
        def documents(self, ids: Sequence[str]) -> dict[str, Document]:
            if self.calls["documents"] == 1:
                self.calls["documents"] += 1
                raise ConnectionResetError
            return super().documents(ids)

    failing = Failing()
    for number in range(500):
        failing.write(content(number))
    projection = open_projection(feed=failing)

    with pytest.raises(ConnectionResetError):
        names(projection)

    assert len(names(projection)) == 500
