"""Summaries are what the OpenAPI document says of them."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from shared.models import examples
from shared.models.ids import RecordType
from shared.models.record import create as new_record
from shared.models.record import parse_input
from shared.models.summaries import (
    CooperationSummary,
    EventSummary,
    MembershipSummary,
    OrganisationSummary,
    RelationSummary,
    Tombstone,
)
from shared.projection.apply import apply
from shared.projection.connections import members, memberships, relations
from shared.projection.pages import Ask, Page
from shared.projection.queries import cooperations, events, organisations
from shared.projection.schema import create
from shared.tables.tables import Document

TODAY = "2026-11-21"
ALL = Ask(filters={}, limit=9, today=TODAY)
STAMP = "2026-11-20T12:00:00.000Z"
NETWORK, MEMBER, PARTY = (f"org_01hzy3v8k2q4w5e6r7t8y9z0{letter}" for letter in ("na", "nb", "nc"))
MEMBERSHIP, EVENT, COOPERATION = (f"{prefix}_01hzy3v8k2q4w5e6r7t8y9z0na" for prefix in ("mem", "evt", "coop"))
REFERRED = {"itnet.crm:1001": NETWORK, "itnet.crm:2002": MEMBER, "itnet.crm:3003": PARTY}


def settled(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Put ids in the place of references by external id."""
    if isinstance(value, dict):
        return REFERRED[value["ref"]] if "ref" in value else {name: settled(part) for name, part in value.items()}
    return [settled(part) for part in value] if isinstance(value, list) else value


def put(connection: sqlite3.Connection, record_type: RecordType, record_id: str, body: dict[str, Any]) -> None:
    content = parse_input(record_type, settled(body))
    record = new_record(content, id=record_id, managed_by=NETWORK, new_key=lambda: "p1").stamped(STAMP)
    apply(connection, Document(record_id, 1, STAMP, record.texts()[0]))


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        create(opened, "0")
        relation = {"relations": [{"kind": "related", "organisation_id": MEMBER, "certainty": "implied"}]}
        put(opened, "organisation", NETWORK, examples.ORGANISATION | relation)
        put(
            opened,
            "organisation",
            MEMBER,
            {"name": "TowerByte eG", "kind": "company", "website": "https://example.org"},
        )
        put(opened, "organisation", PARTY, {"name": "Jenaer Verein", "kind": "association"})
        put(opened, "membership", MEMBERSHIP, examples.MEMBERSHIP)
        put(opened, "event", EVENT, examples.EVENT)
        put(opened, "cooperation", COOPERATION, examples.COOPERATION)
        yield opened


def test_every_item_fits_its_model(connection: sqlite3.Connection) -> None:
    asked: dict[Any, Page] = {
        OrganisationSummary: organisations(connection, ALL),
        EventSummary: events(connection, ALL),
        CooperationSummary: cooperations(connection, ALL),
        MembershipSummary: members(connection, ALL, NETWORK),
        RelationSummary: relations(connection, ALL, NETWORK),
    }

    for model, page in asked.items():
        assert page.items
        for item in page.items:
            model.model_validate_json(item)
    assert [json.loads(item)["network"]["id"] for item in memberships(connection, ALL, MEMBER).items] == [NETWORK]


def test_an_event_is_shown_with_the_current_name_of_its_organiser(connection: sqlite3.Connection) -> None:
    item = events(connection, ALL).items[0]

    assert json.loads(item) == {
        "type": "event",
        "id": EVENT,
        "title": {"de": "Thüringer Digitaltag", "en": "Digital Day of Thuringia"},
        "kind": "conference",
        "status": "scheduled",
        "when": {"start": "2023-06-15", "end": "2023-06-16", "precision": "day"},
        "audience": "public",
        "topics": ["digitalisation"],
        "city": "Erfurt",
        "registration_url": "https://example.org/digitaltag",
        "organisers": [{"organisation_id": NETWORK, "role": "organiser", "name": "ITnet Thüringen e. V."}],
        "version": 1,
        "updated_at": STAMP,
        "managed_by": NETWORK,
    }


def test_a_deleted_record_among_changes_is_a_tombstone(connection: sqlite3.Connection) -> None:
    apply(connection, Document(EVENT, 2, "2026-11-20T12:00:01.000Z", None))

    items = events(
        connection, Ask(filters={"updated_since": [STAMP], "kind": ["workshop"]}, limit=9, today=TODAY)
    ).items

    assert items == [f'{{"type":"event","id":"{EVENT}","deleted":true,"updated_at":"2026-11-20T12:00:01.000Z"}}']
    Tombstone.model_validate_json(items[0])


@pytest.mark.parametrize(
    "since", ["2026-11-20", "2026-11-20T12:00:00Z", "2026-11-20T13:00:00+01:00", "2026-11-20T12:00:00.000Z"]
)
def test_changes_are_asked_for_from_any_way_of_writing_a_moment(connection: sqlite3.Connection, since: str) -> None:
    found = [
        len(organisations(connection, Ask(filters={"updated_since": [moment]}, limit=9, today=TODAY)).items)
        for moment in (since, "2026-11-20T12:00:00.001Z")
    ]

    assert found == [3, 0]
