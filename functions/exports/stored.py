"""Where exports lie: immutable files below `exports/`, and a pointer to the current ones that is written last."""

import json
import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, Literal, Self

if TYPE_CHECKING:
    from shared.projection.snapshot import SnapshotStore

Part = Literal["public", "full"]
PARTS: Final[tuple[Part, Part]] = ("public", "full")
FOLDER: Final = "exports/"
POINTER: Final = f"{FOLDER}current.json"
MARKER: Final = f"{FOLDER}forgotten"
"""Changes with every erasure: a file that was begun before it is not to be kept."""


@dataclass(frozen=True, slots=True)
class File:
    """One file, compressed; the hash is that of the rows."""

    name: str
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Export:
    """What is current: its two files, the moment whose register they show, and what they were made of."""

    public: File
    full: File
    as_of: str
    made_of: str

    def of(self, part: Part) -> File:
        """Return the file with the public part, or with all of it."""
        return self.full if part == "full" else self.public

    def text(self) -> str:
        """Return the pointer's text."""
        return json.dumps(asdict(self))

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Return what the pointer's text says; what is not such a text raises ValueError."""
        match json.loads(content):
            case {
                "public": dict(public),
                "full": dict(full),
                "as_of": str(as_of),
                "made_of": str(made_of),
            }:
                return cls(_file(public), _file(full), as_of, made_of)
        raise ValueError("not a pointer to an export")


def _file(content: dict[str, object]) -> File:
    match content:
        case {"name": str(name), "length": int(length), "sha256": str(sha256)}:
            return File(name, length, sha256)
    raise ValueError("not a file of an export")


def current(store: "SnapshotStore") -> Export | None:
    """Return the current export, None where there is no good one."""
    content = store.get(POINTER)
    try:
        return None if content is None else Export.parse(content)
    except ValueError:
        return None


def mark(store: "SnapshotStore") -> bytes:
    """Put another marker in its place; gives it."""
    marker = secrets.token_hex(8).encode()
    store.put(MARKER, marker)
    return marker


def forget(store: "SnapshotStore") -> None:
    """Delete every export, and let none that is being written now take their place.

    Whoever writes one looks at the marker before the first record and after the pointer: either it sees this one, or
    its pointer stood before what follows here.
    """
    mark(store)
    store.forget_others({MARKER}, FOLDER)
