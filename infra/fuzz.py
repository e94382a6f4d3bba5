"""`make fuzz`: the properties of the tests with ever new examples, for minutes; 0 where none was found wrong."""

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Final

from infra.bench.measuring import ROOT

TESTS: Final = (
    "tests/http",
    "tests/models",
    "tests/forms",
    "tests/calendars",
    "tests/feeds",
    "tests/webhooks",
    "tests/tables",
)


def main(arguments: Sequence[str]) -> int:
    """Let hypothesis look for counterexamples until the minutes are over or it has found one."""
    parser = argparse.ArgumentParser(prog="make fuzz", description="Looks for what breaks a property of the tests.")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("tests", nargs="*", default=TESTS)
    options = parser.parse_args(arguments)
    end = time.monotonic() + options.minutes * 60
    seed, examples = int(time.time()), 0
    while time.monotonic() < end:
        command = [
            *(sys.executable, "-m", "pytest", "-q", "-x", "-m", "hypothesis", "--hypothesis-profile=fuzz"),
            *("--hypothesis-show-statistics", f"--hypothesis-seed={seed}", *options.tests),
        ]
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
        examples += counted(done.stdout)
        print(f"seed {seed}: {examples:,} examples so far", flush=True)
        if done.returncode:
            print(done.stdout + done.stderr)
            return 1
        seed += 1
    return 0


def counted(statistics: str) -> int:
    """The examples that held, by what hypothesis prints."""
    return sum(map(int, re.findall(r"- (\d+) passing\b", statistics)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
