"""The projection: a copy of the register for reading, level with the feed before each answer."""

import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from shared.errors import CatchingUp
from shared.projection.following import (
    FAR_BACK,
    Effort,
    Feed,
    begin_epoch,
    following,
    gather,
    knows_epoch,
    take_in,
    transaction,
)
from shared.projection.model import LISTS, Model
from shared.projection.snapshot import SnapshotStore, current, load, place
from shared.tables.client import has_passed
from shared.tables.feed import LATE_BOUND, NO_EPOCH

ENTRIES_BEFORE_AN_ANSWER: Final = 1000
SECONDS_BEFORE_AN_ANSWER: Final = 2.0
SECONDS_BETWEEN_WAKINGS: Final = 30.0
SECONDS_BETWEEN_FAR_READS: Final = 30.0
_ATTEMPTS: Final = 4
_BETWEEN_TRIES: Final = 0.01
_WRITER_WAIT: Final = 5.0


class Projection:
    """One file of SQLite that follows the feed; any number of threads may read it at once.

    `clock` gives seconds since 1970, `monotonic` those of one answer; `wake` is called, now and then, when the copy is
    so far behind that a snapshot should be built.
    """

    def __init__(
        self,
        path: Path,
        feed: Feed,
        snapshots: SnapshotStore,
        model: Model = LISTS,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """Open the file, or begin a new one where it is missing, broken or of another schema."""
        self.snapshots = snapshots
        self.model = model
        self._path = path
        self._feed = feed
        self._clock = clock
        self._monotonic = monotonic
        self._wake = wake
        self._woken: float | None = None
        self._read_far: float | None = None
        self._idle: list[sqlite3.Connection] = []
        self._refreshing = threading.Lock()
        self._begun = 0
        self._ended = 0
        self._failed = False
        self._open()

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        files = [Path(f"{self._path}{suffix}") for suffix in ("", "-wal", "-shm", "-journal")]
        if not _is_usable(self._path, self.model):
            for file in files:
                file.unlink(missing_ok=True)
        # A log without its file would be taken for a part of the new one.
        if not any(file.exists() for file in files):
            place(self.snapshots, self._path, self.model)
        with closing(self._connect()) as connection, transaction(connection):
            if _schema(connection) == 0:
                self.model.create(connection, NO_EPOCH)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=_WRITER_WAIT, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        _use_wal(connection)
        # A lost commit is read from the feed again; what WAL keeps is always whole.
        connection.execute("PRAGMA synchronous = NORMAL")
        # What a record no longer says is overwritten with zeros wherever a page is written anyway.
        connection.execute("PRAGMA secure_delete = FAST")
        return connection

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that no other thread has."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        try:
            yield connection
        finally:
            self._idle.append(connection)

    def close(self) -> None:
        """Close the connections that nobody uses."""
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection on which every query sees the same state: all that was acknowledged before the call.

        Raises `CatchingUp` where that cannot be reached in time.
        """
        for _ in range(_ATTEMPTS):
            self.refresh()
            with self._connection() as connection:
                connection.execute("BEGIN")
                try:
                    # Another thread may have thrown the copy away meanwhile, and be filling it anew.
                    if following(connection).level:
                        yield connection
                        return
                finally:
                    connection.execute("ROLLBACK")
        raise CatchingUp

    def refresh(self) -> None:
        """Bring the copy level with the feed, within an answer's time; raises `CatchingUp` where that is too short.

        Who had to wait for another's refresh takes it for his own only if it began after he came.
        """
        came = self._begun
        with self._refreshing:
            if self._ended > came:
                if self._failed:
                    raise CatchingUp
                return
            self._begun += 1
            deadline = self._monotonic() + SECONDS_BEFORE_AN_ANSWER
            level = self._follow(Effort(ENTRIES_BEFORE_AN_ANSWER, deadline, self._monotonic))
            self._failed, self._ended = not level, self._begun
            if not level:
                self._call()
                raise CatchingUp

    def pursue(self) -> None:
        """Bring the copy level with the feed in parts as `refresh` does; whoever asks has his turn between two of them.

        Raises `CatchingUp` when that is not done before the next call to `wake`, and whatever else the feed raises.
        """
        ends = self._monotonic() + SECONDS_BETWEEN_WAKINGS
        while True:
            try:
                self.refresh()
            except CatchingUp:
                if self._monotonic() >= ends:
                    raise
                # A lock goes to whoever waits only if it is left alone for a moment.
                time.sleep(_BETWEEN_TRIES)
            else:
                return

    def catch_up(self) -> None:
        """Bring the copy level with the feed, however long that takes; raises `CatchingUp` if the feed outruns it."""
        with self._refreshing:
            self._begun += 1
            level = self._follow(Effort())
            self._failed, self._ended = not level, self._begun
            if not level:
                raise CatchingUp

    def _follow(self, effort: Effort) -> bool:
        """Follow the feed, from a snapshot where that saves work; True if the copy is level with it then."""
        with self._connection() as connection:
            if following(connection).position is None:
                self._adopt(connection)
            for _ in range(_ATTEMPTS):
                now = self._clock()
                far = self._read_far is None or has_passed(SECONDS_BETWEEN_FAR_READS, self._read_far, now)
                news = gather(connection, self._feed, now, effort, FAR_BACK if far else LATE_BOUND)
                if news.epoch is not None and not knows_epoch(connection, news.epoch):
                    if begin_epoch(connection, news.epoch, self.model):
                        self._adopt(connection)
                        continue
                elif not news.whole and self._adopt(connection):
                    continue
                level = take_in(connection, self._feed, news, now, effort, self.model)
                if far and level:
                    self._read_far = now
                return level
            return False

    def _adopt(self, connection: sqlite3.Connection) -> bool:
        """Replace the copy by the current snapshot if that is further, and of this epoch or one not yet heard of."""
        pointer = current(self.snapshots, self.model)
        if pointer is None:
            return False
        own = following(connection)
        is_ahead = (pointer.position or "") > (own.position or "")
        is_of_this_time = pointer.epoch == own.epoch or (
            own.position is None and not knows_epoch(connection, pointer.epoch)
        )
        adopted = is_ahead and is_of_this_time and load(self.snapshots, pointer, connection, self.model)
        if adopted:
            # What was not visible yet when the snapshot was built lies before its position.
            self._read_far = None
        return adopted

    def _call(self) -> None:
        now = self._clock()
        if self._woken is None or has_passed(SECONDS_BETWEEN_WAKINGS, self._woken, now):
            self._woken = now
            self._wake()

    def forget_pages(self) -> None:
        """Leave nothing of deleted rows in the file or what is written ahead of it, unless somebody reads it now."""
        with self._refreshing, self._connection() as connection, suppress(sqlite3.OperationalError):
            self.model.forget(connection)
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def copy(self) -> Iterator[Path]:
        """Lend a file with the copy as it stands, compact, that asks its reader to follow the feed first."""
        with tempfile.TemporaryDirectory() as folder, self._connection() as connection:
            path = Path(folder, "copy.sqlite")
            connection.execute("VACUUM INTO ?", (str(path),))
            with closing(sqlite3.connect(path, isolation_level=None)) as copied:
                copied.execute("UPDATE following SET level = 0")
            yield path


def _use_wal(connection: sqlite3.Connection) -> None:
    """Turn on write-ahead logging; SQLite itself does not wait here while another one opens the same new file."""
    ends = time.monotonic() + _WRITER_WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                raise
            time.sleep(_BETWEEN_TRIES)
        else:
            return


def _is_usable(path: Path, model: Model) -> bool:
    """Tell whether there is nothing yet, or a whole file of this schema; one that another is creating is left alone."""
    if not path.exists():
        return True
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=_WRITER_WAIT)) as connection:
            whole = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            return whole and _schema(connection) in {0, model.schema}
    except sqlite3.DatabaseError:
        return False


def _schema(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
