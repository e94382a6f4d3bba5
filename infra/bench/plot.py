"""Draws what `make bench` measured: `python -m infra.bench.plot results.json plot.png`, where matplotlib is."""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

TITLES = {"one": "GET one", "page": "GET a page of 50", "create": "POST"}
OURS, OTHERS = "#1b6e53", "#b8c4c2"


def main(source: Path, target: Path) -> None:
    """Draw cold and warm requests beside each other, and the growth of lists below."""
    results: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    figure, axes = plt.subplots(3, 3, figsize=(17, 13))
    for column, (name, title) in enumerate(TITLES.items()):
        for row, (kind, label) in enumerate((("cold_cpu_ms", "cold"), ("warm_cpu_ms", "warm"))):
            found = results["requests"][name][kind]
            names = list(found)[::-1]
            axis = axes[row][column]
            colours = [OURS if each == "Clusterregister" else OTHERS for each in names]
            axis.barh(names, [found[each]["median"] for each in names], color=colours)
            axis.set_title(f"{title}, {label}: CPU, ms")
    counts = [int(each) for each in results["growth"]]
    for axis, lines, title in (
        (axes[2][0], ("cold read", "cold list"), "cold, by records: CPU, ms"),
        (axes[2][1], ("page", "members", "one", "create"), "warm, by records: CPU, ms"),
    ):
        for name in lines:
            axis.plot(counts, [each[name]["median"] for each in results["growth"].values()], marker="o", label=name)
        axis.set_xscale("log")
        axis.set_ylim(bottom=0)
        axis.set_title(title)
        axis.legend()
    sizes = results["requests"]["size_mb"]
    axes[2][2].barh(list(sizes)[::-1], list(sizes.values())[::-1], color=OTHERS)
    axes[2][2].set_title("package, unpacked: MB")
    figure.suptitle(f"Medians of one run, {results['measured_at']}")
    figure.tight_layout()
    figure.savefig(target, dpi=110)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
