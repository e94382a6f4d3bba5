"""What the search takes, by the size of the register: `python -m infra.bench.search [size …]`."""

import gzip
import json
import resource
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final

from infra.bench.catalogue import STAMP, TODAY, Drawn, by_size
from infra.bench.measuring import Figure, cpu_milliseconds, cpu_seconds, side_by_side
from shared.projection.pages import Ask
from shared.projection.search.finding import search, suggest
from shared.projection.search.tables import SEARCH
from shared.tables.tables import Document

ROUNDS: Final = 7
_QUERIES: Final = {
    "a frequent word": {"q": ["datensicherheit"]},
    "two frequent words": {"q": ["beratung logistik"]},
    "a name": {"q": ["Verein 4711"]},
    "a part of words": {"q": ["elektronik"]},
    "a slip": {"q": ["mikroelektronk"]},
    "what is not there": {"q": ["xylophon"]},
    "a word, of one region": {"q": ["software"], "region": ["DE-TH"]},
    "no words, one topic": {"topic": ["topic-1"]},
}


def build(path: Path, drawn: Drawn) -> None:
    """Write the search's copy of a register into a file."""
    envelope = {"version": 1, "created_at": STAMP, "updated_at": STAMP, "managed_by": None}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        SEARCH.create(connection, "0")
        for record in drawn.records():
            text = json.dumps({**record, **envelope}, ensure_ascii=False)
            SEARCH.apply(connection, Document(record["id"], 1, STAMP, text))
        connection.execute("COMMIT")
        connection.execute("VACUUM")


def measure(size: int) -> dict[str, Figure]:
    """Return sizes in MB, the CPU seconds of building and loading, and the CPU milliseconds of each query."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "search.sqlite")
        built = cpu_seconds(partial(build, path, Drawn(size)))
        packed = gzip.compress(path.read_bytes(), compresslevel=6)
        once = {
            "file, MB": path.stat().st_size / 1e6,
            "snapshot, MB": len(packed) / 1e6,
            "building, s": built,
            "unpacking, s": cpu_seconds(partial(gzip.decompress, packed)),
        }
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            asked: dict[str, Callable[[], float]] = {
                f"{name}, ms": partial(_milliseconds, connection, filters) for name, filters in _QUERIES.items()
            }
            asked["suggest, ms"] = partial(cpu_milliseconds, partial(suggest, connection, "vere", [], TODAY))
            figures = side_by_side(asked, ROUNDS)
        once["memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        return {**{name: Figure.of([value]) for name, value in once.items()}, **figures}


def _milliseconds(connection: sqlite3.Connection, filters: dict[str, Any]) -> float:
    def ask() -> None:
        connection.execute("BEGIN")
        search(connection, Ask(filters=filters, limit=50, today=TODAY))
        connection.execute("ROLLBACK")

    return cpu_milliseconds(ask)


if __name__ == "__main__":
    by_size("search", "in its unit", measure)
