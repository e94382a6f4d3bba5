"""`make soak`: ten minutes of everything at once; the exit status says whether all held (MINUTES=10; Linux)."""

import argparse
import contextlib
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any, Final

from infra.bench.measuring import write_results
from infra.client import Json
from infra.soak import audit, engine, verdict
from infra.soak.asking import Asker, Course
from infra.soak.readers import Follower, Reader, walked
from infra.soak.register import Register, Sample
from infra.soak.rude import Rude
from infra.soak.verdict import Disturbance, Span
from infra.soak.writers import Writer

RATE: Final = 0.15
"""Of the calls to DynamoDB go wrong while a fault is injected."""
FAULTS: Final = [(0.04 + number / 10, 0.07 + number / 10) for number in range(9)]
KILLS: Final = [(0.08, "server"), (0.16, "engine"), (0.26, "server")]
"""Parts of the time; the last kill comes in the middle of a fault."""
CALM: Final = 0.55
"""The part of the time from which on memory and speed are judged: a server needs about three minutes to warm up."""
RECOVERY: Final = 10.0
"""Seconds after a start in which the lists may still be built anew."""
SETTLED: Final = 115.0
"""Seconds after the last fault: the latest write, the sweep that finds it, and the line behind which it is final."""
SCOPES: Final = "organisations:write,events:write,cooperations:write"
SPIN: Final = 1_000_000
SHOWN: Final = 40


@dataclass(slots=True)
class Hook:
    """A receiver of webhooks on this machine."""

    ids: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def listening(self) -> Iterator[str]:
        """Give its address, for as long as the block lasts."""
        ids = self.ids

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Answer the challenge, and take everything."""
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                content = b""
                if said["type"] == "webhook.challenge":
                    content = json.dumps({"challenge": said["data"]["challenge"]}).encode()
                else:
                    ids.append(str(self.headers["webhook-id"]))
                self.send_response(HTTPStatus.OK)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://localhost:{server.server_port}/hook"
            server.shutdown()


@dataclass(slots=True)
class Soak:
    """One run: the register, its clients, and what was done to them."""

    register: Register
    course: Course
    seconds: float
    hook: Hook = field(default_factory=Hook)
    writers: list[Writer] = field(default_factory=list)
    follower: Follower | None = None
    disturbances: list[Disturbance] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    spins: list[tuple[float, float]] = field(default_factory=list)
    """Moments, and the seconds that a fixed piece of work took then."""
    met: Counter[str] = field(default_factory=Counter)
    part: float = 0.0
    """Of the calls of DynamoDB that go wrong now."""
    _fault_since: float = 0.0
    webhook: Json = field(default_factory=dict)

    def prepare(self, hook: str) -> None:
        """Enter partners, their keys and a webhook, and let all clients wait for the start."""
        office = Asker(self.course, self.register.key)
        networks = [
            office.settle(
                "create organisation", "POST", "/organisations", {"name": f"Netz {name}", "kind": "network"}
            ).json["id"]
            for name in "ABC"
        ]
        paths = [f"/organisations/{network}" for network in networks]
        self.webhook = office.settle("webhook", "POST", "/webhooks", {"url": hook}).json
        for name, network in zip("ab", networks, strict=False):
            made = self.register.command("infra.keys", "create", "--organisation", network, "--scopes", SCOPES)
            key = made.stdout.splitlines()[-1]
            self._writer(name, Asker(self.course, key), network, [f"/organisations/{network}"], is_office=False)
        for name in "cd":
            self._writer(name, Asker(self.course, self.register.key), networks[2], paths, is_office=True)
        self.course.known["networks"] = paths
        for item in walked(office, "/organisations?limit=200"):
            self.course.known.setdefault("sample", []).append(f"/organisations/{item['id']}")
        for number in range(3):
            reader = Reader(Asker(self.course), Random(number))  # noqa: S311 - chance that can be repeated
            self.course.run(f"reader {number}", reader.step, reader.asker.close, 0.05)
        self.follower = Follower(Asker(self.course))
        self.course.run("follower", self.follower.step, self.follower.asker.close, 1.0)
        rude = Rude(self.course, self.register.key, Random(9))  # noqa: S311 - the same
        self.course.run("rude", rude.step, lambda: None, 0.2)
        office.close()

    def _writer(self, name: str, asker: Asker, own: str, shared: list[str], *, is_office: bool) -> None:
        writer = Writer(name, asker, own, shared, Random(name), is_office)  # noqa: S311 - the same
        self.writers.append(writer)
        self.course.run(f"writer {name}", writer.step, asker.close, 0.15)

    def run(self) -> Span:
        """Let everything happen in its time; gives the time that is to be judged."""
        begun = time.monotonic()
        plan: list[tuple[float, Any]] = [(at, lambda name=name: self._kill(name)) for at, name in KILLS]
        for first, last in FAULTS:
            plan += [(first, lambda: self._faulty(RATE)), (last, lambda: self._faulty(0.0))]
        calm: list[float] = []
        plan.append((CALM, lambda: calm.append(self._rest())))
        threading.Thread(target=self._sample, daemon=True).start()
        self.course.go()
        for at, action in sorted(plan, key=lambda each: each[0]):
            time.sleep(max(0.0, begun + at * self.seconds - time.monotonic()))
            action()
        time.sleep(max(0.0, begun + self.seconds - time.monotonic()))
        return Span(calm[0], self._rest())

    def _rest(self) -> float:
        """Let all be quiet for a moment and look at the processes; gives the moment."""
        self.course.rest()
        time.sleep(2.0)
        found = list(self.register.samples())
        self.samples += found
        self.course.go()
        return found[0].moment

    def _sample(self) -> None:
        while True:
            self.samples += self.register.samples()
            begun = time.perf_counter()
            sum(range(SPIN))
            self.spins.append((time.monotonic(), time.perf_counter() - begun))
            time.sleep(1.0)

    def _faulty(self, part: float) -> None:
        if part:
            self._fault_since = time.monotonic()
            self.disturbances.append(Disturbance("faults", self._fault_since, float("inf")))
        else:
            open_one = self.disturbances.index(Disturbance("faults", self._fault_since, float("inf")))
            self.disturbances[open_one] = Disturbance("faults", self._fault_since, time.monotonic() + 1.0)
        self._rate(part)

    def _rate(self, part: float) -> None:
        self.part = part
        with contextlib.suppress(OSError):
            self.met += engine.rate(self.register.door, part)

    def _kill(self, role: str) -> None:
        begun = time.monotonic()
        self._rate(self.part)
        self.disturbances.append(Disturbance(f"kill of the {role}", begun, float("inf")))
        place = len(self.disturbances) - 1
        self.register.kill(role)
        self.register.start()
        self._rate(self.part)
        self.disturbances[place] = Disturbance(f"kill of the {role}", begun, time.monotonic() + RECOVERY)

    def settle(self) -> None:
        """Wait until all that came late is final and told."""
        last = max(each.ended for each in self.disturbances)
        time.sleep(max(0.0, last + SETTLED - time.monotonic()))

    def faults(self) -> Iterator[str]:
        """What does not hold, now that all is quiet."""
        asker = Asker(self.course)
        feed = audit.Feed(walked(asker, audit.FEED))
        yield from feed.faults()
        if audit.Feed(walked(asker, audit.FEED)) != feed:
            yield "two walks of /changes are not the same"
        if self.follower is not None:
            for _ in range(20):
                self.follower.step()
            yield from audit.followed(feed, self.follower.entries)
        yield from audit.writes(feed, [one for writer in self.writers for one in writer.written])
        office = Asker(self.course, self.register.key)
        yield from audit.jobs(office, self.course.known.get("jobs", ()))
        office.close()
        yield from audit.agreement(asker, feed.live(), Random(1))  # noqa: S311 - the same
        due = {f"msg_{one['id']}_{one['version']}" for one in feed.entries if one["at"] >= self.webhook["created_at"]}
        deadline = time.monotonic() + 60
        while due - set(self.hook.ids) and time.monotonic() < deadline:
            time.sleep(1.0)
        for missing in sorted(due - set(self.hook.ids)):
            yield f"the webhook was never told {missing}"
        verified = self.register.command("infra.verify")
        if verified.returncode != 0:
            yield f"make verify: {verified.stdout[-1500:]}{verified.stderr[-500:]}"
        asker.close()


def main(arguments: Sequence[str]) -> int:
    """Soak the register, print what was found, and keep the figures; 0 where all held."""
    parser = argparse.ArgumentParser(prog="make soak", description="Minutes of load and faults on the local server.")
    parser.add_argument("--minutes", type=float, default=10.0, help="of load; two more pass until all is final")
    parser.add_argument("--keep", action="store_true", help="keep the data folder even where all held")
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    register = Register(folder)
    try:
        register.start()
        soak = Soak(register, Course(register.port), options.minutes * 60)
        with soak.hook.listening() as hook:
            soak.prepare(hook)
            journal = folder / "engine" / "journal.jsonl"
            print(
                f"{options.minutes:g} minutes of load on http://127.0.0.1:{register.port}, data in {folder}", flush=True
            )
            span = soak.run()
            soak.course.end()
            print("The load is over; waiting until all that was late is final.", flush=True)
            soak.settle()
            wrong = [*soak.course.wrong, *soak.faults()]
            wrong += soak.course.wrong[len(wrong) :]
    finally:
        status = register.stop()
    if status:
        wrong.append(f"the server ended with status {status}")
    status = _judged(soak, span, wrong, journal)
    if status == 0 and not options.keep:
        shutil.rmtree(folder)
    return status


def _judged(soak: Soak, span: Span, wrong: list[str], journal: Path) -> int:
    exchanges = soak.course.exchanges
    speeds = verdict.speed(exchanges, soak.disturbances, span)
    processes, growing = verdict.growth(soak.samples, span, journal.stat().st_size)
    noise = verdict.busier(soak.spins, span)
    excuses = [*soak.disturbances, *verdict.starvation(soak.spins)]
    wrong += [*verdict.refusals(exchanges, excuses), *verdict.slowness(speeds, noise), *growing]
    written = [one for writer in soak.writers for one in writer.written]
    done = sum(one.done for one in written)
    told = len(set(soak.hook.ids))
    print(verdict.table(speeds, processes))
    print(
        f"\n{len(exchanges):,} requests, {done:,} writes done and {len(written) - done:,} refused, "
        f"{told:,} changes told to a webhook; faults injected: {soak.met}; killed: {[name for _, name in KILLS]}"
    )
    figures = {
        "seconds": soak.seconds,
        "load_of_the_machine": os.getloadavg(),
        "noise": noise,
        "starved_seconds": len(excuses) - len(soak.disturbances),
        "requests": speeds,
        "processes": processes,
        "memory_mb": verdict.courses(soak.samples),
        "writes_done": done,
        "writes_refused": len(written) - done,
        "faults": soak.met,
        "wrong": wrong,
    }
    path = write_results("soak", figures)
    print(f"\n{path}")
    for each in wrong[:SHOWN]:
        print(f"WRONG: {each}")
    print(f"{len(wrong)} things are wrong." if wrong else "All held.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
