"""Clients that repeat a request until it is answered, while every call may fail: each write happens once or never."""

import json
import sys
import time as real_time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random

import pytest

from shared.budget import spending
from shared.http import edge
from shared.tables.client import Clock
from tests.api import samples
from tests.api.audit import Audit
from tests.api.chaos import Chaos, Killed
from tests.api.client import Answer, Api, Json
from tests.api.conftest import House, altered
from tests.fitting import misfits
from tests.tables.faulty import Time

Found = Mapping[str, Sequence[object]]
"""What is wrong in the end, by kind."""

OPERATIONS = 200
CLIENTS = 6
PATIENCE = 400
"""Attempts within which everything is answered, or something hangs."""
MOSTLY = 0.8
"""Part of the deletions that the clients hear of, so that they rarely name what is gone."""
ACKNOWLEDGED = {200, 201, 204}
REMEMBERED = {*ACKNOWLEDGED, 404, 409, 410, 412}


@dataclass(slots=True)
class Operation:
    """One request, which stays the same however often it is sent."""

    number: int
    method: str
    path: str
    body: Json | None
    if_match: str
    caller: Api
    marker: str = ""
    """What its record says from then on, and no other ever said."""
    sent: int = 0
    answer: Answer | None = None

    def send(self) -> Answer:
        self.sent += 1
        condition = {"if_match": self.if_match} if self.if_match else {}
        return self.caller.send(
            self.method, self.path, self.body, idempotency_key=f"operation-{self.number}", **condition
        )


@dataclass(slots=True)
class Clients:
    """Several of them, who take turns by chance and know what they were answered."""

    random: Random
    callers: list[Api]
    reader: Api
    known: dict[str, dict[str, str]] = field(default_factory=dict)
    """Paths of records by their ids, by type."""
    operations: list[Operation] = field(default_factory=list)
    waiting: list[Operation] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)

    def begin(self) -> None:
        """Think of a request."""
        operation = self._imagined(len(self.operations))
        self.operations.append(operation)
        self.waiting.append(operation)

    def _imagined(self, number: int) -> Operation:
        marker = f"m{number:04}x"
        caller = self.random.choice(self.callers)
        match self.random.choices(("create", "patch", "put", "delete"), (8, 8, 1, 1))[0]:
            case "create":
                path, body = self._entry(marker)
                return Operation(number, "POST", path, body, "", caller, marker)
            case "patch":
                record_type, _, path = self._some()
                body = self._change(record_type, marker)
                condition = self.random.choice(["*", f'"{self.random.randint(1, 3)}"'])
                return Operation(number, "PATCH", path, body, condition, caller, marker)
            case "put":
                path = self._some()[2]
                held = self.reader.get(path)
                body = held.json if held.status == 200 else {"name": "x", "kind": "other"}
                condition = held.headers.get("etag", '"1"')
                return Operation(number, "PUT", path, body, condition, caller)
            case _:
                return Operation(number, "DELETE", self._some()[2], None, "*", caller)

    def _some(self, record_type: str = "") -> tuple[str, str, str]:
        chosen = record_type or self.random.choice([name for name, held in self.known.items() if held])
        record_id, path = self.random.choice(list(self.known[chosen].items()))
        return chosen, record_id, path

    def _organisation(self) -> str:
        return self._some("organisation")[1]

    def _entry(self, marker: str) -> tuple[str, Json]:
        # Without a pair nothing but the Idempotency-Key keeps a record from being there twice.
        ids = [{"scheme": "crm", "value": marker}] if self.random.random() < 0.3 else []
        title: Json = {"title": {"de": marker}, "external_ids": ids}
        match self.random.choice(["organisation", "membership", "event", "cooperation"]):
            case "organisation":
                person = {"name": "Erika", "email": "erika@example.org"}
                related = [{"kind": "related", "organisation_id": self._organisation()}]
                body: Json = {"name": marker, "kind": "network", "people": [person], "relations": related}
                return "/organisations", {**body, "membership_grades": [{"code": "a"}], "external_ids": ids}
            case "membership":
                body = {"member_id": self._organisation(), "role": {"de": marker}, "external_ids": ids}
                grade = {"grade": "a"} if self.random.random() < 0.5 else {}
                return f"/organisations/{self._organisation()}/members", {**body, **grade}
            case "event":
                parent = {"part_of": self._some("event")[1]} if self.random.random() < 0.5 else {}
                organisers = [{"organisation_id": self._organisation()}]
                return "/events", {**title, "kind": "series", "status": "planned", "organisers": organisers, **parent}
            case _:
                parties = [{"organisation_id": self._organisation()}]
                return "/cooperations", {**title, "kind": "project", "status": "active", "parties": parties}

    def _change(self, record_type: str, marker: str) -> Json:
        match record_type:
            case "organisation":
                related = {"kind": "related", "organisation_id": self._organisation()}
                return {"website": f"https://example.org/{marker}", "relations": [related]}
            case "event":
                parent = self._some("event")[1] if self.random.random() < 0.5 else None
                return {"website": f"https://example.org/{marker}", "part_of": parent}
            case "membership":
                return {"note": marker}
            case _:
                return {"target_groups": [marker], "parties": [{"organisation_id": self._organisation()}]}

    def attempt(self, operation: Operation, *, is_lost: bool = False) -> None:
        """Send it once; whoever gets no answer, or one that passes, sends it again later."""
        self.waiting.remove(operation)
        try:
            answer = operation.send()
        except Killed:
            self.tally["killed"] += 1
            self.waiting.append(operation)
            return
        if answer.status == 503 or (answer.status == 409 and "retry-after" in answer.headers) or is_lost:
            self.tally["503" if answer.status == 503 else "answer lost behind the API"] += 1
            self.waiting.append(operation)
            return
        self.tally["replayed"] += "idempotent-replayed" in answer.headers
        operation.answer = answer
        if answer.status == 201:
            record = answer.json
            path = answer.headers["location"].removeprefix("/v1")
            self.known.setdefault(record["type"], {})[record["id"]] = path
        if answer.status == 204 and self.random.random() < MOSTLY:
            for held in self.known.values():
                held.pop(operation.path.rpartition("/")[2], None)


@dataclass(frozen=True, slots=True)
class Ground:
    """The register under clients and faults."""

    clients: Clients
    chaos: Chaos
    time: Time


@pytest.fixture
def ground(house: House, api: Api, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Ground]:
    random = Random(request.param)  # noqa: S311 - it must be repeatable, not secret
    networks = [samples.network(api, name, membership_grades=[{"code": "a"}]) for name in ("A", "B", "C", "D")]
    scopes = ("organisations:write", "events:write", "cooperations:write")
    callers = [api, api, api, *(Api(api.gateway, house.key(network, *scopes)) for network in networks[:2])]
    event = samples.plain_event(api)
    clients = Clients(random, callers, api)
    clients.known = {
        "organisation": {network: f"/organisations/{network}" for network in networks},
        "event": {event: f"/events/{event}"},
    }
    time = Time(now=real_time.time())
    chaos = Chaos(house.process.TABLES.client, time, random, 0.0)
    monkeypatch.setattr(edge, "spending", partial(spending, monotonic=lambda: time.elapsed))
    clock = Clock(now=lambda: time.now, sleep=time.pass_by, random=random.random)
    remembering = altered(house.process.PARTNERS, _remembered={})
    with altered(house.process.TABLES, client=chaos, clock=clock), remembering:
        yield Ground(clients, chaos, time)


def run(house: House, ground: Ground, rate: float) -> None:
    """Let the clients work under faults until all is answered."""
    clients, chaos = ground.clients, ground.chaos
    depth = [0]

    def meanwhile() -> None:
        # Between what one request read and what it commits, another one may go all its way.
        if depth[0] == 0 and clients.waiting:
            depth[0] += 1
            clients.attempt(clients.random.choice(clients.waiting))
            depth[0] -= 1

    chaos.meanwhile = meanwhile
    for _ in range(OPERATIONS * PATIENCE):
        while len(clients.waiting) < CLIENTS and len(clients.operations) < OPERATIONS:
            chaos.rate = 0.0
            clients.begin()
        if not clients.waiting:
            break
        chaos.rate = rate
        clients.attempt(clients.random.choice(clients.waiting), is_lost=clients.random.random() < rate)
        # Now and then a process begins anew.
        if clients.random.random() < rate:
            house.process.PARTNERS._remembered.clear()
        ground.time.pass_by(clients.random.uniform(0.0, 1.0))
    chaos.rate = 0.0
    ground.time.pass_by(120.0)
    assert clients.waiting == []
    assert ground.time.due == []


@pytest.mark.parametrize(("ground", "rate"), [(7, 0.05), (11, 0.3)], indirect=["ground"], ids=str)
def test_each_write_happens_once_or_never_whatever_fails(
    house: House, ground: Ground, rate: float, capsys: pytest.CaptureFixture[str]
) -> None:
    clients, chaos = ground.clients, ground.chaos

    run(house, ground, rate)

    audit = Audit.of(house.contents())
    found: Found = {
        "duplicates": [one.number for one in clients.operations if one.marker and is_doubled(audit, one)],
        "lost": [one.number for one in clients.operations if is_lost(audit, one)],
        "done though refused": [one.number for one in clients.operations if is_done_though_refused(audit, one)],
        "answered otherwise": [one.number for one in clients.operations if not is_answered_alike(one)],
        "not fitting together": [*misfits(house.contents()), *audit.misremembered()],
    }
    with capsys.disabled():
        sys.stdout.write(table(rate, clients, chaos, found))
    assert found == {name: [] for name in found}
    assert Audit.of(house.contents()) == audit
    statuses = Counter(one.answer.status for one in clients.operations if one.answer)
    assert statuses.keys() >= {200, 201, 204, 403, 412}
    assert chaos.met.keys() & {"answer lost", "applied and broken", "applied and killed", "late"}
    assert sum(chaos.met.values()) > chaos.calls * rate / 2


def is_doubled(audit: Audit, operation: Operation) -> bool:
    return len(audit.introductions(operation.marker)) > 1


def is_lost(audit: Audit, operation: Operation) -> bool:
    """Whether a write was acknowledged and is not there."""
    answer = operation.answer
    assert answer is not None
    if answer.status == 204:
        record_id = operation.path.rpartition("/")[2]
        return [("text" in item) for item in audit.revisions[record_id].values()].count(False) != 1
    if answer.status not in ACKNOWLEDGED:
        return False
    said = answer.json
    revision = audit.revisions[said["id"]].get(said["version"], {})
    is_there = revision.get("text", {}).get("S", "").encode() == answer.content
    introduced = audit.introductions(operation.marker) == [(said["id"], said["version"])]
    return not is_there or (bool(operation.marker) and not introduced)


def is_done_though_refused(audit: Audit, operation: Operation) -> bool:
    assert operation.answer is not None
    refused = operation.answer.status not in ACKNOWLEDGED
    return refused and bool(operation.marker) and bool(audit.introductions(operation.marker))


def is_answered_alike(operation: Operation) -> bool:
    """Whether the same request gets the same answer once more."""
    first = operation.answer
    assert first is not None
    if first.status not in REMEMBERED:
        return True
    again = operation.send()
    if first.status in ACKNOWLEDGED:
        same = again.content == first.content
    else:
        same = {**again.json, "instance": ""} == {**first.json, "instance": ""}
    return again.status == first.status and same and "idempotent-replayed" in again.headers


def table(rate: float, clients: Clients, chaos: Chaos, found: Found) -> str:
    """What happened, for whoever runs the test."""
    statuses = Counter(one.answer.status for one in clients.operations if one.answer)
    lines = {
        "calls that went wrong": f"{sum(chaos.met.values())} of {chaos.calls}",
        "how": ", ".join(f"{name} {count}" for name, count in sorted(chaos.met.items())),
        "requests": f"{sum(one.sent for one in clients.operations)} for {len(clients.operations)} writes",
        "on the way": ", ".join(f"{name} {count}" for name, count in sorted(clients.tally.items())),
        "in the end": ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items())),
        **{name: json.dumps(faults) if faults else "none" for name, faults in found.items()},
    }
    said = "".join(f"  {name:<22} {text}\n" for name, text in lines.items())
    return f"\nfaults in {rate:.0%} of the calls\n{said}"
