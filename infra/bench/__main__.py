"""`make bench`: everything measured in one run, shown as tables, kept as JSON, drawn as a plot under build/bench."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from infra.bench import capacity, contest, growth, load, register, requests
from infra.bench.measuring import RESULTS, ROOT, write_results
from infra.bench.stub import answering
from shared.tables.feed import stamp_of

DRAWING = ROOT / ".venv-bench" / "bin" / "python"


def main() -> int:
    """Measure, print and keep; 0 when all has been measured."""
    everybody = contest.contestants()
    tables: list[str] = []

    def show(*found: str) -> None:
        tables.extend(found)
        print("\n".join(["", *found]), flush=True)

    with tempfile.TemporaryDirectory() as scratch, answering(contest.answers()) as endpoint:
        register.build(Path(scratch, "snapshots"), 1_000, stamp_of(time.time() - 60))
        environment = contest.environment(endpoint, Path(scratch))
        asked, found = requests.measure(everybody, environment)
        show(*found, requests.overview(asked))
        grown, shown = growth.measure(everybody[0], environment)
        show(shown)
    spent, shown = capacity.measure()
    show(shown)
    carried, shown = load.measure()
    show(shown)
    path = write_results("results", {"requests": asked, "growth": grown, "capacity": spent, "load": carried})
    (RESULTS / "tables.md").write_text("\n\n".join(tables) + "\n", encoding="utf-8")
    plot = RESULTS / "plot.png"
    subprocess.run([str(DRAWING), "-m", "infra.bench.plot", str(path), str(plot)], cwd=ROOT, check=True)
    print(f"\n{path}\n{plot}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
