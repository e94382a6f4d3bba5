"""The operator's command after a restore: `make erase-again`, or `make erase-again ARGS="--stack NAME"`.

A backup still holds whoever was erased since it was made; the ledger, if it is the newer one, says who that is.
"""

import argparse
import importlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infra.local.functions import Context
from infra.registers import add_choice, chosen

SECONDS = 300
EVENT = {"erase_again": True}


def main(arguments: Sequence[str]) -> int:
    """Erase everybody in the ledger from the register once more; returns the exit status."""
    parser = argparse.ArgumentParser(prog="make erase-again", description="Repeat all erasures after a restore.")
    add_choice(parser)
    options = parser.parse_args(arguments)
    if options.stack:
        return _wake(options.stack)
    try:
        os.environ.update(chosen(None))
    except OSError as problem:
        print(problem, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        # The server's copy of the read model is its own.
        os.environ["PROJECTION"] = str(Path(folder, "projection.sqlite"))
        worker = importlib.import_module("functions.jobs.worker")
        event: dict[str, Any] = EVENT
        while worker.handler(event, Context("erase-again", 1024, SECONDS))["left"]:
            event = {}
    print("Done; what came of it stands in the jobs.")
    return 0


def _wake(stack: str) -> int:
    import botocore.session  # noqa: PLC0415 - the local register needs no AWS

    client: Any = botocore.session.get_session().create_client("lambda")
    client.invoke(FunctionName=f"{stack}-jobs-worker", InvocationType="Event", Payload=json.dumps(EVENT))
    print("Begun; the worker's log tells when it is done.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
