"""Numbers are taken in turns and summed up by their median."""

import json
from pathlib import Path

import pytest

from infra.bench import measuring
from infra.bench.measuring import Figure, compared, side_by_side, table, write_results


def test_measures_take_turns_and_every_other_round_goes_backwards() -> None:
    turns: list[str] = []

    def measure(name: str, value: float) -> float:
        turns.append(name)
        return value + len(turns)

    figures = side_by_side({"a": lambda: measure("a", 0), "b": lambda: measure("b", 100)}, rounds=3)

    assert turns == ["a", "b", "b", "a", "a", "b"]
    assert figures == {"a": Figure(4, 1, 5, 3), "b": Figure(103, 102, 106, 3)}


def test_a_table_shows_the_median_and_its_ratio_to_the_baseline() -> None:
    figures = {"bare": Figure(2, 1, 3, 3), "ours": Figure(1.5, 1.25, 1234.5, 3)}

    text = table("cold read", "ms", compared(figures, "bare"))

    assert text.splitlines() == [
        "| cold read | median, ms | lowest – highest | ratio |",
        "|---|---|---|---|",
        "| bare | 2 | 1 – 3 | 1.00 |",
        "| ours | 1.5 | 1.25 – 1,234 | 0.75 |",
    ]


def test_results_are_kept_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "RESULTS", tmp_path / "bench")

    path = write_results("cold", {"rows": [Figure(1, 1, 1, 1)]})

    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept.pop("measured_at").endswith("Z")
    assert kept == {"rows": [{"median": 1, "lowest": 1, "highest": 1, "rounds": 1}]}
