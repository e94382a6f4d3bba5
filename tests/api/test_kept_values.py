"""What the register itself keeps in a record: former names, the envelope, confirmations, the former date."""

import pytest

from tests.api import samples
from tests.api.client import Api, Json, Like

DAY = Like(r"20\d\d-\d\d-\d\d")


def former(name: str) -> Json:
    return {"value": name, "kind": "former", "as_of": DAY, "certainty": "derived"}


@pytest.fixture
def path(api: Api) -> str:
    """A network that is named Eins."""
    return f"/organisations/{samples.network(api, 'Eins')}"


def test_a_name_that_is_given_up_stays_as_a_former_one(api: Api, path: str) -> None:
    patched = api.change(path, {"name": "Zwei"})
    replaced = api.put(path, {"name": "Drei", "kind": "network"}, if_match="*").json

    assert patched["other_names"] == [former("Eins")]
    assert replaced["other_names"] == [former("Eins"), former("Zwei")]


def test_a_put_that_leaves_former_names_out_does_not_remove_them(api: Api, path: str) -> None:
    api.change(path, {"name": "Zwei"})

    answer = api.put(path, {"name": "Zwei", "kind": "company"}, if_match="*")

    assert answer.json["other_names"] == [former("Eins")]


def test_a_correction_leaves_no_former_name(api: Api, path: str) -> None:
    for edit in (api.patch, api.put):
        answer = edit(f"{path}?correction=true", {"name": f"Eins {edit.__name__}", "kind": "network"}, if_match="*")

        assert (answer.status, answer.json.get("other_names")) == (200, None)


def test_a_correction_can_remove_a_former_name(api: Api, path: str) -> None:
    api.change(path, {"name": "Zwei"})

    answer = api.put(f"{path}?correction=true", {"name": "Zwei", "kind": "network"}, if_match="*")

    assert "other_names" not in answer.json


def test_who_edits_the_other_names_says_all_of_them(api: Api, path: str) -> None:
    names = [{"value": "Eins", "kind": "former", "until": "2018-05"}]

    answer = api.patch(path, {"name": "Zwei", "other_names": names}, if_match="*")

    assert answer.json["other_names"] == names


def test_a_correction_said_as_false_is_none(api: Api, path: str) -> None:
    answer = api.patch(f"{path}?correction=false", {"name": "Zwei"}, if_match="*")

    assert answer.json["other_names"] == [former("Eins")]


def test_an_unchanged_name_leaves_nothing_behind(api: Api, path: str) -> None:
    assert "other_names" not in api.change(path, {"kind": "company", "name": "Eins"})


KEPT: dict[str, object] = {
    "id": "org_01hzy3v8k2q4w5e6r7t8y9z0ab",
    "type": "event",
    "version": 7,
    "created_at": "2020-01-01T00:00:00.000Z",
    "updated_at": "2020-01-01T00:00:00.000Z",
    "managed_by": "org_01hzy3v8k2q4w5e6r7t8y9z0ab",
}


@pytest.mark.parametrize("field", KEPT)
def test_what_the_server_keeps_is_refused_when_different(api: Api, path: str, field: str) -> None:
    body = {"name": "Eins", "kind": "network", field: KEPT[field]}

    answers = [api.put(path, body, if_match="*"), api.post("/organisations", body), api.patch(path, body, if_match="*")]

    assert [answer.status for answer in answers] == [422] * 3
    assert {pointer for answer in answers for pointer in answer.faults()} == {f"/{field}"}


def test_what_the_server_keeps_is_taken_when_equal(api: Api, path: str) -> None:
    record = api.get(path).json

    answer = api.put(path, {**record, "kind": "company"}, if_match="*")

    assert (answer.status, answer.json["version"]) == (200, 2)


def test_the_version_that_was_read_is_no_longer_equal_after_a_change(api: Api, path: str) -> None:
    record = api.get(path).json
    api.change(path, {"kind": "company"})

    answer = api.put(path, record, if_match="*")

    assert answer.faults() == {"/version": "server-kept", "/updated_at": "server-kept"}


def test_a_new_record_may_say_its_type_and_nulls(api: Api) -> None:
    body = {"type": "event", "id": None, "version": None, "when": None, "managed_by": None, "previous_when": None}

    record = api.create("/events", {**body, "title": {"de": "x"}, "kind": "other", "status": "planned"})

    assert (record["version"], record["when"], record["managed_by"]) == (1, None, None)


def test_confirmations_are_the_servers(api: Api) -> None:
    one, other = samples.network(api, "Eins"), samples.network(api, "Zwei")
    parties = [{"organisation_id": one, "confirmation": {"state": "confirmed"}}, {"organisation_id": other}]
    body = {"title": {"de": "x"}, "kind": "agreement", "status": "active", "parties": parties}

    refused = api.post("/cooperations", body)
    cooperation = samples.plain_cooperation(api, one)
    taken = api.put(f"/cooperations/{cooperation}", api.get(f"/cooperations/{cooperation}").json, if_match="*")

    assert (refused.status, refused.faults()) == (422, {"/parties/0/confirmation": "server-kept"})
    assert (taken.status, taken.etag) == (200, '"1"')


def test_the_former_date_of_an_event_that_moves_is_kept(api: Api) -> None:
    path = f"/events/{samples.plain_event(api, when={'start': '2023-06-15'})}"

    postponed = api.change(path, {"status": "postponed", "when": None})
    again = api.change(path, {"status": "scheduled", "when": {"start": "2023-09"}})
    precise = api.change(path, {"when": {"start": "2023-09-11"}})
    moved = api.change(path, {"when": {"start": "2023-09-12"}})

    first = {"start": "2023-06-15", "precision": "day"}
    assert (postponed["when"], postponed["previous_when"]) == (None, first)
    assert again["previous_when"] == first
    assert precise["previous_when"] == first
    assert moved["previous_when"] == {"start": "2023-09-11", "precision": "day"}


@pytest.mark.parametrize("field", ["previous_when", "when"])
def test_the_precision_and_the_former_date_are_refused_when_different(api: Api, field: str) -> None:
    path = f"/events/{samples.plain_event(api, when={'start': '2023-06-15'})}"

    answer = api.patch(path, {field: {"start": "2023-06-15", "precision": "month"}}, if_match="*")

    pointer = "/previous_when" if field == "previous_when" else "/when/precision"
    assert (answer.status, answer.faults()) == (422, {pointer: "server-kept"})


@pytest.mark.parametrize(
    ("when", "precision"),
    [
        ({"start": "2023-06-15T10:00"}, "minute"),
        ({"start": "2023-06-15", "end": "2023-06-16"}, "day"),
        ({"start": "2023-06-15", "end": "2023-07"}, "month"),
        ({"start": "2023~"}, "year"),
        ({"start": "[..2023-06-15]"}, "open"),
    ],
)
def test_a_date_is_answered_exactly_as_it_was_given_with_its_precision(api: Api, when: Json, precision: str) -> None:
    event = samples.plain_event(api, when=when)

    assert api.get(f"/events/{event}").json["when"] == {**when, "precision": precision}
