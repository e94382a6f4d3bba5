"""Mirrors a register into SQLite: `make follow URL=http://127.0.0.1:8000/v1 FILE=mirror.sqlite`.

It reads the change feed from its beginning, and goes on where it stopped, however it was stopped: a page and the place
behind it are one transaction. The table `record` holds every record that ever was, by id: its version, and its public
text, which is null where it was deleted.
"""

import argparse
import json
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infra.client import Client, Unreachable

Json = dict[str, Any]

BEGINNING = "/changes?include=record&limit=200"
STAGE = "/v1"
SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    id TEXT PRIMARY KEY, type TEXT NOT NULL, version INTEGER NOT NULL, updated_at TEXT NOT NULL, text TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY CHECK (one = 1), next TEXT NOT NULL, origin TEXT NOT NULL);
"""


class FollowFailed(Exception):
    """The register could not be followed; the message says why."""


@dataclass(frozen=True, slots=True)
class Mirror:
    """A copy of a register in one file."""

    connection: sqlite3.Connection
    client: Client

    @classmethod
    def open(cls, file: Path, client: Client) -> "Mirror":
        """Open the copy, or begin one; raises `FollowFailed` for another register's mirror and for what can be none."""
        try:
            connection = sqlite3.connect(file, isolation_level=None)
            connection.executescript(SCHEMA)
        except sqlite3.Error as error:
            raise FollowFailed(f"{file} can be no mirror: {error}.") from None
        origin = connection.execute("SELECT origin FROM place").fetchone()
        if origin not in {None, (client.base_url,)}:
            connection.close()
            raise FollowFailed(f"{file} mirrors {origin[0]}; take another file for {client.base_url}.")
        return cls(connection, client)

    def step(self) -> bool:
        """Take in one page; gives whether there is more by now. Raises `FollowFailed` or `Unreachable`."""
        place = self.connection.execute("SELECT next FROM place").fetchone()
        answer = self.client.ask("GET", BEGINNING if place is None else place[0])
        if answer.status == HTTPStatus.GONE:
            self._begin_anew()
            return True
        if answer.status != HTTPStatus.OK:
            raise FollowFailed(f"The register answered {answer.summary}")
        page: Json = answer.content
        if "items" not in page:
            raise FollowFailed(f"{self.client.base_url} is no register; its address ends with {STAGE}.")
        with self.connection:
            self.connection.execute("BEGIN IMMEDIATE")
            for entry in page["items"]:
                self._apply(entry)
            following = urlsplit(page["next"])._replace(scheme="", netloc="").geturl().removeprefix(STAGE)
            self.connection.execute("REPLACE INTO place VALUES (1, ?, ?)", (following, self.client.base_url))
        return bool(page["more"])

    def _apply(self, entry: Json) -> None:
        """Take in one version, unless it or a later one is there: entries may come twice, and late ones out of turn."""
        record = entry.get("record")
        if record is None and entry["change"] in {"created", "changed"}:
            raise FollowFailed(f"The register gave version {entry['version']} of {entry['id']} without its content.")
        text = None if record is None else json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        self.connection.execute(
            "INSERT INTO record VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            "version = excluded.version, updated_at = excluded.updated_at, text = excluded.text "
            "WHERE excluded.version > version",
            (entry["id"], entry["type"], entry["version"], entry["at"], text),
        )

    def _begin_anew(self) -> None:
        with self.connection:
            self.connection.execute("BEGIN IMMEDIATE")
            self.connection.execute("DELETE FROM record")
            self.connection.execute("DELETE FROM place")


def main(arguments: Sequence[str] | None = None) -> int:
    """Follow until stopped, or with `--once` until there is no more; gives the exit status."""
    parser = argparse.ArgumentParser(prog="follow", description="Mirrors a register into a file of SQLite.")
    parser.add_argument("url", help="its address, which ends with the stage: http://127.0.0.1:8000/v1")
    parser.add_argument("file", type=Path, help="the mirror, begun where there is none")
    parser.add_argument("--once", action="store_true", help="end when it is level with the register")
    parser.add_argument("--every", type=float, default=5.0, metavar="SECONDS", help="between looks at a quiet register")
    options = parser.parse_args(arguments)
    try:
        mirror = Mirror.open(options.file, Client(options.url))
        with closing(mirror.connection):
            while True:
                more = mirror.step()
                if not more and options.once:
                    break
                if not more:
                    time.sleep(options.every)
    except (FollowFailed, Unreachable) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
