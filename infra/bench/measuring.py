"""What all measurements share: rounds side by side, medians, a table to read, and the numbers as JSON.

A measurement is a function that does something once and gives a number; `side_by_side` takes turns between several, so
that what else the machine does meanwhile falls on all of them alike. Only ratios within one run mean anything.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
RESULTS = ROOT / "build" / "bench"
"""Where numbers and plots go; git ignores it."""

Measure = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """What a number came to over all rounds, in the unit of its measure."""

    median: float
    lowest: float
    highest: float
    rounds: int

    @classmethod
    def of(cls, values: Sequence[float]) -> "Figure":
        """Sum up at least one value."""
        return cls(statistics.median(values), min(values), max(values), len(values))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: `ratio` is to the row that the table is measured by, None where there is none."""

    name: str
    figure: Figure
    ratio: float | None


def side_by_side(measures: Mapping[str, Measure], rounds: int) -> dict[str, Figure]:
    """Take turns between the measures, every other round backwards, and sum up each."""
    values: dict[str, list[float]] = {name: [] for name in measures}
    for turn in range(rounds):
        order = list(measures.items())
        for name, measure in reversed(order) if turn % 2 else order:
            values[name].append(measure())
    return {name: Figure.of(found) for name, found in values.items()}


def cpu_seconds(work: Callable[[], object], times: int = 1) -> float:
    """CPU time of this process for one call of `work`, over so many calls."""
    begun = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - begun) / times


def cpu_milliseconds(work: Callable[[], object]) -> float:
    """CPU time of this process for one call of `work`."""
    return cpu_seconds(work) * 1000


def compared(figures: Mapping[str, Figure], baseline: str | None) -> list[Row]:
    """Set each figure in relation to that of the baseline, where there is one."""
    base = figures[baseline].median if baseline is not None else None
    return [Row(name, figure, figure.median / base if base else None) for name, figure in figures.items()]


def table(title: str, unit: str, rows: Iterable[Row]) -> str:
    """Render rows as a Markdown table, for the terminal and the README alike."""
    lines = [f"| {title} | median, {unit} | lowest – highest | ratio |", "|---|---|---|---|"]
    for row in rows:
        figure = row.figure
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        spread = f"{shown(figure.lowest)} – {shown(figure.highest)}"
        lines.append(f"| {row.name} | {shown(figure.median)} | {spread} | {ratio} |")
    return "\n".join(lines)


def shown(value: float) -> str:
    """Write a number with three significant digits."""
    if value == 0 or abs(value) >= 100:  # noqa: PLR2004 - three digits stand before the point
        return f"{value:,.0f}"
    return f"{value:.3g}"


def write_results(name: str, results: Mapping[str, Any]) -> Path:
    """Keep the numbers as `build/bench/<name>.json`, with the moment (UTC), and give the path."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{name}.json"
    content = {"measured_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **results}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=asdict) + "\n", encoding="utf-8")
    return path
