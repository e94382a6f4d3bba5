"""A request that is sent again with its Idempotency-Key is answered, not repeated."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from shared.tables.client import Clock
from tests.api import samples
from tests.api.calls import WRITES, Call, call, is_replay, own_path, refusal, without_replay
from tests.api.client import Answer, Api, Json, problem
from tests.api.conftest import House, altered

REUSED = problem(
    "idempotency-key-reused",
    422,
    "That Idempotency-Key belongs to another request",
    "Draw a new key for each request, and use it again only to repeat that very request.",
)
NEVER = "00000000000000000000000000"
DAY = 86_400.0


@pytest.mark.parametrize("operation", WRITES)
def test_every_write_happens_once_and_is_answered_alike(house: House, api: Api, operation: str) -> None:
    request = call(api, operation)

    first = request(api)
    between = house.contents()
    again = [request(api) for _ in range(2)]

    assert first.status in {200, 201, 204}
    assert [without_replay(answer) for answer in again] == [without_replay(first)] * 2
    assert [is_replay(answer) for answer in (first, *again)] == [False, True, True]
    assert house.contents() == between


@pytest.mark.parametrize("operation", [name for name in WRITES if not name.startswith("delete")])
def test_the_first_answer_comes_again_after_the_record_has_changed(api: Api, operation: str) -> None:
    request = call(api, operation)
    first = request(api)
    path = own_path(first.json)
    newer = api.patch(path, {"external_ids": [{"scheme": "crm", "value": "1"}]}, if_match=first.etag)
    gone = api.delete(path, if_match=newer.etag)

    again = request(api)

    assert (newer.status, gone.status) == (200, 204)
    assert without_replay(again) == without_replay(first)
    assert is_replay(again)


@pytest.mark.parametrize("operation", [name for name in WRITES if name.startswith(("replace", "patch"))])
def test_a_write_that_changed_nothing_is_remembered_too(house: House, api: Api, operation: str) -> None:
    changing = call(api, operation)
    written = changing(api, "before")
    request = Call(changing.method, changing.path, changing.body if changing.method == "PATCH" else written.json, "*")

    first = request(api)
    assert api.patch(changing.path, {"sources": [{"key": "a", "title": "A"}]}, if_match="*").status == 200
    between = house.contents()
    again = request(api)

    assert (first.status, first.etag, first.content) == (200, '"2"', written.content)
    assert without_replay(again) == without_replay(first)
    assert [is_replay(first), is_replay(again)] == [False, True]
    assert house.contents() == between


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that is refused by what the register holds, and what would let it succeed."""

    request: Call
    status: int
    mend: Callable[[], object]


@pytest.fixture
def refused(api: Api) -> dict[str, Refused]:
    target, other, network = samples.network(api), samples.company(api), samples.network(api)
    event = samples.plain_event(api)
    referrer = samples.plain_event(api, organisers=[{"organisation_id": other}])
    tombstone = samples.company(api)
    api.delete(f"/organisations/{tombstone}", if_match="*")
    crm = [{"scheme": "crm", "value": "1"}]
    taken = samples.company(api, external_ids=crm)
    member: Json = {"member_id": taken}
    api.create(f"/organisations/{target}/members", member)

    def nothing() -> None:
        """Nothing brings these back."""

    def patch(path: str, body: Json) -> Callable[[], Answer]:
        return lambda: api.patch(path, body, if_match="*")

    new: Json = {"name": "Neu", "kind": "company"}
    part: Json = {"title": {"de": "x"}, "kind": "series", "status": "planned", "part_of": f"evt_{NEVER}"}
    related = [{"kind": "related", "organisation_id": {"ref": "crm:2"}}]
    other_topics = patch(f"/events/{event}", {"topics": ["b"]})
    without_organisers = patch(f"/events/{referrer}", {"organisers": None})
    without_ids = patch(f"/organisations/{taken}", {"external_ids": None})
    other_ids = patch(f"/organisations/{taken}", {"external_ids": [{"scheme": "crm", "value": "2"}]})
    return {
        "404": Refused(Call("PATCH", f"/organisations/org_{NEVER}", {"topics": ["a"]}, "*"), 404, nothing),
        "410": Refused(Call("DELETE", f"/organisations/{tombstone}", None, "*"), 410, nothing),
        "412": Refused(Call("PATCH", f"/events/{event}", {"topics": ["a"]}, '"7"'), 412, other_topics),
        "409 still referred": Refused(Call("DELETE", f"/organisations/{other}", None, "*"), 409, without_organisers),
        "409 external id": Refused(Call("POST", "/organisations", {**new, "external_ids": crm}), 409, without_ids),
        "409 overlap": Refused(
            Call("POST", f"/organisations/{target}/members", {**member, "since": "2020"}), 409, nothing
        ),
        "422 missing reference": Refused(Call("POST", "/events", part), 422, nothing),
        "422 unknown ref": Refused(Call("POST", "/organisations", {**new, "relations": related}), 422, other_ids),
        "422 unknown grade": Refused(
            Call("POST", f"/organisations/{target}/members", {"member_id": network, "grade": "a"}),
            422,
            patch(f"/organisations/{target}", {"membership_grades": [{"code": "a"}]}),
        ),
    }


KINDS = [
    "404",
    "410",
    "412",
    "409 still referred",
    "409 external id",
    "409 overlap",
    "422 missing reference",
    "422 unknown ref",
    "422 unknown grade",
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_decided_refusal_stays_what_it_was(house: House, api: Api, refused: dict[str, Refused], kind: str) -> None:
    case = refused[kind]
    first = case.request(api)
    case.mend()
    between = house.contents()

    again = case.request(api)

    assert list(refused) == KINDS
    assert first.status == case.status
    assert refusal(again) == refusal(first)
    assert [is_replay(first), is_replay(again)] == [False, True]
    assert house.contents() == between


def test_another_key_gets_the_answer_of_now(api: Api, refused: dict[str, Refused]) -> None:
    mended = {
        kind: (case.request(api, f"a{kind[-2:]}").status, case.mend(), case.request(api, f"b{kind[-2:]}").status)
        for kind, case in refused.items()
        if kind in {"409 still referred", "409 external id", "422 unknown ref", "422 unknown grade"}
    }

    assert {kind: (before, after) for kind, (before, _, after) in mended.items()} == {
        "409 still referred": (409, 204),
        "409 external id": (409, 201),
        "422 unknown ref": (422, 201),
        "422 unknown grade": (422, 201),
    }


@pytest.mark.parametrize(
    ("status", "request_", "headers"),
    [
        (422, Call("POST", "/organisations", {"name": "", "kind": "x"}), {}),
        (422, Call("POST", "/organisations", {"name": "x", "kind": "other", "version": 2}), {}),
        (400, Call("POST", "/organisations", b"{"), {}),
        (400, Call("POST", "/organisations?x=1", {"name": "x", "kind": "other"}), {}),
        (406, Call("POST", "/organisations", {"name": "x", "kind": "other"}), {"accept": "image/png"}),
        (413, Call("POST", "/organisations", b" " * 300_000), {}),
        (415, Call("POST", "/organisations", {"name": "x", "kind": "other"}), {"content_type": "text/plain"}),
        (401, Call("POST", "/organisations", {"name": "x", "kind": "other"}), {"authorization": "Bearer x"}),
        (428, Call("PATCH", f"/organisations/org_{NEVER}", {}), {}),
    ],
)
def test_what_was_wrong_with_the_request_itself_is_not_remembered(
    house: House, api: Api, status: int, request_: Call, headers: dict[str, str]
) -> None:
    before = house.contents()

    answer = request_(api, **headers)

    assert answer.status == status
    assert house.contents() == before
    assert Call("POST", "/organisations", {"name": "x", "kind": "other"})(api).status == 201


def test_a_refusal_by_scope_owner_or_quota_is_not_remembered(house: House, api: Api) -> None:
    network, foreign = samples.network(api), samples.company(api)
    partner = Api(api.gateway, house.key(network, "organisations:write"))
    change = Call("PATCH", f"/organisations/{foreign}", {"topics": ["a"]}, "*")
    entry = Call("POST", "/organisations", {"name": "x", "kind": "other"})

    owner, scope = change(partner, "a"), Call("POST", "/events", {})(partner, "b")
    with altered(house.process.QUOTA, limit=0):
        quota = entry(partner, "c")

    assert [owner.status, scope.status, quota.status] == [403, 403, 429]
    assert not [item for item in house.contents()["RegisterTable"] if item["pk"]["S"].startswith("IDEM#")]
    assert entry(partner, "a").status == 201
    assert entry(partner, "c").status == 201


OTHERS = {
    "method": Call("PUT", "/organisations/{id}", {"topics": ["a"]}, '"1"'),
    "path": Call("PATCH", "/organisations/{other}", {"topics": ["a"]}, '"1"'),
    "query": Call("PATCH", "/organisations/{id}?correction=true", {"topics": ["a"]}, '"1"'),
    "If-Match": Call("PATCH", "/organisations/{id}", {"topics": ["a"]}, "*"),
    "body": Call("PATCH", "/organisations/{id}", {"topics": ["b"]}, '"1"'),
    "its white space": Call("PATCH", "/organisations/{id}", b'{"topics":["a"]}', '"1"'),
}


@pytest.mark.parametrize("other", OTHERS)
def test_a_key_that_comes_with_another_request_is_refused(house: House, api: Api, other: str) -> None:
    ids = {"id": samples.company(api), "other": samples.company(api)}
    Call("PATCH", f"/organisations/{ids['id']}", {"topics": ["a"]}, '"1"')(api)
    before = house.contents()
    request = OTHERS[other]

    answer = Call(request.method, request.path.format(**ids), request.body, request.if_match)(api)

    assert (answer.status, answer.json) == (422, REUSED)
    assert not is_replay(answer)
    assert house.contents() == before


def test_the_same_query_in_another_order_and_through_another_header_is_the_same_request(house: House, api: Api) -> None:
    network = samples.network(api)
    keys = [house.key(network, "organisations:write") for _ in range(2)]
    body: Json = {"name": "x", "kind": "other"}

    first = api.post("/organisations", body, idempotency_key="k", authorization=f"Bearer {keys[0]}")
    again = api.post("/organisations", body, idempotency_key="k", authorization="", x_api_key=keys[1])

    assert (first.status, is_replay(first), again.json, is_replay(again)) == (201, False, first.json, True)


def test_the_keys_of_others_are_others(house: House, api: Api) -> None:
    callers = [
        api,
        Api(api.gateway, house.key(samples.network(api), "organisations:write")),
        Api(api.gateway, house.key(samples.network(api), "organisations:write")),
    ]
    request = Call("POST", "/organisations", {"name": "x", "kind": "other"})

    answers = [request(caller) for caller in callers * 2]

    assert [answer.status for answer in answers] == [201] * 6
    assert len({answer.json["id"] for answer in answers}) == 3
    assert [is_replay(answer) for answer in answers] == [False] * 3 + [True] * 3


@pytest.fixture
def passed(house: House) -> Iterator[list[float]]:
    """Seconds by which the register's clock is ahead."""
    ahead, clock = [0.0], house.process.TABLES.clock
    with altered(house.process.TABLES, clock=Clock(now=lambda: clock.now() + ahead[0])):
        yield ahead


def test_an_answer_is_remembered_for_a_day(house: House, api: Api, passed: list[float]) -> None:
    request = Call("POST", "/organisations", {"name": "x", "kind": "other"})
    first = request(api)

    passed[0] = DAY - 60.0
    within = request(api)
    passed[0] = DAY + 1.0
    later, again = request(api), request(api)

    assert [is_replay(answer) for answer in (within, later, again)] == [True, False, True]
    assert [answer.json["id"] == first.json["id"] for answer in (within, later, again)] == [True, False, False]
    assert again.json == later.json
    items = [item for item in house.contents()["RegisterTable"] if item["pk"]["S"].startswith("IDEM#")]
    assert len(items) == 1


def test_a_refusal_is_forgotten_after_a_day_as_well(api: Api, passed: list[float], refused: dict[str, Refused]) -> None:
    case = refused["409 external id"]
    case.request(api)
    case.mend()

    passed[0] = DAY + 1.0

    assert case.request(api).status == 201


def test_what_is_kept_of_an_answer_is_no_body(house: House, api: Api) -> None:
    person = {"name": "Erika", "email": samples.CANARIES[0]}
    made = Call("POST", "/organisations", {"name": "x", "kind": "other", "people": [person]})(api, "a")
    Call("DELETE", f"/organisations/org_{NEVER}", None, "*")(api, "b")

    kept = {
        item["pk"]["S"]: {
            name: value for name, value in item.items() if name not in {"pk", "fingerprint", "expires_at"}
        }
        for item in house.contents()["RegisterTable"]
        if item["pk"]["S"].startswith("IDEM#")
    }

    one = {"sk": {"S": "IDEM"}, "version": {"N": "1"}, "change": {"S": "created"}, "id": {"S": made.json["id"]}}
    assert kept["IDEM#office#a"] == one
    assert kept["IDEM#office#b"].pop("problem")["S"].startswith('{"slug": "not-found"')
    assert kept["IDEM#office#b"] == {
        "sk": {"S": "IDEM"},
        "version": {"N": "0"},
        "change": {"S": "refused"},
        "id": {"S": ""},
    }


@pytest.mark.parametrize("key", ["", " ", "a b", "a\tb", "ä", "x" * 129, "a, b"])
def test_a_key_of_another_shape_is_400(house: House, api: Api, key: str) -> None:
    before = house.contents()

    answer = Call("POST", "/organisations", {"name": "x", "kind": "other"})(api, key)

    assert (answer.status, answer.faults()) == (400, {"Idempotency-Key": "malformed-header"})
    assert house.contents() == before


@pytest.mark.parametrize("key", ["!", "~" * 128, "a#b", '"quoted"', "2f8c-nightly/42"])
def test_visible_characters_are_a_key(api: Api, key: str) -> None:
    request = Call("POST", "/organisations", {"name": "x", "kind": "other"})

    answers = [request(api, key) for _ in range(2)]

    assert [(answer.status, is_replay(answer)) for answer in answers] == [(201, False), (201, True)]


def test_reads_pay_no_heed_to_it(house: House, api: Api) -> None:
    before = house.contents()

    answers = [api.get("/organisations", idempotency_key=key) for key in ("k", "k", "ä b")]

    assert [(answer.status, is_replay(answer)) for answer in answers] == [(200, False)] * 3
    assert house.contents() == before
