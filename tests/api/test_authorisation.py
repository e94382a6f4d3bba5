"""Who may do what to which record: every cell of `authorisation.txt`, asked of the real handlers."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import count
from pathlib import Path
from typing import get_args

import pytest

from infra.openapi.document import ROUTES
from infra.openapi.operations import takes_keys
from shared.caller import SCOPES
from shared.http.edge import WRITING
from shared.http.routes import VIEW, Method, Route
from shared.tables.feed import stamp_of
from tests.api import samples
from tests.api.client import Answer, Api, Json
from tests.api.conftest import House
from tests.webhooks.receivers import Receiver, receiving

TABLE = Path(__file__).with_name("authorisation.txt")
STATES = ["own", "itself", "foreign", "missing", "deleted"]
GUARDED = {route.operation: route for route in ROUTES if takes_keys(route)}
WRITE_SCOPES = ("organisations:write", "events:write", "cooperations:write")
MANAGING = ("webhooks:manage",)
FULL = "?view=full"
NUMBERS = count(1)


CALLERS = ["anonymous", "owner", "other", "unscoped", "admin", "revoked", "expired"]
"""The table's columns."""


@dataclass(frozen=True, slots=True)
class Row:
    operation: str
    state: str
    statuses: Mapping[str, int]

    @property
    def name(self) -> str:
        return f"{self.operation} {self.state}"


def rows() -> Iterator[Row]:
    """Every row of the table; an operation that is left out is the one above."""
    operation = ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        *named, state = line.split()[: -len(CALLERS)]
        operation = named[0] if named else operation
        statuses = map(int, line.split()[-len(CALLERS) :])
        yield Row(operation, state, dict(zip(CALLERS, statuses, strict=True)))


ROWS = list(rows())


def places(route: Route) -> list[str]:
    """The states in which what a route is about may be."""
    if "{" not in route.path:
        return ["-"]
    if route.operation == "get_job":
        # Only the office begins jobs, and none of them is ever deleted.
        return ["foreign", "missing"]
    return [state for state in STATES if state != "itself" or (concerns_itself(route) and route.method != "GET")]


def concerns_itself(route: Route) -> bool:
    """Whether it is about what an organisation or a network has a say in, though others entered it."""
    collection = route.path.split("/")[1]
    return collection in {"organisations", "memberships"} and route.operation != "create_membership"


def test_the_table_has_every_operation_in_every_state() -> None:
    expected = {(name, state) for name, route in GUARDED.items() for state in places(route)}
    expected |= {
        (f"{name}{FULL}", state)
        for name, route in GUARDED.items()
        if VIEW in route.query
        for state in STATES
        if state != "itself" or concerns_itself(route)
    }

    assert {(row.operation, row.state) for row in ROWS} == expected
    assert len(ROWS) == len(expected)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: str(route.operation))
def test_every_route_says_who_may_call_it_and_no_write_is_public(route: Route) -> None:
    assert route.access in {"public", "key", *SCOPES}
    keyed = route.operation in {"get_me", "get_job"} or samples.noun_of(route) == "webhook"
    assert (route.access == "public") == (not route.writes and not keyed)


def test_a_route_without_a_rule_of_access_cannot_be_made() -> None:
    required = {field.name for field in fields(Route) if field.default is field.default_factory}

    assert "access" in required
    assert set(get_args(Method)) > WRITING


class World:
    """Two partners, the office, and whatever a cell of the table needs."""

    def __init__(self, house: House, api: Api, receiver: Receiver, scopes: Sequence[str]) -> None:
        self.house = house
        self.api = api
        self.receiver = receiver
        self.scopes = scopes
        self.partner = samples.network(api, "Eigenes Netz")
        self.other = samples.network(api, "Anderes Netz")
        self.keys = {"anonymous": "", "admin": api.key, "owner": house.key(self.partner, *scopes)}
        self.owner = Api(api.gateway, self.keys["owner"])

    def key(self, caller: str) -> str:
        """The key of a caller, which is made when it is first asked for: making one takes longer than most requests."""
        if caller not in self.keys:
            self.keys[caller] = self._new_key(caller)
        return self.keys[caller]

    def _new_key(self, caller: str) -> str:
        partners = self.house.process.PARTNERS
        match caller:
            case "other":
                return self.house.key(self.other, *self.scopes)
            case "unscoped":
                return self.house.key(self.partner, *(MANAGING if self.scopes == WRITE_SCOPES else WRITE_SCOPES))
            case "expired":
                return str(partners.create(self.partner, self.scopes, ends_at="2026-01-01T00:00:00.000Z").text())
        revoked = self.house.key(self.partner, *self.scopes)
        partners.revoke(revoked.split("_")[2])
        return revoked

    def network(self, state: str) -> str:
        """The network in the path of a membership."""
        return self.partner if state != "foreign" else samples.network(self.api, "Fremdes Netz")

    def job(self) -> str:
        """The address of a job of the office."""
        begun = self.api.post("/persons/erasure", {"name": "Niemand", "dry_run": True})
        return begun.headers["location"].removeprefix("/v1")

    def new_external_id(self) -> Json:
        """One of a public scheme, which nobody has used yet."""
        return {"scheme": "ror", "value": f"number/{next(NUMBERS)}"}

    def path(self, noun: str, state: str, **more: object) -> str:
        """The address of a record in that state, which was entered with the fields in `more` as well."""
        if noun == "organisation" and state == "itself":
            path = f"/organisations/{self.partner}"
            self.api.change(path, more)
            return path
        by = self.owner if state in {"own", "deleted"} else self.api
        collection, body = self.entry(noun, state)
        if state == "missing":
            prefix = {"organisation": "org", "membership": "mem", "event": "evt", "cooperation": "coop"}[noun]
            return f"{collection}/{prefix}_00000000000000000000000000"
        path = f"{collection}/{by.id(collection, {**body, **more})}"
        if state == "deleted":
            assert self.api.delete(path, if_match="*").status == 204
        return path

    def row(self) -> Json:
        """One of an import, for a new record."""
        ref = "{scheme}:{value}".format_map(self.new_external_id())
        return {"type": "event", "ref": ref, "record": self.entry("event")[1]}

    def webhook(self, state: str) -> str:
        """The address of a webhook in that state."""
        if state == "missing":
            return "/webhooks/whk_00000000000000000000000000"
        by = self.api if state == "foreign" else self.owner
        path = f"/webhooks/{by.id('/webhooks', {'url': self.receiver.url})}"
        if state == "deleted":
            assert self.api.delete(path, if_match="*").status == 204
        return path

    def entry(self, noun: str, state: str = "own") -> tuple[str, Json]:
        """Where a record is entered, and what it may say."""
        if noun != "membership":
            return f"/{noun}s", samples.least(noun, self.partner)
        network = self.network(state)
        body = samples.least(noun, samples.company(self.api))
        return f"/organisations/{network}/members", {"network_id": network, **body}


def request(world: World, row: Row) -> tuple[Route, str, Json | None]:
    """The route, address and body of a cell, whose record is made on the way."""
    operation, _, query = row.operation.partition("?")
    route = GUARDED[operation]
    noun = samples.noun_of(route)
    path = address(world, route, noun, row.state)
    return route, path + (f"?{query}" if query else ""), body_for(world, route, noun, path)


def address(world: World, route: Route, noun: str, state: str) -> str:
    path = route.path.replace("{party_id}", world.partner).replace("{version}", "1")
    if state == "-":
        return path
    if route.operation == "get_job":
        return world.job() if state == "foreign" else "/jobs/job_00000000000000000000000000"
    if noun == "webhook":
        return world.webhook(state) + route.path.rpartition("id}")[2]
    if route.operation == "create_membership":
        return f"{f'/organisations/{world.partner}' if state == 'own' else world.path('organisation', state)}/members"
    external_id = world.new_external_id()
    path = path.replace("{scheme}/{value}", "{scheme}/{value}".format_map(external_id))
    held = world.path(noun, state, external_ids=[external_id])
    return path if "/by-ref/" in path else held + path.rpartition("id}")[2]


def body_for(world: World, route: Route, noun: str, path: str) -> Json | None:
    if route.body is None:
        return None
    special: Mapping[str, Callable[[], Json]] = {
        "AnswerInput": lambda: {"state": "confirmed"},
        "ErasureInput": lambda: {"name": "Niemand"},
        "ImportInput": lambda: {"rows": [world.row()]},
        "ManagedByInput": lambda: {"managed_by": world.other},
        "MergeInput": lambda: {"into": world.other},
        "OrganisationMatchInput": lambda: {"name": "Eigenes Netz"},
        "ReplayInput": lambda: {"since": stamp_of(time.time() - 60)},
        "WebhookInput": lambda: {"url": world.receiver.url},
        "WebhookPatch": lambda: {"types": ["event"]},
    }
    if route.body in special:
        return special[route.body]()
    return changed(world, route, noun, path)


def changed(world: World, route: Route, noun: str, path: str) -> Json:
    """A new record, or what makes the held one another version."""
    if route.operation == "create_membership":
        return {"member_id": samples.company(world.api)}
    change: Json = {"note": "Neu"} if noun == "membership" else {"topics": ["new"]}
    if route.method == "PATCH":
        return change
    held = world.api.get(f"{path}{FULL}") if route.method == "PUT" else None
    return {**(held.json if held is not None and held.status == 200 else world.entry(noun)[1]), **change}


def ask(world: World, route: Route, path: str, body: Json | None, key: str) -> Answer:
    """The answer to a caller; whoever has no key sends none."""
    headers = {"authorization": f"Bearer {key}"} if key else {"authorization": ""}
    condition = {"if_match": "*"} if route.conditional else {}
    return world.api.send(route.method, path, body, **headers, **condition)


@pytest.fixture
def worlds(
    house: House, api: Api, receiver: Receiver, row: Row, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], World]:
    # So that all keys of the owner can be of one partner.
    monkeypatch.setattr("shared.tables.partners.LIVE_KEYS", 1_000)
    scopes = MANAGING if "/webhooks" in GUARDED[row.operation.partition("?")[0]].path else WRITE_SCOPES
    return lambda: World(house, api, receiver, scopes)


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def kept(house: House) -> dict[str, set[str]]:
    """Every item of every table but the counters of quotas, which count refused writes as well."""
    return {
        table: {json.dumps(item, sort_keys=True, default=str) for item in items if "QUOTA#" not in item["pk"]["S"]}
        for table, items in house.contents().items()
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.name))
def test_each_cell_is_answered_as_the_table_says(house: House, worlds: Callable[[], World], row: Row) -> None:
    world = worlds()
    found: dict[str, int] = {}
    touched: list[str] = []

    for caller in CALLERS:
        # Who deletes oneself leaves nobody for the next caller.
        world = worlds() if row.state == "itself" else world
        key = world.key(caller)
        route, path, body = request(world, row)
        before = kept(house) if route.writes else {}
        answer = ask(world, route, path, body, key)
        found[caller] = answer.status
        if before and answer.status >= 400 and kept(house) != before:
            touched.append(caller)

    assert found == row.statuses
    assert touched == []
