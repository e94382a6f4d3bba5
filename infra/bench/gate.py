"""Whether answers take no more instructions than they may: `make instructions`, a part of `.ci/run`.

Instructions, as valgrind counts them, are nearly the same on every machine, and on a busy one; those of the interpreter
itself are taken off. A read is measured by a bare handler of boto3 and checks by hand, a cold write by one that has the
register's model as well, since no check by hand does what the model does, and a warm one by one that also makes the
same calls. Each bound leaves room for new releases of what both import, which move the ratios.
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

AGAIN: Final = 25
"""Answers of a warm process over which instructions are averaged."""


@dataclass(frozen=True, slots=True)
class Bound:
    """How many times the instructions of a rival's answer ours may take; None: it is only shown."""

    name: str
    request: str
    rival: str
    most: float | None
    is_warm: bool = False


BOUNDS: Final = (
    Bound("a cold read", "one", contest.BARE, 0.87),
    Bound("a cold list of 50", "page", contest.BARE, 1.03),
    Bound("a cold write", "create", contest.WITH_MODEL, 1.0),
    # Out of reach while pydantic takes as long to import as it does: a third of the bare handler.
    Bound("a cold write, without the model", "create", contest.BARE, None),
    Bound("a read", "one", contest.BARE, 0.97, is_warm=True),
    Bound("a list of 50", "page", contest.BARE, 0.56, is_warm=True),
    Bound("a write", "create", contest.WITH_CALLS, 1.07, is_warm=True),
    # The register makes a second call, which no bare handler would.
    Bound("a write, without the model and its second call", "create", contest.BARE, None, is_warm=True),
)


def counted(environment: Mapping[str, str]) -> dict[tuple[str, str, bool], float]:
    """Instructions of an answer by contestant, request and whether it is warm, two processes at a time."""
    everybody = (contest.ours(), contest.bare(), contest.bare_with_model(), contest.bare_with_calls())
    known = {each.name: each for each in everybody}
    wanted = {(name, bound.request, bound.is_warm) for bound in BOUNDS for name in (contest.OURS, bound.rival)}

    def count(who: Contestant | None, request: str, again: int = 0) -> int:
        return instructions(who, request, environment, again)

    with ThreadPoolExecutor(2) as pool:
        idle = pool.submit(count, None, "one")
        pairs = sorted({(name, request) for name, request, _ in wanted})
        first = {pair: pool.submit(count, known[pair[0]], pair[1]) for pair in pairs}
        more = {
            (name, request): pool.submit(count, known[name], request, AGAIN)
            for name, request, is_warm in sorted(wanted)
            if is_warm
        }
        return {
            (name, request, is_warm): (more[name, request].result() - first[name, request].result()) / AGAIN
            if is_warm
            else first[name, request].result() - idle.result()
            for name, request, is_warm in wanted
        }


def main() -> int:
    """Print each ratio with its bound; 1 where one is exceeded."""
    with tempfile.TemporaryDirectory() as scratch, answering(contest.answers()) as endpoint:
        register.build(Path(scratch, "snapshots"), 1_000, stamp_of(time.time() - 60))
        found = counted(contest.environment(endpoint, Path(scratch)))
    exceeded = False
    ratios: dict[str, float] = {}
    for bound in BOUNDS:
        own, rival = (found[name, bound.request, bound.is_warm] for name in (contest.OURS, bound.rival))
        ratio = ratios[bound.name] = own / rival
        verdict = ""
        if bound.most is not None:
            verdict = f"(at most {bound.most}): {'ok' if ratio <= bound.most else 'TOO MUCH'}"
            exceeded |= ratio > bound.most
        print(f"{bound.name}: {own / 1e6:,.2f} M instructions, {ratio:.3f} of {bound.rival} {verdict}".rstrip())
    named = {f"{name}: {request}{', warm' * is_warm}": count for (name, request, is_warm), count in found.items()}
    write_results("instructions", {"instructions": named, "ratios": ratios})
    return int(exceeded)


if __name__ == "__main__":
    sys.exit(main())
