"""2,000 writes by eight writers, with faults, while a mirror and webhooks follow and everything dies now and then."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from threading import Event, Thread

import pytest

from functions.webhooks import delivering
from infra.local.wire import Server, listen
from shared.budget import spending
from shared.models.ids import RecordType
from shared.tables.client import Clock
from shared.tables.file_queue import FileQueue
from shared.tables.sweeper import Sweeper
from shared.tables.tables import Tables
from tests.api import samples
from tests.api.client import Api, Json
from tests.concurrency.conftest import Engine, at_once
from tests.concurrency.faults import Faulty, write
from tests.webhooks.doomed import Doomed, Telling, not_before, now_and_then, slowly
from tests.webhooks.receivers import receiving

ROOT = Path(__file__).resolve().parents[2]
WRITERS = 8
WRITES = 2_000
FAILING = 12
"""Messages that a receiver refuses before it takes one."""


@pytest.fixture
def ahead() -> list[float]:
    """Seconds by which the register's clock is ahead of this machine's."""
    return [0.0]


@pytest.fixture
def faulty(engine: Engine, ahead: list[float]) -> Iterator[Faulty]:
    tables = sys.modules["functions.process"].TABLES
    held = tables.client, tables.clock
    client = Faulty(engine.client, Random(5))  # noqa: S311 - it must be repeatable, not secret
    object.__setattr__(tables, "client", client)
    object.__setattr__(tables, "clock", Clock(now=lambda: time.time() + ahead[0]))
    yield client
    object.__setattr__(tables, "client", held[0])
    object.__setattr__(tables, "clock", held[1])
    # So many changes are more than a list reads before its answer.
    with spending(60.0):
        sys.modules["functions.process"].projection().catch_up()


@pytest.fixture
def url(engine: Engine) -> Iterator[str]:
    with closing(listen("127.0.0.1", 0)) as listener:
        server = Server(listener, engine.api.gateway.respond, engine.api.gateway.refuse)
        server.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        server.stop(1.0)


def follow(url: str, file: Path, *more: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "infra.follow", url, str(file), "--every", "0.1", *more]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})


def held(engine: Engine) -> dict[str, tuple[int, Json | None]]:
    """What the register holds: version and public content of every record, deleted ones included."""
    return {
        item["pk"]["S"]: (int(item["version"]["N"]), json.loads(item["text"]["S"]) if "text" in item else None)
        for table in engine.nouns
        for item in engine.items(table)
        if item["sk"]["S"] == "DOC"
    }


def mirrored(file: Path) -> dict[str, tuple[int, Json | None]]:
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT id, version, text FROM record").fetchall()
    return {record_id: (version, None if text is None else json.loads(text)) for record_id, version, text in rows}


def whole_feed(api: Api) -> list[bytes]:
    pages: list[bytes] = []
    path = "/changes?include=record&limit=200"
    while True:
        answer = api.get(path)
        assert answer.status == 200, answer.content
        pages.append(answer.content)
        path = answer.json["next"].removeprefix("/v1")
        if not answer.json["more"]:
            return pages


def applied(entries: list[Json]) -> dict[str, tuple[int, Json | None]]:
    found: dict[str, tuple[int, Json | None]] = {}
    for entry in entries:
        if entry["version"] > found.get(entry["id"], (0, None))[0]:
            found[entry["id"]] = entry["version"], entry.get("record")
    return found


def versions(api: Api, record_id: str, record: Json | None, networks: dict[str, str]) -> list[int]:
    """The numbers that a record's history has, oldest first."""
    collection = {"org": "organisations", "evt": "events", "coop": "cooperations"}.get(record_id.partition("_")[0])
    path = f"/{collection}/{record_id}"
    if collection is None:
        path = f"/organisations/{record['network_id'] if record else networks[record_id]}/members/{record_id}"
    answer = api.get(f"{path}/history?limit=200")
    assert (answer.status, answer.json["next"]) == (200, None), path
    return [item["version"] for item in answer.items][::-1]


@pytest.fixture
def everybody(engine: Engine, ahead: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Telling]:
    """Three receivers: one takes its time, one takes nothing at first, and all refuse something now and then."""
    monkeypatch.setattr(delivering, "DELAYS", (1,))
    monkeypatch.setattr(delivering, "LONGEST_REST", 1)
    clock = Clock(now=lambda: time.time() + ahead[0])
    tables = Tables(engine.client, sys.modules["functions.process"].TABLES.settings, clock)
    random = Random(7)  # noqa: S311 - the same
    with ExitStack() as stack:
        telling = Telling(tables, FileQueue(tmp_path / "queue.sqlite", clock.now), Doomed(random))
        wanted: list[tuple[RecordType, ...] | None] = [None, ("event",), ("cooperation", "membership")]
        for types in wanted:
            telling.enter(stack.enter_context(receiving()), types)
        plain, slow, failing = telling.listeners
        plain.respond = now_and_then(random)
        slow.respond = slowly(now_and_then(random))
        failing.respond = not_before(FAILING, now_and_then(random))
        yield telling


def test_everybody_holds_in_the_end_what_the_register_holds(
    engine: Engine,
    faulty: Faulty,
    ahead: list[float],
    url: str,
    everybody: Telling,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    begun = time.monotonic()
    networks = [samples.network(engine.api, name) for name in "ABCD"]
    known = [f"/organisations/{network}" for network in networks]
    file, over = tmp_path / "mirror.sqlite", Event()
    kills = [0]

    def keep_following() -> None:
        random = Random(3)  # noqa: S311 - the same
        while not over.is_set():
            process = follow(url, file)
            over.wait(random.uniform(0.4, 2.0))
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills[0] += 1

    following = Thread(target=keep_following)
    following.start()
    everybody.start()
    at_once(
        *(
            lambda writer=writer: write(engine.api, Random(writer), WRITES // WRITERS, networks, known)  # noqa: S311
            for writer in range(WRITERS)
        )
    )
    for timer in faulty.late:
        timer.join()
    faulty.rate = 0.0
    over.set()
    following.join()
    # What came late stands again after the next sweep, and is final ten seconds after that.
    late = 0
    for _ in range(2):
        ahead[0] += 12.0
        with spending(60.0):
            late += Sweeper(sys.modules["functions.process"].TABLES).sweep()
    ahead[0] += 12.0

    assert follow(url, file, "--once").wait(60) == 0
    truth = held(engine)
    first, second = whole_feed(engine.api), whole_feed(engine.api)
    entries = [entry for page in first for entry in json.loads(page)["items"]]
    everybody.finish(entries, seconds=180)

    assert mirrored(file) == truth
    assert first == second
    assert applied(entries) == truth
    members = {
        entry["id"]: entry["record"]["network_id"]
        for entry in entries
        if entry["type"] == "membership" and "record" in entry
    }
    assert {
        record_id: versions(engine.api, record_id, record, members) for record_id, (_, record) in truth.items()
    } == {record_id: list(range(1, version + 1)) for record_id, (version, _) in truth.items()}
    for listener in everybody.listeners:
        assert listener.missing(entries) == set()
        assert listener.is_signed_and_named()
    assert everybody.queue.dead() == []
    told = {
        "records, versions": f"{len(truth)}, {sum(version for version, _ in truth.values())}",
        "faults of writes": ", ".join(f"{name} {count}" for name, count in sorted(faulty.met.items())),
        "late entries": str(late),
        "deaths of the follower": str(kills[0]),
        "deaths of dispatcher and deliverers": str(everybody.doom.deaths),
        **{f"receiver {number}": listener.summary() for number, listener in enumerate(everybody.listeners, 1)},
        "seconds": f"{time.monotonic() - begun:.0f}",
    }
    with capsys.disabled():
        sys.stdout.write("\n" + "".join(f"  {name:36} {value}\n" for name, value in told.items()))
    assert sum(version for version, _ in truth.values()) > WRITES / 2
    assert faulty.met.keys() == {"answer lost", "lost", "late", "late and killed", "applied and killed"}
    assert late > 0
    assert kills[0] > 5
    assert everybody.doom.deaths > 20
