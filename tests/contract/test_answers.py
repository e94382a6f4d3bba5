"""What the real handlers answer is what the document promises."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from infra.openapi.document import ROUTES
from shared.http.routes import NDJSON, Route
from shared.models.ids import ID_PATTERN, OWN_SCHEME
from shared.tables.client import Clock
from tests.api import samples
from tests.api.client import Answer, Api, Json
from tests.api.conftest import House, altered
from tests.contract.validation import closed, faults, resolve

READS = [route for route in ROUTES if route.method == "GET" and route.access == "public"]
REFERENCES = {
    "organisations": ("wikidata", "Q42"),
    "memberships": ("crm", "m%201"),
    "events": ("crm", "e-1"),
    "cooperations": ("crm", "c-1"),
}
"""External ids of the records."""
VARIANTS = {"as_of": "2016", "include": "refs", "view": "full", "updated_since": "2026-01-01T00:00:00Z", "limit": "1"}

TWIN = {"name": "Zwilling", "kind": "network", "external_ids": [{"scheme": "wikidata", "value": "Q42"}]}
"""Claims the external id of another record."""
_SOMETIMES = {
    "Link",
    "Content-Disposition",
    "Accept",
    "Accept-Encoding",
    "Accept-Patch",
    "RateLimit",
    "RateLimit-Policy",
    "Idempotent-Replayed",
}
"""There when there is a next page or another form; with a table; one of the three, by what was wrong; for a key
with a quota; for an answer that was given before."""


@pytest.fixture(scope="module")
def ids(register: Api) -> dict[str, str]:
    """A record of each type that uses every field, and tombstones."""
    other = samples.company(register, "TowerByte eG")
    network = register.id("/organisations", samples.organisation(other))
    membership = register.id(f"/organisations/{network}/members", samples.membership(other))
    cooperation = register.id("/cooperations", samples.cooperation(network, other))
    event = register.id("/events", samples.event(network, cooperation_id=cooperation))
    samples.plain_event(register, "Teil", part_of=event)
    samples.plain_cooperation(register, network, "Projekt", part_of=cooperation)
    for path in (
        f"/organisations/{samples.company(register, 'Irrtum')}",
        f"/events/{samples.plain_event(register)}",
        f"/cooperations/{samples.plain_cooperation(register, other)}",
    ):
        assert register.delete(path, if_match="*").status == 204
    twin = samples.network(register, "Doppelt")
    moved = register.id(f"/organisations/{twin}/members", {"member_id": other})
    job = register.post(f"/organisations/{twin}/merge", {"into": samples.network(register, "Einmal")}).json
    return {
        "organisations": network,
        "events": event,
        "cooperations": cooperation,
        "membership_id": membership,
        "jobs": job["id"],
        "merged": twin,
        "moved": moved,
    }


@pytest.fixture(scope="module")
def partner(house: House, register: Api) -> Api:
    """Somebody with a quota."""
    return Api(register.gateway, house.key(samples.network(register, "Partner"), "events:write"))


def address(route: Route, ids: Mapping[str, str]) -> str:
    noun = route.path.split("/")[1]
    values = {"id": ids.get(noun), "membership_id": ids["membership_id"], "slug": "gone", "asset": "page.css"}
    values |= {
        "party_id": ids["organisations"],
        "scheme": REFERENCES.get(noun, ("", ""))[0],
        "value": REFERENCES.get(noun, ("", ""))[1],
        "version": "1",
    }
    return re.sub(r"\{(\w+)\}", lambda variable: str(values[variable[1]]), route.path)


def key_for(register: Api, route: Route) -> dict[str, str]:
    """The header that a read needs, if it needs one."""
    return {} if route.access == "public" else {"authorization": f"Bearer {register.key}"}


def broken_promises(document: Json, route: Route, answer: Answer) -> list[str]:
    """What of an answer the document does not say."""
    described = document["paths"][route.path][route.method.lower()]["responses"]
    if str(answer.status) not in described:
        return [f"the status {answer.status}"]
    response = resolve(document, described[str(answer.status)])
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    # Of the conflicts only one passes by itself.
    sometimes = _SOMETIMES | ({"Retry-After"} if answer.status == 409 else set())
    found = [name for name in response["headers"] if name.lower() not in answer.headers and name not in sometimes]
    content = response.get("content", {})
    if content and media_type == NDJSON:
        found += faults(closed(document), closed(content[media_type]["schema"]), answer.content.decode())
    elif content and media_type.endswith("json"):
        found += faults(closed(document), closed(content[media_type]["schema"]), answer.json)
    elif content:
        found += [] if {media_type, "text/*"} & content.keys() else [media_type]
    elif answer.content:
        found += ["a body"]
    return found


@pytest.mark.parametrize("route", READS, ids=lambda route: str(route.operation))
def test_a_read_answers_as_described(document: Json, register: Api, ids: dict[str, str], route: Route) -> None:
    asked = {one.name: one.kind.schema.get("enum", ())[:1] for one in route.query}
    taken = [f"?{name}={(*asked[name], value)[0]}" for name, value in VARIANTS.items() if name in asked]
    taken += [f"?format={form}" for form in route.formats]

    key = key_for(register, route)

    answers = {query: register.get(address(route, ids) + query, **key) for query in ["", *taken]}

    assert {query: answer.status for query, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert {query: broken_promises(document, route, answer) for query, answer in answers.items()} == {
        query: [] for query in answers
    }


@pytest.fixture
def moment(house: House) -> Iterator[None]:
    """The register's clock stands still, for with time alone entries become final and the feed another."""
    tables = house.process.TABLES
    now = tables.clock.now()
    with altered(tables, clock=Clock(now=lambda: now)):
        yield


@pytest.mark.usefixtures("moment")
@pytest.mark.parametrize("route", READS, ids=lambda route: str(route.operation))
def test_a_refused_read_answers_as_described(document: Json, register: Api, ids: dict[str, str], route: Route) -> None:
    path = address(route, ids)
    key = key_for(register, route)
    unknown = re.sub(r"(?<=[a-z0-9])$|_[0-9a-hjkmnp-tv-z]{26}", "_00000000000000000000000000", path, count=1)

    answers = {
        400: register.get(f"{path}?colour=red", **key),
        **({406: register.get(path, accept="image/png", **key)} if route.negotiates else {}),
        414: register.get(f"{path}?colour={'r' * 9000}", **key),
        **({404: register.get(unknown, **key)} if "{" in route.path else {}),
        304: register.get(path, if_none_match=register.get(path, **key).etag, **key),
    }

    assert {status: answer.status for status, answer in answers.items()} == {status: status for status in answers}
    assert {status: broken_promises(document, route, answer) for status, answer in answers.items()} == {
        status: [] for status in answers
    }


@pytest.mark.parametrize("route", READS, ids=lambda route: str(route.operation))
def test_a_read_of_a_merged_organisation_answers_as_described(
    document: Json, register: Api, ids: dict[str, str], route: Route
) -> None:
    former = {**ids, "organisations": ids["merged"], "membership_id": ids["moved"]}
    names = [one.name for one in route.query if one.kind.schema.get("pattern") == ID_PATTERN["organisation"]]
    is_by_ref = route.operation == "get_organisation_by_ref"
    subject = f"/organisations/by-ref/{OWN_SCHEME}/{ids['merged']}" if is_by_ref else address(route, former)
    paths = [subject, *(f"{address(route, ids)}?{name}={ids['merged']}" for name in names)]

    answers = [register.get(path, **key_for(register, route)) for path in paths]

    is_subject = is_by_ref or ("/organisations/{id}" in route.path and "/organisations/{id}/history" not in route.path)
    assert [answer.status == 308 for answer in answers] == [is_subject, *([True] * len(names))]
    assert ("308" in document["paths"][route.path]["get"]["responses"]) is (is_subject or bool(names))
    assert [broken_promises(document, route, answer) for answer in answers] == [[]] * len(answers)


@pytest.mark.parametrize(
    ("operation", "status", "body", "headers"),
    [
        ("create_organisation", 201, {"name": "Neu", "kind": "company"}, {}),
        ("create_organisation", 400, b"{", {}),
        ("create_organisation", 409, TWIN, {}),
        ("create_organisation", 413, b" " * 300_000, {}),
        ("create_organisation", 415, {"name": "Neu"}, {"content_type": "text/plain"}),
        ("create_organisation", 422, {"name": ""}, {}),
        ("patch_organisation", 200, {"phone": "+49 1"}, {"if_match": "*"}),
        ("patch_organisation", 412, {"phone": "+49 2"}, {"if_match": '"99"'}),
        ("patch_organisation", 415, {}, {"if_match": "*", "content_type": "application/json"}),
        ("patch_organisation", 422, {"name": None}, {"if_match": "*"}),
        ("patch_organisation", 428, {"phone": "+49 3"}, {}),
        ("delete_organisation", 409, None, {"if_match": "*"}),
        ("patch_event", 200, {"when": {"end": None}}, {"if_match": "*"}),
        ("patch_membership", 200, {"until": "2026-02"}, {"if_match": "*"}),
        ("patch_cooperation", 200, {"open_to_partners": None}, {"if_match": "*"}),
        ("delete_membership", 428, None, {}),
        ("upsert_event_by_ref", 412, {}, {"if_none_match": "*"}),
        ("patch_event_by_ref", 200, {"website": "https://example.org/2"}, {}),
        ("attach_event_id", 200, None, {}),
        ("hand_over_event", 200, {"managed_by": None}, {"if_match": "*"}),
        ("hand_over_event", 422, {}, {"if_match": "*"}),
        ("answer_cooperation", 422, {"state": "perhaps"}, {}),
        ("import_records", 200, {"rows": [{"type": "event", "ref": "crm:e-1", "record": {}}, 1]}, {}),
        ("import_records", 422, {"rows": []}, {}),
        ("match_organisations", 200, {"name": "TowerByte", "city": "Jena"}, {}),
        ("match_organisations", 422, {"name": ""}, {}),
        ("merge_organisation", 422, {"into": "org_00000000000000000000000000"}, {}),
    ],
)
def test_a_write_answers_as_described(
    document: Json,
    register: Api,
    ids: dict[str, str],
    operation: str,
    status: int,
    body: Any,  # noqa: ANN401 - any JSON value
    headers: dict[str, str],
) -> None:
    (route,) = (route for route in ROUTES if route.operation == operation)

    answer = register.send(route.method, address(route, ids), body, **headers)

    assert answer.status == status
    assert broken_promises(document, route, answer) == []


REFUSALS = {
    "no key": (401, {"authorization": ""}, None),
    "a bad key": (401, {"authorization": "Bearer x"}, None),
    "another office's record": (403, {}, None),
    "no quota": (429, {}, 0),
}


@pytest.mark.parametrize("why", REFUSALS)
def test_a_refused_partner_is_answered_as_described(
    document: Json, house: House, partner: Api, ids: dict[str, str], why: str
) -> None:
    status, headers, limit = REFUSALS[why]
    (route,) = (route for route in ROUTES if route.operation == "patch_event")
    quota = {} if limit is None else {"limit": limit}

    with altered(house.process.QUOTA, **quota):
        answer = partner.patch(address(route, ids), {"topics": ["new"]}, if_match="*", **headers)

    assert answer.status == status
    assert broken_promises(document, route, answer) == []
    assert ("ratelimit" in answer.headers) == (status in {403, 429})


@pytest.mark.parametrize("operation", ["create_event", "patch_event", "delete_event"])
def test_an_answer_that_comes_again_is_as_described(
    document: Json, partner: Api, ids: dict[str, str], operation: str
) -> None:
    (route,) = (route for route in ROUTES if route.operation == operation)
    mine = samples.plain_event(partner)
    body = None if route.method == "DELETE" else {"title": {"de": "Neu"}, "kind": "series", "status": "planned"}
    condition = {"if_match": "*"} if route.conditional else {}
    path = address(route, {**ids, "events": mine})

    answers = [partner.send(route.method, path, body, idempotency_key=operation, **condition) for _ in range(2)]

    promised = {"ratelimit", "ratelimit-policy"}
    assert [answer.status for answer in answers] == [route.status] * 2
    assert [broken_promises(document, route, answer) for answer in answers] == [[], []]
    assert [promised - answer.headers.keys() for answer in answers] == [set(), set()]
    assert ["idempotent-replayed" in answer.headers for answer in answers] == [False, True]
