"""What an import makes of an organisation that the register seems to know already."""

import json

import pytest

from shared.errors import CatchingUp
from tests.api import samples
from tests.api.client import ORG, Api, Json
from tests.api.conftest import House
from tests.partners.conftest import Enrol, Partner
from tests.partners.rows import company, send, verdicts

IN_JENA: Json = {"offices": [{"kind": "seat", "place": {"city": "Jena"}}]}


def row(number: int, name: str = "Musterwerk", **more: object) -> Json:
    return company(number, name, **IN_JENA, **more)


@pytest.fixture
def known(api: Api) -> str:
    """An organisation that the office has entered."""
    return samples.company(api, "Musterwerk GmbH", **IN_JENA, external_ids=[{"scheme": "wikidata", "value": "Q1"}])


@pytest.mark.parametrize("query", ["", "?dry_run=true"])
def test_it_is_held_back_with_those_that_it_may_be(api: Api, itnet: Partner, known: str, query: str) -> None:
    before = api.get("/organisations").json

    answer = send(itnet, row(1), row(2, "Anderwerk"), query=query)

    assert answer.items[0] == {
        "row": 1,
        "ref": "itnet.crm:1",
        "verdict": "possible_duplicate",
        "errors": [
            {
                "pointer": "/record/name",
                "message": "This is most probably the organisation in `related`: give that one your id, or say that"
                " this is `new`.",
                "code": "possible-duplicate",
            }
        ],
        "related": [known],
    }
    assert answer.items[1]["verdict"] == "create"
    assert len(api.get("/organisations").items) == len(before["items"]) + (query == "")


def test_a_row_that_says_so_is_new(itnet: Partner, known: str) -> None:
    answer = send(itnet, {**row(1), "new": True}, {**row(2), "new": False})

    assert [(item["verdict"], item.get("id")) for item in answer.items] == [
        ("create", ORG),
        ("possible_duplicate", None),
    ]
    assert answer.items[0]["id"] != known


def test_whoever_gives_the_known_one_an_id_is_asked_no_more(itnet: Partner, known: str) -> None:
    assert verdicts(send(itnet, row(1))) == ["possible_duplicate"]
    assert itnet.api.send("PUT", f"/organisations/{known}/external-ids/itnet.crm/1").status == 200
    member = {"network_id": itnet.id, "member_id": {"ref": "itnet.crm:1"}}

    answer = send(itnet, {"type": "membership", "ref": "itnet.crm:m1", "record": member}, row(1))

    assert verdicts(answer) == ["create", "conflict"]
    assert answer.items[1]["errors"][0]["code"] == "forbidden"


def test_what_is_found_by_its_ref_is_never_one(api: Api, itnet: Partner) -> None:
    first = send(itnet, row(1))
    samples.company(api, "Musterwerk", **IN_JENA)

    again, changed = send(itnet, row(1)), send(itnet, row(1, phone="+49 3641 1"))

    assert [verdicts(answer) for answer in (first, again, changed)] == [["create"], ["unchanged"], ["update"]]


def test_rows_of_one_file_do_not_hold_each_other_back(itnet: Partner) -> None:
    together = send(itnet, row(1), row(2))
    later = send(itnet, row(1), row(2), row(3))

    assert verdicts(together) == ["create", "create"]
    assert verdicts(later) == ["unchanged", "unchanged", "create"]


def test_another_partner_that_enters_the_same_is_told(itnet: Partner, enrol: Enrol) -> None:
    (entered,) = send(itnet, row(1)).items
    other = enrol("Logistiknetz", "logistik")

    answer = send(other, {**row(1), "ref": "logistik.crm:7"})

    assert [(item["verdict"], item["related"]) for item in answer.items] == [("possible_duplicate", [entered["id"]])]


@pytest.mark.parametrize("query", ["", "?dry_run=true"])
@pytest.mark.usefixtures("known")
def test_rows_that_name_one_held_back_do_not_find_it(itnet: Partner, query: str) -> None:
    record = {"network_id": itnet.id, "member_id": {"ref": "itnet.crm:1"}}
    member = {"type": "membership", "ref": "itnet.crm:m1", "record": record}

    answer = send(itnet, member, row(1), query=query)

    assert verdicts(answer) == ["invalid", "possible_duplicate"]
    assert [(fault["pointer"], fault["code"]) for fault in answer.items[0]["errors"]] == [
        ("/record/member_id", "unknown-reference")
    ]


@pytest.mark.usefixtures("known")
def test_it_is_looked_at_without_the_rows_that_it_names(itnet: Partner) -> None:
    relation = {"kind": "related", "organisation_id": {"ref": "itnet.crm:2"}}

    answer = send(itnet, row(1, relations=[relation]), row(2, "Anderwerk"))

    assert verdicts(answer) == ["possible_duplicate", "create"]


@pytest.mark.usefixtures("known")
def test_what_is_wrong_or_forbidden_is_said_first(itnet: Partner, enrol: Enrol) -> None:
    bare = enrol("Netz", "netz", ["events:write"])

    answer = send(
        itnet,
        row(1, founded="2019-02-30"),
        {**row(2), "ref": "logistik.crm:1"},
        {**row(3), "if_version": 1},
        {**row(4), "new": "yes"},
    )

    assert [(item["verdict"], item["errors"][0]["code"]) for item in answer.items] == [
        ("invalid", "partial-date"),
        ("conflict", "forbidden"),
        ("conflict", "precondition-failed"),
        ("invalid", "type"),
    ]
    assert verdicts(send(bare, {**row(1), "ref": "netz.crm:1"})) == ["conflict"]


@pytest.mark.usefixtures("known")
def test_it_is_no_answer_that_an_idempotency_key_remembers(itnet: Partner) -> None:
    held_back = send(itnet, row(1), row(2, "Anderwerk"), idempotency_key="night")

    entered = send(itnet, {**row(1), "new": True}, row(2, "Anderwerk"), idempotency_key="night")

    assert [verdicts(held_back), verdicts(entered)] == [["possible_duplicate", "create"], ["create", "create"]]
    assert entered.items[1] == held_back.items[1]


def test_nothing_is_written_while_the_register_cannot_tell(
    house: House, itnet: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = {"title": {"de": "T"}, "kind": "workshop", "status": "planned"}
    rows = [row(1), {"type": "event", "ref": "itnet.crm:e", "record": event}]
    monkeypatch.setattr(type(house.process.projection()), "refresh", behind)
    before = records(house)

    refused, passing = itnet.api.post("/imports", {"rows": rows}), send(itnet, rows[1])

    assert (refused.status, refused.json["type"]) == (503, "/v1/problems/catching-up")
    assert verdicts(passing) == ["create"]
    assert len(records(house)) == len(before) + 1


def behind(_: object) -> None:
    raise CatchingUp


def records(house: House) -> list[str]:
    tables = house.contents()
    items = [item for noun in ("Organisations", "Events") for item in tables[f"{noun}Table"]]
    return [json.dumps(item) for item in items if item["sk"]["S"] == "DOC"]
