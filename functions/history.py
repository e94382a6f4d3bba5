"""What readers answer about the past versions of a record. No pydantic, no SQLite."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from functions.alike import LONGEST_NUMBER
from functions.process import READING, TABLES
from functions.reading import require_contacts
from shared.errors import Gone, NotFound
from shared.http.messages import Request, Response
from shared.http.paging import cursor_of, page
from shared.models import ids, views
from shared.models.patch import difference, dumps
from shared.models.room import fitting
from shared.tables.history import History, Revision
from shared.tables.tables import Document

Json = dict[str, Any]

VERSIONS: Final = History(TABLES)
OFFICE: Final = "office"
MOST_WITH_CONTACTS: Final = 40
"""Versions on a page: 96 KB each, public and hidden part together, have to fit into an answer."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The record whose past is asked for: its last version with content, and whether contacts are to be seen."""

    document: Document
    full: bool

    def contents(self, revisions: Sequence[Revision]) -> list[Json | None]:
        """What each of the versions said, None where it was deleted."""
        private = VERSIONS.private_texts(self.document.id, revisions) if self.full else {}
        return [
            None if revision.text is None else self._content(revision.text, private.get(revision.version))
            for revision in revisions
        ]

    def _content(self, text: str, private: str | None) -> Json:
        public: Json = json.loads(text)
        if not self.full:
            return views.without_contacts(public)
        return public if private is None else views.join(public, json.loads(private))


def subject(request: Request, record_type: ids.RecordType) -> Subject:
    """The record in the path, deleted or merged or not.

    Raises `NotFound`, `Merged` for a membership's former network, and `Forbidden` or `Unauthorised` for contacts.
    """
    record_id = request.variables["membership_id" if record_type == "membership" else "id"]
    if ids.type_of(record_id) != record_type:
        raise NotFound
    document = VERSIONS.last_text(record_id)
    if record_type == "membership" and json.loads(document.text or "{}").get("network_id") != request.variables["id"]:
        # Where another network took this one's place, its past is found there.
        TABLES.document(request.variables["id"])
        raise NotFound
    full = request.one("view") == "full"
    if full:
        require_contacts(request, document.text or "")
    return Subject(document, full)


def versions(request: Request, record_type: ids.RecordType) -> Response:
    """A page of what became of the record, newest first, each with the patch from the version before."""
    cursor = cursor_of(request, (int,))
    found = subject(request, record_type)
    below, limit = int(cursor.after[0]) if cursor else None, int(request.one("limit") or 0)
    limit = min(limit, MOST_WITH_CONTACTS) if found.full else limit
    # One more than is shown: the last one's patch starts from it.
    revisions = VERSIONS.revisions(found.document.id, below=below, most=limit + 1)
    contents = [*found.contents(revisions), None]
    begins = bool(revisions) and revisions[-1].version == 1
    shown = revisions[: min(limit, len(revisions) - (not begins))]
    items = fitting(_item(revision, contents[place + 1], contents[place]) for place, revision in enumerate(shown))
    last = shown[len(items) - 1].version if items else 1
    after = [last] if last > 1 else None
    return page(request, items, after, READING.today(), {})


def version(request: Request, record_type: ids.RecordType) -> Response:
    """The record as a version of it said; raises `NotFound`, or `Gone` for the version that deleted it."""
    number = request.variables["version"]
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        raise NotFound
    found = subject(request, record_type)
    revision = VERSIONS.revision(found.document.id, int(number))
    (content,) = found.contents([revision])
    if content is None:
        raise Gone
    text = dumps(content)
    digest = blake2b(text.encode(), digest_size=8).hexdigest()
    return Response(text, etag=f"{revision.version}-history.{digest}", private=found.full)


def _item(revision: Revision, old: Json | None, new: Json | None) -> str:
    return dumps(
        {
            "version": revision.version,
            "at": revision.at,
            "change": revision.change,
            "by": None if revision.author == OFFICE else revision.author,
            "patch": difference(old, new),
        }
    )
