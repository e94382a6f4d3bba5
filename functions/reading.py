"""What readers share: one record, one page. No pydantic, no write, and no SQLite for one record."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from shared.errors import Fault, Gone, MalformedRequest, Merged, NotFound
from shared.http.conditional import AS_OF_SUFFIX
from shared.http.external import pair_of
from shared.http.messages import JSON_FORM, Request, Response
from shared.http.paging import cursor_of, page
from shared.models import dates, ids, views
from shared.models.patch import dumps
from shared.tables.tables import Document, Tables

if TYPE_CHECKING:
    import sqlite3

    from shared.projection.engine import Projection
    from shared.projection.pages import Page

REGISTER: Final = "Clusterregister"

Shape = tuple[type, ...]
"""Types of the sort values by which a list is paged."""
EDGES: Final[Shape] = (str, str, str, int)
"""Those of an organisation's ties: name, other end, owner, position."""

_ID: Final = re.compile(f'"({ids.ANY_ID_PATTERN})"')
_SPENT: Final = frozenset({"cursor", "limit", "order", "include", "format", "lang"})


def in_order(request: Request) -> Shape:
    """The shape of a list of records: by time of change and id, or by segment, rank and id."""
    return (str, str) if "updated_since" in request.query else (int, str, str)


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads of one process: records from the tables, lists from its copy of the projection."""

    tables: Tables
    projection: Callable[[], "Projection"]
    """Opened at the first list, so that a process which only serves records never loads SQLite."""

    def document(self, record_type: ids.RecordType, record_id: str) -> Document:
        """The current version; raises `NotFound`, also for the id of another type, or `Gone`."""
        if ids.type_of(record_id) != record_type:
            raise NotFound
        return self.tables.document(record_id)

    def record(self, record_type: ids.RecordType, request: Request) -> Response:
        """One record, as the public sees it, as of a date, or with `view=full` whole."""
        record_id = request.variables["membership_id" if record_type == "membership" else "id"]
        return self.rendered(request, self.document(record_type, record_id))

    def by_reference(self, record_type: ids.RecordType, request: Request) -> Response:
        """The record with the external id in the path; raises `NotFound`, also where another type has it, or `Gone`."""
        record_id = self.tables.holder(*pair_of(request.variables))
        return self.rendered(request, self.document(record_type, record_id))

    def rendered(self, request: Request, document: Document) -> Response:
        """The answer for a document, by `view`, `as_of` and `include`."""
        text, etag = document.text or "", str(document.version)
        full, moment = request.one("view") == "full", request.one("as_of")
        if full and moment:
            fault = Fault("Ask for either `view` or `as_of`.", "contradicting-parameters", parameter="view")
            raise MalformedRequest(faults=[fault])
        if full and request.form != JSON_FORM:
            fault = Fault(
                "Ask for `view=full` as JSON: it is the form that PUT takes.",
                "contradicting-parameters",
                parameter="view",
            )
            raise MalformedRequest(faults=[fault])
        if full:
            require_contacts(request, text)
            text, etag = self._full(document), f"{etag}-full"
        if moment:
            view = views.as_of(json.loads(text), dates.parse(moment))
            text, etag = dumps(view), f"{etag}{AS_OF_SUFFIX}{moment}"
        # Linked data names what it refers to.
        if request.one("include") or request.form == "jsonld":
            found = [found_id for found_id in named_ids(text) if found_id != document.id]
            refs = _joined(self.tables.labels(found))
            text, etag = f'{text[:-1]},"refs":{refs}}}', f"{etag}-refs.{digest(refs)}"
        return Response(text, etag=etag, private=full)

    def _full(self, document: Document) -> str:
        public, private = document.text or "", self.tables.private_text(document)
        return public if private is None else dumps(views.join(json.loads(public), json.loads(private)))

    def page(
        self,
        request: Request,
        query: "Callable[..., Page]",
        shape: Shape,
        *,
        subject: ids.RecordType | None = None,
        **more: object,
    ) -> Response:
        """One page of a list of the projection; `subject` is the type of the record whose list it is.

        Raises `MalformedRequest` for a cursor, `NotFound` or `Gone` for the subject, and `CatchingUp`.
        """
        from shared.projection.pages import Ask  # noqa: PLC0415 - see `projection`

        cursor = cursor_of(request, shape)
        today = cursor.today if cursor else self.today()
        with self.lists(request, subject) as connection:
            ask = Ask(
                filters={name: values for name, values in request.query.items() if name not in _SPENT},
                order=request.one("order"),
                limit=int(request.one("limit") or 0),
                after=cursor.after if cursor else None,
                today=today,
            )
            found = query(connection, ask, **more)
            beside = dict(found.more)
            if request.one("include"):
                from shared.projection.queries import refs as labels  # noqa: PLC0415 - see `projection`

                beside["refs"] = _joined(labels(connection, named_ids("".join(found.items))))
        return page(request, found.items, found.next, today, beside)

    @contextmanager
    def lists(self, request: Request, subject: ids.RecordType | None) -> "Iterator[sqlite3.Connection]":
        """Lend the copy of the register that lists are read from; `subject` is the type of the record in the path.

        Raises `CatchingUp`, `NotFound` or `Gone` for the subject, and `Merged` where the query names an organisation
        that was merged away: an empty list would say that it never did anything.
        """
        if subject is not None and ids.type_of(request.variables["id"]) != subject:
            raise NotFound
        with self.projection().read() as connection:
            if subject is not None:
                self._require(connection, request.variables["id"])
            self._lead_on(connection, request)
            yield connection

    def _require(self, connection: "sqlite3.Connection", record_id: str) -> None:
        from shared.projection.queries import exists  # noqa: PLC0415 - see `projection`

        presence = exists(connection, record_id)
        if presence == "deleted":
            # The tombstone knows whether another record took its place.
            self.tables.document(record_id)
            raise Gone
        if presence == "unknown":
            raise NotFound

    def _lead_on(self, connection: "sqlite3.Connection", request: Request) -> None:
        from shared.projection.queries import exists  # noqa: PLC0415 - see `projection`

        gone = [one for named in request.named.values() for one in named if exists(connection, one) == "deleted"]
        tombstones = self.tables.documents(gone).values() if gone else ()
        heirs = {one.id: one.merged_into for one in tombstones if one.merged_into is not None}
        if heirs:
            raise Merged(heirs)

    def today(self) -> str:
        """The day in the register's region, by which "may hold today" is meant (ISO 8601)."""
        return datetime.fromtimestamp(self.tables.clock.now(), dates.time_zone(dates.HOME_ZONE)).date().isoformat()


def require_contacts(request: Request, text: str) -> None:
    """Raise `Unauthorised` or `Forbidden` unless the caller may see the contacts in this record."""
    record = json.loads(text)
    if not request.caller.may_see_contacts(record):
        request.caller.require("contacts:read")


def name_of(connection: "sqlite3.Connection", organisations: Sequence[str]) -> str:
    """The name of the organisation where it is one, else that of the register: for what is made of a list."""
    from shared.projection.queries import refs  # noqa: PLC0415 - see `Reading.projection`

    labels = refs(connection, organisations) if len(organisations) == 1 else {}
    return next((str(json.loads(label)["name"]) for label in labels.values()), REGISTER)


def named_ids(text: str) -> list[str]:
    """Every id that stands in a JSON text, once, in order of first appearance."""
    return list(dict.fromkeys(_ID.findall(text)))


def _joined(labels: Mapping[str, str]) -> str:
    return "{" + ",".join(f'"{record_id}":{labels[record_id]}' for record_id in sorted(labels)) + "}"


def digest(text: str) -> str:
    """A short name of a text's content, for ETags."""
    return blake2b(text.encode(), digest_size=8).hexdigest()
