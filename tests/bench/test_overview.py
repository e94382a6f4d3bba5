"""The README's table shows the medians of all requests, of those who take part in all of them."""

from infra.bench.measuring import Figure
from infra.bench.requests import overview


def test_the_overview_has_a_line_for_everybody_who_answers_all_requests() -> None:
    def measured(value: float) -> dict[str, Figure]:
        return {"ours": Figure(value, 0, 9, 3), "writes only": Figure(9, 9, 9, 3)}

    figures = {
        "one": {"cold_cpu_ms": measured(160), "warm_cpu_ms": measured(0.8)},
        "page": {"cold_cpu_ms": measured(200), "warm_cpu_ms": measured(1.3)},
        "create": {"cold_cpu_ms": measured(250), "warm_cpu_ms": measured(2.5)},
        "size_mb": {"ours": 26.2, "writes only": 39.0},
        "memory_mb": {"ours": 49.6},
    }

    assert overview(figures).splitlines()[2:] == ["| ours | 160 | 200 | 250 | 0.8 | 1.3 | 2.5 | 26 | 50 |"]
