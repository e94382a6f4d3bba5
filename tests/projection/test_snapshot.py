"""Snapshots: built, loaded, and harmless when they are missing, bad, foreign or forbidden."""

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from shared.errors import CatchingUp
from shared.projection.engine import Projection
from shared.projection.folder import Folder
from shared.projection.model import LISTS
from shared.projection.snapshot import Pointer, build_snapshot, current
from tests.projection.networks import content, names, roll_back
from tests.projection.register import Register

Open = Callable[..., Projection]


def fill(register: Register, first: int, last: int) -> None:
    register.page_size = 1000
    for number in range(first, last):
        register.write(content(number))


def test_a_snapshot_saves_a_new_copy_the_way_through_the_feed(
    register: Register, snapshots: Folder, open_projection: Open
) -> None:
    fill(register, 0, 2500)
    pointer = build_snapshot(open_projection("builder.sqlite"))
    fill(register, 2500, 2600)
    register.calls.clear()

    found = names(open_projection())

    assert found == [f"Netz {number:05}" for number in range(2600)]
    assert register.calls == {"tail": 1, "documents": 1}
    assert current(snapshots) == pointer
    assert pointer.position == register.entries[2499].stamp
    assert pointer.name.startswith(f"snapshots/{LISTS.schema}/0/20261120120002500-")


def test_a_new_copy_begins_with_the_file_of_the_snapshot(
    register: Register, tmp_path: Path, open_projection: Open
) -> None:
    fill(register, 0, 10)
    builder = open_projection("builder.sqlite")
    pointer = build_snapshot(builder)
    with builder.copy() as copied:
        content = copied.read_bytes()
    register.calls.clear()

    open_projection("new.sqlite")

    begun = (tmp_path / "new.sqlite").read_bytes()
    # What stands from byte 18 on says whether a log is written ahead, and counts the changes of the first page.
    assert (begun[:18], begun[100:]) == (content[:18], content[100:])
    assert (pointer.position, register.calls) == (register.entries[-1].stamp, {})


def test_a_log_without_its_file_gets_into_no_copy(register: Register, tmp_path: Path, open_projection: Open) -> None:
    fill(register, 0, 10)
    lost = open_projection("lost.sqlite")
    names(lost)
    lost.forget_pages()
    fill(register, 10, 11)
    names(lost)
    (tmp_path / "new.sqlite-wal").write_bytes((tmp_path / "lost.sqlite-wal").read_bytes())
    fill(register, 11, 200)
    build_snapshot(open_projection("builder.sqlite"))

    found = names(open_projection("new.sqlite"))

    assert found == [f"Netz {number:05}" for number in range(200)]


def test_a_file_that_another_process_begins_meanwhile_stays(
    register: Register, tmp_path: Path, snapshots: Folder, open_projection: Open
) -> None:
    fill(register, 0, 10)
    build_snapshot(open_projection("builder.sqlite"))
    path = tmp_path / "new.sqlite"
    begun: list[int] = []

    class Slow(Folder):
        def get(self, name: str) -> bytes | None:
            if name != LISTS.pointer and not begun:
                begun.append(0)
                names(open_projection(path.name))
                begun[:] = [path.stat().st_ino]
            return super().get(name)

    found = names(open_projection(path.name, snapshots=Slow(snapshots.path)))

    assert found == [f"Netz {number:05}" for number in range(10)]
    assert begun == [path.stat().st_ino]


def test_a_living_copy_that_is_too_far_behind_takes_the_newer_snapshot(
    register: Register, open_projection: Open
) -> None:
    woken: list[bool] = []
    living = open_projection(wake=lambda: woken.append(True))
    fill(register, 0, 10)
    names(living)
    fill(register, 10, 3000)
    build_snapshot(open_projection("builder.sqlite"))
    register.calls.clear()

    found = names(living)

    assert len(found) == 3000
    assert (woken, register.calls) == ([], {"tail": 2})


def test_what_was_pending_when_a_snapshot_was_built_is_pending_in_its_copies(
    register: Register, open_projection: Open
) -> None:
    entry = register.write(content(1), stored=False)
    revision = register.revisions.pop((entry.id, entry.version))
    pointer = build_snapshot(open_projection("builder.sqlite"))
    register.tick(3600)
    register.write(content(2))
    register.documents_by_id[entry.id] = revision

    found = names(open_projection())

    assert pointer.pending == {entry.id: 1}
    assert found == ["Netz 00001", "Netz 00002"]


def test_an_unchanged_register_gets_no_second_snapshot(
    register: Register, snapshots: Folder, open_projection: Open
) -> None:
    fill(register, 0, 10)
    first = build_snapshot(open_projection("builder.sqlite"))
    written: list[str] = []

    class Watched(Folder):
        def put(self, name: str, content: bytes, served_as: str | None = None) -> None:
            written.append(name)
            super().put(name, content, served_as)

    second = build_snapshot(open_projection("builder.sqlite", snapshots=Watched(snapshots.path)))

    assert (second, written) == (first, [])


def test_the_pointer_is_written_last(register: Register, snapshots: Folder, open_projection: Open) -> None:
    class Broken(Folder):
        def put(self, name: str, content: bytes, served_as: str | None = None) -> None:
            if name != LISTS.pointer:
                raise OSError(13, "Permission denied")
            super().put(name, content, served_as)

    fill(register, 0, 10)

    with pytest.raises(OSError, match="Permission denied"):
        build_snapshot(open_projection("builder.sqlite", snapshots=Broken(snapshots.path)))

    assert current(snapshots) is None


def point_to(snapshots: Folder, packed: bytes, pointer: Pointer) -> None:
    """Put an object in the place of the current one, with a pointer that matches it."""
    snapshots.put(pointer.name, packed)
    matching = replace(pointer, length=len(packed), sha256=hashlib.sha256(packed).hexdigest())
    snapshots.put(LISTS.pointer, json.dumps(asdict(matching)).encode())


def forbid(snapshots: Folder, pointer: Pointer) -> None:
    path = snapshots.path / pointer.name
    path.unlink()
    path.mkdir()  # a folder cannot be read either, not even by root


def of_another_schema(packed: bytes) -> bytes:
    content = bytearray(gzip.decompress(packed))
    content[60:64] = (999).to_bytes(4)  # SQLite keeps the user version there
    return gzip.compress(bytes(content))


Damage = Callable[[Folder, Pointer, bytes], object]
DAMAGES: dict[str, Damage] = {
    "no pointer": lambda s, *_: (s.path / LISTS.pointer).unlink(),
    "pointer is no JSON": lambda s, *_: s.put(LISTS.pointer, b"\xff{"),
    "pointer of another shape": lambda s, *_: s.put(LISTS.pointer, b'{"name": 7}'),
    "pointer is a list": lambda s, *_: s.put(LISTS.pointer, b"[]"),
    "no object": lambda s, pointer, _: (s.path / pointer.name).unlink(),
    "forbidden": lambda s, pointer, _: forbid(s, pointer),
    "truncated": lambda s, pointer, packed: s.put(pointer.name, packed[:-10]),
    "changed": lambda s, pointer, packed: s.put(pointer.name, packed[:-1] + bytes([packed[-1] ^ 1])),
    "replaced": lambda s, pointer, packed: s.put(
        pointer.name, gzip.compress(gzip.decompress(packed).replace(b"Netz 00007", b"Netz 99999"))
    ),
    "truncated before it was measured": lambda s, pointer, packed: point_to(s, packed[: len(packed) // 2], pointer),
    "not compressed": lambda s, pointer, _: point_to(s, b"plain", pointer),
    "no database": lambda s, pointer, _: point_to(s, gzip.compress(b"plain" * 1000), pointer),
    "half a database": lambda s, pointer, packed: point_to(s, gzip.compress(gzip.decompress(packed)[:6000]), pointer),
    "other schema": lambda s, pointer, packed: point_to(s, of_another_schema(packed), pointer),
    "other position": lambda s, pointer, packed: point_to(
        s, packed, replace(pointer, position="2030-01-01T00:00:00.000Z")
    ),
}


def spoil(kind: str, snapshots: Folder, pointer: Pointer) -> None:
    DAMAGES[kind](snapshots, pointer, snapshots.get(pointer.name) or b"")


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_bad_snapshot_is_no_error(register: Register, snapshots: Folder, open_projection: Open, kind: str) -> None:
    fill(register, 0, 50)
    spoil(kind, snapshots, build_snapshot(open_projection("builder.sqlite")))
    register.asked_since.clear()

    found = names(open_projection())

    assert found == [f"Netz {number:05}" for number in range(50)]
    assert register.asked_since == [None]


def test_without_a_good_snapshot_a_copy_too_far_behind_calls_for_one(
    register: Register, snapshots: Folder, open_projection: Open
) -> None:
    fill(register, 0, 1500)
    spoil("truncated", snapshots, build_snapshot(open_projection("builder.sqlite")))
    woken: list[bool] = []

    with pytest.raises(CatchingUp):
        names(open_projection(wake=lambda: woken.append(True)))

    assert woken == [True]


def test_a_copy_from_a_snapshot_is_not_read_before_it_has_followed_the_feed(
    register: Register, open_projection: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(register, 0, 10)
    build_snapshot(open_projection("builder.sqlite"))
    fill(register, 10, 1500)
    projection = open_projection()
    with pytest.raises(CatchingUp):
        projection.refresh()
    monkeypatch.setattr(projection, "refresh", lambda: None)

    with pytest.raises(CatchingUp):
        names(projection)


@pytest.mark.parametrize("living", [False, True])
def test_a_snapshot_of_an_earlier_epoch_is_not_kept(
    register: Register, snapshots: Folder, open_projection: Open, *, living: bool
) -> None:
    register.write(content(1))
    ghost = register.write(content(2, "Geist"))
    build_snapshot(open_projection("builder.sqlite"))
    projection = open_projection()
    if living:
        names(projection)
    roll_back(register, ghost)
    register.renew_epoch("first")

    found = names(projection)

    assert found == ["Netz 00001"]
    rebuilt = build_snapshot(open_projection("builder.sqlite"))
    assert (rebuilt.epoch, current(snapshots)) == ("first", rebuilt)
    assert names(open_projection("another.sqlite")) == ["Netz 00001"]


def test_after_a_new_epoch_its_own_snapshot_is_taken(register: Register, open_projection: Open) -> None:
    projection = open_projection()
    fill(register, 0, 5)
    names(projection)
    register.renew_epoch("first")
    fill(register, 5, 1500)
    build_snapshot(open_projection("builder.sqlite"))

    assert len(names(projection)) == 1500


def test_a_folder_keeps_the_old_object_when_a_write_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path)
    folder.put("a/b", b"old")

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(OSError, match="No space left"):
        folder.put("a/b", b"new")

    assert folder.get("a/b") == b"old"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]
