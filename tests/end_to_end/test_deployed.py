"""The template, deployed: what leaves a request in API Gateway comes out of DynamoDB, S3, SQS and the roles between."""

import time
from collections.abc import Sequence

import pytest

from infra.openapi.document import ROUTES
from shared.http.routes import Route
from shared.tables.feed import BEHIND
from tests.api import samples
from tests.api.client import ORG, Answer, Api, envelope
from tests.api.test_authorisation import (
    GUARDED,
    MANAGING,
    ROWS,
    WRITE_SCOPES,
    Row,
    World,
    ask,
    request,
)
from tests.end_to_end.conftest import Keys, keyed
from tests.end_to_end.emulator import Stack
from tests.webhooks.receivers import Receiver

CALLERS = ("anonymous", "owner", "admin")
ONCE = [row for row in ROWS if row.state in {"-", "own"}]
"""Every operation, on what the partner entered where it is about a record."""


def about_webhooks(row: Row) -> bool:
    return "/webhooks" in GUARDED[row.operation.partition("?")[0]].path


OPEN = [route for route in ROUTES if route.operation not in GUARDED]


@pytest.fixture(scope="module")
def writers(api: Api, keys: Keys, receiver: Receiver) -> World:
    return world(api, keys, receiver, WRITE_SCOPES)


@pytest.fixture
def managers(api: Api, keys: Keys, receiver: Receiver) -> World:
    """Of webhooks nobody may have more than a few."""
    return world(api, keys, receiver, MANAGING)


def world(api: Api, keys: Keys, receiver: Receiver, scopes: Sequence[str]) -> World:
    with pytest.MonkeyPatch.context() as patch:
        # So that all keys of the owner can be of one partner.
        patch.setattr("shared.tables.partners.LIVE_KEYS", 1_000)
        return World(keys.as_house(), api, receiver, scopes)


@pytest.mark.parametrize("row", [row for row in ONCE if not about_webhooks(row)], ids=lambda row: str(row.name))
def test_every_route_answers_anybody_a_partner_and_the_office(writers: World, row: Row) -> None:
    answers = {caller: asked(writers, row, caller) for caller in CALLERS}

    assert {caller: answer.status for caller, answer in answers.items()} == expected(row), answers


@pytest.mark.parametrize("row", [row for row in ONCE if about_webhooks(row)], ids=lambda row: str(row.name))
def test_every_route_of_webhooks_answers_whom_it_should(managers: World, row: Row) -> None:
    answers = {caller: asked(managers, row, caller) for caller in CALLERS}

    assert {caller: answer.status for caller, answer in answers.items()} == expected(row), answers


def asked(world: World, row: Row, caller: str) -> Answer:
    route, path, body = request(world, row)
    return ask(world, route, path, body, world.key(caller))


def expected(row: Row) -> dict[str, int]:
    """What the table says; a deployed export leads to a file instead of streaming it."""
    leads = GUARDED[row.operation.partition("?")[0]].leads
    return {caller: 302 if leads else row.statuses[caller] for caller in CALLERS}


@pytest.mark.parametrize("route", OPEN, ids=lambda route: str(route.operation))
def test_what_is_the_same_for_everybody_is_served(api: Api, route: Route) -> None:
    path = route.path.replace("{slug}", "not-found").replace("{asset}", "page.css")

    answer = api.get(path)

    assert answer.status == route.status


def test_a_record_comes_back_as_it_was_written(api: Api) -> None:
    made = api.post("/organisations", {"name": "Müßiggang & Söhne", "kind": "company"})
    path = f"/organisations/{made.json['id']}"

    read = api.get(path)
    again = api.get(path, if_none_match=read.etag)
    packed = api.get("/openapi.json", accept_encoding="gzip")

    assert (made.status, made.headers["location"]) == (201, f"/v1{path}")
    assert read.json == {**envelope("organisation", ORG), "name": "Müßiggang & Söhne", "kind": "company"}
    assert (again.status, again.content) == (304, b"")
    assert packed.headers["content-encoding"] == "gzip"


def test_a_browser_may_read_from_everywhere_and_write_from_the_office(api: Api) -> None:
    preflight = {"access_control_request_method": "POST"}

    reading = api.get("/organisations", origin="https://anywhere.example")
    writing = api.options("/organisations", origin="https://office.example", **preflight)
    refused = api.options("/organisations", origin="https://anywhere.example", **preflight)

    assert reading.headers["access-control-allow-origin"] == "*"
    assert writing.headers["access-control-allow-origin"] == "https://office.example"
    assert "access-control-allow-origin" not in refused.headers


def _told_of(receiver: Receiver) -> set[str]:
    """The ids of the records that the messages so far are about."""
    return {str(sent.json["data"].get("id")) for sent in receiver.messages()}


def test_a_change_reaches_a_webhook(api: Api, keys: Keys, receiver: Receiver, stack: Stack) -> None:
    network = samples.network(api, "Netz mit Empfänger")
    partner = keyed(api, keys, network, *MANAGING, *WRITE_SCOPES)
    partner.create("/webhooks", {"url": receiver.url, "types": ["event"]})

    event = partner.id("/events", samples.least("event", network))
    time.sleep(BEHIND)
    stack.invoke("DispatcherFunction")

    # Webhooks of other tests have their messages sent to the same receiver.
    deadline = time.monotonic() + 60
    while event not in _told_of(receiver) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert event in _told_of(receiver)


def test_a_cold_list_begins_with_the_snapshot_and_holds_what_came_after(api: Api, stack: Stack) -> None:
    before = samples.company(api, "Aa vor dem Abbild")
    stack.invoke("SnapshotFunction")
    bucket = stack.physical("SnapshotBucket")
    objects = [each["Key"] for each in stack.client("s3").list_objects_v2(Bucket=bucket)["Contents"]]
    after = samples.company(api, "Aa nach dem Abbild")

    stack.start_cold("OrganisationsReadFunction")
    answer = api.get("/organisations?limit=200")

    assert any(name.endswith("/current.json") for name in objects)
    assert answer.status == 200
    assert {before, after} <= {item["id"] for item in answer.items}
    line = [each for each in stack.lines("OrganisationsReadLogs") if each.get("operation") == "list_organisations"][-1]
    assert line["calls"] <= 4, "the feed was read from its first day"


def test_an_import_writes_its_rows_once(api: Api, keys: Keys) -> None:
    network = samples.network(api, "Netz mit Einfuhr")
    partner = Api(api.gateway, keys.partners.create(network, WRITE_SCOPES, prefix="itnet").text())
    rows = [
        {"type": "organisation", "ref": "itnet.crm:1", "record": {"name": "TowerByte eG", "kind": "company"}},
        {
            "type": "membership",
            "ref": "itnet.crm:m1",
            "record": {"network_id": network, "member_id": {"ref": "itnet.crm:1"}},
        },
    ]

    first, second = (partner.post("/imports", {"rows": rows}) for _ in range(2))

    assert [item["verdict"] for item in first.items] == ["create", "create"]
    assert [item["verdict"] for item in second.items] == ["unchanged", "unchanged"]
    members = api.get(f"/organisations/{network}/members").items
    assert [member["member_name"] for member in members] == ["TowerByte eG"]


def test_a_search_finds_what_was_just_entered(api: Api) -> None:
    entered = api.id("/organisations", {"name": "Quarzkristallwerk Ilmenau GmbH", "kind": "company"})

    found = api.get("/search?q=Quarzkristalwerk")

    assert [item["id"] for item in found.items] == [entered]


def test_an_update_of_the_stack_keeps_data_and_keys(api: Api, stack: Stack) -> None:
    kept = samples.company(api, "Bleibt stehen")

    status = stack.deploy(LogRetentionDays="7", UnusualReadUnits="2000000")

    assert status == "UPDATE_COMPLETE"
    assert api.get(f"/organisations/{kept}").status == 200
    assert kept in {item["id"] for item in api.get("/organisations?limit=200").items}
    assert api.change(f"/organisations/{kept}", {"topics": ["it"]})["version"] == 2


def test_the_emulator_enforces_what_roles_may_do(stack: Stack) -> None:
    reader, table = stack.physical("OrganisationsReadRole"), stack.physical("OrganisationsTable")
    iam = stack.client("iam")
    role = iam.get_role(RoleName=reader)["Role"]["Arn"]

    decisions = {
        action: iam.simulate_principal_policy(
            PolicySourceArn=role,
            ActionNames=[action],
            ResourceArns=[f"arn:aws:dynamodb:eu-central-1:000000000000:table/{table}"],
        )["EvaluationResults"][0]["EvalDecision"]
        for action in ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan")
    }

    assert decisions == {
        "dynamodb:GetItem": "allowed",
        "dynamodb:PutItem": "implicitDeny",
        "dynamodb:Scan": "implicitDeny",
    }
