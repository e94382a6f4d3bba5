"""What the writers share: one Register, and the answers to what it did."""

import json
from collections.abc import Callable
from typing import Final

from functions.process import TABLES, projection
from shared.errors import NotFound
from shared.http.addresses import address
from shared.http.messages import Request, Response
from shared.models import ids
from shared.tables.register import Outcome, Register


def _referrers(record_id: str) -> list[str]:
    from shared.projection.queries import referrers  # noqa: PLC0415 - only a refused deletion needs names

    with projection().read() as connection:
        return referrers(connection, record_id)


REGISTER: Final = Register(TABLES, _referrers)


def done(request: Request, work: Callable[[Register], Outcome]) -> Response:
    """Do a request's work for its caller, once for its Idempotency-Key, and answer what came of it."""
    register = REGISTER.acting(request.caller, request.once)
    outcome = register.exactly_once(lambda: work(register))
    document = outcome.document
    headers = {"Idempotent-Replayed": "true"} if outcome.replayed else {}
    if document.text is None:
        return Response(status=204, headers=headers, private=True)
    status = 200
    if outcome.change == "created":
        status, headers["Location"] = 201, address(json.loads(document.text))
    return Response(document.text, status, etag=str(document.version), headers=headers, private=True)


def create(record_type: ids.RecordType, request: Request) -> Response:
    """Enter a new record: 201, its address, its first version."""
    return done(request, lambda register: register.create(record_type, request.body))


def replace(record_type: ids.RecordType, request: Request) -> Response:
    """Make the body the next version."""
    correction = request.one("correction") == "true"
    return done(
        request,
        lambda register: register.replace(
            identified(record_type, request), request.body, if_match=request.if_match, correction=correction
        ),
    )


def patch(record_type: ids.RecordType, request: Request) -> Response:
    """Merge the body into the record."""
    correction = request.one("correction") == "true"
    return done(
        request,
        lambda register: register.patch(
            identified(record_type, request), request.body, if_match=request.if_match, correction=correction
        ),
    )


def delete(record_type: ids.RecordType, request: Request) -> Response:
    """Leave a tombstone."""
    return done(request, lambda register: register.delete(identified(record_type, request), if_match=request.if_match))


def identified(record_type: ids.RecordType, request: Request) -> str:
    """The id in the path, when it is one of this type; raises `NotFound`."""
    record_id = request.variables["id"]
    if ids.type_of(record_id) != record_type:
        raise NotFound
    return record_id
