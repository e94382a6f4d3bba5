"""The follower applies each entry by its version, a page at once, and begins anew where the feed does."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from infra import follow
from infra.client import Answer, Client
from infra.follow import BEGINNING, FollowFailed, Mirror
from tests.api.client import Json

URL = "http://127.0.0.1:8000/v1"
ONE = "org_01hzy3v8k2q4w5e6r7t8y9z0ab"
OTHER = "evt_01hzy3v8k2q4w5e6r7t8y9z0ab"


@dataclass(frozen=True, slots=True)
class Register(Client):
    """Answers with what the test wrote down, in turn."""

    pages: list[Answer] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, *_: object, **__: object) -> Answer:
        assert method == "GET"
        self.asked.append(path)
        return self.pages.pop(0)


def entry(record_id: str, version: int, change: str = "changed", *, late: bool = False) -> Json:
    told: Json = {"id": record_id, "type": "any", "version": version, "change": change, "at": f"t{version}"}
    record = {} if change == "deleted" else {"record": {"id": record_id, "version": version, "name": "ä"}}
    return {**told, "late": late, **record}


def answer(status: int, content: Json) -> Answer:
    return Answer(status, {}, json.dumps(content).encode())


def page(place: str, *items: Json, more: bool = True) -> Answer:
    return answer(200, {"items": list(items), "next": f"/v1/changes?after={place}", "more": more})


Begin = Callable[..., Mirror]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    opened: list[Mirror] = []

    def mirror(*pages: Answer, url: str = URL) -> Mirror:
        opened.append(Mirror.open(tmp_path / "mirror.sqlite", Register(url, pages=list(pages))))
        return opened[-1]

    yield mirror
    for one in opened:
        one.connection.close()


def rows(mirror: Mirror) -> list[tuple[str, int, bool]]:
    found = mirror.connection.execute("SELECT id, version, text IS NULL FROM record ORDER BY id").fetchall()
    return [(record_id, version, bool(is_deleted)) for record_id, version, is_deleted in found]


def asked(mirror: Mirror) -> list[str]:
    assert isinstance(mirror.client, Register)
    return mirror.client.asked


def test_it_reads_from_the_beginning_and_goes_on_from_next(begin: Begin) -> None:
    mirror = begin(page("a", entry(ONE, 1, "created")), page("b", entry(ONE, 2), more=False))

    more = [mirror.step(), mirror.step()]

    assert more == [True, False]
    assert asked(mirror) == [BEGINNING, "/changes?after=a"]
    assert mirror.connection.execute("SELECT * FROM record").fetchall() == [
        (ONE, "any", 2, "t2", f'{{"id":"{ONE}","version":2,"name":"ä"}}')
    ]


def test_an_older_version_behind_a_newer_one_changes_nothing(begin: Begin) -> None:
    mirror = begin(page("a", entry(ONE, 3), entry(ONE, 2, late=True), entry(ONE, 3)))

    mirror.step()

    assert rows(mirror) == [(ONE, 3, False)]


@pytest.mark.parametrize("change", ["deleted", "merged"])
def test_what_is_gone_stays_as_a_tombstone(begin: Begin, change: str) -> None:
    gone = {key: value for key, value in entry(ONE, 2, change).items() if key != "record"}
    mirror = begin(page("a", entry(ONE, 1, "created"), gone, entry(ONE, 1, late=True)))

    mirror.step()

    assert rows(mirror) == [(ONE, 2, True)]


def test_a_page_is_taken_in_whole_or_not_at_all(begin: Begin) -> None:
    broken = {key: value for key, value in entry(OTHER, 1, "created").items() if key != "record"}
    mirror = begin(page("a", entry(ONE, 1, "created")), page("b", entry(ONE, 2), broken))
    mirror.step()

    with pytest.raises(FollowFailed, match="without its content"):
        mirror.step()

    assert rows(mirror) == [(ONE, 1, False)]
    assert mirror.connection.execute("SELECT next FROM place").fetchall() == [("/changes?after=a",)]


def test_it_goes_on_where_it_stopped(begin: Begin) -> None:
    begin(page("a", entry(ONE, 1, "created"))).step()

    again = begin(page("b", entry(OTHER, 1, "created")))
    again.step()

    assert asked(again) == ["/changes?after=a"]
    assert rows(again) == [(OTHER, 1, False), (ONE, 1, False)]


def test_after_a_restore_it_begins_anew(begin: Begin) -> None:
    restarted = answer(410, {"detail": "Begin anew."})
    mirror = begin(page("a", entry(ONE, 1, "created")), restarted, page("c", entry(OTHER, 1, "created"), more=False))

    more = [mirror.step() for _ in range(3)]

    assert more == [True, True, False]
    assert asked(mirror) == [BEGINNING, "/changes?after=a", BEGINNING]
    assert rows(mirror) == [(OTHER, 1, False)]


def test_a_mirror_is_of_one_register(begin: Begin) -> None:
    begin(page("a")).step()

    with pytest.raises(FollowFailed, match="mirrors http://127"):
        begin(url="https://register.example/v1")


def test_other_answers_are_told(begin: Begin) -> None:
    with pytest.raises(FollowFailed, match="400 Use a cursor"):
        begin(answer(400, {"detail": "Use a cursor"})).step()


def test_what_is_no_register_and_what_is_no_mirror_is_told(begin: Begin, tmp_path: Path) -> None:
    with pytest.raises(FollowFailed, match=r"is no register; its address ends with /v1\."):
        begin(Answer(200, {}, b"<!doctype html>")).step()
    (tmp_path / "text").write_text("no database, and long enough to tell" * 40, encoding="utf-8")
    for file in (tmp_path / "text", tmp_path, tmp_path / "nowhere" / "mirror.sqlite"):
        with pytest.raises(FollowFailed, match="can be no mirror: "):
            Mirror.open(file, Register(URL))


def test_the_command_ends_when_it_is_level(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = [page("a", entry(ONE, 1, "created")), page("b", more=False), answer(500, {"title": "Failed"})]
    monkeypatch.setattr(follow, "Client", lambda url: Register(url, pages=pages))
    arguments = [URL, str(tmp_path / "mirror.sqlite"), "--once"]

    statuses = [follow.main(arguments), follow.main(arguments)]

    assert statuses == [0, 1]
    assert capsys.readouterr().err == "The register answered 500 Failed\n"
    with sqlite3.connect(tmp_path / "mirror.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM record").fetchall() == [(1,)]
    connection.close()
