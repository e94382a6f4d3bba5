"""The engine's memory on disk: a file of JSON lines, each what one request changed, written before its answer."""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Change = tuple[str, str, str, dict[str, Any] | None]
"""Table, partition key, sort key, and the item that stands there now (None: it is gone)."""


class JournalDamaged(Exception):
    """A line within the file cannot be read, so what followed cannot be trusted either."""


@dataclass(slots=True)
class Contents:
    """What a journal says: the tables' definitions as they were written last, and every item by table and key."""

    definitions: Any = None
    items: dict[str, dict[tuple[str, str], dict[str, Any]]] = field(default_factory=dict)
    changes: int = 0

    def apply(self, line: dict[str, Any]) -> None:
        """Take in one line of the file."""
        if "definitions" in line:
            self.definitions = line["definitions"]
            kept = set(line["tables"])
            self.items = {name: items for name, items in self.items.items() if name in kept}
        for table, partition, sort, item in line.get("changes", ()):
            self.changes += 1
            held = self.items.setdefault(table, {})
            if item is None:
                held.pop((partition, sort), None)
            else:
                held[partition, sort] = item

    def live(self) -> int:
        """Return how many items there are."""
        return sum(len(items) for items in self.items.values())


class Journal:
    """One file, appended to by one process; a line that a kill cut off was never acknowledged and is dropped."""

    def __init__(self, path: Path) -> None:
        """Take the file's path; nothing is opened before `load`."""
        self._path = path
        self._file = -1
        self._unsynced = False

    def load(self) -> Contents:
        """Return what the file says, mend its end, and make ready to append; raises `JournalDamaged`."""
        contents = Contents()
        sound = 0
        if self._path.exists():
            with self._path.open("rb") as lines:
                for number, line in enumerate(lines, 1):
                    if not line.endswith(b"\n"):
                        break
                    try:
                        contents.apply(json.loads(line))
                    except (ValueError, TypeError, KeyError, AttributeError) as problem:
                        raise JournalDamaged(f"{self._path}: line {number} cannot be read.") from problem
                    sound += len(line)
        # At every start, so that what a person had erased is not left in the changes of the past.
        if contents.changes > contents.live():
            self._rewrite(contents)
            sound = self._path.stat().st_size
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.ftruncate(self._file, sound)
        os.lseek(self._file, sound, os.SEEK_SET)
        return contents

    def changed(self, changes: Iterable[Change]) -> None:
        """Append what one request changed; raises `OSError` when the disk refuses."""
        self._append({"changes": list(changes)})

    def defined(self, definitions: object, tables: Iterable[str]) -> None:
        """Append the tables' definitions as text of the engine's own, and the names that are left."""
        self._append({"definitions": definitions, "tables": sorted(tables)})

    def sync(self) -> None:
        """Bring what was appended to the disk itself, so that even a power cut spares it."""
        if self._unsynced:
            self._unsynced = False
            os.fdatasync(self._file)

    def close(self) -> None:
        """Sync and close."""
        self.sync()
        os.close(self._file)

    def _append(self, line: dict[str, Any]) -> None:
        text = _render(line)
        while text:
            text = text[os.write(self._file, text) :]
        self._unsynced = True

    def _rewrite(self, contents: Contents) -> None:
        """Write only what is alive, beside the old file, and put it in its place in one step."""
        fresh = self._path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with open(fresh, "xb", opener=_private) as file:
            file.write(_render({"definitions": contents.definitions, "tables": sorted(contents.items)}))
            for table, items in contents.items.items():
                file.writelines(_render({"changes": [(table, *key, item)]}) for key, item in items.items())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)


def _render(line: dict[str, Any]) -> bytes:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"
