"""`make attack`: every operation attacked as nobody, as a partner and as the register's office.

Each attacks a register of its own, so that none is in another's way; with `--quick` as much as the gate has time for.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from infra.attack.caller import Caller, key_of, receiving, records
from infra.client import Client, Unreachable
from infra.local.engine import ROOT
from infra.running import running

Json = dict[str, Any]

PHASES: Final = ("examples", "coverage", "fuzzing", "stateful")
RESULTS: Final = ROOT / "build" / "attack"
"""What schemathesis said of each attack; git ignores it."""
_TOOL: Final = ROOT / ".venv-attack" / "bin" / "schemathesis"
_CONFIGURATION: Final = Path(__file__).resolve().parent / "schemathesis.toml"
_AT_ONCE: Final = 2
_MOST_DELAYED: Final = 0.002
"""The part of the requests that may be answered with a 503 first, because the lists were behind."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One run of schemathesis: as whom, with which of its phases, on the operations of which methods."""

    name: str
    caller: Caller
    phases: Sequence[str] = PHASES
    methods: str = ".*"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attack: what schemathesis reports and printed, and what the hooks counted."""

    attack: Attack
    report: Json
    counted: Json
    printed: str

    @property
    def failures(self) -> int:
        """How many different failures there are, errors of the tool and too many delays included."""
        delayed, requests = (sum(self.counted[name].values()) for name in ("again", "requests"))
        is_slow = bool(delayed > requests * _MOST_DELAYED)
        return int(self.report["test_cases"]["unique_failures"]) + len(self.report["errors"]) + is_slow


# What nobody may write is refused before anything else of it is looked at.
WHOLE: Final = (
    Attack("office", "office"),
    Attack("partner", "partner"),
    Attack("nobody, reads", "nobody", methods="GET"),
    Attack("nobody, writes", "nobody", ("examples", "fuzzing"), "POST|PUT|PATCH|DELETE"),
)
# Bodies are the same for every method that takes them, and most of the time goes into these.
QUICK: Final = (
    Attack("office, creation", "office", ("examples", "coverage"), "POST"),
    Attack("nobody, reads", "nobody", ("examples", "coverage"), "GET"),
    Attack("partner", "partner", ("examples",)),
)


def main(arguments: Sequence[str]) -> int:
    """Attack and tell what came of it; 0 where nothing was found."""
    options = _parser().parse_args(arguments)
    chosen = [each for each in (QUICK if options.quick else WHOLE) if options.caller in {None, each.caller}]
    shutil.rmtree(RESULTS, ignore_errors=True)
    try:
        with receiving() as receiver, ThreadPoolExecutor(_AT_ONCE) as pool:
            outcomes = list(pool.map(partial(_attacked, receiver=receiver, options=options), chosen))
    except (OSError, Unreachable) as problem:
        print(problem, file=sys.stderr)
        return 1
    for each in outcomes:
        if each.failures:
            print(f"\nAs {each.attack.name}:\n{each.printed}")
    print("", *_summary(outcomes), sep="\n")
    return 1 if any(each.failures for each in outcomes) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make attack ARGS=…", description="Attack a register of its own.")
    parser.add_argument("--quick", action="store_true", help="what the gate has time for")
    parser.add_argument("--as", dest="caller", choices=["nobody", "partner", "office"], help="as nobody else")
    parser.add_argument("--phases", default=",".join(PHASES), help="of these phases alone; all of them unless told")
    parser.add_argument("--paths", default=".*", metavar="REGEX", help="on the operations of these paths alone")
    parser.add_argument("--examples", metavar="COUNT", help="to draw for each operation; 20 unless told")
    parser.add_argument("--seed", metavar="NUMBER", help="draw other requests, other ones with each number")
    return parser


def _attacked(attack: Attack, receiver: str, options: argparse.Namespace) -> Outcome:
    folder = RESULTS / attack.name.replace(", ", "-")
    folder.mkdir(parents=True)
    print(f"As {attack.name} …", flush=True)
    with running() as register:
        key = key_of(attack.caller, register)
        known = records(Client(register.base_url, key), receiver)
        (folder / "records.json").write_text(json.dumps(known), encoding="utf-8")
        (folder / _CONFIGURATION.name).write_text(_configuration(key, options), encoding="utf-8")
        phases = [phase for phase in attack.phases if phase in options.phases.split(",")]
        arguments = ["--phases", ",".join(phases), "--include-method-regex", f"^({attack.methods})$"]
        arguments += ["--include-path-regex", options.paths, "--report", "json", "--report-json-path", "report.json"]
        # The key stands in the environment, where no list of processes shows it.
        told = {"ATTACK_KEY": key or "", "ATTACK_FOLDER": str(folder), "ATTACK_RECEIVER": receiver}
        done = subprocess.run(
            [str(_TOOL), "--config-file", _CONFIGURATION.name, "run", f"{register.base_url}/openapi.json", *arguments],
            cwd=folder,
            env={**os.environ, **told, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    (folder / "printed").write_text(done.stdout, encoding="utf-8")
    if not (folder / "report.json").exists():
        raise OSError(f"schemathesis did not get to its end:\n{done.stdout}")
    report, counted = (
        json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in ("report", "counted")
    )
    return Outcome(attack, report, counted, done.stdout)


def _configuration(key: str | None, options: argparse.Namespace) -> str:
    text = _CONFIGURATION.read_text(encoding="utf-8")
    if options.examples is not None:
        text = text.replace("max-examples = 20", f"max-examples = {int(options.examples)}")
    if options.seed is not None:
        text = text.replace("deterministic = true", "deterministic = false").replace(
            "seed = 1", f"seed = {int(options.seed)}"
        )
    return text if key is None else f'{text}\n[auth.openapi.Bearer]\nbearer = "${{ATTACK_KEY}}"\n'


def _summary(outcomes: Sequence[Outcome]) -> list[str]:
    """Return a table: operations, requests of each phase, and failures of each attack."""
    lines = [
        f"| as | operations | {' | '.join(PHASES)} | requests | failures |",
        "|---|" + "---:|" * (len(PHASES) + 3),
    ]
    beyond, again = Counter[str](), Counter[str]()
    for each in outcomes:
        requests = Counter[str](each.counted["requests"])
        beyond.update(each.counted["beyond"])
        again.update(each.counted["again"])
        figures = [each.report["operations"]["tested"], *(requests[phase] for phase in PHASES), requests.total()]
        lines.append(f"| {each.attack.name} | {' | '.join(map(str, figures))} | {each.failures} |")
    told = (
        f"Refused by rules that no schema tells: {_shown(beyond)}.",
        f"Sent again after a 503, as Retry-After says: {_shown(again)}.",
        f"The reports: {RESULTS}",
    )
    return [*lines, "", *told]


def _shown(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {times}" for name, times in counted.most_common()) or "none"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
