"""Which register an operator's command works on: the local one of `DATA_DIR`, or with `--stack` a deployed one."""

import argparse
import json
import os
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.engine import ROOT, RUNNING
from shared.errors import ProblemError
from shared.settings import Settings
from shared.tables.client import connect
from shared.tables.tables import Tables

TABLES = ("ORGANISATIONS_TABLE", "EVENTS_TABLE", "COOPERATIONS_TABLE", "PRIVATE_TABLE", "REGISTER_TABLE")


FAILURES = (ProblemError, OSError, BotoCoreError, ClientError)
"""What keeps a command from doing its work, and is told in a line."""


def told(problem: Exception) -> str:
    """What an operator is told of one of them."""
    return str(problem.detail if isinstance(problem, ProblemError) else problem)


def add_choice(parser: argparse.ArgumentParser) -> None:
    """Let a command be told which register it is for."""
    parser.add_argument("--stack", help="a deployed stack, in place of the local register")


def add_restored(parser: argparse.ArgumentParser) -> None:
    """Let a command be told that it is for tables that were restored beside those in use."""
    parser.add_argument(
        "--restored", default="", metavar="SUFFIX", help="of the names of restored tables that are not in use yet"
    )


def chosen(stack: str | None) -> dict[str, str]:
    """Give the environment of the register's functions, and take from it how to reach its tables.

    Raises OSError where no local one runs, and the SDK's errors where the stack cannot be read.
    """
    environment = _running() if stack is None else _deployed(stack)
    os.environ.update({name: value for name, value in environment.items() if name.startswith("AWS_")})
    return environment


def tables(environment: Mapping[str, str], restored: str = "") -> Tables:
    """Give the tables of that register, or those that were restored beside them."""
    settings = Settings.from_environment({**environment, **{name: environment[name] + restored for name in TABLES}})
    return Tables(connect(settings.dynamodb_endpoint, parameter_validation=True), settings)


def _running() -> dict[str, str]:
    folder = ROOT / (os.environ.get("DATA_DIR") or ".local/data")
    try:
        environment: dict[str, str] = json.loads((folder / RUNNING).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OSError(f"No register runs on {folder}; start it with make run, or name another: DATA_DIR=…") from None
    return environment


def _deployed(stack: str) -> dict[str, str]:
    import botocore.session  # noqa: PLC0415 - the local register needs no AWS

    client: Any = botocore.session.get_session().create_client("lambda")
    function = client.get_function_configuration(FunctionName=f"{stack}-organisations-write")
    environment: dict[str, str] = function["Environment"]["Variables"]
    return environment
