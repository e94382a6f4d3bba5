"""Cold start, CPU of a warm request, size and memory: the register beside everybody else."""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from typing import Any, Final

from infra.bench import contest, packages
from infra.bench.contest import EVENTS, Contestant
from infra.bench.measuring import Figure, Measure, compared, cpu_seconds, shown, side_by_side, table
from infra.bench.processes import Process, started
from shared.projection.summaries import summary

Json = dict[str, Any]

COLD_ROUNDS: Final = 5
WARM_ROUNDS: Final = 9
CALLS: Final = 60
"""Of a warm process in one round."""
TITLES: Final = {"one": "GET one", "page": "GET a page of 50", "create": "POST"}
READY_SUMMARIES: Final = "json.dumps of 50 ready summaries"
READY_RECORDS: Final = "json.dumps of 50 ready records"


def measure(everybody: list[Contestant], environment: Mapping[str, str]) -> tuple[Json, list[str]]:
    """Give the figures, and the tables that show them."""
    figures: Json = {}
    tables = []
    memory: dict[str, float] = {}
    for name, title in TITLES.items():
        asked = [each for each in everybody if name in each.handlers]
        cold = _cold(asked, name, environment, memory)
        warm = _warm(asked, name, environment)
        figures[name] = {"cold_cpu_ms": cold, "warm_cpu_ms": warm}
        tables += [
            table(f"{title}, cold: import, client, first answer", "CPU ms", compared(cold, contest.BARE)),
            table(f"{title}, warm", "CPU ms", compared(warm, contest.BARE)),
        ]
    size = {each.name: packages.size(each.folder) / 1e6 for each in everybody}
    figures |= {"size_mb": size, "memory_mb": memory}
    lines = [f"| {each} | {size[each]:.0f} | {memory[each]:.0f} |" for each in size if each in memory]
    heading = ["| package | unpacked, MB | memory after a first read, MB |", "|---|---|---|"]
    return figures, [*tables, "\n".join([*heading, *lines])]


def _cold(
    asked: list[Contestant], name: str, environment: Mapping[str, str], memory: dict[str, float]
) -> dict[str, Figure]:
    def measured(contestant: Contestant) -> float:
        with started(contestant, name, environment) as process:
            if name == "one":
                memory[contestant.name] = process.first["memory"] / 1e6
            return float(process.first["cpu"] * 1000)

    return side_by_side({each.name: partial(measured, each) for each in asked}, COLD_ROUNDS)


def _warm(asked: list[Contestant], name: str, environment: Mapping[str, str]) -> dict[str, Figure]:
    """CPU milliseconds of one answer, of processes that run side by side and have given some answers before."""

    def measured(process: Process) -> float:
        return float(process.again(EVENTS[name], CALLS)["cpu"] * 1000)

    with ExitStack() as stack:
        running = {each.name: stack.enter_context(started(each, name, environment)) for each in asked}
        measures: dict[str, Measure] = {each: partial(measured, process) for each, process in running.items()}
        if name == "page":
            measures |= {
                READY_SUMMARIES: partial(_dumps, [json.loads(summary(each)) for each in contest.first_page()]),
                READY_RECORDS: partial(_dumps, [contest.record(number) for number in range(50)]),
            }
        return side_by_side(measures, WARM_ROUNDS)


def _dumps(ready: list[Json]) -> float:
    return cpu_seconds(lambda: json.dumps({"items": ready}, ensure_ascii=False), 200) * 1000


def overview(figures: Json) -> str:
    """The table for the README: medians in CPU milliseconds, and megabytes."""
    heading = [
        "| | cold GET | cold page | cold POST | GET | page of 50 | POST | package | memory |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines = [
        f"| {name} | {_medians(figures, 'cold_cpu_ms', name)} | {_medians(figures, 'warm_cpu_ms', name)} "
        f"| {size:.0f} | {figures['memory_mb'][name]:.0f} |"
        for name, size in figures["size_mb"].items()
        if name in figures["memory_mb"]
    ]
    return "\n".join([*heading, *lines])


def _medians(figures: Json, kind: str, name: str) -> str:
    return " | ".join(shown(figures[request][kind][name].median) for request in TITLES)
