"""What other records say about a write: references, deletion, external ids, grades, overlaps, trees."""

import pytest

from tests.api import samples
from tests.api.client import Api, Json, problem
from tests.api.conftest import House

NOBODY = "org_01hzy3v8k2q4w5e6r7t8y9z0ab"
UNKNOWN = {
    "message": "Name a record that exists; this one is missing or was deleted.",
    "code": "unknown-reference",
}


def test_a_write_that_names_a_missing_record_is_422_with_the_pointer(api: Api, house: House) -> None:
    before = house.contents()
    relations = [{"kind": "related", "organisation_id": NOBODY}]

    answer = api.post("/organisations", {"name": "x", "kind": "other", "relations": relations})

    expected = problem(
        "invalid-content",
        422,
        "The content breaks rules of the register",
        "Mend everything that `errors` names; nothing was written.",
        errors=[{"pointer": "/relations/0/organisation_id", **UNKNOWN}],
    )
    assert (answer.status, answer.json) == (422, expected)
    assert house.contents() == before


def test_every_place_that_names_a_missing_record_is_checked(api: Api) -> None:
    one = samples.network(api)
    coop, event = NOBODY.replace("org_", "coop_"), NOBODY.replace("org_", "evt_")
    title = {"title": {"de": "x"}, "kind": "other", "status": "planned"}
    person = {"name": "x", "organisation_id": NOBODY}
    wrong: list[tuple[str, Json, str]] = [
        ("/events", {**title, "organisers": [{"organisation_id": NOBODY}]}, "/organisers/0/organisation_id"),
        ("/events", {**title, "part_of": event}, "/part_of"),
        ("/events", {**title, "cooperation_id": coop}, "/cooperation_id"),
        ("/events", {**title, "place": {"care_of_id": NOBODY}}, "/place/care_of_id"),
        ("/events", {**title, "people": [person]}, "/people/0/organisation_id"),
        (
            "/events",
            {**title, "programme": [{"title": {"de": "x"}, "speakers": [person]}]},
            "/programme/0/speakers/0/organisation_id",
        ),
        (f"/organisations/{one}/members", {"member_id": NOBODY}, "/member_id"),
        (
            f"/organisations/{one}/members",
            {"member_id": samples.company(api), "on_behalf_of": {"organisation_ids": [one, NOBODY]}},
            "/on_behalf_of/organisation_ids/1",
        ),
    ]

    for path, body, pointer in wrong:
        answer = api.post(path, body)
        assert (answer.status, answer.json["errors"]) == (422, [{"pointer": pointer, **UNKNOWN}])


def test_a_deleted_record_cannot_be_named_any_more(api: Api) -> None:
    gone = samples.company(api)
    api.delete(f"/organisations/{gone}", if_match="*")
    network = samples.network(api)

    answers = [
        api.post(f"/organisations/{network}/members", {"member_id": gone}),
        api.patch(
            f"/organisations/{network}", {"relations": [{"kind": "related", "organisation_id": gone}]}, if_match="*"
        ),
    ]

    assert [(answer.status, list(answer.faults().values())) for answer in answers] == [(422, ["unknown-reference"])] * 2


def test_records_may_be_named_by_an_external_id(api: Api) -> None:
    network = samples.network(api, external_ids=[{"scheme": "itnet.crm", "value": "a:b/c d"}])
    ref = {"ref": "itnet.crm:a:b/c d"}

    event = api.create(
        "/events",
        {"title": {"de": "x"}, "kind": "other", "status": "planned", "organisers": [{"organisation_id": ref}]},
    )

    assert event["organisers"] == [{"organisation_id": network}]


def test_an_external_id_that_leads_nowhere_is_named_with_all_other_faults(api: Api) -> None:
    body: Json = {
        "title": {"de": "x"},
        "kind": "club",
        "status": "planned",
        "organisers": [{"organisation_id": {"ref": "crm:1"}}, {"organisation_id": {"ref": "nocolon"}}],
        "part_of": {"ref": "crm:2"},
    }

    answer = api.post("/events", body)

    assert answer.status == 422
    faults = answer.faults()
    assert set(faults) >= {"/kind", "/organisers/0/organisation_id", "/organisers/1/organisation_id", "/part_of"}
    assert faults["/organisers/0/organisation_id"] == faults["/part_of"] == "unknown-reference"
    (malformed,) = (one["message"] for one in answer.json["errors"] if one["pointer"].startswith("/organisers/1"))
    assert malformed == 'Give an id, or {"ref": "scheme:value"} and nothing beside it.'


def test_a_record_of_another_type_cannot_be_named_in_any_way(api: Api) -> None:
    event = samples.plain_event(api, external_ids=[{"scheme": "crm", "value": "1"}])
    network = samples.network(api, external_ids=[{"scheme": "crm", "value": "2"}])
    members, company = f"/organisations/{network}/members", samples.company(api)
    board = {"member_id": company, "on_behalf_of": {"organisation_ids": [network, {"ref": "crm:1"}]}}

    answers = [
        api.post(members, {"member_id": event}),
        api.post(members, {"member_id": {"ref": "crm:1"}}),
        api.post(members, board),
        api.patch(f"/events/{event}", {"part_of": network}, if_match="*"),
        api.patch(f"/events/{event}", {"part_of": {"ref": "crm:2"}}, if_match="*"),
        api.post(f"/organisations/{company}/merge", {"into": {"ref": "crm:1"}}),
        api.put(f"/organisations/{company}/managed-by", {"managed_by": {"ref": "crm:1"}}, if_match="*"),
    ]

    wrong = {"code": "wrong-record-type"}
    no_organisation = {"message": "Name a record of type organisation; this one is of type event.", **wrong}
    no_event = {"message": "Name a record of type event; this one is of type organisation.", **wrong}
    assert [(answer.status, answer.json["errors"]) for answer in answers] == [
        (422, [{"pointer": "/member_id", **no_organisation}]),
        (422, [{"pointer": "/member_id", **no_organisation}]),
        (422, [{"pointer": "/on_behalf_of/organisation_ids/1", **no_organisation}]),
        (422, [{"pointer": "/part_of", **no_event}]),
        (422, [{"pointer": "/part_of", **no_event}]),
        (422, [{"pointer": "/into", **no_organisation}]),
        (422, [{"pointer": "/managed_by", **no_organisation}]),
    ]


def test_a_record_that_others_name_cannot_be_deleted(api: Api, house: House) -> None:
    network = samples.network(api)
    relation = {"relations": [{"kind": "related", "organisation_id": network}]}
    referrers = sorted(samples.company(api, f"Firma {number:02}", **relation) for number in range(22))
    before = house.contents()

    answer = api.delete(f"/organisations/{network}", if_match="*")

    expected = problem(
        "still-referred",
        409,
        "Other records refer to this one",
        "Change or delete the records in `related` first.",
        related=referrers[:20],
    )
    assert (answer.status, answer.json) == (409, expected)
    assert house.contents() == before


def test_it_can_be_deleted_when_nobody_names_it_any_more(api: Api) -> None:
    network = samples.network(api)
    company = samples.company(api, relations=[{"kind": "related", "organisation_id": network}])
    member = api.id(f"/organisations/{network}/members", {"member_id": company})

    api.change(f"/organisations/{company}", {"relations": None})
    refused = api.delete(f"/organisations/{network}", if_match="*")
    api.delete(f"/organisations/{network}/members/{member}", if_match="*")
    deleted = api.delete(f"/organisations/{network}", if_match="*")

    assert (refused.status, refused.json["related"], deleted.status) == (409, [member], 204)


def test_an_external_id_belongs_to_one_record(api: Api) -> None:
    pair = [{"scheme": "wikidata", "value": "Q42"}]
    first, other = samples.company(api, external_ids=pair), samples.company(api)

    answers = [
        api.post("/organisations", {"name": "x", "kind": "other", "external_ids": pair}),
        api.patch(f"/organisations/{other}", {"external_ids": [{"scheme": "a.b", "value": "1"}, *pair]}, if_match="*"),
        api.post("/events", {"title": {"de": "x"}, "kind": "other", "status": "held", "external_ids": pair}),
    ]

    assert [(each.status, each.json["type"]) for each in answers] == [(409, "/v1/problems/external-id-taken")] * 3
    assert [each.json["related"] for each in answers] == [[first]] * 3
    assert [list(each.faults()) for each in answers] == [["/external_ids/0"], ["/external_ids/1"], ["/external_ids/0"]]


def test_an_external_id_that_was_given_up_or_deleted_is_free(api: Api) -> None:
    pair = [{"scheme": "wikidata", "value": "Q42"}]
    first = samples.company(api, external_ids=pair)
    api.change(f"/organisations/{first}", {"external_ids": None})
    second = samples.company(api, external_ids=pair)
    api.delete(f"/organisations/{second}", if_match="*")

    third = samples.company(api, "Dritte", external_ids=pair)

    assert [item["id"] for item in api.get("/organisations?external_id=wikidata:Q42").items] == [third]


def test_a_membership_carries_a_grade_of_its_network(api: Api) -> None:
    network = samples.network(api, membership_grades=[{"code": "full"}, {"code": "guest"}])
    members = f"/organisations/{network}/members"
    company = samples.company(api)

    unknown = api.post(members, {"member_id": company, "grade": "gold"})
    known = api.id(members, {"member_id": company, "grade": "full"})
    removed = api.patch(f"/organisations/{network}", {"membership_grades": [{"code": "guest"}]}, if_match="*")
    api.change(f"{members}/{known}", {"grade": "guest"})
    free = api.patch(f"/organisations/{network}", {"membership_grades": [{"code": "guest"}]}, if_match="*")

    assert (unknown.status, unknown.faults()) == (422, {"/grade": "unknown-grade"})
    assert (removed.status, removed.json["type"]) == (409, "/v1/problems/grade-in-use")
    assert free.status == 200


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ({}, {}, 409),
        ({"since": "2015", "until": "2016"}, {"since": "2018"}, 201),
        ({"since": "2015", "until": "2017"}, {"since": "2016-06"}, 409),
        ({"since": "2015", "until": "2017"}, {"since": "2017-01"}, 201),
        ({"since": "2015", "until": "2017"}, {"since": "2016", "until": "2018"}, 409),
        ({"since": "2015"}, {"since": "2018"}, 409),
        ({"until": "2015"}, {"since": "2015"}, 201),
        ({"since": "2015-01", "until": "2017-12"}, {"as_of": "2016-05-01"}, 409),
    ],
)
def test_two_memberships_of_a_pair_must_not_certainly_overlap(api: Api, first: Json, second: Json, status: int) -> None:
    members, company = f"/organisations/{samples.network(api)}/members", samples.company(api)
    held = api.id(members, {"member_id": company, **first})

    answer = api.post(members, {"member_id": company, **second})

    assert answer.status == status
    if status == 409:
        assert (answer.json["type"], answer.json["related"]) == ("/v1/problems/membership-overlap", [held])


@pytest.mark.parametrize(("path", "create"), [("/events", "event"), ("/cooperations", "cooperation")])
def test_a_tree_has_three_levels_and_no_cycle(api: Api, path: str, create: str) -> None:
    party = samples.network(api)

    def made(part_of: str | None) -> str:
        if create == "event":
            return samples.plain_event(api, part_of=part_of)
        return samples.plain_cooperation(api, party, part_of=part_of)

    top = made(None)
    middle = made(top)
    leaf = made(middle)
    lone = made(None)
    moves = [(lone, leaf), (top, lone), (top, leaf), (top, middle), (top, top), (lone, middle), (leaf, lone)]

    answers = [api.patch(f"{path}/{child}", {"part_of": parent}, if_match="*") for child, parent in moves]

    assert [answer.status for answer in answers] == [422, 422, 422, 422, 422, 200, 422]
    codes = [list(answer.faults().items()) for answer in answers if answer.status == 422]
    assert {pointer for faults in codes for pointer, _ in faults} == {"/part_of"}
    assert [faults[0][1] for faults in codes[:2]] == ["too-deep", "too-deep"]
    assert {faults[0][1] for faults in codes[2:4]} == {"cycle"}


def test_a_record_names_at_most_38_others(api: Api) -> None:
    others = [samples.company(api, f"Firma {number}") for number in range(39)]
    relations = [{"kind": "related", "organisation_id": other} for other in others]

    fitting = api.post("/organisations", {"name": "x", "kind": "network", "relations": relations[:38]})
    too_many = api.post("/organisations", {"name": "x", "kind": "network", "relations": relations})
    none = api.patch(f"/organisations/{fitting.json['id']}", {"relations": None}, if_match="*")

    assert (fitting.status, none.status) == (201, 200)
    assert (too_many.status, too_many.faults()) == (422, {"/relations/38/organisation_id": "too-many-references"})


def test_a_record_takes_at_most_96_kilobytes(api: Api) -> None:
    texts = dict.fromkeys(("de", "en", "fr", "it", "es", "pl", "cs", "nl", "da"), "ä" * 5_000)

    fitting = api.post("/organisations", {"name": "x", "kind": "other", "description": texts})
    too_large = api.post(
        "/organisations", {"name": "x", "kind": "other", "description": texts, "focus": {"de": "ä" * 5_000}}
    )

    assert fitting.status == 201
    assert (too_large.status, too_large.faults()) == (422, {"": "record-too-large"})
