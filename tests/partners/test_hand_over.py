"""Who keeps a record may hand it over."""

import pytest

from tests.api import samples
from tests.api.client import Api
from tests.partners.conftest import Partner


@pytest.mark.parametrize("noun", ["organisations", "events", "cooperations"])
def test_the_office_that_keeps_a_record_hands_it_over(noun: str, itnet: Partner, logistik: Partner) -> None:
    held = itnet.api.create(f"/{noun}", samples.least(noun.removesuffix("s"), itnet.id))
    path = f"/{noun}/{held['id']}/managed-by"

    answer = itnet.api.put(path, {"managed_by": logistik.id}, if_match='"1"')

    expected = {**held, "version": 2, "managed_by": logistik.id, "updated_at": answer.json["updated_at"]}
    assert (answer.status, answer.json, answer.etag) == (200, expected, '"2"')
    assert itnet.api.put(path, {"managed_by": itnet.id}, if_match="*").status == 403
    assert logistik.api.put(path, {"managed_by": None}, if_match="*").json["managed_by"] is None


def test_a_new_keeper_may_be_named_by_an_external_id(api: Api, itnet: Partner) -> None:
    event = samples.plain_event(api)
    api.put(f"/organisations/{itnet.id}/external-ids/wikidata/Q1", None)

    answer = api.put(f"/events/{event}/managed-by", {"managed_by": {"ref": "wikidata:Q1"}}, if_match="*")

    assert (answer.status, answer.json["managed_by"]) == (200, itnet.id)


def test_handing_over_to_the_present_keeper_changes_nothing(itnet: Partner) -> None:
    event = {"title": {"de": "Treffen"}, "kind": "networking", "status": "planned"}
    held = itnet.api.put("/events/by-ref/itnet.crm/1", event).json

    answer = itnet.api.put(f"/events/{held['id']}/managed-by", {"managed_by": itnet.id}, if_match="*")

    assert (answer.status, answer.etag) == (200, '"1"')


def test_an_organisation_that_others_keep_does_not_hand_itself_over(itnet: Partner) -> None:
    answer = itnet.api.put(f"/organisations/{itnet.id}/managed-by", {"managed_by": itnet.id}, if_match="*")

    assert (answer.status, answer.json["type"]) == (403, "/v1/problems/forbidden")


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, {"/managed_by": "required"}),
        ({"managed_by": "org_00000000000000000000000000"}, {"/managed_by": "unknown-reference"}),
        ({"managed_by": {"ref": "wikidata:Q404"}}, {"/managed_by": "unknown-reference"}),
        ({"managed_by": "evt_00000000000000000000000000"}, {"/managed_by": "wrong-record-type"}),
        ({"managed_by": None, "version": 7}, {"/version": "unknown-field"}),
    ],
)
def test_a_keeper_must_exist(body: dict[str, object], faults: dict[str, str], itnet: Partner) -> None:
    event = samples.plain_event(itnet.api)

    answer = itnet.api.put(f"/events/{event}/managed-by", body, if_match="*")

    assert (answer.status, answer.faults()) == (422, faults)


def test_a_hand_over_needs_the_version_that_was_read(itnet: Partner, logistik: Partner) -> None:
    event = samples.plain_event(itnet.api)
    path, body = f"/events/{event}/managed-by", {"managed_by": logistik.id}

    assert itnet.api.put(path, body).status == 428
    assert itnet.api.put(path, body, if_match='"7"').status == 412
    assert itnet.api.get(f"/events/{event}").etag == '"1"'
