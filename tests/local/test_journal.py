import json
from pathlib import Path

import pytest

from infra.local.journal import Journal, JournalDamaged


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def written(path: Path) -> Journal:
    journal = Journal(path)
    journal.load()
    journal.defined("two tables", ["notes", "other"])
    journal.changed([("notes", "a", "1", {"text": {"S": "ä"}}), ("notes", "b", "1", {"text": {"S": "b"}})])
    journal.changed([("notes", "b", "1", None), ("other", "c", "1", {"n": {"N": "1"}})])
    return journal


def test_what_was_written_is_read_again(path: Path) -> None:
    written(path).close()

    contents = Journal(path).load()

    assert contents.definitions == "two tables"
    assert contents.items == {
        "notes": {("a", "1"): {"text": {"S": "ä"}}},
        "other": {("c", "1"): {"n": {"N": "1"}}},
    }


def test_nothing_waits_in_memory(path: Path) -> None:
    written(path)

    contents = Journal(path).load()

    assert contents.live() == 2


def test_items_of_a_dropped_table_are_gone(path: Path) -> None:
    journal = written(path)
    journal.defined("one table", ["other"])
    journal.defined("two tables", ["notes", "other"])
    journal.close()

    contents = Journal(path).load()

    assert contents.items == {"other": {("c", "1"): {"n": {"N": "1"}}}}


@pytest.mark.parametrize("cut", [1, 10, 40])
def test_a_line_that_was_cut_off_is_dropped_as_a_whole(path: Path, cut: int) -> None:
    written(path).close()
    path.write_bytes(path.read_bytes()[:-cut])
    journal = Journal(path)

    contents = journal.load()
    journal.changed([("notes", "d", "1", {})])
    journal.close()

    assert set(contents.items["notes"]) == {("a", "1"), ("b", "1")}
    assert set(Journal(path).load().items["notes"]) == {("a", "1"), ("b", "1"), ("d", "1")}


@pytest.mark.parametrize("damage", [b"\x00\x00\n", b"[]\n", b'{"changes":[[1]]}\n', b"\n"])
def test_damage_in_the_middle_is_never_passed_over(path: Path, damage: bytes) -> None:
    written(path).close()
    first, *rest = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + damage + b"".join(rest))

    with pytest.raises(JournalDamaged, match="line 2"):
        Journal(path).load()


def test_a_journal_of_mostly_past_changes_is_written_anew(path: Path) -> None:
    journal = written(path)
    for number in range(1_500):
        journal.changed([("notes", "a", "1", {"n": {"N": str(number)}})])
    journal.close()
    size = path.stat().st_size
    journal = Journal(path)

    contents = journal.load()

    journal.close()
    again = Journal(path).load()
    assert path.stat().st_size < size / 100
    assert (again.definitions, again.items) == (contents.definitions, contents.items)
    assert again.items["notes"] == {("a", "1"): {"n": {"N": "1499"}}}
    assert all(json.loads(line) for line in path.read_text().splitlines())


def test_what_was_overwritten_is_forgotten_at_the_next_start(path: Path) -> None:
    journal = written(path)
    journal.changed([("notes", "a", "1", {"text": {"S": "left"}})])
    journal.close()

    contents = Journal(path).load()

    assert contents.items["notes"] == {("a", "1"): {"text": {"S": "left"}}}
    assert "ä" not in path.read_text(encoding="utf-8")
    assert Journal(path).load().items == contents.items


def test_only_its_owner_may_read_a_journal_even_when_it_was_written_anew(path: Path) -> None:
    journal = written(path)
    first = path.stat().st_mode & 0o777
    journal.close()

    Journal(path).load()

    assert (first, path.stat().st_mode & 0o777) == (0o600, 0o600)
