"""The sample, and around it real organisations that nobody here wrote, as the search knows them."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

import pytest

from infra.sample.facts import records, slug_named
from shared.models.ids import RecordType, new_id
from shared.projection.pages import Ask, Page
from shared.projection.search.finding import search
from shared.projection.search.tables import SEARCH
from shared.tables.tables import Document
from tests.projection.organisations import real_organisations

Json = dict[str, Any]
STAMP = "2026-11-21T12:00:00.000Z"
TODAY = "2026-11-28"


class World:
    """A register in memory; records go by slugs of the tests' own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.ids: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        SEARCH.create(connection, "0")

    def put(self, slug: str, record: Json | None) -> str:
        """Enter a record or its next version; None deletes it."""
        if slug not in self.ids and record is not None:
            self.ids[slug] = identifier(record["type"], len(self.ids))
        record_id, version = self.ids[slug], self.versions.get(slug, 0) + 1
        self.versions[slug] = version
        envelope = {"id": record_id, "version": version, "created_at": STAMP, "updated_at": STAMP, "managed_by": None}
        text = None if record is None else json.dumps(self._resolved({**record, **envelope}), ensure_ascii=False)
        assert SEARCH.apply(self.connection, Document(record_id, version, STAMP, text))
        return record_id

    def search(self, query: str = "", **filters: str | Iterable[str]) -> Page:
        """The first page; `after` and `limit` as they are."""
        asked = {name: [value] if isinstance(value, str) else list(value) for name, value in filters.items()}
        return self.page(query, asked)

    def page(
        self, query: str, filters: Mapping[str, list[str]], *, limit: int = 50, after: tuple[object, ...] | None = None
    ) -> Page:
        asked = {**filters, **({"q": [query]} if query else {})}
        self.connection.execute("BEGIN")
        found = search(self.connection, Ask(filters=asked, limit=limit, after=after, today=TODAY))
        self.connection.execute("ROLLBACK")
        return found

    def found(self, query: str = "", **filters: str | Iterable[str]) -> list[str]:
        """What is found, by slug, the best first."""
        slugs = {record_id: slug for slug, record_id in self.ids.items()}
        return [slugs[json.loads(item)["id"]] for item in self.search(query, **filters).items]

    def _resolved(self, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        slug = slug_named(value)
        if slug is not None:
            return self.ids[slug]
        if isinstance(value, dict):
            return {name: self._resolved(part) for name, part in value.items()}
        return [self._resolved(part) for part in value] if isinstance(value, list) else value


def identifier(record_type: RecordType, number: int) -> str:
    return new_id(record_type, 1_700_000_000_000 + number, number.to_bytes(10))


@pytest.fixture
def world() -> Iterator[World]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield World(connection)


@pytest.fixture(scope="session")
def sample() -> Iterator[World]:
    """The sample alone."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield filled(World(connection))


@pytest.fixture(scope="session")
def crowd() -> Iterator[World]:
    """The sample among real research organisations of three countries."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        world = filled(World(connection))
        for number, record in enumerate(real_organisations()):
            world.put(f"ror-{number}", {"type": "organisation", **record})
        yield world


def filled(world: World) -> World:
    for slug, record in records():
        when = {"when": None} if record["type"] == "event" else {}
        world.put(slug, {**when, **record})
    return world


def organisation(name: str, **more: object) -> Json:
    return {"type": "organisation", "name": name, "kind": "company", **more}


def event(title: str, day: str | None = None, end: str | None = None, **more: object) -> Json:
    when = {"start": day, "precision": "day", **({"end": end} if end else {})} if day else None
    return {"type": "event", "title": {"de": title}, "kind": "workshop", "status": "held", "when": when, **more}


@pytest.fixture
def narrowed(world: World) -> World:
    world.put("net", organisation("Netz", kind="network", regions=["DE-TH"], topics=["it"]))
    jena = {"city": "Jena", "location": {"lat": 50.93, "lon": 11.59}}
    world.put("in", organisation("Firma", topics=["it", "web"], offices=[{"kind": "seat", "place": jena}]))
    leipzig = {"city": "Leipzig", "region": "DE-SN", "location": {"lat": 51.34, "lon": 12.37}}
    world.put("out", organisation("Firma Süd", topics=["web"], offices=[{"kind": "seat", "place": leipzig}]))
    ends = {"network_id": {"ref": "sample:net"}, "member_id": {"ref": "sample:in"}}
    world.put("m", {"type": "membership", **ends})
    by = [{"organisation_id": {"ref": "sample:in"}}]
    world.put("e", event("Tag der Firma", "2023-05-05", organisers=by, topics=["web"], place=leipzig))
    parties = [{"organisation_id": {"ref": f"sample:{slug}"}, "roles": ["party"]} for slug in ("net", "out")]
    told = {"title": {"de": "Vertrag der Firmen"}, "kind": "agreement", "status": "active"}
    world.put("c", {"type": "cooperation", "parties": parties, "signed_on": "2019-06-17", **told})
    return world
