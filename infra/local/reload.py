"""A new process image for new code, with the engine, the lock and the listening socket handed over."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

from infra.local.engine import RunningEngine

VARIABLE = "CLUSTERREGISTER_HANDOVER"


@dataclass(frozen=True, slots=True)
class Handover:
    """What outlives a reload: open files by number, and the engine if there is one."""

    lock: int
    listener: int
    engine: RunningEngine | None

    @classmethod
    def received(cls, environment: Mapping[str, str]) -> "Handover | None":
        """Return what the process image before this one handed over, or None on a first start."""
        if VARIABLE not in environment:
            return None
        given = json.loads(environment[VARIABLE])
        engine = given["engine"] and RunningEngine(**{**given["engine"], "folder": Path(given["engine"]["folder"])})
        handover = cls(given["lock"], given["listener"], engine)
        handover._make_inheritable(inheritable=False)
        return handover

    def pass_on(self, environment: Mapping[str, str]) -> NoReturn:
        """Start the program anew in this process; nothing that needs a goodbye may be open but what is handed over."""
        self._make_inheritable(inheritable=True)
        text = json.dumps(asdict(self), default=str)
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**environment, VARIABLE: text})  # noqa: S606 - the program itself

    def _make_inheritable(self, *, inheritable: bool) -> None:
        numbers = [self.lock, self.listener, *([self.engine.lifeline] if self.engine else [])]
        for number in numbers:
            os.set_inheritable(number, inheritable)


class Watch:
    """The project's code, looked at from time to time."""

    def __init__(self, root: Path) -> None:
        """Remember how the code looks now."""
        self._root = root
        self._seen = self._look()

    def has_changed(self) -> bool:
        """Return whether a file came, went or changed since the last time this said so."""
        now = self._look()
        changed = now != self._seen
        self._seen = now
        return changed

    def _look(self) -> dict[str, int]:
        files = [self._root / "template.yaml"]
        for folder in ("functions", "shared"):
            files += sorted((self._root / folder).rglob("*.py"))
        seen = {}
        for file in files:
            try:
                seen[str(file)] = file.stat().st_mtime_ns
            except FileNotFoundError:
                continue
        return seen
