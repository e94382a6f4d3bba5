"""The edge in front of every handler: strict about what comes in, uniform in what goes out.

It knows paths, methods, parameters, media types and sizes from the routes, so that a handler sees only what it can
answer; and it turns everything that is raised behind it into problem+json. Nothing else catches all exceptions.
"""

import base64
import gzip
import json
import time
import traceback
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final, Protocol, cast
from urllib.parse import urlencode

from shared.budget import Budget, spending
from shared.caller import ANONYMOUS, Caller, Scope
from shared.errors import (
    ContentTooLarge,
    Fault,
    MalformedRequest,
    Merged,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    PreconditionRequired,
    ProblemError,
    Unauthorised,
    UnsupportedMediaType,
    UriTooLong,
)
from shared.http import alternates, conditional, negotiation, parameters
from shared.http.keys import fingerprint, idempotency_key, sent_key
from shared.http.log import logger
from shared.http.messages import JSON_FORM, Incoming, Request, Response
from shared.http.routes import FORMAT, JSON, NDJSON, NEXT, PREFIX, Route, Routes, allowed
from shared.http.strict_json import parse_lines, parse_object
from shared.models.vocabulary import MOST_ROWS
from shared.once import Once

Handler = Callable[[Request], Response]
Authenticate = Callable[[str], Caller]
"""Gives who sends a key; raises `Unauthorised`."""
Admit = Callable[[Caller, int], Mapping[str, str]]
"""Counts writes against its caller's quota and gives the headers that say what is left; raises `TooManyRequests`."""
Represent = Callable[[Request, Response], Response]
"""Gives an answer in the form that the request names, from the one in JSON."""
Answer = dict[str, Any]

LARGEST_BODY: Final = 256 * 1024
LARGEST_IMPORT: Final = 4 * 1024 * 1024
"""Lambda takes 6 MB of an event, in which a body stands in base64 ("Quotas" of Lambda)."""
LONGEST_QUERY: Final = 8 * 1024
WORTH_COMPRESSING: Final = 1024
REQUEST_SECONDS: Final = 8.0
"""Time for the work behind the edge: with an answer in it before any client or gateway gives up."""
KEPT_FOR_ANSWER: Final = 1.0
EXPOSED: Final = "ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id"
VARY: Final = "Accept, Accept-Encoding, Authorization, X-API-Key, Origin"
KEYS: Final = frozenset({"authorization", "x-api-key"})
"""Headers that carry a key: an answer to one is for its sender alone, and in no cache."""
WRITING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Context(Protocol):
    """What the edge uses of Lambda's context object."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function is stopped."""


@dataclass(slots=True)
class Exchange:
    """One request on its way, as far as it has been understood; for the answer's headers and the log."""

    incoming: Incoming
    request_id: str
    route: Route | None = None
    methods: Mapping[str, Route] = field(default_factory=dict)
    subject: str | None = None
    """The id in the path, of the record that the request is about."""
    problem: str | None = None
    caller: Caller = ANONYMOUS
    quota: Mapping[str, str] = field(default_factory=dict)


class Edge:
    """Carries a function's routes; calling it answers an event."""

    def __init__(
        self,
        routes: Iterable[Route],
        handlers: Iterable[Handler],
        write_origins: frozenset[str] = frozenset(),
        *,
        authenticate: Authenticate | None = None,
        admit: Admit = lambda _, __: {},
        represent: Represent = lambda _, response: response,
        seconds: float = REQUEST_SECONDS,
    ) -> None:
        """Take the routes of the whole noun, and the handlers of this function by their names.

        Without `authenticate` keys are not looked at, which is for what is public and the same for everybody.
        """
        self._routes = Routes(routes)
        self._handlers = {handler.__name__: handler for handler in handlers}
        self._write_origins = write_origins
        self._authenticate = authenticate
        self._admit = admit
        self._represent = represent
        self._seconds = seconds

    def __call__(self, event: Mapping[str, Any], context: Context) -> Answer:
        """Answer a REST proxy event; never raises."""
        started = time.perf_counter()
        incoming = Incoming.of(event)
        exchange = Exchange(incoming, _request_id(incoming.request_id))
        seconds = min(self._seconds, context.get_remaining_time_in_millis() / 1000 - KEPT_FOR_ANSWER)
        with spending(seconds) as spent:
            response = self._answer(exchange)
        answer = self._sent(exchange, response)
        _log(exchange, answer, spent, time.perf_counter() - started)
        return answer

    def _answer(self, exchange: Exchange) -> Response:
        try:
            return self._handled(exchange)
        except Merged as merged:
            exchange.problem = merged.slug
            location = _moved(exchange, merged.heirs) if exchange.incoming.method in {"GET", "HEAD"} else None
            if location is not None:
                return Response(status=HTTPStatus.PERMANENT_REDIRECT, headers={"Location": location})
            return _problem(merged, exchange.request_id)
        except ProblemError as problem:
            exchange.problem = problem.slug
            return _problem(problem, exchange.request_id)
        except Exception as error:  # noqa: BLE001 - the one outermost place
            # The message of an exception may hold what a caller sent: only its type and place are logged.
            frames = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
            exchange.problem = ProblemError.slug
            logger.error("unexpected", extra={"error": type(error).__name__, "frames": frames[-8:]})
            return _problem(ProblemError(), exchange.request_id)

    def _handled(self, exchange: Exchange) -> Response:
        incoming = exchange.incoming
        found = self._routes.at(incoming.path)
        if found is None:
            raise NotFound
        methods, variables = found
        exchange.methods = methods
        if incoming.method == "OPTIONS":
            return Response(status=204, headers={"Allow": allowed(methods)})
        route = methods.get("GET" if incoming.method == "HEAD" else incoming.method)
        if route is None or route.operation not in self._handlers:
            raise MethodNotAllowed(headers={"Allow": allowed(methods)})
        exchange.route, exchange.subject = route, variables.get("id")
        exchange.caller = self._recognised(incoming)
        _require(exchange.caller, route)
        request = _understood(incoming, route, variables, exchange.caller)
        if route.writes:
            exchange.quota = self._admit(exchange.caller, _writes(request))
        return self._in_form(request, self._handlers[route.operation](request))

    def _in_form(self, request: Request, response: Response) -> Response:
        """The answer in the form that was asked for, with links to its other forms; what is private has but one."""
        if response.status != HTTPStatus.OK or response.private:
            return response
        is_formed = request.form == JSON_FORM or response.media_type != JSON
        formed = response if is_formed else self._represent(request, response)
        links = [*filter(None, [response.headers.get("Link")]), *alternates.links(request, self._routes)]
        return replace(formed, headers={**formed.headers, "Link": ", ".join(links)}) if links else formed

    def _recognised(self, incoming: Incoming) -> Caller:
        key = sent_key(incoming.headers) if self._authenticate else None
        return ANONYMOUS if key is None or self._authenticate is None else self._authenticate(key)

    def _sent(self, exchange: Exchange, response: Response) -> Answer:
        """The proxy answer: validators, caching, CORS, compression, and no body where there must be none."""
        incoming = exchange.incoming
        content = response.body.encode("utf-8")
        etag = response.etag
        compressed = len(content) >= WORTH_COMPRESSING and negotiation.accepts_gzip(
            incoming.headers.get("accept-encoding")
        )
        if compressed:
            etag = etag and f"{etag}-gzip"
        keyed = not KEYS.isdisjoint(incoming.headers)
        headers = {
            **response.headers,
            **exchange.quota,
            **self._cors(exchange),
            "Cache-Control": "private, no-store" if response.private or keyed else "public, no-cache",
            "Vary": VARY,
            "X-Request-Id": exchange.request_id,
            "X-Content-Type-Options": "nosniff",
        }
        if etag is not None:
            headers["ETag"] = f'"{etag}"'
        status = response.status
        reading = incoming.method in {"GET", "HEAD"}
        if reading and etag is not None and conditional.not_modified(incoming.headers.get("if-none-match"), etag):
            status, content, compressed = 304, b"", False
        elif content:
            headers["Content-Type"] = response.media_type
        if compressed:
            content = gzip.compress(content, mtime=0)
            headers["Content-Encoding"] = "gzip"
        if incoming.method == "HEAD":
            content = b""
        return {
            "statusCode": status,
            "headers": headers,
            "body": base64.b64encode(content).decode() if compressed else content.decode(),
            "isBase64Encoded": compressed,
        }

    def _cors(self, exchange: Exchange) -> dict[str, str]:
        """CORS headers (Fetch standard): anyone may read, configured origins may write, never with credentials."""
        incoming = exchange.incoming
        origin = incoming.headers.get("origin")
        if origin is None:
            return {}
        wanted = incoming.headers.get("access-control-request-method", "")
        method = wanted.upper() if incoming.method == "OPTIONS" else incoming.method
        headers = {"Access-Control-Expose-Headers": EXPOSED}
        meant = exchange.methods.get(method)
        if method not in WRITING or (meant is not None and not meant.writes):
            headers["Access-Control-Allow-Origin"] = "*"
        elif origin in self._write_origins:
            headers["Access-Control-Allow-Origin"] = origin
        if incoming.method == "OPTIONS" and exchange.methods:
            headers["Access-Control-Allow-Methods"] = allowed(exchange.methods)
            headers["Access-Control-Allow-Headers"] = (
                "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-API-Key"
            )
            headers["Access-Control-Max-Age"] = "7200"
        return headers


def _request_id(given: str) -> str:
    try:
        return str(uuid.UUID(given))
    except ValueError:
        return str(uuid.uuid4())


def _require(caller: Caller, route: Route) -> None:
    if route.access == "key" and caller.key_id is None:
        raise Unauthorised
    if route.access not in {"public", "key"}:
        caller.require(cast("Scope", route.access))


def _understood(incoming: Incoming, route: Route, variables: Mapping[str, str], caller: Caller) -> Request:
    """The request behind all checks; raises the problem of the first kind of rule that is broken."""
    if sum(len(name) + len(value) for name, values in incoming.query.items() for value in values) > LONGEST_QUERY:
        raise UriTooLong
    query = parameters.read(route.query, incoming.query)
    form = _form(incoming, route, query)
    conditional.require_bounded(incoming.headers)
    if_match = None
    if route.conditional:
        if "if-match" not in incoming.headers:
            raise PreconditionRequired
        if_match = conditional.if_match(incoming.headers["if-match"])
    must_exist = "If-Match" in route.conditions and "if-match" in incoming.headers
    if must_exist:
        if_match = conditional.if_match(incoming.headers["if-match"])
    create_only = "If-None-Match" in route.conditions and conditional.create_only(incoming.headers)
    body = _body(incoming, route)
    key = idempotency_key(incoming.headers) if route.writes else None
    once = None if key is None else Once(caller.name, key, fingerprint(incoming))
    return Request(
        route,
        incoming.path,
        variables,
        query,
        body,
        if_match,
        caller,
        once,
        must_exist,
        create_only,
        incoming.origin,
        form,
        incoming.method,
    )


def _form(incoming: Incoming, route: Route, query: Mapping[str, Sequence[str]]) -> str:
    """The form of the answer, by `format` or else by Accept (RFC 9110, section 12.5.1); raises `NotAcceptable`."""
    if FORMAT in query:
        return query[FORMAT][0]
    if not route.negotiates:
        return JSON_FORM
    media_type = negotiation.chosen(incoming.headers.get("accept"), route.offers)
    if media_type is None:
        raise NotAcceptable(f"Accept {' or '.join(route.offers)}, which is what this path gives.")
    return route.formats[route.offers.index(media_type)] if route.formats else JSON_FORM


def _writes(request: Request) -> int:
    """How many writes a request counts for: each row of an import is one, but nothing is written to try it."""
    rows = request.body.get(request.route.rows or "")
    return max(1, len(rows)) if isinstance(rows, list) and request.one("dry_run") != "true" else 1


def _body(incoming: Incoming, route: Route) -> dict[str, Any]:
    content = incoming.body()
    if route.consumes is None:
        if content:
            fault = Fault("Send this request without a body.", "unexpected-body", pointer="")
            raise MalformedRequest(faults=[fault])
        return {}
    if len(content) > (LARGEST_IMPORT if route.rows else LARGEST_BODY):
        raise ContentTooLarge("Send at most 4 MB at once." if route.rows else None)
    media_type, _, rest = incoming.headers.get("content-type", "").partition(";")
    charset = rest.replace('"', "").strip().lower()
    coding = incoming.headers.get("content-encoding", "identity").strip().lower()
    media_type = media_type.strip().lower()
    if media_type not in route.taken or charset not in {"", "charset=utf-8"} or coding != "identity":
        headers = {"Accept-Patch" if route.method == "PATCH" else "Accept": ", ".join(route.taken)}
        if coding != "identity":
            headers["Accept-Encoding"] = "identity"
        raise UnsupportedMediaType(f"Send {' or '.join(route.taken)}, in UTF-8 and not compressed.", headers=headers)
    return {str(route.rows): parse_lines(content, MOST_ROWS)} if media_type == NDJSON else parse_object(content)


def _moved(exchange: Exchange, heirs: Mapping[str, str]) -> str | None:
    """The address of the same question about the heirs (RFC 9110, section 15.4.9); None where it names no such id.

    A cursor is bound to the question about the old ones: the walk begins anew.
    """

    def of_heirs(values: Iterable[str]) -> list[str]:
        return [heirs.get(value, value) for value in values]

    incoming = exchange.incoming
    declared = exchange.route.query if exchange.route else ()
    identifying = {parameter.name for parameter in declared if parameter.kind.names}
    path = "/".join(of_heirs(incoming.path.split("/")))
    query = {name: values for name, values in incoming.query.items() if name != NEXT.name}
    query |= {name: list(dict.fromkeys(of_heirs(query[name]))) for name in query.keys() & identifying}
    if path == incoming.path and all(query[name] == incoming.query[name] for name in query):
        return None
    return f"{PREFIX}{path}{f'?{urlencode(query, doseq=True)}' if query else ''}"


def _problem(problem: ProblemError, request_id: str) -> Response:
    """Problem details (RFC 9457) of what was raised."""
    body: dict[str, Any] = {
        "type": f"{PREFIX}/problems/{problem.slug}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": f"urn:uuid:{request_id}",
    }
    if problem.faults:
        body["errors"] = [_fault(fault) for fault in problem.faults]
    if problem.related:
        body["related"] = list(problem.related)
    return Response(
        json.dumps(body, ensure_ascii=False),
        problem.status,
        "application/problem+json",
        headers=problem.headers,
        private=True,
    )


def _fault(fault: Fault) -> dict[str, str]:
    place = {"pointer": fault.pointer, "parameter": fault.parameter, "header": fault.header}
    named = {name: value for name, value in place.items() if value is not None}
    return {**named, "message": fault.message, "code": fault.code}


def _log(exchange: Exchange, answer: Answer, spent: Budget, seconds: float) -> None:
    logger.info(
        "request",
        extra={
            "request_id": exchange.request_id,
            "method": exchange.incoming.method if exchange.route or exchange.methods else "",
            "route": exchange.route.path if exchange.route else None,
            "operation": exchange.route.operation if exchange.route else None,
            "caller": exchange.caller.name,
            "status": answer["statusCode"],
            "problem": exchange.problem,
            "milliseconds": round(seconds * 1000, 1),
            "read_units": spent.read_units,
            "write_units": spent.write_units,
            "calls": len(spent.calls),
        },
    )
