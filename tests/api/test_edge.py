"""What every answer has in common: problems, methods, media types, sizes, CORS, compression, caching."""

import gzip
import json

import pytest

from tests.api import samples
from tests.api.client import UUID, WRITER, Api, Like, problem


@pytest.mark.parametrize("path", ["/nothing", "/organisations/a/b/c/d", "/organisations/", "/", "", "//organisations"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
def test_a_path_that_does_not_exist_is_404_and_a_problem(api: Api, path: str, method: str) -> None:
    answer = api.send(method, path, if_match="*")

    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json["type"] == "/v1/problems/not-found"
    assert answer.json["status"] == 404


def test_errors_can_be_read_from_every_origin_too(api: Api) -> None:
    answer = api.get("/organisations?limit=0", origin="https://anybody.example")

    assert (answer.status, answer.headers["access-control-allow-origin"]) == (400, "*")


@pytest.mark.parametrize(("origin", "expected"), [(WRITER, WRITER), ("https://anybody.example", None), ("null", None)])
def test_only_configured_origins_may_write(api: Api, origin: str, expected: str | None) -> None:
    preflight = api.options("/organisations", origin=origin, access_control_request_method="POST")
    answer = api.post("/organisations", {"name": "x", "kind": "other"}, origin=origin)

    assert [each.headers.get("access-control-allow-origin") for each in (preflight, answer)] == [expected] * 2
    assert preflight.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS, POST"
    assert preflight.headers["access-control-allow-headers"].split(", ") == [
        "Authorization",
        "Content-Type",
        "Idempotency-Key",
        "If-Match",
        "If-None-Match",
        "X-API-Key",
    ]


def test_a_preflight_for_reading_is_granted_to_anybody(api: Api) -> None:
    answer = api.options("/events", origin="https://anybody.example", access_control_request_method="GET")

    assert (answer.status, answer.headers["access-control-allow-origin"]) == (204, "*")


def test_without_an_origin_there_is_no_word_of_cors(api: Api) -> None:
    answers = [api.get("/events"), api.options("/events"), api.post("/events", {})]

    assert not [name for answer in answers for name in answer.headers if name.startswith("access-control")]


ACCEPTED = [
    "application/json",
    "*/*",
    "application/*",
    "text/html, application/json;q=0.1",
    "application/json; charset=utf-8",
    "APPLICATION/JSON",
    "application/problem+json, */*;q=0.1",
]
NOT_ACCEPTED = ["text/html", "application/xml", "application/json;q=0", "image/*", "x"]


@pytest.mark.parametrize("accept", ACCEPTED)
def test_json_is_given_to_whoever_takes_it(api: Api, accept: str) -> None:
    assert api.get("/events", accept=accept).status == 200


@pytest.mark.parametrize("accept", NOT_ACCEPTED)
def test_who_takes_none_of_the_forms_gets_406(api: Api, accept: str) -> None:
    forms = {
        "GET": "application/json or application/ld+json or text/csv",
        "POST": "application/json",
    }

    answers = [api.get("/events", accept=accept), api.post("/events", {}, accept=accept)]

    assert [(answer.status, answer.json) for answer in answers] == [
        (
            406,
            problem("not-acceptable", 406, "No representation fits", f"Accept {form}, which is what this path gives."),
        )
        for form in forms.values()
    ]


TAKEN = ["application/json", "application/json; charset=utf-8", 'application/json;charset="UTF-8"', "Application/JSON"]
NOT_TAKEN = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/json; charset=iso-8859-1",
    "application/json; charset=utf-16",
    "application/merge-patch+json",
    "application/ld+json",
    "application/json, text/plain",
    "json",
    "",
]


@pytest.mark.parametrize("media_type", TAKEN)
def test_json_in_utf_8_is_taken(api: Api, media_type: str) -> None:
    answer = api.post("/organisations", {"name": "x", "kind": "other"}, content_type=media_type)

    assert answer.status == 201


@pytest.mark.parametrize("media_type", NOT_TAKEN)
def test_other_media_types_are_415_with_the_right_one(api: Api, media_type: str) -> None:
    answer = api.post("/organisations", {"name": "x", "kind": "other"}, content_type=media_type)

    expected = problem(
        "unsupported-media-type",
        415,
        "The body's media type is not taken here",
        "Send application/json, in UTF-8 and not compressed.",
    )
    assert (answer.status, answer.headers["accept"], answer.json) == (415, "application/json", expected)


@pytest.mark.parametrize("media_type", ["application/json", "application/json-patch+json", "text/plain"])
def test_a_patch_that_is_no_merge_patch_is_415_with_accept_patch(api: Api, media_type: str) -> None:
    answer = api.patch(f"/events/{samples.plain_event(api)}", {}, content_type=media_type, if_match="*")

    assert (answer.status, answer.headers["accept-patch"]) == (415, "application/merge-patch+json")


def test_an_import_says_that_it_takes_lines_too(api: Api) -> None:
    answer = api.post("/imports", {}, content_type="application/jsonl")

    assert (answer.status, answer.headers["accept"]) == (415, "application/json, application/x-ndjson")
    assert "accept-encoding" not in answer.headers


def test_a_compressed_body_is_415(api: Api) -> None:
    body = gzip.compress(b'{"name":"x","kind":"other"}')

    refused = api.post("/organisations", body, content_encoding="gzip")

    assert (refused.status, refused.headers["accept-encoding"]) == (415, "identity")
    assert api.post("/organisations", {"name": "x", "kind": "other"}, content_encoding="identity").status == 201


def test_256_kilobytes_are_taken_and_one_byte_more_is_413(api: Api) -> None:
    start = b'{"name":"x","kind":"other","note":"'
    fitting = start + b"a" * (256 * 1024 - len(start) - 2) + b'"}'

    answers = [api.post("/organisations", fitting), api.post("/organisations", fitting + b" ")]

    expected = problem("content-too-large", 413, "The body is too large", "Send at most 256 KB.")
    assert answers[0].status == 422
    assert (answers[1].status, answers[1].json) == (413, expected)


def test_a_query_of_more_than_8_kilobytes_is_414(api: Api) -> None:
    expected = problem("uri-too-long", 414, "The address is too long", "Use fewer or shorter query parameters.")

    answer = api.get(f"/events?city={'a' * 8_200}")

    assert (answer.status, answer.json) == (414, expected)


@pytest.mark.parametrize("coding", ["gzip", "gzip, deflate, br", "*", "gzip;q=0.5", "GZIP", "br;q=1, gzip;q=0.1"])
def test_large_answers_are_compressed_where_asked(api: Api, coding: str) -> None:
    path = f"/organisations/{samples.network(api, description={'de': 'Ä' * 2_000})}"
    plain = api.get(path)

    packed = api.get(path, accept_encoding=coding)

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content


@pytest.mark.parametrize("coding", ["identity", "br", "gzip;q=0", "gzip;q=0, *", ""])
def test_large_answers_are_left_as_they_are_where_gzip_is_not_taken(api: Api, coding: str) -> None:
    path = f"/organisations/{samples.network(api, description={'de': 'Ä' * 2_000})}"

    answer = api.get(path, accept_encoding=coding)

    assert "content-encoding" not in answer.headers
    assert answer.json["name"] == "Netz"


def test_small_answers_are_not_compressed(api: Api) -> None:
    assert "content-encoding" not in api.get("/events", accept_encoding="gzip").headers


def test_every_answer_carries_its_request_id(api: Api) -> None:
    answers = [
        api.get("/events"),
        api.head("/events"),
        api.options("/events"),
        api.get("/events", if_none_match="*"),
        api.get("/events/x"),
        api.post("/events", {}),
        api.post("/organisations", {"name": "x", "kind": "other"}),
        api.delete(f"/events/{samples.plain_event(api)}", if_match="*"),
    ]

    assert [answer.status for answer in answers] == [200, 200, 204, 304, 404, 422, 201, 204]
    assert [answer.headers["x-request-id"] for answer in answers] == [Like(UUID.pattern)] * 8
    assert len({answer.headers["x-request-id"] for answer in answers}) == 8
    for answer in (answers[4], answers[5]):
        assert answer.json["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"


def test_answers_to_writes_and_problems_stay_out_of_caches(api: Api) -> None:
    answers = [
        api.post("/organisations", {"name": "x", "kind": "other"}),
        api.post("/events", {}),
        api.get("/events/x"),
    ]

    assert {answer.headers["cache-control"] for answer in answers} == {"private, no-store"}


def test_texts_are_served_in_utf_8_and_not_escaped(api: Api) -> None:
    path = f"/organisations/{samples.network(api, 'Grüße aus Jena ß 🚀')}"

    assert "Grüße aus Jena ß 🚀".encode() in api.get(path).content
    assert json.loads(api.get("/organisations").content)["items"][0]["name"] == "Grüße aus Jena ß 🚀"


@pytest.mark.parametrize("name", ["authorization", "x_api_key"])
def test_answers_to_a_request_with_a_key_stay_out_of_caches(api: Api, name: str) -> None:
    path = f"/organisations/{samples.network(api)}"

    answers = [api.get(each, **{name: "Bearer x"}) for each in (path, "/organisations", "/organisations/x")]

    assert {answer.headers["cache-control"] for answer in answers} == {"private, no-store"}
