"""The soak test's judgement: each thing that it looks for is found where it is, and nowhere else."""

import pytest

from infra.soak import verdict
from infra.soak.asking import Exchange
from infra.soak.register import Sample
from infra.soak.verdict import Disturbance, Span

SPAN = Span(0.0, 300.0)
FAULT = Disturbance("faults", 100.0, 120.0)
KILL = Disturbance("kill of the server", 100.0, 120.0)
MEGABYTE = 2**20


def exchange(status: int, begun: float = 110.0, *, retry_after: bool = False, seconds: float = 0.1) -> Exchange:
    return Exchange("list", begun, begun + seconds, status, retry_after)


@pytest.mark.parametrize(
    ("one", "disturbance", "is_wrong"),
    [
        (exchange(200), FAULT, False),
        (exchange(404), FAULT, False),
        (exchange(503, retry_after=True), FAULT, False),
        (exchange(503, 95.0, retry_after=True, seconds=7.0), FAULT, False),
        (exchange(503, 50.0, retry_after=True), FAULT, True),
        (exchange(503, 130.0, retry_after=True), FAULT, True),
        (exchange(503), FAULT, True),
        (exchange(500, retry_after=True), FAULT, True),
        (exchange(502), KILL, True),
        (exchange(0), KILL, False),
        (exchange(0), FAULT, True),
        (exchange(0, 50.0), KILL, True),
    ],
)
def test_a_failure_is_excused_only_by_what_was_done_at_that_time(
    one: Exchange, disturbance: Disturbance, *, is_wrong: bool
) -> None:
    assert bool(list(verdict.refusals([one], [disturbance]))) is is_wrong


@pytest.mark.parametrize(("later", "noise", "is_wrong"), [(0.1, 1.0, False), (0.6, 1.0, True), (0.6, 3.0, False)])
def test_answers_that_grow_slow_beyond_the_noise_are_found(later: float, noise: float, *, is_wrong: bool) -> None:
    moments = [number / 2 for number in range(600)]
    exchanges = [exchange(200, moment, seconds=later if moment >= 200 else 0.1) for moment in moments]

    wrong = list(verdict.slowness(verdict.speed(exchanges, [], SPAN), noise))

    assert bool(wrong) is is_wrong


def test_what_met_a_disturbance_counts_for_no_percentile() -> None:
    exchanges = [exchange(200, number / 2, seconds=5.0 if 220 <= number / 2 < 240 else 0.1) for number in range(600)]

    figures = verdict.speed(exchanges, [Disturbance("faults", 219.0, 246.0)], SPAN)

    assert figures["list"]["p99_ms"] == [100.0, 100.0]


def samples(role: str, per_second: float, *, threads: int = 10, files: int = 10, sockets: int = 5) -> list[Sample]:
    """Ten seconds apart; threads, files and sockets are those of the end."""
    return [
        Sample(
            float(second),
            role,
            7,
            int(100 * MEGABYTE + per_second * second),
            files if second == 300 else 10,
            sockets if second == 300 else 5,
            threads if second == 300 else 10,
            second / 10,
        )
        for second in range(0, 301, 10)
    ]


def test_a_process_that_stays_as_it_is_is_not_wrong() -> None:
    figures, wrong = verdict.growth(samples("server", 1_000.0), SPAN, 0)

    assert wrong == []
    assert figures["server"]["growth_mb"] == 0.3


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (samples("server", 0.2 * MEGABYTE), "server grows: 60.0 MB in 300 s"),
        (samples("server", 0.0, threads=15), "server holds 15 threads at rest, 10 before"),
        (samples("server", 0.0, files=15), "server holds 15 files at rest, 10 before"),
        (samples("server", 0.0, sockets=55), "server holds 55 sockets at rest, 50 before"),
    ],
)
def test_whatever_grows_is_found(held: list[Sample], expected: str) -> None:
    assert verdict.growth(held, SPAN, 0)[1] == [expected]


def test_the_engine_may_keep_what_it_was_given() -> None:
    held = samples("engine", 0.2 * MEGABYTE)

    assert verdict.growth(held, SPAN, 10 * MEGABYTE)[1] == []
    assert verdict.growth(held, SPAN, MEGABYTE)[1] == ["engine grows: 60.0 MB in 300 s"]
