"""A follower that is killed now and then holds in the end what the register holds, whatever failed on the way."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from threading import Event, Lock, Thread, Timer
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from infra.local.wire import Server, listen
from shared.budget import spending
from shared.tables.client import Clock
from shared.tables.sweeper import Sweeper
from tests.api import samples
from tests.api.client import Api, Json
from tests.concurrency.conftest import Engine, at_once

ROOT = Path(__file__).resolve().parents[2]
WRITERS = 8
WRITES = 2_000
FAULTS = 0.04
LATEST = 16.0
"""Seconds after it was given up by which a write may commit."""


class Killed(BaseException):
    """The writer's process is gone."""


class Faulty:
    """The real client, of whose writes some go wrong; for any number of threads."""

    def __init__(self, real: Any, random: Random) -> None:  # noqa: ANN401 - botocore makes its clients at run time
        self.real = real
        self.rate = FAULTS
        self.met: Counter[str] = Counter()
        self.late: list[Timer] = []
        self._random = random
        self._lock = Lock()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the client has
        return getattr(self.real, name)

    def transact_write_items(self, **request: Any) -> Any:  # noqa: ANN401 - DynamoDB's JSON
        with self._lock:
            happens = self._random.random() < self.rate
            fault = self._random.choice(["answer lost", "lost", "late", "late and killed", "applied and killed"])
            delay = self._random.uniform(0.05, LATEST)
            self.met[fault] += happens
        if not happens:
            return self.real.transact_write_items(**request)
        if fault.startswith("late"):
            timer = Timer(delay, self._commit, [request])
            self.late.append(timer)
            timer.start()
        elif fault != "lost":
            self._commit(request)
        if fault.endswith("killed"):
            raise Killed
        raise ReadTimeoutError(endpoint_url="https://dynamodb")

    def _commit(self, request: Any) -> None:  # noqa: ANN401 - DynamoDB's JSON
        with suppress(ClientError):
            self.real.transact_write_items(**request)


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


def write(api: Api, random: Random, count: int, networks: list[str], known: list[str]) -> None:
    """So many writes of all kinds; what they answer does not matter here."""
    for number in range(count):
        network, path = random.choice(networks), random.choice(known)
        change: Json = {"note": str(number)} if "/members/" in path else {"topics": [f"t{number}"]}
        works: list[Callable[[], Any]] = [
            lambda: api.post("/organisations", {"name": f"Firma {number}", "kind": "company"}),  # noqa: B023
            lambda: api.post("/events", samples.least("event", network)),  # noqa: B023
            lambda: api.post("/cooperations", samples.least("cooperation", network)),  # noqa: B023
            lambda: api.post(f"/organisations/{network}/members", {"member_id": random.choice(networks)}),  # noqa: B023
            lambda: api.delete(path, if_match="*"),  # noqa: B023
            *[lambda: api.patch(path, change, if_match="*")] * 5,  # noqa: B023
        ]
        with suppress(Killed):
            answer = random.choice(works)()
            if answer.status == 201:
                known.append(answer.headers["location"].removeprefix("/v1"))


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


def applied(pages: list[bytes]) -> dict[str, tuple[int, Json | None]]:
    found: dict[str, tuple[int, Json | None]] = {}
    for entry in (entry for page in pages for entry in json.loads(page)["items"]):
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


def test_a_follower_that_is_killed_now_and_then_holds_what_the_register_holds(
    engine: Engine, faulty: Faulty, ahead: list[float], url: str, tmp_path: Path
) -> None:
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

    assert mirrored(file) == truth
    assert first == second
    assert applied(first) == truth
    members = {
        entry["id"]: entry["record"]["network_id"]
        for page in first
        for entry in json.loads(page)["items"]
        if entry["type"] == "membership" and "record" in entry
    }
    assert {
        record_id: versions(engine.api, record_id, record, members) for record_id, (_, record) in truth.items()
    } == {record_id: list(range(1, version + 1)) for record_id, (version, _) in truth.items()}
    assert sum(version for version, _ in truth.values()) > WRITES / 2
    assert faulty.met.keys() == {"answer lost", "lost", "late", "late and killed", "applied and killed"}
    assert late > 0
    assert kills[0] > 5
