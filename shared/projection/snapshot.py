"""Snapshots of the read model: immutable objects with a pointer that is written last."""

import gzip
import hashlib
import json
import sqlite3
import tempfile
import zlib
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import quote

from shared.projection.model import LISTS, Model

if TYPE_CHECKING:
    from shared.projection.engine import Projection


class SnapshotStore(Protocol):
    """Where snapshots lie: a bucket or a folder."""

    def get(self, name: str) -> bytes | None:
        """Return an object, None where it is absent, forbidden or out of reach."""

    def put(self, name: str, content: bytes, served_as: str | None = None) -> None:
        """Write an object, whole; `served_as` is the media type of what gzip made it of, for those who fetch it."""

    def address(self, name: str, seconds: int, disposition: str) -> str | None:
        """Return an address that leads to an object for so many seconds, None where there is no such way."""

    def forget_others(self, kept: Collection[str], below: str = "snapshots/") -> None:
        """Delete every other object below a prefix, and every earlier version of those that are kept."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which snapshot is current: its name, length and hash (compressed), and what it has followed of the feed."""

    name: str
    length: int
    sha256: str
    epoch: str
    position: str | None
    pending: dict[str, int]

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Return what the pointer's JSON text says; what is not such a text raises ValueError."""
        match json.loads(content):
            case {
                "name": str(name),
                "length": int(length),
                "sha256": str(sha256),
                "epoch": str(epoch),
                "position": str() | None as position,
                "pending": dict(pending),
            }:
                return cls(name, length, sha256, epoch, position, pending)
        raise ValueError("not a pointer to a snapshot")


def current(store: SnapshotStore, model: Model = LISTS) -> Pointer | None:
    """Return the pointer to the current snapshot of a model, None where there is no good one."""
    content = store.get(model.pointer)
    try:
        return None if content is None else Pointer.parse(content)
    except ValueError:
        return None


def fetch(store: SnapshotStore, pointer: Pointer) -> bytes | None:
    """Return the database that the pointer promises, None if that is missing, short, changed or of another schema."""
    packed = store.get(pointer.name)
    if packed is None or len(packed) != pointer.length or hashlib.sha256(packed).hexdigest() != pointer.sha256:
        return None
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        return None


def load(store: SnapshotStore, pointer: Pointer, target: sqlite3.Connection, model: Model = LISTS) -> bool:
    """Replace all that the target holds, in one transaction, by the snapshot; False, and nothing done, if it is bad."""
    content = fetch(store, pointer)
    if content is None:
        return False
    with tempfile.NamedTemporaryFile(suffix=".sqlite") as file:
        file.write(content)
        file.flush()
        try:
            with closing(sqlite3.connect(file.name, isolation_level=None)) as source:
                promised = source.execute("SELECT position, epoch FROM following").fetchone()
                schema = source.execute("PRAGMA user_version").fetchone()[0]
                if schema != model.schema or promised != (pointer.position, pointer.epoch):
                    return False
                source.backup(target)
        except sqlite3.DatabaseError:
            return False
    return True


def forget_earlier(store: SnapshotStore, projections: Sequence["Projection"]) -> None:
    """Build the snapshots anew and delete all that were made before, by this version of the code or another."""
    kept = set()
    for projection in projections:
        projection.catch_up()
        projection.forget_pages()
        kept |= {build_snapshot(projection).name, projection.model.pointer}
    store.forget_others(kept)


def build_snapshot(projection: "Projection") -> Pointer:
    """Bring the projection level with the feed, however long that takes, and make it the current snapshot.

    An unchanged one is not written again.
    """
    model = projection.model
    projection.catch_up()
    with projection.copy() as path, closing(sqlite3.connect(path, isolation_level=None)) as connection:
        position, epoch = connection.execute("SELECT position, epoch FROM following").fetchone()
        pending = dict(connection.execute("SELECT id, version FROM pending").fetchall())
        content = Path(path).read_bytes()
    packed = gzip.compress(content, compresslevel=6, mtime=0)
    fingerprint = hashlib.sha256(packed).hexdigest()
    line = "0" if position is None else "".join(filter(str.isdigit, position))
    # One line may be built twice, around an entry that became visible late: the hash keeps the objects apart.
    name = f"{model.folder}{quote(epoch, safe='')}/{line}-{fingerprint[:12]}.sqlite.gz"
    pointer = Pointer(name, len(packed), fingerprint, epoch, position, pending)
    if current(projection.snapshots, model) != pointer or projection.snapshots.get(name) is None:
        projection.snapshots.put(name, packed)
        projection.snapshots.put(model.pointer, json.dumps(asdict(pointer)).encode())
    return pointer
