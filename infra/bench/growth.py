"""What requests take in registers of 10² to 10⁵ records; only lists could notice, for all else goes by keys."""

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from infra.bench import register
from infra.bench.contest import EVENTS, Contestant, event
from infra.bench.measuring import Figure
from infra.bench.processes import started
from shared.tables.feed import stamp_of

Json = dict[str, Any]

COUNTS: Final = (100, 1_000, 10_000, 20_000, 100_000)
ROUNDS: Final = 3
CALLS: Final = 40


def measure(ours: Contestant, environment: Mapping[str, str]) -> tuple[Json, str]:
    """Give CPU milliseconds by number of records, and the table that shows them."""
    members = event("GET", "/organisations/{id}/members", {"id": register.id_of("organisation", 0)})
    pages = {"page": event("GET", "/organisations"), "members": members}
    figures: Json = {}
    lines = [
        "| records | snapshot, MB | cold list, CPU ms | ÷ cold read | page, CPU ms | members | one record | POST |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for count in COUNTS:
        with tempfile.TemporaryDirectory() as scratch:
            snapshots = Path(scratch, "snapshots")
            register.build(snapshots, count, stamp_of(time.time() - 60))
            told = {**environment, "SNAPSHOTS": str(snapshots)}
            found = _of(ours, told, pages)
            size = sum(path.stat().st_size for path in snapshots.rglob("*") if path.is_file()) / 1e6
        figures[str(count)] = {"snapshot_mb": size, **found}
        ratio = found["cold list"].median / found["cold read"].median
        warm = " | ".join(f"{found[name].median:.2f}" for name in ("page", "members", "one", "create"))
        lines.append(f"| {count:,} | {size:.1f} | {found['cold list'].median:.0f} | {ratio:.2f} | {warm} |")
    return figures, "\n".join(lines)


def _of(ours: Contestant, environment: Mapping[str, str], pages: Mapping[str, Json]) -> dict[str, Figure]:
    values: dict[str, list[float]] = {}

    def take(name: str, cpu: float) -> None:
        values.setdefault(name, []).append(cpu * 1000)

    for _ in range(ROUNDS):
        with started(ours, "one", environment) as process:
            take("cold read", process.first["cpu"])
        with started(ours, "page", environment) as process:
            take("cold list", process.first["cpu"])
            for name, asked in pages.items():
                process.again(asked, 5)
                take(name, process.again(asked, CALLS)["cpu"])
            take("one", process.again(EVENTS["one"], CALLS)["cpu"])
        with started(ours, "create", environment) as process:
            take("create", process.again(EVENTS["create"], CALLS)["cpu"])
    return {name: Figure.of(found) for name, found in values.items()}
