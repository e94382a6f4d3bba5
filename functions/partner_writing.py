"""What the writers do for partners: writes by external ids, ids of partners on any record, hand-over."""

from collections.abc import Callable

from functions.writing import done, identified
from shared.http.external import pair_of
from shared.http.messages import Request, Response
from shared.models import ids
from shared.tables import partner_writes, upserts
from shared.tables.external_ids import Pair
from shared.tables.register import Register

Identify = Callable[[Register], str]
"""Gives the id of the record in the path; raises `NotFound` or `Gone`."""


def upsert(record_type: ids.RecordType, request: Request) -> Response:
    """Create the record with the external id in the path, or make the body its next version."""
    conditions = upserts.Conditions(request.if_match, request.must_exist, request.create_only)
    correction = request.one("correction") == "true"
    return done(
        request,
        lambda register: upserts.upsert(
            register, record_type, _pair(request), request.body, conditions, correction=correction
        ),
    )


def patch(record_type: ids.RecordType, request: Request) -> Response:
    """Merge the body into the record with the external id in the path."""
    correction = request.one("correction") == "true"
    return done(
        request,
        lambda register: upserts.patch(
            register, record_type, _pair(request), request.body, if_match=request.if_match, correction=correction
        ),
    )


def delete(record_type: ids.RecordType, request: Request) -> Response:
    """Leave a tombstone of the record with the external id in the path."""
    return done(
        request,
        lambda register: upserts.delete(register, record_type, _pair(request), if_match=request.if_match),
    )


def attach(record_type: ids.RecordType, request: Request, identify: Identify | None = None) -> Response:
    """Give the record an external id more."""
    return done(
        request,
        lambda register: partner_writes.attach(
            register, _identified(record_type, request, register, identify), _pair(request), if_match=request.if_match
        ),
    )


def detach(record_type: ids.RecordType, request: Request, identify: Identify | None = None) -> Response:
    """Take an external id away from the record."""
    return done(
        request,
        lambda register: partner_writes.detach(
            register, _identified(record_type, request, register, identify), _pair(request), if_match=request.if_match
        ),
    )


def hand_over(record_type: ids.RecordType, request: Request) -> Response:
    """Let another office keep the record."""
    return done(
        request,
        lambda register: partner_writes.hand_over(
            register, identified(record_type, request), request.body, if_match=request.if_match
        ),
    )


def _identified(record_type: ids.RecordType, request: Request, register: Register, identify: Identify | None) -> str:
    return identify(register) if identify else identified(record_type, request)


def _pair(request: Request) -> Pair:
    return Pair(*pair_of(request.variables))
