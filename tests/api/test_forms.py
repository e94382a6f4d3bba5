"""Answers in other forms: negotiated, validated and linked like those in JSON."""

import csv
import io

import pytest

from tests.api import samples
from tests.api.client import Api, Like

JSON_LD, CSV = "application/ld+json", "text/csv"


@pytest.fixture(scope="module")
def ids(register: Api) -> dict[str, str]:
    network = samples.network(register, "Netz")
    event = register.id("/events", samples.event(network))
    for name in ("=1+1", "Zwei", "Drei"):
        samples.company(register, name)
    return {"network": network, "event": event}


def test_format_goes_before_accept(register: Api, ids: dict[str, str]) -> None:
    path = f"/events/{ids['event']}"

    types = [
        register.get(path, accept=accept).headers["content-type"]
        for accept in ("*/*", JSON_LD, f"{JSON_LD};q=0.5, application/json;q=0.4")
    ]
    asked = register.get(f"{path}?format=json", accept=JSON_LD)
    refused = register.get(f"{path}?format=jsonld", accept="image/png")

    assert types == ["application/json", JSON_LD, JSON_LD]
    assert asked.headers["content-type"] == "application/json"
    assert (refused.status, refused.headers["content-type"]) == (200, JSON_LD)


@pytest.mark.parametrize("form", ["csv", "ics", "JSONLD", "", "json&format=jsonld"])
def test_a_form_that_a_path_does_not_have_is_400(register: Api, ids: dict[str, str], form: str) -> None:
    answer = register.get(f"/events/{ids['event']}?format={form}")

    assert (answer.status, answer.json["errors"][0]["parameter"]) == (400, "format")


def test_each_form_has_an_etag_of_its_own(register: Api, ids: dict[str, str]) -> None:
    path = f"/events/{ids['event']}"
    plain, linked = register.get(path), register.get(path, accept=JSON_LD)

    again = register.get(path, accept=JSON_LD, if_none_match=linked.etag)
    other = register.get(path, accept=JSON_LD, if_none_match=plain.etag)
    head = register.send("HEAD", path, accept=JSON_LD)

    assert plain.etag == '"1"'
    assert linked.etag == Like(r'"1-refs\.[0-9a-f]{16}-jsonld\.[0-9a-f]{16}"')
    assert (again.status, again.content, again.etag) == (304, b"", linked.etag)
    assert other.status == 200
    assert (head.status, head.content, head.etag) == (200, b"", linked.etag)


def test_a_write_may_be_conditional_on_the_etag_of_linked_data(register: Api, ids: dict[str, str]) -> None:
    made = register.id("/events", samples.event(ids["network"], external_ids=[]))
    etag = register.get(f"/events/{made}", accept=JSON_LD).etag

    answer = register.patch(f"/events/{made}", {"topics": ["neu"]}, if_match=etag)

    assert (answer.status, answer.json["version"]) == (200, 2)


def test_each_answer_leads_to_its_other_forms(register: Api, ids: dict[str, str]) -> None:
    event = f"/v1/events/{ids['event']}"
    query = f"organiser={ids['network']}"

    assert register.get(f"/events/{ids['event']}").headers["link"] == (
        f'<{event}?format=jsonld>; rel="alternate"; type="application/ld+json", '
        f'<{event}.ics>; rel="alternate"; type="text/calendar"'
    )
    assert register.get(f"/events?{query}&parts=include", accept=CSV).headers["link"] == (
        f'</v1/events?{query}&format=json>; rel="alternate"; type="application/json", '
        f'</v1/events?{query}&format=jsonld>; rel="alternate"; type="application/ld+json", '
        f'</v1/events.ics?{query}>; rel="alternate"; type="text/calendar"'
    )
    assert register.get(f"/events.ics?{query}&lang=en").headers["link"] == (
        f'</v1/events?{query}&lang=en>; rel="alternate"; type="application/json"'
    )
    assert register.get("/feed.atom?lang=en").headers["link"] == (
        '</v1/feed.json?lang=en>; rel="alternate"; type="application/feed+json"'
    )


def test_a_long_query_is_not_repeated(register: Api) -> None:
    source = f"https://example.org/{'a' * 1000}"

    assert "link" not in register.get(f"/events?source={source}").headers


def test_a_table_goes_on_where_its_page_ends(register: Api, ids: dict[str, str]) -> None:
    page = register.get("/organisations?format=csv&limit=2&order=desc")
    following = page.headers["link"].partition(", ")[0].removeprefix("</v1").removesuffix('>; rel="next"')
    last = register.get(following)

    names = [
        row["name"]
        for answer in (page, last)
        for row in csv.DictReader(io.StringIO(answer.content.decode(), newline=""))
    ]

    assert ids["network"]
    assert names == ["Zwei", "Netz", "Drei", "'=1+1"]
    assert 'rel="next"' not in last.headers["link"]
    assert last.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert last.headers["content-disposition"] == 'inline; filename="organisations.csv"'


def test_a_cursor_fits_every_form(register: Api) -> None:
    following = register.get("/organisations?limit=2").json["next"].removeprefix("/v1")

    assert register.get(following, accept=CSV).status == 200


def test_what_put_takes_comes_as_json_alone(register: Api, ids: dict[str, str]) -> None:
    path = f"/events/{ids['event']}?view=full"
    key = {"authorization": f"Bearer {register.key}"}

    answers = [register.get(f"{path}&format=jsonld", **key), register.get(path, accept=JSON_LD, **key)]

    assert [(answer.status, answer.json["errors"][0]["code"]) for answer in answers] == [
        (400, "contradicting-parameters")
    ] * 2
    assert "link" not in register.get(path, **key).headers


def test_a_past_state_is_linked_data_too(register: Api) -> None:
    network = register.id(
        "/organisations",
        samples.organisation(samples.company(register, "Ende"), external_ids=[], relations=[]),
    )

    answer = register.get(f"/organisations/{network}?as_of=2010&format=jsonld")

    assert (answer.status, answer.json["name"]) == (200, "ITnetzwerk Thüringen")
