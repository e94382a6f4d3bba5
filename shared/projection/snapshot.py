"""Snapshots of the read model: immutable objects with a pointer that is written last."""

import gzip
import hashlib
import json
import sqlite3
import tempfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Protocol, Self
from urllib.parse import quote

from shared.projection.model import LISTS, Model

if TYPE_CHECKING:
    from shared.projection.engine import Projection

_AT_ONCE: Final = 1024 * 1024
"""Bytes that are unpacked at once: the whole of a large register would take a good part of a function's memory."""
_GZIP: Final = 16
"""What zlib wants to hear beside the size of its window to read gzip's header, checksum and length (zlib manual)."""


class SnapshotStore(Protocol):
    """Where snapshots lie: a bucket or a folder."""

    def get(self, name: str) -> bytes | None:
        """Return an object, None where it is absent, forbidden or out of reach."""

    def put(self, name: str, content: bytes, served_as: str | None = None) -> None:
        """Write an object, whole; `served_as` is the media type of what gzip made it of, for those who fetch it."""

    def address(self, name: str, seconds: int, disposition: str, method: str) -> str | None:
        """Return an address that leads a method to an object for so many seconds, None where there is no such way."""

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


@contextmanager
def unpacked(store: SnapshotStore, pointer: Pointer, model: Model, folder: Path | None = None) -> Iterator[Path | None]:
    """Lend the database that the pointer promises as a file in a folder, by default that for temporary files.

    None where it is missing, short, changed, or of another schema, position or epoch.
    """
    packed = store.get(pointer.name)
    if packed is None or len(packed) != pointer.length or hashlib.sha256(packed).hexdigest() != pointer.sha256:
        yield None
        return
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".sqlite") as file:
        path = Path(file.name)
        try:
            _inflate(packed, file)
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                promised = connection.execute("SELECT position, epoch FROM following").fetchone()
                schema = connection.execute("PRAGMA user_version").fetchone()[0]
        except (zlib.error, EOFError, sqlite3.DatabaseError):
            yield None
            return
        yield path if schema == model.schema and promised == (pointer.position, pointer.epoch) else None


def _inflate(packed: bytes, file: IO[bytes]) -> None:
    """Write what gzip made smaller, a part at a time; raises zlib.error, and EOFError where its end is missing."""
    inflating = zlib.decompressobj(zlib.MAX_WBITS | _GZIP)
    rest = packed
    while rest:
        file.write(inflating.decompress(rest, _AT_ONCE))
        rest = inflating.unconsumed_tail
    file.flush()
    if not inflating.eof:
        raise EOFError


def place(store: SnapshotStore, path: Path, model: Model = LISTS) -> None:
    """Begin a copy with the current snapshot, as it is: nothing is done without a good one, or if the file is there."""
    pointer = current(store, model)
    if pointer is None:
        return
    with unpacked(store, pointer, model, path.parent) as database, suppress(FileExistsError):
        if database is not None:
            # In one step, and never in the place of what another process has begun meanwhile.
            path.hardlink_to(database)


def load(store: SnapshotStore, pointer: Pointer, target: sqlite3.Connection, model: Model = LISTS) -> bool:
    """Replace all that the target holds, in one transaction, by the snapshot; False, and nothing done, if it is bad."""
    with unpacked(store, pointer, model) as database:
        if database is None:
            return False
        try:
            with closing(sqlite3.connect(database, isolation_level=None)) as source:
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
