"""`python -m infra.local`: the register on this machine, from the engine to the first record."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts this by hand may have an older one
    sys.exit(f"Clusterregister needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

from infra.local.run import main

if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # As after a reload, what threads still have in hand comes again: waiting for it could take minutes.
    os._exit(status)
