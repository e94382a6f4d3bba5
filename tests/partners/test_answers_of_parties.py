"""A party to a cooperation answers for itself."""

import pytest

from tests.api.client import STAMP, Answer, Json
from tests.partners.conftest import Enrol, Partner


@pytest.fixture
def cooperation(itnet: Partner, logistik: Partner) -> Json:
    """One that ITnet keeps, with Logistiknetz in it."""
    body = {
        "title": {"de": "Vorhaben"},
        "kind": "agreement",
        "status": "active",
        "parties": [{"organisation_id": itnet.id}, {"organisation_id": logistik.id}],
    }
    answer = itnet.api.put("/cooperations/by-ref/itnet.crm/c1", body)
    assert answer.status == 201, answer.content
    return {"body": body, **answer.json}


def path(cooperation: Json, party: Partner) -> str:
    return f"/cooperations/{cooperation['id']}/parties/{party.id}/confirmation"


def confirmations(answer: Answer) -> list[Json]:
    return [party["confirmation"] for party in answer.json["parties"]]


CONFIRMED = {"state": "confirmed", "at": STAMP, "version": 1, "current": True}
UNANSWERED = {"state": "unanswered"}


def test_a_party_confirms_in_a_version_of_its_own(cooperation: Json, itnet: Partner, logistik: Partner) -> None:
    answer = logistik.api.put(path(cooperation, logistik), {"state": "confirmed"})

    assert (answer.status, answer.etag) == (200, '"2"')
    assert confirmations(answer) == [UNANSWERED, CONFIRMED]
    assert itnet.api.get("/cooperations?confirmation=confirmed").names() == ["Vorhaben"]


def test_an_answer_that_stands_is_not_given_twice(cooperation: Json, logistik: Partner) -> None:
    logistik.api.put(path(cooperation, logistik), {"state": "declined"})

    again = logistik.api.put(path(cooperation, logistik), {"state": "declined"})

    assert (again.status, again.etag) == (200, '"2"')


def test_a_party_takes_its_answer_back(cooperation: Json, logistik: Partner) -> None:
    logistik.api.put(path(cooperation, logistik), {"state": "confirmed"})

    answer = logistik.api.delete(path(cooperation, logistik))

    assert (answer.status, answer.etag, confirmations(answer)) == (200, '"3"', [UNANSWERED, UNANSWERED])


def test_an_answer_outlives_writes_of_the_office_and_is_current_until_the_content_changes(
    cooperation: Json, itnet: Partner, logistik: Partner
) -> None:
    logistik.api.put(path(cooperation, logistik), {"state": "confirmed"})

    other = itnet.api.put(path(cooperation, itnet), {"state": "confirmed"})
    attached = logistik.api.put(f"/cooperations/{cooperation['id']}/external-ids/logistik.crm/9", None)
    changed = itnet.api.patch(f"/cooperations/{cooperation['id']}", {"open_to_partners": True}, if_match="*")
    renewed = logistik.api.put(path(cooperation, logistik), {"state": "confirmed"})

    assert confirmations(other) == [{**CONFIRMED, "version": 2}, CONFIRMED]
    assert confirmations(attached) == confirmations(other)
    assert confirmations(changed) == [{**CONFIRMED, "version": 2, "current": False}, {**CONFIRMED, "current": False}]
    assert confirmations(renewed) == [{**CONFIRMED, "version": 2, "current": False}, {**CONFIRMED, "version": 5}]


def test_the_same_input_of_the_office_stays_unchanged_after_an_answer(
    cooperation: Json, itnet: Partner, logistik: Partner
) -> None:
    logistik.api.put(path(cooperation, logistik), {"state": "confirmed"})

    again = itnet.api.put("/cooperations/by-ref/itnet.crm/c1", cooperation["body"])

    assert (again.status, again.etag, confirmations(again)) == (200, '"2"', [UNANSWERED, CONFIRMED])


def test_nobody_answers_for_another(cooperation: Json, itnet: Partner, logistik: Partner) -> None:
    answer = itnet.api.put(path(cooperation, logistik), {"state": "confirmed"})

    assert (answer.status, answer.json["type"]) == (403, "/v1/problems/forbidden")
    assert itnet.api.get(f"/cooperations/{cooperation['id']}").etag == '"1"'


def test_who_is_no_party_has_nothing_to_answer(cooperation: Json, enrol: Enrol) -> None:
    stranger = enrol("Fremde")

    assert stranger.api.put(path(cooperation, stranger), {"state": "confirmed"}).status == 404


@pytest.mark.parametrize("body", [{"state": "unanswered"}, {}, {"state": "confirmed", "at": "2026"}])
def test_an_answer_is_yes_or_no(body: Json, cooperation: Json, logistik: Partner) -> None:
    assert logistik.api.put(path(cooperation, logistik), body).status == 422


def test_an_answer_may_be_bound_to_the_version_that_was_read(cooperation: Json, logistik: Partner) -> None:
    stale = logistik.api.put(path(cooperation, logistik), {"state": "confirmed"}, if_match='"7"')
    fresh = logistik.api.put(path(cooperation, logistik), {"state": "confirmed"}, if_match='"1"')

    assert (stale.status, fresh.status) == (412, 200)


def test_an_answer_outlives_a_change_of_the_partys_dates(cooperation: Json, itnet: Partner, logistik: Partner) -> None:
    logistik.api.put(path(cooperation, logistik), {"state": "declined"})
    read = itnet.api.get(f"/cooperations/{cooperation['id']}").json
    parties = [read["parties"][0], {**read["parties"][1], "since": "2020"}]

    changed = itnet.api.put(f"/cooperations/{cooperation['id']}", {**read, "parties": parties}, if_match="*")
    bare = {key: value for key, value in parties[1].items() if key != "confirmation"}
    again = itnet.api.patch(
        f"/cooperations/{cooperation['id']}", {"parties": [parties[0], {**bare, "since": "2021"}]}, if_match="*"
    )

    declined = {**CONFIRMED, "state": "declined", "current": False}
    assert (changed.status, confirmations(changed)) == (200, [UNANSWERED, declined])
    assert (again.status, confirmations(again)) == (200, [UNANSWERED, declined])


def test_a_further_period_of_a_party_is_unanswered(cooperation: Json, itnet: Partner, logistik: Partner) -> None:
    logistik.api.put(path(cooperation, logistik), {"state": "confirmed"})
    first, second = ({"organisation_id": party["organisation_id"]} for party in cooperation["parties"])
    parties = [first, {**second, "since": "2010", "until": "2012"}, {**second, "since": "2020"}]

    both = itnet.api.patch(f"/cooperations/{cooperation['id']}", {"parties": parties}, if_match="*")

    assert confirmations(both) == [UNANSWERED, {**CONFIRMED, "current": False}, UNANSWERED]
