"""API Gateway's part: HTTP in, a REST proxy event to the function that the template names, its answer out."""

import base64
import binascii
import json
import re
import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote

from infra.local.functions import FunctionFailed, Functions
from infra.local.wire import Refusal, Request, Response
from infra.template import Function, GatewayResponse, Template

_METHODS = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
_HOP_BY_HOP = {
    "connection",
    "expect",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
_FIXED_HERE = _HOP_BY_HOP | {"content-length", "date"}
_FIELD_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_FIELD_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_VARIABLE = re.compile(r"\$context\.([A-Za-z]+(?:\.[A-Za-z]+)*)")
_PAYLOAD_BYTES = 6 * 1_024 * 1_024 + 100  # what Lambda passes on of an answer, as the JSON that its runtime makes


class MalformedAnswer(Exception):
    """A function's answer is none that API Gateway would pass on."""


@dataclass(frozen=True, slots=True)
class _Match:
    resource: str
    parameters: Mapping[str, str]
    methods: Mapping[str, Function]

    def function(self, method: str) -> Function | None:
        if method not in _METHODS:
            return None
        return self.methods.get(method) or self.methods.get("ANY")


class Routes:
    """The template's resources; a fixed segment goes before a parameter, and that before a greedy one."""

    def __init__(self, functions: tuple[Function, ...]) -> None:
        """Gather methods by path."""
        found: dict[str, dict[str, Function]] = {}
        for function in functions:
            for route in function.routes:
                found.setdefault(route.path, {})[route.method] = function
        self._resources = sorted(found.items(), key=lambda each: [_rank(part) for part in each[0].split("/")])

    def match(self, path: str) -> _Match | None:
        """Return the resource of a path without its stage, or None; parameters stay percent-encoded, as in AWS."""
        for resource, methods in self._resources:
            parameters = _parameters(resource.split("/"), path.split("/"))
            if parameters is not None:
                return _Match(resource, parameters, methods)
        return None


class Gateway:
    """Answers requests as the deployed REST API would."""

    def __init__(self, template: Template, functions: Functions) -> None:
        """Take the routes and own answers from the template, and the functions to call."""
        self._template = template
        self._functions = functions
        self._routes = Routes(template.functions)

    def respond(self, request: Request) -> Response:
        """Return the function's answer, or the gateway's own where no function is meant or the function fails."""
        call = _Call.of(request)
        stage = f"/{self._template.stage}/"
        match = self._routes.match(call.path[len(stage) - 1 :]) if call.path.startswith(stage) else None
        function = match.function(request.method) if match else None
        if match is None or function is None:
            return self._own(call, "MISSING_AUTHENTICATION_TOKEN", 403, "Missing Authentication Token")
        try:
            answer = self._functions.invoke(function, self._event(call, match))
            return _response(answer, binary=self._is_binary(request.header("accept") or "*/*"))
        except (FunctionFailed, MalformedAnswer) as problem:
            if isinstance(problem, MalformedAnswer):
                print(f"{function.logical_id}: {problem}", flush=True)
            return self._own(call, "INTEGRATION_FAILURE", 502, "Internal server error")

    def refuse(self, refusal: Refusal) -> Response:
        """Return the answer to what was no request."""
        large = refusal.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        kind = "REQUEST_TOO_LARGE" if large else "BAD_REQUEST"
        own = self._own(_Call.nobody(), kind, refusal.status, refusal.reason)
        if refusal.status == HTTPStatus.BAD_REQUEST:
            told = json.loads(own.body)
            # AWS says no more than that something is wrong; here it is known what.
            return Response(own.status, own.headers, json.dumps({**told, "detail": refusal.reason}).encode())
        if refusal.status != HTTPStatus.REQUEST_URI_TOO_LONG:
            return own
        # AWS has no kind of its own for an address that is too long; the API promises 414.
        from shared.errors import UriTooLong  # noqa: PLC0415 - the server starts although that is under work

        request_id = dict(own.headers)["x-amzn-RequestId"]
        problem = {
            "type": f"/{self._template.stage}/problems/{UriTooLong.slug}",
            "title": UriTooLong.title,
            "status": UriTooLong.status,
            "detail": UriTooLong.advice,
            "instance": f"urn:uuid:{request_id}",
        }
        return Response(UriTooLong.status, own.headers, json.dumps(problem).encode())

    def _event(self, call: "_Call", match: _Match) -> dict[str, Any]:
        request = call.request
        headers = _gathered((name, value) for name, value in call.headers() if name.lower() not in _HOP_BY_HOP)
        query = _gathered(parse_qsl(call.query, keep_blank_values=True, errors="replace"), fold=False)
        body, encoded = self._event_body(request)
        return {
            "resource": match.resource,
            "path": call.path[len(self._template.stage) + 1 :],
            "httpMethod": request.method,
            "headers": {name: values[-1] for name, values in headers.items()},
            "multiValueHeaders": headers,
            "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
            "multiValueQueryStringParameters": query or None,
            "pathParameters": dict(match.parameters) or None,
            "stageVariables": None,
            "requestContext": {
                "accountId": "000000000000",
                "apiId": "local",
                "domainName": request.header("host") or "",
                "domainPrefix": "local",
                "extendedRequestId": call.id,
                "httpMethod": request.method,
                "identity": call.identity(),
                "path": call.path,
                "protocol": request.version,
                "requestId": call.id,
                "requestTime": call.time.strftime("%d/%b/%Y:%H:%M:%S +0000"),
                "requestTimeEpoch": int(call.time.timestamp() * 1_000),
                "resourceId": match.resource,
                "resourcePath": match.resource,
                "stage": self._template.stage,
            },
            "body": body,
            "isBase64Encoded": encoded,
        }

    def _event_body(self, request: Request) -> tuple[str | None, bool]:
        if not request.body:
            return None, False
        if not self._is_binary(request.header("content-type") or "application/json"):
            try:
                return request.body.decode("utf-8"), False
            except UnicodeDecodeError:
                pass  # API Gateway would put replacement characters; bytes as they came let the edge refuse them
        return base64.b64encode(request.body).decode("ascii"), True

    def _is_binary(self, header: str) -> bool:
        """Return whether the first media type of a field is one that the template calls binary."""
        media_type = re.split(r"[,;]", header, maxsplit=1)[0].strip().lower()
        return any(each in {"*/*", media_type} for each in self._template.binary_media_types)

    def _own(self, call: "_Call", kind: str, status: int, message: str) -> Response:
        """Return the gateway response of that kind: the template's own, else its default for 4xx or 5xx."""
        responses = self._template.gateway_responses
        default = "DEFAULT_4XX" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "DEFAULT_5XX"
        plain = GatewayResponse(None, {}, {"application/json": '{"message":$context.error.messageString}'})
        chosen = responses.get(kind) or responses.get(default) or plain
        media_type, text = next(iter((chosen.templates or plain.templates).items()))
        values = {
            **call.variables(),
            "error.message": message,
            "error.messageString": f'"{message}"',
            "error.responseType": kind,
            "stage": self._template.stage,
        }
        headers = [("Content-Type", media_type), ("x-amzn-RequestId", call.id)]
        headers += [(name, _mapped(value, values)) for name, value in chosen.headers.items()]
        given = {name.lower() for name, _ in headers[2:]}
        headers = [each for each in headers[:2] if each[0].lower() not in given] + headers[2:]
        body = _VARIABLE.sub(lambda found: values.get(found[1], ""), text)
        return Response(chosen.status or status, tuple(headers), body.encode())


@dataclass(frozen=True, slots=True)
class _Call:
    """One request with what API Gateway adds to it."""

    request: Request
    id: str
    time: datetime
    path: str
    query: str

    @classmethod
    def of(cls, request: Request) -> "_Call":
        return cls(request, str(uuid.uuid4()), datetime.now(UTC), request.path, request.query)

    @classmethod
    def nobody(cls) -> "_Call":
        return cls.of(Request("", "", "HTTP/1.1", (), b"", ""))

    def headers(self) -> list[tuple[str, str]]:
        """Return the fields as sent, with those by which a gateway says for whom it speaks."""
        added = {
            "X-Amzn-Trace-Id": f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}",
            "X-Forwarded-For": ", ".join(filter(None, [self.request.header("x-forwarded-for"), self.request.peer])),
            "X-Forwarded-Port": (self.request.header("host") or "").rpartition(":")[2] or "80",
            "X-Forwarded-Proto": "http",
        }
        replaced = {name.lower() for name in added}
        sent = [(name, value) for name, value in self.request.headers if name.lower() not in replaced]
        return [*sent, *added.items()]

    def identity(self) -> dict[str, str | None]:
        unknown = ("accessKey", "accountId", "caller", "cognitoAuthenticationProvider", "cognitoAuthenticationType")
        more = ("cognitoIdentityId", "cognitoIdentityPoolId", "principalOrgId", "user", "userArn")
        return {
            **dict.fromkeys((*unknown, *more)),
            "sourceIp": self.request.peer,
            "userAgent": self.request.header("user-agent"),
        }

    def variables(self) -> dict[str, str]:
        return {
            "requestId": self.id,
            "extendedRequestId": self.id,
            "httpMethod": self.request.method,
            "identity.sourceIp": self.request.peer,
            "path": self.path,
            "protocol": self.request.version,
        }


def _rank(segment: str) -> tuple[int, str]:
    if segment.endswith("+}"):
        return 2, segment
    return (1 if segment.startswith("{") else 0), segment


def _parameters(resource: list[str], path: list[str]) -> dict[str, str] | None:
    parameters: dict[str, str] = {}
    for place, segment in enumerate(resource):
        rest = path[place:]
        if segment.endswith("+}"):
            value = "/".join(rest)
            return {**parameters, segment[1:-2]: value} if value else None
        if not rest:
            return None
        if segment.startswith("{"):
            if not rest[0]:
                return None
            parameters[segment[1:-1]] = rest[0]
        elif unquote(rest[0]) != segment:
            return None
    return parameters if len(path) == len(resource) else None


def _gathered(pairs: Any, *, fold: bool = True) -> dict[str, list[str]]:  # noqa: ANN401 - any iterable of pairs
    """Return the values by name in their order; names that differ in case alone are one where `fold` says so."""
    spelling: dict[str, str] = {}
    gathered: dict[str, list[str]] = {}
    for name, value in pairs:
        known = spelling.setdefault(name.lower(), name) if fold else name
        gathered.setdefault(known, []).append(value)
    return gathered


def _mapped(expression: str, values: Mapping[str, str]) -> str:
    if expression.startswith("'") and expression.endswith("'"):
        return expression[1:-1]
    return values.get(expression.removeprefix("context."), "")


def _response(answer: object, *, binary: bool) -> Response:
    """Return a function's answer as HTTP; raises `MalformedAnswer` where API Gateway would give 502."""
    if not isinstance(answer, dict):
        raise MalformedAnswer("the answer is no object")
    if len(json.dumps(answer, ensure_ascii=False).encode(errors="replace")) > _PAYLOAD_BYTES:
        raise MalformedAnswer("the answer is larger than the 6 MB that Lambda passes on")
    status = answer.get("statusCode")
    if not isinstance(status, int) or not 100 <= status <= 599:  # noqa: PLR2004 - the statuses of HTTP
        raise MalformedAnswer("statusCode is none")
    several: Mapping[str, list[object]] = answer.get("multiValueHeaders") or {}
    named = {name.lower() for name in several}
    fields = [(name, value) for name, value in (answer.get("headers") or {}).items() if name.lower() not in named]
    fields += [(name, value) for name, values in several.items() for value in values]
    headers = tuple((str(name), _text(value)) for name, value in fields if str(name).lower() not in _FIXED_HERE)
    if not all(_FIELD_NAME.fullmatch(name) and _FIELD_VALUE.fullmatch(value) for name, value in headers):
        raise MalformedAnswer("a header field is malformed")
    if not any(name.lower() == "content-type" for name, _ in headers) and answer.get("body"):
        headers += (("Content-Type", "application/json"),)
    return Response(status, headers, _body(answer, binary=binary))


def _text(value: object) -> str:
    if not isinstance(value, str | int | float):
        raise MalformedAnswer("a header field is neither text nor number")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _body(answer: Mapping[str, Any], *, binary: bool) -> bytes:
    body = "" if answer.get("body") is None else answer["body"]
    if not isinstance(body, str):
        raise MalformedAnswer("body is no text")
    try:
        content = body.encode("utf-8")
        if answer.get("isBase64Encoded") and binary:
            content = base64.b64decode(content, validate=True)
    except (UnicodeEncodeError, binascii.Error) as problem:
        raise MalformedAnswer("body is neither UTF-8 nor base64") from problem
    return content
