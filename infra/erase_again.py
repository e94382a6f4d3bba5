"""The operator's command after a restore: `make erase-again`, or `make erase-again ARGS="--stack NAME"`.

A backup still holds whoever was erased since it was made; the ledger, if it is the newer one, says who that is.
"""

import argparse
import importlib
import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infra.local.functions import Context
from infra.registers import FAILURES, add_choice, chosen, told
from shared.models import ids

SECONDS = 300


def main(arguments: Sequence[str]) -> int:
    """Erase everybody in the ledger from the register once more; returns the exit status."""
    parser = argparse.ArgumentParser(prog="make erase-again", description="Repeat all erasures after a restore.")
    add_choice(parser)
    options = parser.parse_args(arguments)
    job = ids.new_job_id(int(time.time() * 1000), secrets.token_bytes(ids.ENTROPY_BYTES))
    event: dict[str, str] = {"erase_again": job}
    try:
        if options.stack:
            _wake(options.stack, event)
        else:
            _work(event)
    except FAILURES as problem:
        print(told(problem), file=sys.stderr)
        return 1
    print(f"{'Begun' if options.stack else 'Done'}; what comes of it tells GET /jobs/{job}, with the office's key.")
    return 0


def _work(event: dict[str, str]) -> None:
    os.environ.update(chosen(None))
    with tempfile.TemporaryDirectory() as folder:
        # The server's copy of the read model is its own.
        os.environ["PROJECTION"] = str(Path(folder, "projection.sqlite"))
        worker = importlib.import_module("functions.jobs.worker")
        while worker.handler(event, Context("erase-again", 1024, SECONDS))["left"]:
            event = {}


def _wake(stack: str, event: dict[str, str]) -> None:
    import botocore.session  # noqa: PLC0415 - the local register needs no AWS

    client: Any = botocore.session.get_session().create_client("lambda")
    client.invoke(FunctionName=f"{stack}-jobs-worker", InvocationType="Event", Payload=json.dumps(event))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
