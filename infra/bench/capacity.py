"""Units of DynamoDB that each operation takes, beside the least that its rules allow for what is read and kept.

The least: what is asked for read once and consistently, one unit per started 4 KB; what changes written once each, in
one transaction, two units per started 1 KB: document, revision, entry of the feed, and the guards of what is named.
"""

import importlib
import io
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from infra.bench.contest import ORGANISATION, environment, event, text
from infra.bench.worker import Context
from infra.keys import office_key
from infra.local.engine import start_engine
from infra.local.tables import create_tables
from infra.template import Template
from shared.budget import READ_UNIT, WRITE_UNIT
from shared.tables.client import connect

Json = dict[str, Any]

BESIDE_THE_TEXT: Final = 200
"""Bytes of a document's item without its text, rounded."""
GUARD: Final = 2
ENTRY: Final = 2
NOTE: Final = "the note that the entry came in time"


@dataclass(frozen=True, slots=True)
class Spent:
    """What an operation took, and what it takes at least."""

    operation: str
    read: float
    write: float
    calls: int
    least_read: float
    least_write: float
    why: str


def measure() -> tuple[list[Json], str]:
    """Give units by operation, and the table that shows them."""
    with tempfile.TemporaryDirectory() as scratch:
        engine = start_engine(Path(scratch, "engine"), os.environ)
        try:
            told = environment(engine.endpoint, Path(scratch))
            with patch.dict(os.environ, told):
                client = connect(engine.endpoint)
                create_tables(client, Template.read().tables)
                client.close()
                spent = _Register(office_key(told)).spent()
        finally:
            engine.stop()
    heading = [
        "| operation | read units | at least | write units | at least | more because of |",
        "|---|---|---|---|---|---|",
    ]
    lines = [
        f"| {each.operation} | {each.read:g} | {each.least_read:g} | {each.write:g} | {each.least_write:g} "
        f"| {each.why} |"
        for each in spent
    ]
    return [asdict(each) for each in spent], "\n".join([*heading, *lines])


class _Register:
    """The handlers in this process, whose lines in the log say what each request took."""

    def __init__(self, key: str) -> None:
        self._key = {"Authorization": f"Bearer {key}"}
        self._lines = io.StringIO()
        with redirect_stdout(self._lines):
            self._read, self._write = (
                importlib.import_module(f"functions.organisations.{name}").handler for name in ("read", "write")
            )

    def spent(self) -> list[Spent]:
        size = len(text(ORGANISATION).encode()) + 200 + BESIDE_THE_TEXT  # the envelope is in the text as well
        document, revision = 2 * -(-size // WRITE_UNIT), 2 * -(-size // WRITE_UNIT)
        whole = -(-size // READ_UNIT)
        version = document + revision + ENTRY
        self.ask("POST", "/organisations", body=ORGANISATION)  # the key is known from here on
        made, create = self.ask("POST", "/organisations", body=ORGANISATION)
        member, _ = self.ask("POST", "/organisations", body=ORGANISATION)
        lonely, _ = self.ask("POST", "/organisations", body=ORGANISATION)
        one = {"id": made["id"]}
        self.ask("GET", "/organisations")  # the copy of the read model is level from here on
        membership = {"member_id": member["id"], "since": "2020"}
        changed = {**ORGANISATION, "founded": "2008"}
        tombstone = 2 + 2 + ENTRY + GUARD
        found = [
            ("GET one", self.ask("GET", "/organisations/{id}", one), whole, 0, ""),
            ("GET a page", self.ask("GET", "/organisations"), 1, 0, ""),
            ("POST", (made, create), 0, version + GUARD, NOTE),
            ("PUT", self.ask("PUT", "/organisations/{id}", one, changed, 1), whole, version, NOTE),
            ("PATCH", self.ask("PATCH", "/organisations/{id}", one, {"founded": "2009"}, 2), whole, version, NOTE),
            (
                "POST a membership",
                self.ask("POST", "/organisations/{id}/members", one, membership),
                1,
                2 + 2 + ENTRY + 3 * GUARD + 2,
                f"{NOTE}; a look whether the network is gone",
            ),
            (
                "DELETE",
                self.ask("DELETE", "/organisations/{id}", {"id": lonely["id"]}, None, 1),
                whole,
                tombstone + 2,
                NOTE,
            ),
            ("GET a page after three writes", self.ask("GET", "/organisations"), 1 + 3 * whole, 0, ""),
        ]
        return [
            Spent(name, line["read_units"], line["write_units"], line["calls"], read, write, why)
            for name, (_, line), read, write, why in found
        ]

    def ask(
        self,
        method: str,
        resource: str,
        variables: Json | None = None,
        body: Json | None = None,
        version: int | None = None,
    ) -> tuple[Json, Json]:
        """Give the answer's body, and the line that tells of it."""
        asked = event(method, resource, variables, None if body is None else text(body))
        headers = {**asked["headers"], **(self._key if method != "GET" else {})}
        if method == "PATCH":
            headers["Content-Type"] = "application/merge-patch+json"
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        asked |= {"headers": headers, "multiValueHeaders": {name: [value] for name, value in headers.items()}}
        handler: Callable[[Mapping[str, Any], Context], Json] = self._read if method == "GET" else self._write
        answer = handler(asked, Context())
        if answer["statusCode"] >= 400:  # noqa: PLR2004 - RFC 9110, section 15.5
            raise OSError(f"{method} {resource}: {answer['body']}")
        line = json.loads(self._lines.getvalue().splitlines()[-1])
        return json.loads(answer["body"] or "{}"), line
