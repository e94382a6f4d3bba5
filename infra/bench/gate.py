"""Whether a cold start takes no more instructions than it may: `make cold`, a part of the gate.

Instructions, as valgrind counts them, are the same on every machine and on a busy one; those of the interpreter itself
are taken off. A read is measured by a bare handler of boto3 and checks by hand, a write by one that has the register's
model as well, since no check by hand does what the model does. What is allowed lies three in a hundred above what is
aimed at: new releases of what both import move the ratios.
"""

import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.bench import contest, register
from infra.bench.contest import Contestant
from infra.bench.measuring import write_results
from infra.bench.processes import instructions
from infra.bench.stub import answering
from shared.tables.feed import stamp_of

ROOM: Final = 1.03


@dataclass(frozen=True, slots=True)
class Bound:
    """How many times the instructions of a rival's first answer ours may take."""

    name: str
    request: str
    rival: str
    aim: float


BOUNDS: Final = (
    Bound("a cold read", "one", contest.BARE, 0.85),
    Bound("a cold list of 50", "page", contest.BARE, 1.0),
    Bound("a cold write", "create", contest.WITH_MODEL, 1.0),
)
ALSO_SHOWN: Final = (Bound("a cold write, without the model", "create", contest.BARE, 1.15),)
"""Aimed at, and out of reach while pydantic takes as long to import as it does: a third of the bare handler."""


def counted(environment: Mapping[str, str]) -> dict[tuple[str, str], int]:
    """Instructions up to the first answer by contestant and request, two at a time."""
    known = {each.name: each for each in (contest.ours(), contest.bare(), contest.bare_with_model())}
    wanted = {(name, bound.request) for bound in (*BOUNDS, *ALSO_SHOWN) for name in (contest.OURS, bound.rival)}

    def count(who: Contestant | None, request: str) -> int:
        return instructions(who, request, environment)

    with ThreadPoolExecutor(2) as pool:
        idle = pool.submit(count, None, "one")
        found = {pair: pool.submit(count, known[pair[0]], pair[1]) for pair in sorted(wanted)}
        return {pair: future.result() - idle.result() for pair, future in found.items()}


def main() -> int:
    """Print each ratio with its bound; 1 where one is exceeded."""
    with tempfile.TemporaryDirectory() as scratch, answering(contest.answers()) as endpoint:
        register.build(Path(scratch, "snapshots"), 1_000, stamp_of(time.time() - 60))
        found = counted(contest.environment(endpoint, Path(scratch)))
    exceeded = False
    ratios: dict[str, float] = {}
    for bound in (*BOUNDS, *ALSO_SHOWN):
        own, rival = found[contest.OURS, bound.request], found[bound.rival, bound.request]
        ratio = ratios[bound.name] = own / rival
        verdict = "" if bound in ALSO_SHOWN else "ok" if ratio <= bound.aim * ROOM else "TOO MUCH"
        exceeded |= verdict == "TOO MUCH"
        print(
            f"{bound.name}: {own / 1e6:,.0f} M instructions, {ratio:.3f} of {bound.rival} (aim {bound.aim}) {verdict}"
        )
    named = {f"{name}: {request}": count for (name, request), count in found.items()}
    write_results("instructions", {"instructions": named, "ratios": ratios})
    return int(exceeded)


if __name__ == "__main__":
    sys.exit(main())
