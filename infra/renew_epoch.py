"""Begins a new epoch after a restore: `make renew-epoch`, or `make renew-epoch ARGS="--stack NAME --restored SUFFIX"`.

Every copy of the read model then throws itself away and follows the restored feed from its beginning, and whoever
follows `/changes` is told to do so too. Of tables that were restored beside those in use, it also brings the ledger of
erasures up to date, so that `make erase-again` knows of those that were asked for since.
"""

import argparse
import sys
from collections.abc import Sequence

from infra.registers import FAILURES, add_choice, add_restored, chosen, tables, told
from shared.budget import spending
from shared.tables.erasure import Ledger
from shared.tables.feed import renew_epoch

SECONDS = 60.0


def main(arguments: Sequence[str]) -> int:
    """Do it for the register that the arguments name; returns the exit status."""
    parser = argparse.ArgumentParser(prog="make renew-epoch", description="Begins a new epoch after a restore.")
    add_choice(parser)
    add_restored(parser)
    options = parser.parse_args(arguments)
    try:
        environment = chosen(options.stack)
        restored = tables(environment, options.restored)
        with spending(SECONDS):
            if options.restored:
                erased = Ledger(tables(environment)).all()
                for wanted in erased:
                    Ledger(restored).enter(wanted)
                print(f"Erasures brought over: {len(erased)}.")
            print(f"The epoch is {renew_epoch(restored.client, restored.settings.register_table)}.")
    except FAILURES as problem:
        print(told(problem), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
