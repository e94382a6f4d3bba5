"""What the figures of a run say: answers that were not to be, answers that grow slow, and processes that grow."""

import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from typing import Any, Final

from infra.soak.asking import Exchange
from infra.soak.register import Sample

ENOUGH: Final = 100
"""Exchanges from which on a 99th percentile is compared."""
SLOWER: Final = 2.0
NOISE: Final = 0.1
"""Seconds: how much slower the last third may be than the first, the machine's other work included."""
GROWTH: Final = 0.08
LEAST_GROWTH: Final = 10 * 2**20
"""Of memory, in a share and in bytes: what fragmentation and caches may still take after the warm-up."""
KEPT: Final = 30
"""Bytes of memory for each byte that the engine keeps: it holds all tables as Python objects."""
SLACK: Final = 4
"""Files and threads: what works by the clock may hold some at the moment of a sample."""

POOL: Final = 50
"""Connections to DynamoDB that are kept, however few are needed (`connect` of shared/tables/client.py)."""
STARVED: Final = 3.0
"""How much longer than at best a piece of work takes where the machine has no time for the register."""

WRITING: Final = ("create", "patch", "put", "delete", "import", "merge")


@dataclass(frozen=True, slots=True)
class Disturbance:
    """A time at which something was made to go wrong, until all had recovered."""

    name: str
    begun: float
    ended: float

    def meets(self, exchange: Exchange) -> bool:
        """Whether the exchange happened at that time, at least in part."""
        return exchange.begun <= self.ended and exchange.ended >= self.begun


@dataclass(frozen=True, slots=True)
class Span:
    """The time that is judged, and its thirds."""

    begun: float
    ended: float

    def third(self, number: int) -> "Span":
        """The third with this number, from 0."""
        length = (self.ended - self.begun) / 3
        return Span(self.begun + number * length, self.begun + (number + 1) * length)

    def has(self, moment: float) -> bool:
        """Whether a moment lies in it."""
        return self.begun <= moment < self.ended


def starvation(spins: Sequence[tuple[float, float]]) -> list[Disturbance]:
    """The times at which the machine was busy with something else, around each moment that shows it."""
    best = min((seconds for _, seconds in spins), default=0.0)
    return [
        Disturbance("a starved machine", moment - 2.0, moment + 2.0)
        for moment, seconds in spins
        if seconds > STARVED * best
    ]


def refusals(exchanges: Iterable[Exchange], disturbances: Sequence[Disturbance]) -> Iterator[str]:
    """Failures of the server that nothing excuses."""
    for one in exchanges:
        excused = [each.name for each in disturbances if each.meets(one)]
        if one.status == HTTPStatus.SERVICE_UNAVAILABLE and one.retry_after and excused:
            continue
        if one.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            yield f"{one.kind} was answered {one.status} {'with' if one.retry_after else 'without'} Retry-After" + (
                f" during {excused}" if excused else " while nothing went wrong"
            )
        if one.status == 0 and not any(name.startswith("kill") for name in excused):
            yield f"{one.kind} lost its connection although nothing was killed"


def percentile(seconds: Sequence[float], part: float = 0.99) -> float:
    """The value below which that part of at least one lies."""
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * part))]


def speed(exchanges: Sequence[Exchange], disturbances: Sequence[Disturbance], span: Span) -> dict[str, dict[str, Any]]:
    """Figures by kind of request, and for all reads and writes; the thirds have what met no disturbance."""
    calm = [one for one in exchanges if one.status and not any(each.meets(one) for each in disturbances)]
    groups: dict[str, Callable[[Exchange], bool]] = {
        "all writes": lambda one: one.kind.startswith(WRITING),
        "all reads": lambda one: not one.kind.startswith(WRITING),
    }
    groups |= {kind: lambda one, kind=kind: one.kind == kind for kind in sorted({one.kind for one in exchanges})}  # type: ignore[misc]
    found: dict[str, dict[str, Any]] = {}
    for name, belongs in groups.items():
        whole = [one for one in exchanges if belongs(one)]
        thirds = [
            [one.ended - one.begun for one in calm if belongs(one) and span.third(number).has(one.begun)]
            for number in (0, 2)
        ]
        found[name] = {
            "requests": len(whole),
            "refused_503": sum(one.status == HTTPStatus.SERVICE_UNAVAILABLE for one in whole),
            "lost": sum(one.status == 0 for one in whole),
            "in_thirds": [len(third) for third in thirds],
            "median_ms": [round(statistics.median(third) * 1000, 1) if third else None for third in thirds],
            "p99_ms": [round(percentile(third) * 1000, 1) if third else None for third in thirds],
        }
    return found


def busier(spins: Sequence[tuple[float, float]], span: Span) -> float:
    """How much longer one and the same work took in the last third than in the first, at least 1: what others did."""
    thirds = [[seconds for moment, seconds in spins if span.third(number).has(moment)] for number in (0, 2)]
    return max(1.0, statistics.median(thirds[1]) / statistics.median(thirds[0])) if all(thirds) else 1.0


def slowness(figures: Mapping[str, Mapping[str, Any]], noise: float) -> Iterator[str]:
    """Kinds of requests whose 99th percentile has grown from the first third to the last, by more than the noise."""
    for name, each in figures.items():
        first, last = each["p99_ms"]
        if min(each["in_thirds"]) >= ENOUGH and last > (first * SLOWER + NOISE * 1000) * noise:
            yield f"{name}: the 99th percentile grew from {first} to {last} ms"


def growth(samples: Iterable[Sample], span: Span, kept: int) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Figures by process over the judged time, and which of them grow; `kept` are the bytes that the engine took in.

    The ends of the span are times of rest, so files and threads that are still held there have leaked.
    """
    figures: dict[str, dict[str, Any]] = {}
    wrong: list[str] = []
    ordered = sorted(samples, key=lambda one: (one.process_id, one.moment))
    for _, group in groupby(ordered, key=lambda one: one.process_id):
        held = [one for one in group if span.begun <= one.moment <= span.ended]
        if len(held) < 2:  # noqa: PLR2004 - a change takes two
            continue
        first, last = held[0], held[-1]
        slope, _ = statistics.linear_regression([one.moment for one in held], [float(one.memory) for one in held])
        grown = slope * (last.moment - first.moment)
        allowed = max(LEAST_GROWTH, GROWTH * first.memory) + (KEPT * kept if first.role == "engine" else 0)
        figures[first.role] = {
            "memory_mb": [round(one.memory / 2**20, 1) for one in (first, last)],
            "growth_mb": round(grown / 2**20, 1),
            "allowed_mb": round(allowed / 2**20, 1),
            "files": [first.files, last.files],
            "sockets": [first.sockets, last.sockets],
            "threads": [first.threads, last.threads],
            "cpu_seconds": round(last.cpu - first.cpu, 1),
        }
        if grown > allowed:
            wrong.append(f"{first.role} grows: {grown / 2**20:.1f} MB in {last.moment - first.moment:.0f} s")
        for name, before, after in (
            ("files", first.files, last.files),
            ("sockets", max(first.sockets, POOL), last.sockets),
            ("threads", first.threads, last.threads),
        ):
            if after > before + SLACK:
                wrong.append(f"{first.role} holds {after} {name} at rest, {before} before")
    return figures, wrong


def courses(samples: Sequence[Sample]) -> dict[str, list[tuple[int, float]]]:
    """Memory of each part in MB, about every ten seconds since the first sample."""
    found: dict[str, list[tuple[int, float]]] = {}
    for one in samples:
        second = round(one.moment - samples[0].moment)
        held = found.setdefault(one.role, [])
        if not held or second >= held[-1][0] + 10:
            held.append((second, round(one.memory / 2**20, 1)))
    return found


def table(speeds: Mapping[str, Mapping[str, Any]], processes: Mapping[str, Mapping[str, Any]]) -> str:
    """The figures as Markdown, without kinds of requests that were rare."""
    lines = [
        "| requests | all | 503 | lost | median, ms | p99, ms: first third | last third |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, each in speeds.items():
        if each["requests"] < ENOUGH:
            continue
        first, last = each["p99_ms"]
        lines.append(
            f"| {name} | {each['requests']:,} | {each['refused_503']} | {each['lost']} | {each['median_ms'][1] or ''} "
            f"| {first or ''} | {last or ''} |"
        )
    lines += [
        "",
        "| process | memory, MB | growth, MB | files at rest | sockets | threads | CPU, s |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, each in processes.items():
        held = " | ".join("{} → {}".format(*each[part]) for part in ("files", "sockets", "threads"))
        lines.append(
            f"| {name} | {each['memory_mb'][0]} → {each['memory_mb'][1]} | {each['growth_mb']} of {each['allowed_mb']} "
            f"| {held} | {each['cpu_seconds']} |"
        )
    return "\n".join(lines)
