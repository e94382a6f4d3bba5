"""All that is wrong with a body is named at once, by pointer, and nothing of it is repeated."""

import pytest

from tests.api import samples
from tests.api.client import Api, Json, problem

SECRET = "Sesam öffne dich"


def test_a_whole_answer(api: Api) -> None:
    answer = api.post("/organisations", {"name": "", "kind": SECRET, "founded": "2005-02-30", SECRET[:5]: 1})

    expected = problem(
        "invalid-content",
        422,
        "The content breaks rules of the register",
        "Mend everything that `errors` names; nothing was written.",
        errors=[
            {"pointer": "/name", "message": "Give at least 1 character(s) that can be seen.", "code": "too-short"},
            {
                "pointer": "/kind",
                "message": "Use one of 'network', 'company', 'university', 'research_institute', 'chamber', "
                "'public_authority', 'association', 'community', 'site' or 'other'.",
                "code": "choice",
            },
            {
                "pointer": "/founded",
                "message": "Give a date such as 2023-09-11, 2023-09, 2023~ or [..2015-09-16] that exists.",
                "code": "partial-date",
            },
            {
                "pointer": "/Sesam",
                "message": "Leave this field out: the register does not know it.",
                "code": "unknown-field",
            },
        ],
    )
    assert (answer.status, answer.json) == (422, expected)


ORGANISATION: dict[str, Json] = {
    "/name": {"name": 1},
    "/other_names/0/value": {"other_names": [{"kind": "former"}]},
    "/legal_form": {"legal_form": "x" * 101},
    "/description/xx-": {"description": {"xx-": "Text"}},
    "/founded": {"founded": "gestern"},
    "/dissolved": {"founded": "2010", "dissolved": "2009"},
    "/topics/0": {"topics": ["IT"]},
    "/topics": {"topics": ["it", "it"]},
    "/regions/0": {"regions": ["Thüringen"]},
    "/website": {"website": "javascript:alert(1)"},
    "/logo/url": {"logo": {"alt": "x"}},
    "/email": {"email": "nobody"},
    "/offices/0/kind": {"offices": [{"place": {}}]},
    "/offices/0/place/postal_code": {"offices": [{"kind": "seat", "place": {"postal_code": 7743}}]},
    "/offices/0/place/location/lat": {"offices": [{"kind": "seat", "place": {"location": {"lat": 91, "lon": 0}}}]},
    "/people/0/name": {"people": [{"role": {"de": "x"}}]},
    "/people/1/key": {"people": [{"key": "a", "name": "x"}, {"key": "a", "name": "y"}]},
    "/people/0/sources/0": {"people": [{"name": "x", "sources": ["none"]}]},
    "/people/0/until": {"people": [{"name": "x", "since": "2019", "until": "2018"}]},
    "/figures/0": {"figures": [{"measure": "members"}]},
    "/figures/0/value": {"figures": [{"measure": "members", "value": 1.5}]},
    "/figures/0/max": {"figures": [{"measure": "members", "min": 2, "max": 1}]},
    "/membership_grades/0/code": {"membership_grades": [{"label": {"de": "x"}}]},
    "/relations/0/organisation_id": {"relations": [{"kind": "related"}]},
    "/external_ids": {"external_ids": [{"scheme": "ab", "value": str(number)} for number in range(7)]},
    "/external_ids/0/scheme": {"external_ids": [{"scheme": "A", "value": "1"}]},
    "/sources/0": {"sources": [{"key": "a"}]},
    "/sources/1/key": {"sources": [{"key": "a", "title": "x"}, {"key": "a", "title": "y"}]},
    "/sources/0/quote": {"sources": [{"key": "a", "title": "x", "quote": "x" * 501}]},
    "/sources/0/about/0": {"sources": [{"key": "a", "title": "x", "about": ["name"]}]},
}
EVENT: dict[str, Json] = {
    "/title": {"title": {}},
    "/title/de": {"title": {"de": ""}},
    "/when/start": {"when": {"end": "2023"}},
    "/when/end": {"when": {"start": "2023-09-11", "end": "2023-09-10"}},
    "/when/timezone": {"when": {"start": "2023-09-11T10:00", "timezone": "Mars/Base"}},
    "/when/extent": {"when": {"start": "2023", "extent": "half"}},
    "/expected_parts": {"expected_parts": -1},
    "/organisers/0/role": {"organisers": [{"role": "boss"}]},
    "/programme/0/title": {"programme": [{"starts": "2023"}]},
    "/registration/capacity": {"registration": {"capacity": "many"}},
    "/registration/required": {"registration": {"required": "yes"}},
    "/audience": {"audience": "all"},
    "/languages/0": {"languages": ["deutsch!"]},
    "/cooperation_id": {"cooperation_id": "coop_1"},
}
COOPERATION: dict[str, Json] = {
    "/parties": {"parties": []},
    "/parties/0/organisation_id": {"parties": [{"roles": ["lead"]}]},
    "/parties/0/roles/0": {"parties": [{"organisation_id": "x", "roles": ["boss"]}]},
    "/parties_complete": {"parties_complete": 1},
    "/signed_on": {"signed_on": "2023-13"},
    "/ended_on": {"effective_from": "2019", "ended_on": "2018"},
    "/goals/0/text": {"goals": [{"status": "ongoing"}]},
    "/results/0/title": {"results": [{"url": "https://example.org"}]},
    "/target_groups/0": {"target_groups": [" "]},
    "/documents/0/title": {"documents": [{}]},
    "/open_to_partners": {"open_to_partners": "true"},
}
CASES = [
    *(("/organisations", pointer, body) for pointer, body in ORGANISATION.items()),
    *(("/events", pointer, body) for pointer, body in EVENT.items()),
    *(("/cooperations", pointer, body) for pointer, body in COOPERATION.items()),
]


@pytest.mark.parametrize(("path", "pointer", "body"), CASES, ids=lambda value: str(value)[:40])
def test_each_fault_is_named_where_it_is(api: Api, path: str, pointer: str, body: Json) -> None:
    answer = api.post(path, body)

    assert answer.status == 422
    assert pointer in answer.faults()


@pytest.mark.parametrize(("path", "cases"), [("/organisations", ORGANISATION), ("/events", EVENT)])
def test_many_faults_are_named_together(api: Api, path: str, cases: dict[str, Json]) -> None:
    whole: Json = {}
    for body in cases.values():
        whole = {**body, **whole}
    fields = set(whole) - {"dissolved"}  # in order again, because this `founded` is no date

    faults = api.post(path, whole).faults()

    assert {pointer.split("/")[1] for pointer in faults if pointer} >= fields


def test_what_was_sent_is_not_repeated(api: Api) -> None:
    path = f"/organisations/{samples.network(api)}"
    wrong = {
        "kind": SECRET,
        "topics": [SECRET],
        "founded": SECRET,
        "website": SECRET,
        "people": [{"name": 1, "email": SECRET}],
    }

    answers = [
        api.post("/organisations", wrong),
        api.patch(path, wrong, if_match="*"),
        api.post("/organisations", {f"{SECRET}\u202e" * 30: 1, "name": "x", "kind": "other"}),
        api.get(f"/organisations?kind={SECRET.replace(' ', '+')}&{SECRET.replace(' ', '+')}=1&cursor={SECRET[:3]}"),
        api.get("/organisations", accept=SECRET[:5]),
        api.patch(path, {}, if_match=SECRET[:5]),
        api.post("/organisations", f'{{"name": "{SECRET}" "x"}}'.encode()),
    ]

    assert [answer.status for answer in answers] == [422, 422, 422, 400, 406, 400, 400]
    for answer in answers:
        assert b"Sesam" not in answer.content


def test_a_hundred_faults_are_enough(api: Api) -> None:
    answer = api.post("/organisations", {"name": "x", "kind": "other", "reference_customers": [1] * 200, "topics": 1})

    assert (answer.status, len(answer.json["errors"])) == (422, 100)
    assert answer.json["detail"] == "More than 100 things are wrong; `errors` names the first of them."


def test_malformed_json_is_named_by_its_place(api: Api) -> None:
    answer = api.post("/organisations", b'{"name": "x",\n "kind": }')

    expected = problem(
        "malformed-request",
        400,
        "The request cannot be read",
        "The body cannot be read as JSON.",
        errors=[{"pointer": "", "message": "Mend the JSON text at line 2, column 10.", "code": "malformed-json"}],
    )
    assert (answer.status, answer.json) == (400, expected)
