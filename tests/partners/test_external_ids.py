"""A partner gives any record an id of its own, and nobody else takes it away."""

import pytest

from tests.api import samples
from tests.api.client import Api, Json
from tests.partners.conftest import Enrol, Partner

HOME = "/organisations/by-ref/itnet.crm/1001"
COMPANY = {"name": "TowerByte eG", "kind": "company"}
MINE = {"scheme": "itnet.crm", "value": "1001"}
THEIRS = {"scheme": "logistik.crm", "value": "x/7"}


@pytest.fixture
def held(itnet: Partner) -> Json:
    """An organisation that ITnet keeps."""
    record: Json = itnet.api.put(HOME, COMPANY).json
    return record


def at(record: Json, pair: Json) -> str:
    return f"/organisations/{record['id']}/external-ids/{pair['scheme']}/{pair['value']}"


def test_a_partner_gives_a_record_of_another_an_id_and_finds_it_by_that(held: Json, logistik: Partner) -> None:
    answer = logistik.api.put(at(held, THEIRS), None)
    again = logistik.api.put(at(held, THEIRS), None)

    expected = {**held, "version": 2, "external_ids": [MINE, THEIRS], "updated_at": answer.json["updated_at"]}
    assert (answer.status, answer.json, answer.etag) == (200, expected, '"2"')
    assert (again.status, again.etag) == (200, '"2"')
    assert logistik.api.get("/organisations/by-ref/logistik.crm/x/7").json == expected
    assert logistik.api.get("/organisations?external_id=logistik.crm:x/7").names() == ["TowerByte eG"]


def test_the_same_input_of_the_office_stays_unchanged(held: Json, itnet: Partner, logistik: Partner) -> None:
    logistik.api.put(at(held, THEIRS), None)

    answer = itnet.api.put(HOME, COMPANY)

    assert (answer.status, answer.etag, answer.json["external_ids"]) == (200, '"2"', [MINE, THEIRS])


def test_ids_of_others_survive_every_write(held: Json, api: Api, itnet: Partner, logistik: Partner) -> None:
    logistik.api.put(at(held, THEIRS), None)
    path = f"/organisations/{held['id']}"

    answers = [
        itnet.api.put(HOME, {**COMPANY, "phone": "+49 1"}),
        itnet.api.put(path, {**COMPANY, "external_ids": [MINE], "phone": "+49 2"}, if_match="*"),
        itnet.api.patch(path, {"external_ids": [MINE, {"scheme": "ror", "value": "1"}]}, if_match="*"),
        api.put(path, {**COMPANY, "external_ids": []}, if_match="*"),
        api.patch(path, {"external_ids": None, "phone": "+49 3"}, if_match="*"),
    ]

    assert [answer.status for answer in answers] == [200] * 5
    assert [answer.json["external_ids"] for answer in answers] == [
        [MINE, THEIRS],
        [MINE, THEIRS],
        [MINE, {"scheme": "ror", "value": "1"}, THEIRS],
        [THEIRS],
        [THEIRS],
    ]


def test_a_write_that_only_leaves_out_ids_of_others_changes_nothing(
    held: Json, itnet: Partner, logistik: Partner
) -> None:
    logistik.api.put(at(held, THEIRS), None)

    answer = itnet.api.patch(f"/organisations/{held['id']}", {"external_ids": [MINE]}, if_match="*")

    assert (answer.status, answer.etag) == (200, '"2"')


def test_ids_survive_a_hand_over(held: Json, itnet: Partner, logistik: Partner) -> None:
    itnet.api.put(f"/organisations/{held['id']}/managed-by", {"managed_by": logistik.id}, if_match="*")

    answer = logistik.api.put(f"/organisations/{held['id']}", {**COMPANY, "phone": "+49 1"}, if_match="*")

    assert (answer.status, answer.json["external_ids"]) == (200, [MINE])


def test_only_its_giver_and_the_office_take_an_id_away(held: Json, api: Api, itnet: Partner, logistik: Partner) -> None:
    logistik.api.put(at(held, THEIRS), None)

    refused = itnet.api.delete(at(held, THEIRS))
    taken = logistik.api.delete(at(held, THEIRS))
    again = logistik.api.delete(at(held, THEIRS))

    assert (refused.status, taken.status, taken.etag, taken.json["external_ids"]) == (403, 200, '"3"', [MINE])
    assert again.status == 404
    assert logistik.api.put(at(held, THEIRS), None).status == 200
    assert "external_ids" in api.delete(at(held, THEIRS)).json
    assert "external_ids" not in api.delete(at(held, MINE)).json


def test_a_partner_gives_one_id(held: Json, logistik: Partner) -> None:
    logistik.api.put(at(held, THEIRS), None)

    answer = logistik.api.put(at(held, {"scheme": "logistik.wiki", "value": "7"}), None)

    assert (answer.status, answer.json["type"]) == (409, "/v1/problems/conflict")


def test_six_partners_beside_the_office_find_room(held: Json, itnet: Partner, enrol: Enrol) -> None:
    sent = [MINE, *({"scheme": "itnet.crm", "value": str(number)} for number in range(5))]
    itnet.api.put(HOME, {**COMPANY, "external_ids": sent})
    given = [{"scheme": f"p{number}.crm", "value": "1"} for number in range(7)]

    answers = [enrol(f"P{number}", f"p{number}").api.put(at(held, pair), None) for number, pair in enumerate(given)]
    changed = itnet.api.put(
        HOME, {**COMPANY, "external_ids": [{"scheme": "itnet.crm", "value": f"n{n}"} for n in range(5)]}
    )
    more = itnet.api.put(
        HOME, {**COMPANY, "external_ids": [{"scheme": "itnet.crm", "value": f"m{n}"} for n in range(6)]}
    )

    assert [answer.status for answer in answers] == [200] * 6 + [409]
    assert (changed.status, len(changed.json["external_ids"])) == (200, 12)
    assert (more.status, more.faults()) == (422, {"/external_ids": "too-many"})


def test_a_record_is_not_entered_with_more_than_six(itnet: Partner) -> None:
    pairs = [{"scheme": "itnet.crm", "value": str(number)} for number in range(7)]

    answer = itnet.api.post("/organisations", {**COMPANY, "external_ids": pairs})

    assert (answer.status, answer.faults()) == (422, {"/external_ids": "too-many"})


def test_a_public_scheme_is_for_who_may_change_the_record(held: Json, itnet: Partner, logistik: Partner) -> None:
    pair = {"scheme": "wikidata", "value": "Q42"}

    assert logistik.api.put(at(held, pair), None).status == 403
    assert itnet.api.put(at(held, pair), None).json["external_ids"] == [MINE, pair]
    assert itnet.api.put(HOME, COMPANY).etag == '"2"'
    assert logistik.api.delete(at(held, pair)).status == 403


def test_an_id_of_the_office_that_was_taken_away_comes_back_with_its_input(held: Json, itnet: Partner) -> None:
    pair = {"scheme": "wikidata", "value": "Q42"}
    body = {**COMPANY, "external_ids": [MINE, pair]}
    itnet.api.put(HOME, body)
    taken = itnet.api.delete(at(held, pair))

    again = itnet.api.put(HOME, body)

    assert taken.json["external_ids"] == [MINE]
    assert (again.status, again.etag, again.json["external_ids"]) == (200, '"4"', [MINE, pair])


def test_the_same_input_stays_unchanged_when_another_takes_its_id_away(
    held: Json, itnet: Partner, logistik: Partner
) -> None:
    logistik.api.put(at(held, THEIRS), None)
    logistik.api.delete(at(held, THEIRS))

    assert itnet.api.put(HOME, COMPANY).etag == '"3"'


def test_an_organisation_that_others_keep_has_an_id_of_its_own_beside_theirs(api: Api, itnet: Partner) -> None:
    own, path = {"scheme": "itnet.crm", "value": "us"}, f"/organisations/{itnet.id}"
    offices = [{"scheme": "register", "value": str(number)} for number in range(6)]
    network = {"name": "ITnet", "kind": "network"}

    given = itnet.api.put(f"{path}/external-ids/itnet.crm/us", None)
    kept = api.put(path, {**network, "external_ids": offices}, if_match="*")
    replaced = itnet.api.put(path, {**network, "external_ids": [{**own, "value": "new"}]}, if_match="*")
    after = api.put(path, network, if_match="*")
    second = itnet.api.put(f"{path}/external-ids/itnet.wiki/us", None)

    assert given.json["external_ids"] == [own]
    assert kept.json["external_ids"] == [*offices, own]
    assert replaced.json["external_ids"] == [{**own, "value": "new"}]
    assert after.json["external_ids"] == [{**own, "value": "new"}]
    assert second.status == 409


def test_ids_that_come_back_with_a_record_are_the_offices_own_again(
    held: Json, itnet: Partner, logistik: Partner
) -> None:
    path = f"/organisations/{held['id']}"
    itnet.api.put(f"{path}/managed-by", {"managed_by": logistik.id}, if_match="*")
    logistik.api.put(f"{path}/managed-by", {"managed_by": itnet.id}, if_match="*")

    answer = itnet.api.put(path, COMPANY, if_match="*")

    assert (answer.status, "external_ids" in answer.json) == (200, False)


def test_an_id_that_another_record_has_is_refused(held: Json, itnet: Partner, logistik: Partner) -> None:
    other = samples.company(logistik.api, "Andere", external_ids=[THEIRS])

    answer = logistik.api.put(at(held, THEIRS), None)

    assert (answer.status, answer.json["related"]) == (409, [other])
    assert itnet.api.get(f"/organisations/{held['id']}").etag == '"1"'


def test_memberships_take_ids_too(itnet: Partner, logistik: Partner) -> None:
    record = itnet.api.create(f"/organisations/{itnet.id}/members", {"member_id": logistik.id})
    path = f"/organisations/{itnet.id}/members/{record['id']}/external-ids/logistik.crm/m1"

    given = logistik.api.put(path, None)

    assert given.json["external_ids"] == [{"scheme": "logistik.crm", "value": "m1"}]
    assert logistik.api.get("/memberships/by-ref/logistik.crm/m1").json == given.json
    assert "external_ids" not in logistik.api.delete(path).json


def test_no_id_is_given_to_what_is_not_there(logistik: Partner) -> None:
    event = samples.plain_event(logistik.api)
    logistik.api.delete(f"/events/{event}", if_match="*")

    assert logistik.api.put(f"/events/{event}/external-ids/logistik.crm/1", None).status == 410
    assert logistik.api.put("/events/evt_00000000000000000000000000/external-ids/logistik.crm/1", None).status == 404
