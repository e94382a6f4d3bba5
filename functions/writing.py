"""What the three writers share: one Register, and the answers of its four verbs."""

from typing import Final

from functions.process import TABLES, projection
from shared.errors import NotFound
from shared.http.messages import Request, Response
from shared.http.routes import PREFIX
from shared.models import ids
from shared.tables.register import Register
from shared.tables.tables import Document


def _referrers(record_id: str) -> list[str]:
    from shared.projection.queries import referrers  # noqa: PLC0415 - only a refused deletion needs names

    with projection().read() as connection:
        return referrers(connection, record_id)


REGISTER: Final = Register(TABLES, _referrers)


def create(record_type: ids.RecordType, request: Request) -> Response:
    """Enter a new record: 201, its address, its first version."""
    return created(REGISTER.create(record_type, request.body), request)


def created(document: Document, request: Request) -> Response:
    """The answer for a new record below the path that was posted to."""
    location = f"{PREFIX}{request.path}/{document.id}"
    return current(document, status=201, headers={"Location": location})


def replace(record_type: ids.RecordType, request: Request) -> Response:
    """Make the body the next version."""
    record_id = identified(record_type, request.variables["id"])
    correction = request.one("correction") == "true"
    return current(REGISTER.replace(record_id, request.body, if_match=request.if_match, correction=correction))


def patch(record_type: ids.RecordType, request: Request) -> Response:
    """Merge the body into the record."""
    record_id = identified(record_type, request.variables["id"])
    correction = request.one("correction") == "true"
    return current(REGISTER.patch(record_id, request.body, if_match=request.if_match, correction=correction))


def delete(record_type: ids.RecordType, request: Request) -> Response:
    """Leave a tombstone."""
    REGISTER.delete(identified(record_type, request.variables["id"]), if_match=request.if_match)
    return gone()


def identified(record_type: ids.RecordType, record_id: str) -> str:
    """The id, when it is one of this type; raises `NotFound`."""
    if ids.type_of(record_id) != record_type:
        raise NotFound
    return record_id


def current(document: Document, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The answer that carries a version."""
    return Response(document.text or "", status, etag=str(document.version), headers=headers or {}, private=True)


def gone() -> Response:
    """The answer for a deletion."""
    return Response(status=204, private=True)
