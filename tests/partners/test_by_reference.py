"""A partner names its records by its own ids."""

from collections.abc import Callable

import pytest

from shared.tables.tables import Tables
from tests.api import samples
from tests.api.client import Answer, Api, Json, problem
from tests.api.conftest import House
from tests.partners.conftest import Enrol, Partner

PATH = "/organisations/by-ref/itnet.crm/1001"
COMPANY = {"name": "TowerByte eG", "kind": "company"}
MINE = {"scheme": "itnet.crm", "value": "1001"}


def bodies(one: str, other: str) -> dict[str, Json]:
    """An input of each type, by its collection."""
    least = {f"{noun}s": samples.least(noun, other) for noun in ("organisation", "event", "cooperation")}
    return {**least, "memberships": {"network_id": one, "member_id": other}}


@pytest.mark.parametrize("collection", ["organisations", "memberships", "events", "cooperations"])
def test_a_put_creates_then_replaces_and_a_delete_ends_it(collection: str, itnet: Partner, logistik: Partner) -> None:
    body, path = bodies(itnet.id, logistik.id)[collection], f"/{collection}/by-ref/itnet.crm/1"
    pair = {"scheme": "itnet.crm", "value": "1"}

    created = itnet.api.put(path, body)
    located = itnet.api.get(created.headers["location"].removeprefix("/v1"))
    again = itnet.api.put(path, body)
    changed = itnet.api.put(path, {**body, "sources": [{"key": "a", "title": "Liste"}]})
    read = itnet.api.get(path)
    patched = itnet.api.patch(path, {"sources": None})
    deleted = itnet.api.delete(path)

    assert (created.status, created.etag, created.json["external_ids"]) == (201, '"1"', [pair])
    assert created.json["managed_by"] == itnet.id
    assert located.json == created.json
    assert (again.status, again.json, again.etag) == (200, created.json, '"1"')
    assert (changed.status, changed.etag, changed.json["external_ids"]) == (200, '"2"', [pair])
    assert (read.status, read.json, read.etag) == (200, changed.json, '"2"')
    assert (patched.status, patched.etag, patched.json["external_ids"]) == (200, '"3"', [pair])
    assert deleted.status == 204
    assert [one.status for one in (itnet.api.get(path), itnet.api.put(path, body), itnet.api.patch(path, {}))] == [
        410
    ] * 3
    assert itnet.api.delete(path).status == 410


def test_a_put_to_the_id_of_a_deleted_record_is_told_how_to_start_a_new_one(itnet: Partner) -> None:
    itnet.api.put(PATH, COMPANY)
    itnet.api.delete(PATH)

    answer = itnet.api.put(PATH, COMPANY)

    assert answer.status == 410
    assert answer.json["detail"] == (
        "The record with this external id was deleted. A POST with the id in `external_ids` starts a new one and takes"
        " the id over."
    )


def test_the_same_input_is_unchanged_where_the_register_keeps_more(itnet: Partner) -> None:
    body = {**COMPANY, "people": [{"name": "Erika Muster", "email": "erika@example.org"}]}
    first = itnet.api.put(PATH, body)

    again = itnet.api.put(PATH, body)
    other = itnet.api.put(PATH, {**body, "phone": "+49 1"})

    assert "key" in first.json["people"][0]
    assert (again.status, again.json, again.etag) == (200, first.json, '"1"')
    assert other.etag == '"2"'


def test_the_same_input_counts_again_after_another_write_of_the_office(itnet: Partner) -> None:
    created = itnet.api.put(PATH, COMPANY)
    itnet.api.patch(f"/organisations/{created.json['id']}", {"phone": "+49 1"}, if_match="*")

    again = itnet.api.put(PATH, COMPANY)

    assert (again.status, again.etag) == (200, '"3"')
    assert "phone" not in again.json


def test_a_record_that_was_posted_is_found_by_its_external_id(itnet: Partner) -> None:
    held = itnet.api.create("/organisations", {**COMPANY, "external_ids": [MINE]})

    answer = itnet.api.put(PATH, {**COMPANY, "phone": "+49 1"})

    assert (answer.status, answer.json["id"], answer.etag) == (200, held["id"], '"2"')


@pytest.mark.parametrize(
    "sent", [[], [{"scheme": "wikidata", "value": "Q1"}], [{"scheme": "itnet.crm", "value": " 1001 "}]]
)
def test_the_pair_in_the_path_always_stays(sent: list[Json], itnet: Partner) -> None:
    itnet.api.put(PATH, COMPANY)
    path = itnet.api.get(PATH).json["id"]

    replaced = itnet.api.put(PATH, {**COMPANY, "external_ids": sent, "phone": "+49 1"})
    patched = itnet.api.patch(PATH, {"external_ids": sent})

    assert MINE in replaced.json["external_ids"]
    assert MINE in patched.json["external_ids"]
    assert itnet.api.get(PATH).json["id"] == path


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a/b/c", "a/b/c"),
        ("a%2Fb", "a/b"),
        ("Gr%C3%BC%C3%9Fe", "Grüße"),
        ("m%201", "m 1"),
        ("members", "members"),
        ("x%23y%3Fz", "x#y?z"),
    ],
)
def test_a_value_may_hold_whatever_an_external_id_may(path: str, value: str, itnet: Partner) -> None:
    for scheme in ("itnet.crm", "itnet"):
        created = itnet.api.put(f"/organisations/by-ref/{scheme}/{path}", COMPANY)

        assert (created.status, created.json["external_ids"]) == (201, [{"scheme": scheme, "value": value}])
        assert itnet.api.get(f"/organisations/by-ref/{scheme}/{path}").json == created.json


def test_no_scheme_is_taken_for_a_record(api: Api) -> None:
    created = api.put("/organisations/by-ref/members/relations", COMPANY)

    assert (created.status, created.json["external_ids"]) == (201, [{"scheme": "members", "value": "relations"}])
    assert api.get("/organisations/by-ref/members/relations").status == 200


@pytest.mark.parametrize(
    ("path", "faulty"),
    [
        ("ITNET/1", "scheme"),
        ("i/1", "scheme"),
        ("itnet/%FF", "value"),
        ("itnet/%00", "value"),
        (f"itnet/{'x' * 129}", "value"),
    ],
)
def test_what_can_be_no_external_id_is_refused(path: str, faulty: str, itnet: Partner) -> None:
    answers = [itnet.api.put(f"/events/by-ref/{path}", {}), itnet.api.get(f"/events/by-ref/{path}")]

    assert [(answer.status, answer.faults()) for answer in answers] == [(400, {faulty: "malformed-path"})] * 2


def test_if_none_match_creates_only(itnet: Partner) -> None:
    created = itnet.api.put(PATH, COMPANY, if_none_match="*")
    refused = itnet.api.put(PATH, {**COMPANY, "phone": "+49 1"}, if_none_match="*")

    assert (created.status, refused.status, refused.etag) == (201, 412, '"1"')
    assert itnet.api.put(PATH, COMPANY, if_none_match='"1"').status == 400


def test_if_match_replaces_only_that_version(itnet: Partner) -> None:
    early = itnet.api.put(PATH, COMPANY, if_match="*")
    itnet.api.put(PATH, COMPANY)
    stale = itnet.api.put(PATH, COMPANY, if_match='"7"')
    fresh = itnet.api.put(PATH, {**COMPANY, "phone": "+49 1"}, if_match='"1"')
    late = [itnet.api.patch(PATH, {}, if_match='"1"'), itnet.api.delete(PATH, if_match='"1"')]

    assert (early.status, stale.status, stale.etag, fresh.status) == (412, 412, '"1"', 200)
    assert [answer.status for answer in late] == [412, 412]


def test_nothing_is_merged_into_or_deleted_that_is_not_there(itnet: Partner) -> None:
    answers = [itnet.api.patch(PATH, {}), itnet.api.delete(PATH), itnet.api.get(PATH)]

    assert [answer.status for answer in answers] == [404] * 3


def test_an_id_belongs_to_one_record_of_one_type(itnet: Partner) -> None:
    held = itnet.api.put(PATH, COMPANY)
    path, event = "/events/by-ref/itnet.crm/1001", bodies("", "")["events"]

    refused = itnet.api.put(path, event)

    assert (refused.status, refused.json["related"]) == (409, [held.json["id"]])
    assert [one.status for one in (itnet.api.get(path), itnet.api.patch(path, {}), itnet.api.delete(path))] == [404] * 3


def test_a_further_id_in_the_body_may_be_another_records(itnet: Partner) -> None:
    other = itnet.api.create("/organisations", {**COMPANY, "external_ids": [{"scheme": "wikidata", "value": "Q1"}]})

    refused = itnet.api.put(PATH, {**COMPANY, "external_ids": [{"scheme": "wikidata", "value": "Q1"}]})

    assert (refused.status, refused.json["related"]) == (409, [other["id"]])
    assert refused.faults() == {"/external_ids/0": "external-id-taken"}


def test_a_post_takes_over_the_id_of_a_deleted_record(itnet: Partner) -> None:
    itnet.api.put(PATH, COMPANY)
    itnet.api.delete(PATH)

    created = itnet.api.create("/organisations", {**COMPANY, "external_ids": [MINE]})

    assert itnet.api.get(PATH).json["id"] == created["id"]


def test_a_reference_in_a_body_names_a_record_by_its_external_id(itnet: Partner) -> None:
    member = itnet.api.put(PATH, COMPANY).json["id"]
    body = {"network_id": itnet.id, "member_id": {"ref": "itnet.crm:1001"}}

    created = itnet.api.put("/memberships/by-ref/itnet.crm/m1", body)
    again = itnet.api.put("/memberships/by-ref/itnet.crm/m1", body)

    assert (created.status, created.json["member_id"], again.status, again.etag) == (201, member, 200, '"1"')


def test_the_same_input_counts_again_when_it_names_another_record(itnet: Partner) -> None:
    first, second = (itnet.api.put(f"/organisations/by-ref/itnet.crm/{number}", COMPANY).json for number in (1, 2))
    body = {**bodies("", "")["cooperations"], "parties": [{"organisation_id": {"ref": "itnet.crm:1"}}]}
    itnet.api.put("/cooperations/by-ref/itnet.crm/c", body)
    itnet.api.delete(f"/organisations/{first['id']}/external-ids/itnet.crm/1")

    lost = itnet.api.put("/cooperations/by-ref/itnet.crm/c", body)
    itnet.api.put(f"/organisations/{second['id']}/external-ids/itnet.crm/1", None)
    moved = itnet.api.put("/cooperations/by-ref/itnet.crm/c", body)

    assert (lost.status, lost.faults()) == (422, {"/parties/0/organisation_id": "unknown-reference"})
    assert (moved.status, moved.etag, moved.json["parties"][0]["organisation_id"]) == (200, '"2"', second["id"])


def test_a_body_is_held_to_the_rules_of_its_type(itnet: Partner) -> None:
    refused = itnet.api.put(PATH, {"name": "", "colour": "red"})

    assert (refused.status, refused.faults()) == (
        422,
        {"/name": "too-short", "/kind": "required", "/colour": "unknown-field"},
    )


def test_schemes_of_others_are_closed(itnet: Partner, enrol: Enrol) -> None:
    itnet.api.put(PATH, COMPANY)
    stranger = enrol("Fremde", "fremde")
    expected = problem(
        "forbidden", 403, "This key may not do that", "That scheme of external ids belongs to another partner."
    )

    answers = [stranger.api.put(PATH, COMPANY), stranger.api.patch(PATH, {}), stranger.api.delete(PATH)]
    nobodys = stranger.api.put("/organisations/by-ref/unknown.crm/1", COMPANY)
    mine = stranger.api.post("/organisations", {**COMPANY, "external_ids": [{"scheme": "itnet.crm", "value": "2"}]})

    assert [(answer.status, answer.json) for answer in (*answers, nobodys)] == [(403, expected)] * 4
    assert (mine.status, mine.faults()) == (403, {"/external_ids/0/scheme": "foreign-scheme"})
    assert stranger.api.get(PATH).status == 200


def test_public_schemes_are_open_and_ownership_still_decides(itnet: Partner, logistik: Partner) -> None:
    path = "/organisations/by-ref/wikidata/Q42"
    created = itnet.api.put(path, COMPANY)

    assert created.status == 201
    assert logistik.api.put(path, COMPANY).status == 403
    assert logistik.api.put(path, {**COMPANY, "phone": "+49 1"}).status == 403


def test_the_office_may_use_any_scheme(api: Api, itnet: Partner) -> None:
    itnet.api.put(PATH, COMPANY)

    answer = api.put(PATH, {**COMPANY, "phone": "+49 1"})

    assert (answer.status, answer.json["managed_by"]) == (200, itnet.id)


def rivalled(house: House, monkeypatch: pytest.MonkeyPatch, rival: Callable[[], Answer]) -> None:
    """Let another request come first, as soon as one has looked for the holder of an external id."""
    tables, rivals = type(house.process.TABLES), [rival]
    look_up = tables.holder

    def holder(self: Tables, scheme: str, value: str) -> str:
        try:
            return str(look_up(self, scheme, value))
        finally:
            if rivals:
                assert rivals.pop()().status == 201

    monkeypatch.setattr(tables, "holder", holder)


def test_two_first_upserts_at_once_make_one_record(
    house: House, itnet: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    rivalled(house, monkeypatch, lambda: itnet.api.put(PATH, COMPANY))

    late = itnet.api.put(PATH, {**COMPANY, "phone": "+49 1"})

    assert (late.status, late.etag) == (200, '"2"')
    assert itnet.api.get("/organisations?external_id=itnet.crm:1001").names() == ["TowerByte eG"]


def test_two_first_upserts_of_a_membership_do_not_overlap(
    house: House, itnet: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, body = "/memberships/by-ref/itnet.crm/m1", {"network_id": itnet.id, "member_id": samples.company(itnet.api)}
    rivalled(house, monkeypatch, lambda: itnet.api.put(path, body))

    late = itnet.api.put(path, body)

    assert (late.status, late.etag) == (200, '"1"')


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_record_that_lost_the_id_meanwhile_is_left_alone(
    method: str, house: House, itnet: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = itnet.api.put(PATH, COMPANY).json
    other = itnet.api.create("/organisations", {**COMPANY, "name": "Andere"})
    tables, moves = type(house.process.TABLES), ["DELETE"]
    look_up = tables.holder

    def holder(self: Tables, scheme: str, value: str) -> str:
        found = str(look_up(self, scheme, value))
        if moves:
            itnet.api.send(moves.pop(), f"/organisations/{held['id']}/external-ids/itnet.crm/1001")
            itnet.api.put(f"/organisations/{other['id']}/external-ids/itnet.crm/1001", None)
        return found

    monkeypatch.setattr(tables, "holder", holder)
    body = None if method == "DELETE" else {**COMPANY, "phone": "+49 1"}

    refused = itnet.api.send(method, PATH, body)

    left, right = (itnet.api.get(f"/organisations/{record['id']}").json for record in (held, other))
    assert (refused.status, refused.headers["retry-after"]) == (503, "1")
    assert [left["version"], right["version"]] == [2, 2]
    assert itnet.api.send(method, PATH, body).status in {200, 204}


def test_an_upsert_that_is_sent_again_is_answered_again(itnet: Partner) -> None:
    first = itnet.api.put(PATH, COMPANY, idempotency_key="night-1")
    again = itnet.api.put(PATH, COMPANY, idempotency_key="night-1")

    assert (first.status, again.status, again.json) == (201, 201, first.json)
    assert again.headers["idempotent-replayed"] == "true"


def test_a_former_name_is_kept_and_corrected(itnet: Partner) -> None:
    itnet.api.put(PATH, COMPANY)

    renamed = itnet.api.put(PATH, {**COMPANY, "name": "TowerByte"})
    again = itnet.api.put(PATH, {**COMPANY, "name": "TowerByte"})
    dropped = itnet.api.put(f"{PATH}?correction=true", {**COMPANY, "name": "TowerByte"})
    corrected = itnet.api.put(f"{PATH}?correction=true", {**COMPANY, "name": "Towerbyte"})

    assert [name["value"] for name in renamed.json["other_names"]] == ["TowerByte eG"]
    assert again.json == renamed.json
    assert [(one.json["version"], one.json["name"], one.json.get("other_names")) for one in (dropped, corrected)] == [
        (3, "TowerByte", None),
        (4, "Towerbyte", None),
    ]


def test_a_read_by_an_external_id_takes_what_a_read_by_id_takes(itnet: Partner) -> None:
    held = itnet.api.put(PATH, {**COMPANY, "founded": "2005"})
    key = f"Bearer {itnet.api.key}"

    past = itnet.api.get(f"{PATH}?as_of=2000")
    full = itnet.api.get(f"{PATH}?view=full", authorization=key)

    assert past.json == {**held.json, "as_of": "2000", "existed": False}
    assert (full.status, full.etag) == (200, '"1-full"')
    assert itnet.api.get(PATH, if_none_match='"1"').status == 304
