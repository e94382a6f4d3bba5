"""Reads of the change feed."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

from functions.changes.routes import LATEST, ROUTES
from functions.process import TABLES, edge
from shared.errors import Fault, MalformedRequest
from shared.http.messages import Request, Response
from shared.http.paging import next_address
from shared.models.patch import dumps
from shared.models.room import fitting
from shared.tables.changes import Changes, Page, Position

FEED: Final = Changes(TABLES)


def list_changes(request: Request) -> Response:
    """A page of changes, and where to go on; raises `MalformedRequest` for a cursor, and `FeedRestarted`."""
    after, now = request.one("after"), TABLES.clock.now()
    if after == LATEST:
        return _answer(request, [], FEED.latest(now), more=False)
    page = FEED.read(
        None if after is None else _position(after),
        types=request.query.get("type", ()),
        limit=int(request.one("limit") or 0),
        now=now,
    )
    items = fitting(_items(page, with_records=request.one("include") is not None))
    if len(items) < len(page.entries):
        return _answer(request, items, page.position_of(page.entries[len(items) - 1]), more=True)
    return _answer(request, items, page.position, more=not page.caught_up)


def _position(after: str) -> Position:
    try:
        return Position.parse(after)
    except ValueError:
        fault = Fault("Use the cursor of an entry or of `next`, unchanged.", "malformed-cursor", parameter="after")
        raise MalformedRequest(faults=[fault]) from None


def _items(page: Page, *, with_records: bool) -> Iterator[str]:
    """The entries as JSON texts."""
    texts = FEED.records(page.entries) if with_records else iter([None] * len(page.entries))
    for entry, text in zip(page.entries, texts, strict=True):
        told = {
            "cursor": page.position_of(entry).cursor,
            "type": entry.type,
            "id": entry.id,
            "version": entry.version,
            "change": entry.change,
            "at": entry.stamp,
            "late": entry.late,
        }
        yield dumps(told) if text is None else f'{dumps(told)[:-1]},"record":{text}}}'


def _answer(request: Request, items: list[str], position: Position, *, more: bool) -> Response:
    address = next_address(request, "after", position.cursor)
    body = f'{{"items":[{",".join(items)}],"next":{dumps(address)},"more":{dumps(more)}}}'
    etag = blake2b(body.encode(), digest_size=16).hexdigest()
    return Response(body, etag=etag, headers={"Link": f'<{address}>; rel="next"'})


handler: Final = edge(ROUTES, (list_changes,))
