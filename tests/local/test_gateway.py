import base64
import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

import pytest

from infra.local.functions import Context, FunctionFailed, Functions
from infra.local.gateway import Gateway
from infra.local.wire import BEYOND_ASCII, Refusal, Request, Response
from infra.template import Function, Template

SMALL = Path(__file__).parent / "project" / "template.yaml"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PROBLEM = "application/problem+json"
Answer = Callable[[dict[str, Any]], object]


class FakeFunctions:
    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.events: list[dict[str, Any]] = []

    def invoke(self, _function: Function, event: dict[str, Any]) -> object:
        self.events.append(json.loads(json.dumps(event)))
        return self.answer(event)


def gateway(answer: Answer, *, binary: tuple[str, ...] = ()) -> tuple[Gateway, FakeFunctions]:
    template = replace(Template.read(SMALL), binary_media_types=binary)
    functions = FakeFunctions(answer)
    return Gateway(template, cast("Functions", functions)), functions


def request(target: str, method: str = "GET", body: bytes = b"", **headers: str) -> Request:
    fields = [("Host", "127.0.0.1:8000"), *((name.replace("_", "-"), value) for name, value in headers.items())]
    return Request(method, target, "HTTP/1.1", tuple(fields), body, "127.0.0.1")


def fine(_event: dict[str, Any]) -> object:
    return {"statusCode": 200, "body": "{}"}


def without_ids(response: Response) -> tuple[int, dict[str, str], str]:
    headers = dict(response.headers)
    assert UUID.fullmatch(headers.pop("x-amzn-RequestId"))
    return response.status, headers, UUID.sub("<id>", response.body.decode())


def test_the_event_is_the_one_that_a_rest_api_sends() -> None:
    subject, functions = gateway(fine)
    sent = Request(
        "PUT",
        "/v1/notes/caf%C3%A9?kind=a&kind=b%20c&empty=&q=%C3%BC",
        "HTTP/1.1",
        (
            ("Host", "127.0.0.1:8000"),
            ("User-Agent", "test"),
            ("Accept", "text/html"),
            ("accept", "application/json"),
            ("Content-Type", "application/json"),
            ("X-Forwarded-For", "192.0.2.7"),
            ("Connection", "keep-alive"),
        ),
        '{"name":"Müller"}'.encode(),
        "127.0.0.1",
    )

    subject.respond(sent)

    event = functions.events[0]
    context = event["requestContext"]
    trace = event["headers"]["X-Amzn-Trace-Id"]
    assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", trace)
    assert UUID.fullmatch(context["requestId"])
    assert re.fullmatch(r"\d\d/[A-Z][a-z]{2}/\d{4}(:\d\d){3} \+0000", context["requestTime"])
    assert event == {
        "resource": "/notes/{id}",
        "path": "/notes/caf%C3%A9",
        "httpMethod": "PUT",
        "headers": {
            "Host": "127.0.0.1:8000",
            "User-Agent": "test",
            "Accept": "application/json",
            "Content-Type": "application/json",
            "X-Amzn-Trace-Id": trace,
            "X-Forwarded-For": "192.0.2.7, 127.0.0.1",
            "X-Forwarded-Port": "8000",
            "X-Forwarded-Proto": "http",
        },
        "multiValueHeaders": {
            "Host": ["127.0.0.1:8000"],
            "User-Agent": ["test"],
            "Accept": ["text/html", "application/json"],
            "Content-Type": ["application/json"],
            "X-Amzn-Trace-Id": [trace],
            "X-Forwarded-For": ["192.0.2.7, 127.0.0.1"],
            "X-Forwarded-Port": ["8000"],
            "X-Forwarded-Proto": ["http"],
        },
        "queryStringParameters": {"kind": "b c", "empty": "", "q": "ü"},
        "multiValueQueryStringParameters": {"kind": ["a", "b c"], "empty": [""], "q": ["ü"]},
        "pathParameters": {"id": "caf%C3%A9"},
        "stageVariables": None,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": "127.0.0.1:8000",
            "domainPrefix": "local",
            "extendedRequestId": context["requestId"],
            "httpMethod": "PUT",
            "identity": {
                "accessKey": None,
                "accountId": None,
                "caller": None,
                "cognitoAuthenticationProvider": None,
                "cognitoAuthenticationType": None,
                "cognitoIdentityId": None,
                "cognitoIdentityPoolId": None,
                "principalOrgId": None,
                "sourceIp": "127.0.0.1",
                "user": None,
                "userAgent": "test",
                "userArn": None,
            },
            "path": "/v1/notes/caf%C3%A9",
            "protocol": "HTTP/1.1",
            "requestId": context["requestId"],
            "requestTime": context["requestTime"],
            "requestTimeEpoch": context["requestTimeEpoch"],
            "resourceId": "/notes/{id}",
            "resourcePath": "/notes/{id}",
            "stage": "v1",
        },
        "body": '{"name":"Müller"}',
        "isBase64Encoded": False,
    }


def test_what_a_request_lacks_is_null_in_the_event() -> None:
    subject, functions = gateway(fine)

    subject.respond(request("/v1/notes/mine"))

    event = functions.events[0]
    absent = ("pathParameters", "queryStringParameters", "multiValueQueryStringParameters", "body")
    assert {name: event[name] for name in absent} == dict.fromkeys(absent)


@pytest.mark.parametrize(
    ("target", "resource", "parameters"),
    [
        ("/v1/notes/mine", "/notes/mine", None),
        ("/v1/notes/%6Dine", "/notes/mine", None),
        ("/v1/notes/other", "/notes/{id}", {"id": "other"}),
        ("/v1/echo/a/b%2Fc", "/echo/{rest+}", {"rest": "a/b%2Fc"}),
        ("http://127.0.0.1:8000/v1/notes/absolute", "/notes/{id}", {"id": "absolute"}),
    ],
)
def test_the_most_specific_resource_is_meant(target: str, resource: str, parameters: dict[str, str] | None) -> None:
    subject, functions = gateway(fine)

    subject.respond(request(target))

    assert functions.events[0]["resource"] == resource
    assert functions.events[0]["pathParameters"] == parameters


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/"),
        ("GET", "/v1"),
        ("GET", "/v1/"),
        ("GET", "/v2/notes/a"),
        ("GET", "/v1/notes"),
        ("GET", "/v1/notes/"),
        ("GET", "/v1/notes/a/b"),
        ("GET", "/v1/only-post"),
        ("BREW", "/v1/notes/a"),
        ("OPTIONS", "*"),
        ("GET", "//v1/notes/a"),
    ],
)
def test_what_no_route_names_gets_the_templates_own_answer(method: str, target: str) -> None:
    subject, functions = gateway(fine)

    response = subject.respond(request(target, method))

    expected = (
        404,
        {"Content-Type": PROBLEM, "Access-Control-Allow-Origin": "*"},
        '{"title":"There is nothing here","status":404}',
    )
    assert without_ids(response) == expected
    assert functions.events == []


def test_headers_of_an_answer_may_have_several_values() -> None:
    subject, _ = gateway(
        lambda _: {
            "statusCode": 201,
            "headers": {"ETag": '"1"', "Vary": "Accept", "Retry-After": 2, "Content-Length": "999"},
            "multiValueHeaders": {"vary": ["Accept", "Origin"], "X-Flag": [True]},
            "body": "ü",
        }
    )

    response = subject.respond(request("/v1/notes/a"))

    fields = (
        ("ETag", '"1"'),
        ("Retry-After", "2"),
        ("vary", "Accept"),
        ("vary", "Origin"),
        ("X-Flag", "true"),
        ("Content-Type", "application/json"),
    )
    assert response == Response(201, fields, "ü".encode())


def test_compressed_answers_arrive_as_bytes() -> None:
    packed = gzip.compress(b"much")
    encoded = base64.b64encode(packed).decode()
    subject, _ = gateway(lambda _: {"statusCode": 200, "body": encoded, "isBase64Encoded": True}, binary=("*/*",))

    response = subject.respond(request("/v1/notes/a"))

    assert response.body == packed


def test_base64_stays_as_it_is_where_the_template_names_no_binary_type() -> None:
    subject, _ = gateway(lambda _: {"statusCode": 200, "body": "YQ==", "isBase64Encoded": True})

    response = subject.respond(request("/v1/notes/a"))

    assert response.body == b"YQ=="


@pytest.mark.parametrize(
    ("binary", "body", "event_body", "encoded"),
    [
        (("*/*",), b"{}", "e30=", True),
        (("application/gzip",), b"{}", "{}", False),
        ((), b"\xff\xfe", "//4=", True),
    ],
)
def test_bodies_are_text_or_base64(binary: tuple[str, ...], body: bytes, event_body: str, *, encoded: bool) -> None:
    subject, functions = gateway(fine, binary=binary)

    subject.respond(request("/v1/notes/a", "PUT", body, Content_Type="application/json; charset=utf-8"))

    assert (functions.events[0]["body"], functions.events[0]["isBase64Encoded"]) == (event_body, encoded)


def _raise(_event: dict[str, Any]) -> object:
    raise FunctionFailed("broken")


@pytest.mark.parametrize(
    "answer",
    [
        _raise,
        lambda _: None,
        lambda _: [],
        lambda _: {},
        lambda _: {"statusCode": "200"},
        lambda _: {"statusCode": 99},
        lambda _: {"statusCode": 200, "headers": {"a": "b\r\nc: d"}},
        lambda _: {"statusCode": 200, "headers": {"a b": "c"}},
        lambda _: {"statusCode": 200, "headers": {"a": "€"}},
        lambda _: {"statusCode": 200, "headers": {"a": []}},
        lambda _: {"statusCode": 200, "body": {}},
        lambda _: {"statusCode": 200, "body": "\ud800"},
        lambda _: {"statusCode": 200, "body": "x" * (6 * 1_048_576 + 100)},
        lambda _: {"statusCode": 200, "body": "ä" * (3 * 1_048_576 + 50)},
        lambda _: {"statusCode": 200, "body": '"' * (3 * 1_048_576 + 50)},
    ],
)
def test_a_function_that_fails_is_the_registers_fault(answer: Answer) -> None:
    subject, _ = gateway(answer)

    response = subject.respond(request("/v1/notes/a"))

    assert without_ids(response) == (
        502,
        {"Content-Type": PROBLEM, "Retry-After": "1"},
        '{"title":"The register failed"}',
    )


def test_what_is_no_request_is_refused_in_the_templates_words() -> None:
    subject, _ = gateway(fine)

    response = subject.refuse(Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is larger than 10 MB."))

    headers = dict(response.headers)
    assert response.status == 413
    assert headers.pop("x-amzn-RequestId") == headers.pop("X-Request-Id")
    assert headers == {"Content-Type": PROBLEM, "Access-Control-Allow-Origin": "*"}
    assert UUID.sub("<id>", response.body.decode()) == (
        '{"title":"The body is larger than 10 MB.","instance":"urn:uuid:<id>"}'
    )


def test_what_cannot_be_read_is_refused_with_the_reason() -> None:
    subject, _ = gateway(fine)

    response = subject.refuse(Refusal(HTTPStatus.BAD_REQUEST, BEYOND_ASCII))

    assert (response.status, json.loads(response.body)["detail"]) == (
        400,
        "Percent-encode the address as UTF-8; curl does it for a query: -G --data-urlencode 'q=…'.",
    )


def test_an_address_that_is_too_long_is_the_registers_own_problem() -> None:
    subject, _ = gateway(fine)

    response = subject.refuse(Refusal(HTTPStatus.REQUEST_URI_TOO_LONG, "The address is too long."))

    headers = dict(response.headers)
    assert (response.status, headers["Content-Type"]) == (414, PROBLEM)
    assert json.loads(response.body) == {
        "type": "/v1/problems/uri-too-long",
        "title": "The address is too long",
        "status": 414,
        "detail": "Use fewer or shorter query parameters.",
        "instance": f"urn:uuid:{headers['x-amzn-RequestId']}",
    }


def test_a_context_counts_down_to_nothing() -> None:
    context = Context("NotesFunction", 512, 29)

    left = context.get_remaining_time_in_millis()

    assert 28_000 < left <= 29_000
    assert replace(context, timeout=-1).get_remaining_time_in_millis() == 0


def test_a_handler_that_raises_shows_its_traceback_to_the_developer_alone(capsys: pytest.CaptureFixture[str]) -> None:
    function = replace(Template.read(SMALL).functions[0], handler="json.loads")
    functions = Functions((function,))

    with pytest.raises(FunctionFailed):
        functions.invoke(function, {})

    assert "Traceback" in capsys.readouterr().err


def test_a_handler_that_cannot_be_imported_fails_when_invoked(capsys: pytest.CaptureFixture[str]) -> None:
    function = replace(Template.read(SMALL).functions[0], handler="nowhere.to.be.found")
    functions = Functions((function,))

    with pytest.raises(FunctionFailed):
        functions.invoke(function, {})

    assert "nowhere" in capsys.readouterr().err
