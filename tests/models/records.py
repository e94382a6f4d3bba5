"""The smallest records that are whole, and what tests ask of the models again and again."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from shared.errors import InvalidContent
from shared.models.ids import RecordType, new_id
from shared.models.record import Record, create, parse_input, replace

Json = dict[str, Any]


def organisation_id(number: int) -> str:
    return new_id("organisation", number, bytes(10))


ITNET, TOWERBYTE, LOGISTIK, ACOD = (organisation_id(number) for number in range(1, 5))
EVENT = new_id("event", 1, bytes(10))
COOPERATION = new_id("cooperation", 1, bytes(10))
MEMBERSHIP = new_id("membership", 1, bytes(10))
IDS: dict[RecordType, str] = {
    "organisation": ITNET,
    "membership": MEMBERSHIP,
    "event": EVENT,
    "cooperation": COOPERATION,
}
SMALLEST: dict[RecordType, Json] = {
    "organisation": {"name": "ITnet Thüringen e. V.", "kind": "network"},
    "membership": {"network_id": ITNET, "member_id": TOWERBYTE},
    "event": {"title": {"de": "Digitaltag"}, "kind": "conference", "status": "planned"},
    "cooperation": {
        "title": {"de": "Gemeinsam"},
        "kind": "project",
        "status": "active",
        "parties": [{"organisation_id": ITNET}],
    },
}
FIRST = "2026-11-21T02:17:48.123Z"
SECOND = "2026-11-22T09:00:00.000Z"


def body(record_type: RecordType, **fields: object) -> Json:
    """Return the smallest body of the type with these fields."""
    return {**SMALLEST[record_type], **fields}


def keys() -> Callable[[], str]:
    """Return a source of person keys: p1, p2, …"""
    numbers = count(1)
    return lambda: f"p{next(numbers)}"


def created(record_type: RecordType, **fields: object) -> Record:
    """Return version 1 of a record with these fields."""
    content = parse_input(record_type, body(record_type, **fields))
    return create(content, id=IDS[record_type], managed_by=None, new_key=keys()).stamped(FIRST)


def changed(held: Record, *, correction: bool = False, **fields: object) -> Record:
    """Return the next version, as a PUT of what was read with these fields makes it."""
    return sent(held, {**held.as_input(), **fields}, correction=correction)


def sent(held: Record, whole: Json, *, correction: bool = False) -> Record:
    """Return the next version that a PUT of this body makes."""
    content = parse_input(held.type, whole, held=held)
    fresh = (f"q{number}" for number in count(1))
    return replace(held, content, correction=correction, new_key=lambda: next(fresh)).stamped(SECOND)


def faults(record_type: RecordType, sent_body: Json, held: Record | None = None) -> list[tuple[str | None, str]]:
    """Return pointer and code of everything that is wrong with a body."""
    with pytest.raises(InvalidContent) as caught:
        parse_input(record_type, sent_body, held=held)
    return [(fault.pointer, fault.code) for fault in caught.value.faults]
