"""What one process builds once, at import (Lambda's init phase): settings, client, its copy of the projection."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final

from functions.reading import Reading
from shared.budget import spending
from shared.errors import ProblemError
from shared.http.edge import REQUEST_SECONDS, Edge, Handler
from shared.http.messages import Request, Response
from shared.http.routes import Route
from shared.settings import Settings
from shared.tables.client import connect
from shared.tables.partners import Partners
from shared.tables.quota import Quota
from shared.tables.secrets import Peppers
from shared.tables.tables import Tables

if TYPE_CHECKING:
    from shared.projection.engine import Projection
    from shared.projection.model import Model
    from shared.projection.snapshot import SnapshotStore
    from shared.tables.queues import Queue

# What no line of the log shows is not looked up for it either ("Optimization" in the logging HOWTO of Python).
logging.logThreads = logging.logMultiprocessing = logging.logProcesses = False

SETTINGS: Final = Settings.from_environment()
TABLES: Final = Tables(connect(SETTINGS.dynamodb_endpoint), SETTINGS)


_OPENING: Final = Lock()
PURSUIT_SECONDS: Final = 60.0
"""For what goes on behind the requests of a process that runs on."""


@cache
def snapshots() -> "SnapshotStore":
    """Where snapshots lie: the bucket when deployed, a folder locally."""
    if SETTINGS.snapshots.startswith("s3://"):
        from shared.tables.objects import Bucket  # noqa: PLC0415 - most requests need no bucket

        return Bucket(SETTINGS.snapshots.removeprefix("s3://"))
    from pathlib import Path  # noqa: PLC0415 - the same

    from shared.projection.folder import Folder  # noqa: PLC0415 - the same

    return Folder(Path(SETTINGS.snapshots))


@cache
def deliveries_queue() -> "Queue":
    """Where messages to webhooks wait: SQS when deployed, a file locally."""
    if "://" in str(SETTINGS.deliveries):
        from shared.tables.queues import Sqs  # noqa: PLC0415 - most requests put nothing

        return Sqs(str(SETTINGS.deliveries), TABLES.clock)
    from pathlib import Path  # noqa: PLC0415 - the same

    from shared.tables.file_queue import FileQueue  # noqa: PLC0415 - the same

    return FileQueue(Path(str(SETTINGS.deliveries)))


def projection() -> "Projection":
    """This process's copy of the lists, opened at the first one, by one of the threads that may ask for it."""
    with _OPENING:
        return _opened()


def searching() -> "Projection":
    """This process's copy of what is searched, opened at the first search."""
    with _OPENING:
        return _opened_for_search()


def copies() -> "list[Projection]":
    """Every copy that this process may have, for whoever builds their snapshots."""
    return [projection(), searching()]


@cache
def _opened() -> "Projection":
    from shared.projection.model import LISTS  # noqa: PLC0415 - a process that only serves records loads none of this

    return _copy(LISTS, "")


@cache
def _opened_for_search() -> "Projection":
    from shared.projection.search.tables import SEARCH  # noqa: PLC0415 - the same

    return _copy(SEARCH, "-search")


def _copy(model: "Model", suffix: str) -> "Projection":
    from pathlib import Path  # noqa: PLC0415 - the same

    from shared.projection.engine import Projection  # noqa: PLC0415 - the same
    from shared.tables.feed import Feed  # noqa: PLC0415 - the same

    path = Path(SETTINGS.projection)
    copy = Projection(path.with_stem(path.stem + suffix), Feed(TABLES), snapshots(), model, wake=lambda: _wake(copy))
    return copy


def _wake(copy: "Projection") -> None:
    if SETTINGS.snapshot_function is not None:
        from shared.tables.waking import invoke  # noqa: PLC0415 - only a copy that is far behind needs it

        invoke(SETTINGS.snapshot_function)
    elif SETTINGS.runs_on:
        Thread(target=_pursue, args=(copy,), name="pursuit", daemon=True).start()


def _pursue(copy: "Projection") -> None:
    with spending(PURSUIT_SECONDS), suppress(ProblemError):
        copy.pursue()


READING: Final = Reading(TABLES, projection)
SEARCHING: Final = Reading(TABLES, searching)
PEPPERS: Final = Peppers(SETTINGS)
PARTNERS: Final = Partners(TABLES, PEPPERS, SETTINGS.key_environment)
QUOTA: Final = Quota(TABLES, SETTINGS.writes_per_minute)


def edge(routes: Iterable[Route], handlers: Iterable[Handler], *, seconds: float = REQUEST_SECONDS) -> Edge:
    """The edge of a function that knows keys and quotas; its work may take so many seconds."""
    return Edge(
        routes,
        handlers,
        SETTINGS.write_origins,
        authenticate=PARTNERS.authenticate,
        admit=QUOTA.admit,
        represent=_represented,
        seconds=seconds,
    )


def _represented(request: Request, response: Response) -> Response:
    from functions.forms.represent import represent  # noqa: PLC0415 - nearly all requests are for JSON

    return represent(request, response)
