"""One record of each type: entered, read, replaced, patched, deleted; whole bodies throughout."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.api import samples
from tests.api.client import COOP, EVT, KEY, MEM, ORG, Api, Json, Like, envelope, problem
from tests.api.conftest import House

GONE = problem(
    "gone",
    410,
    "This record was deleted",
    "Nothing brings it back under this id; create a new record if it was a mistake.",
)
NOT_FOUND = problem(
    "not-found", 404, "There is nothing here", "Check the path against /v1/openapi.json, and the id against a list."
)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a record of one type is made, and which field of it a test may change."""

    record_type: str
    id: Like
    prefix: str
    path: Callable[[Api], str]
    body: Callable[[Api], Json]
    persons: int
    field: str
    value: object


def _members_path(api: Api) -> str:
    grades = [{"code": "ordinary"}]
    return f"/organisations/{samples.network(api, membership_grades=grades)}/members"


def _cooperation(api: Api) -> Json:
    return samples.cooperation(samples.network(api, "Eins"), samples.network(api, "Zwei"))


KINDS = [
    Kind(
        "organisation",
        ORG,
        "org",
        lambda _: "/organisations",
        lambda api: samples.organisation(samples.company(api)),
        3,
        "legal_form",
        "eG",
    ),
    Kind("membership", MEM, "mem", _members_path, lambda api: samples.membership(samples.company(api)), 0, "note", "x"),
    Kind("event", EVT, "evt", lambda _: "/events", lambda api: samples.event(samples.network(api)), 2, "topics", ["a"]),
    Kind("cooperation", COOP, "coop", lambda _: "/cooperations", _cooperation, 2, "status", "completed"),
]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.record_type)
def kind(request: pytest.FixtureRequest) -> Kind:
    chosen: Kind = request.param
    return chosen


def as_answered(kind: Kind, path: str, body: Json) -> Json:
    """The public record that the body becomes, without its envelope."""
    shown = samples.shown(body, *[KEY] * kind.persons)
    if kind.record_type == "membership":
        return {"network_id": path.split("/")[2], **shown}
    if kind.record_type == "event":
        return {**shown, "when": {**body["when"], "precision": "minute"}}
    if kind.record_type == "cooperation":
        unanswered = {"confirmation": {"state": "unanswered"}}
        return {**shown, "parties": [{**party, **unanswered} for party in shown["parties"]]}
    return shown


def test_what_is_entered_is_given_back_and_found_at_its_location(api: Api, kind: Kind) -> None:
    path, body = kind.path(api), kind.body(api)

    answer = api.post(path, body)

    expected = {**envelope(kind.record_type, kind.id), **as_answered(kind, path, body)}
    assert (answer.status, answer.etag, answer.json) == (201, '"1"', expected)
    assert answer.headers["location"] == f"/v1{path}/{answer.json['id']}"
    found = api.get(answer.headers["location"].removeprefix("/v1"))
    assert (found.status, found.etag, found.content) == (200, '"1"', answer.content)


def test_fields_come_in_the_order_of_the_contract(api: Api, kind: Kind) -> None:
    path, body = kind.path(api), kind.body(api)

    answer = api.post(path, dict(reversed(body.items())))

    expected = {**envelope(kind.record_type, kind.id), **as_answered(kind, path, body)}
    assert list(answer.json) == list(expected)


def test_replacing_gives_the_next_version_with_what_was_sent_and_nothing_else(api: Api, kind: Kind) -> None:
    path, body = kind.path(api), kind.body(api)
    before = api.create(path, body)
    required = {
        "organisation": ("name", "kind"),
        "membership": ("member_id",),
        "event": ("title", "kind", "status"),
        "cooperation": ("title", "kind", "status", "parties"),
    }[kind.record_type]
    reduced = {name: body[name] for name in required}

    answer = api.put(f"{path}/{before['id']}", reduced, if_match='"1"')

    nothing = {"when": None} if kind.record_type == "event" else {}
    expected = {**envelope(kind.record_type, before["id"], 2), **as_answered_reduced(kind, path, reduced), **nothing}
    if kind.record_type == "event":
        expected["previous_when"] = before["when"]
    assert (answer.status, answer.etag, answer.json) == (200, '"2"', expected)
    assert answer.json["created_at"] == before["created_at"]
    assert answer.json["updated_at"] > before["updated_at"]
    assert api.get(f"{path}/{before['id']}").content == answer.content


def as_answered_reduced(kind: Kind, path: str, body: Json) -> Json:
    fewer = {"organisation": 0, "membership": 0, "event": 0, "cooperation": 1}[kind.record_type]
    shown = samples.shown(body, *[KEY] * fewer)
    if kind.record_type == "membership":
        return {"network_id": path.split("/")[2], **shown}
    if kind.record_type == "cooperation":
        unanswered = {"confirmation": {"state": "unanswered"}}
        return {**shown, "parties": [{**party, **unanswered} for party in shown["parties"]]}
    return shown


def test_a_patch_changes_what_it_names_and_leaves_the_rest(api: Api, kind: Kind) -> None:
    path = kind.path(api)
    before = api.create(path, kind.body(api))

    answer = api.patch(f"{path}/{before['id']}", {kind.field: kind.value}, if_match='"1"')

    expected = {**before, "version": 2, "updated_at": answer.json["updated_at"], kind.field: kind.value}
    assert (answer.status, answer.etag, answer.json) == (200, '"2"', expected)
    assert answer.json["updated_at"] > before["updated_at"]


def test_null_in_a_patch_removes_a_field(api: Api, kind: Kind) -> None:
    path = kind.path(api)
    before = api.create(path, kind.body(api))

    answer = api.patch(f"{path}/{before['id']}", {"external_ids": None}, if_match="*")

    kept = {name: value for name, value in before.items() if name != "external_ids"}
    assert answer.json == {**kept, "version": 2, "updated_at": answer.json["updated_at"]}


def test_a_patch_of_an_object_merges_into_it(api: Api) -> None:
    event_id = samples.plain_event(api, place={"city": "Jena", "postal_code": "07743"})

    answer = api.patch(f"/events/{event_id}", {"place": {"city": "Gera", "postal_code": None}}, if_match='"1"')

    assert answer.json["place"] == {"city": "Gera"}


def test_a_patch_replaces_a_list_whole(api: Api) -> None:
    network = samples.network(api, topics=["a", "b"])

    answer = api.patch(f"/organisations/{network}", {"topics": ["c"]}, if_match='"1"')

    assert answer.json["topics"] == ["c"]


def test_a_write_that_changes_nothing_keeps_the_version_and_writes_nothing(api: Api, house: House, kind: Kind) -> None:
    path = kind.path(api)
    record = api.create(path, kind.body(api))
    before = house.contents()

    put = api.put(f"{path}/{record['id']}", api.get(f"{path}/{record['id']}?view=full").json, if_match='"1-full"')
    patch = api.patch(f"{path}/{record['id']}", {kind.field: record[kind.field]}, if_match='"1"')

    assert [(answer.status, answer.etag, answer.json) for answer in (put, patch)] == [(200, '"1"', record)] * 2
    assert house.contents() == before


def test_input_null_is_absence(api: Api, kind: Kind) -> None:
    path, body = kind.path(api), kind.body(api)

    answer = api.post(path, {**body, "external_ids": None})

    without = {name: value for name, value in body.items() if name != "external_ids"}
    assert answer.json == {**envelope(kind.record_type, kind.id), **as_answered(kind, path, without)}


def test_a_deleted_record_leaves_a_tombstone(api: Api, kind: Kind) -> None:
    path, body = kind.path(api), kind.body(api)
    record = api.create(path, body)
    one = f"{path}/{record['id']}"

    answer = api.delete(one, if_match='"1"')

    assert (answer.status, answer.content) == (204, b"")
    afterwards = [
        api.get(one),
        api.get(f"{one}?view=full"),
        api.put(one, body, if_match='"1"'),
        api.put(one, body, if_match="*"),
        api.patch(one, {}, if_match='"2"'),
        api.delete(one, if_match='"2"'),
    ]
    assert [(each.status, each.json) for each in afterwards] == [(410, GONE)] * 6
    assert (api.head(one).status, api.head(one).content) == (410, b"")


def test_an_unknown_id_is_not_found_whatever_the_method(api: Api, kind: Kind) -> None:
    path, body = kind.path(api), kind.body(api)
    one = f"{path}/{kind.prefix}_01hzy3v8k2q4w5e6r7t8y9z0ab"

    answers = [
        api.get(one),
        api.put(one, body, if_match='"1"'),
        api.patch(one, {}, if_match='"1"'),
        api.delete(one, if_match='"1"'),
    ]

    assert [(answer.status, answer.json) for answer in answers] == [(404, NOT_FOUND)] * 4


def test_a_record_of_another_type_is_not_found_under_this_path(api: Api) -> None:
    network = samples.network(api)
    event = samples.plain_event(api)

    answers = [
        api.get(f"/organisations/{event}"),
        api.get(f"/events/{network}"),
        api.get(f"/cooperations/{event}"),
        api.delete(f"/events/{network}", if_match="*"),
        api.patch(f"/organisations/{event}", {}, if_match="*"),
        api.put(f"/cooperations/{network}", {}, if_match="*"),
    ]

    assert [answer.status for answer in answers] == [404] * 6
