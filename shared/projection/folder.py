"""Snapshots in a folder, behind the same calls as the bucket."""

import os
import tempfile
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Folder:
    """Objects by name below one folder."""

    path: Path

    def get(self, name: str) -> bytes | None:
        """Return the object's bytes, None where it is absent or may not be read."""
        try:
            return (self.path / name).read_bytes()
        except OSError:
            return None

    def address(self, name: str, seconds: int, disposition: str, method: str) -> str | None:  # noqa: ARG002 - see `Bucket`
        """Return None: nobody reads a folder but this process."""
        return None

    def forget_others(self, kept: Collection[str], below: str = "snapshots/") -> None:
        """Delete every other object below a prefix."""
        names = {path: path.relative_to(self.path).as_posix() for path in self.path.rglob("*") if path.is_file()}
        for path, name in names.items():
            if name.startswith(below) and name not in kept:
                path.unlink(missing_ok=True)

    def put(self, name: str, content: bytes, served_as: str | None = None) -> None:  # noqa: ARG002 - see `Bucket`
        """Write the object so that readers see the old or the new one, never a part; OSError if the disk refuses."""
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(target)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(draft).unlink()
            raise
