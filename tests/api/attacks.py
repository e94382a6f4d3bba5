"""Requests that no well-meaning client sends, by class, each with the status that it must get."""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from tests.api.client import Json

Event = dict[str, object]
Mutation = Callable[[Event], object]


@dataclass(frozen=True, slots=True)
class Attack:
    """What is different from a request that would succeed, and the answer that it must get."""

    name: str
    status: int
    body: bytes | None = None
    headers: Mapping[str, str | None] = field(default_factory=dict)
    """None leaves one out."""
    path: Callable[[str], str] | None = None
    query: str = ""
    event: Mutation | None = None


def _nested(levels: int, opening: str, closing: str, core: str = "1") -> bytes:
    return (opening * levels + core + closing * levels).encode()


_WIDE = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "utf-32-le": b"\xff\xfe\x00\x00"}
_SYNTAX: Mapping[str, bytes] = {
    "white space": b" \n\t ",
    "null": b"null",
    "true": b"true",
    "a number": b"1",
    "a text": b'"name"',
    "an empty array": b"[]",
    "an array of an object": b'[{"name":"x","kind":"other"}]',
    "an open object": b'{"name":"x"',
    "a closed nothing": b"}",
    "two objects": b'{"name":"x"}{"kind":"other"}',
    "two lines": b'{"name":"x"}\n{"kind":"other"}\n',
    "a comma at the end": b'{"name":"x",}',
    "no colon": b'{"name" "x"}',
    "single quotes": b"{'name':'x'}",
    "a bare name": b'{name:"x"}',
    "a comment": b'{"name":"x"/* comment */}',
    "a line comment": b'{"name":"x"}// comment',
    "NaN": b'{"name":NaN}',
    "Infinity": b'{"name":Infinity}',
    "-Infinity": b'{"name":-Infinity}',
    "a huge exponent": b'{"name":1e400}',
    "a huger exponent": b'{"name":-1e999999999}',
    "an integer of 5,000 digits": b'{"name":' + b"9" * 5_000 + b"}",
    "an integer of 100,000 digits": b'{"name":' + b"9" * 100_000 + b"}",
    "a negative integer of 33 digits": b'{"name":-' + b"9" * 33 + b"}",
    "a fraction of 5,000 digits": b'{"name":0.' + b"1" * 5_000 + b"}",
    "a hexadecimal number": b'{"name":0x10}',
    "a leading zero": b'{"name":01}',
    "a plus sign": b'{"name":+1}',
    "a bare fraction": b'{"name":.5}',
    "a bare point": b'{"name":1.}',
    "10,000 arrays": b'{"name":' + _nested(10_000, "[", "]") + b"}",
    "100,000 open arrays": b"[" * 100_000,
    "5,000 objects": _nested(5_000, '{"a":', "}"),
    "33 levels": _nested(33, '{"a":', "}"),
    "a byte order mark": b'\xef\xbb\xbf{"name":"x"}',
    **{name: mark + '{"name":"x"}'.encode(name) for name, mark in _WIDE.items()},
    "Latin-1": b'{"name":"J\xe4ger"}',
    "a cut character": b'{"name":"\xc3"}',
    "an overlong character": b'{"name":"\xc0\xaf"}',
    "an encoded surrogate": b'{"name":"\xed\xa0\x80"}',
    "a byte that is none of UTF-8": b'{"name":"\xff"}',
    "a raw NUL": b'{"name":"a\x00b"}',
    "a raw line feed": b'{"name":"a\nb"}',
    "a NUL behind it": b'{"name":"x"}\x00',
    "a lone surrogate": rb'{"name":"\ud800"}',
    "a lone low surrogate": rb'{"name":"\udc00x"}',
    "surrogates in the wrong order": rb'{"name":"\udc00\ud800"}',
    "a lone surrogate in a name": rb'{"\ud800":1}',
    "a lone surrogate deep inside": rb'{"a":[{"b":["\ud83d"]}]}',
    "a name twice": b'{"name":"x","name":"y"}',
    "a name twice deep inside": b'{"place":{"city":"x","city":"y"}}',
    "a name twice, once escaped": rb'{"name":"x","n\u0061me":"y"}',
    "an unknown escape": rb'{"name":"\x41"}',
    "a cut escape": rb'{"name":"\u12"}',
    "a form": b"name=x&kind=other",
    "a multipart form": b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nx\r\n--x--\r\n',
    "XML": b"<organisation><name>x</name></organisation>",
    "YAML": b"name: x\nkind: other\n",
    "gzip": gzip.compress(b'{"name":"x","kind":"other"}', mtime=0),
}
BODIES = [
    *(Attack(name, 400, body=body) for name, body in _SYNTAX.items()),
    Attack("257 KB", 413, body=b'{"name":"' + b"x" * 257 * 1024 + b'"}'),
    Attack("1 MB of white space", 413, body=b" " * 1024 * 1024),
]
LINES = [
    Attack("257 KB", 422, body=b'{"name":"' + b"x" * 257 * 1024 + b'"}'),
    Attack("1 MB of white space", 400, body=b" " * 1024 * 1024),
]
"""What other bodies are refused for, where 4 MB are taken."""
BODIES_WHERE_NONE_BELONGS = [Attack(attack.name, 400, body=attack.body) for attack in BODIES]

_TYPES = [
    "text/plain",
    "text/json",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "application/json; charset=latin1",
    "application/json; charset=utf-8; charset=utf-16",
    "application/json, application/json",
    "application/vnd.api+json",
    "application/json-seq",
    "application",
    "/",
    ";",
    "*/*",
    "\u00e4/\u00e4",
]
MEDIA_TYPES = [
    *(Attack(f"of type {media_type}", 415, headers={"content-type": media_type}) for media_type in _TYPES),
    *(
        Attack(f"coded as {coding}", 415, headers={"content-encoding": coding})
        for coding in ("gzip", "br", "deflate", "identity, gzip", "x")
    ),
]
ACCEPT = [
    Attack(f"Accept: {accept[:40]}", 406, headers={"accept": accept})
    for accept in ("text/html", "application/json;q=0", "json", "*/xml", ",", ";q=1", "a" * 4_000, "\u00e4")
]
IF_MATCH = [
    Attack("no If-Match", 428, headers={"if-match": None}),
    *(
        Attack(f"If-Match: {tag[:20]!r}", 400, headers={"if-match": tag})
        for tag in ("1", '"1', "'1'", "", '*, "1"', "W/", '"1" OR 1=1', '"' * 3_001, '"\x00"', '"\t"', "None")
    ),
    *(
        Attack(f"If-Match: {tag[:20]!r}", 412, headers={"if-match": tag})
        for tag in (
            'W/"1"',
            '"0"',
            '"-1"',
            '"1.0"',
            '"1e0"',
            f'"{"9" * 3_000}"',
            '"1-as_of.2016"',
            '"\u00b9"',
            '"01"',
            '""',
        )
    ),
]
IF_NONE_MATCH = [
    Attack(f"If-None-Match: {tag[:20]!r}", 400, headers={"if-none-match": tag})
    for tag in ('"1"', 'W/"1"', "", "1", '*, "1"', "**", '"' * 3_001)
]
_NO_KEYS = {
    "nothing": "",
    "a scheme": "Bearer",
    "a password": "Basic YTpi",
    "another scheme": "Digest crk_local_0123456789abcdef",
    "no key": "Bearer x",
    "two words": "Bearer crk_local_x y",
    "a wrong checksum": f"Bearer crk_local_{'0' * 16}_{'0' * 48}00000000",
    "a cut key": f"Bearer crk_local_{'0' * 16}_{'0' * 40}",
    "capital letters": f"Bearer CRK_LOCAL_{'0' * 16}_{'0' * 56}",
    "a token": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
    "5,000 letters": f"Bearer {'a' * 5_000}",
    "letters beyond ASCII": "Bearer crk_\u00e4",
    "a tab": "Bearer\tx",
    "a list": "Bearer a, Bearer b",
    "an injection": "Bearer ' OR 1=1--",
}
KEYS = [
    *(Attack(f"a key of {name}", 401, headers={"authorization": sent}) for name, sent in _NO_KEYS.items()),
    Attack("another key in X-API-Key", 401, headers={"authorization": None, "x-api-key": "crk_local_x"}),
    Attack("two keys", 401, headers={"authorization": "Bearer a", "x-api-key": "b"}),
]
IDEMPOTENCY_KEYS = [
    Attack(f"Idempotency-Key: {key[:200]!r}", 400, headers={"idempotency-key": key})
    for key in ("", " ", "a b", "a\tb", "x" * 129, "x" * 5_000, "\u00e4", "a, \x7f")
]


NO_IDS = [
    "x",
    "0",
    "-1",
    "null",
    "{id}",
    "org_",
    "org_01hzy3v8k2q4w5e6r7t8y9z0a",
    "org_01hzy3v8k2q4w5e6r7t8y9z0abc",
    "ORG_01HZY3V8K2Q4W5E6R7T8Y9Z0AB",
    "org_81hzy3v8k2q4w5e6r7t8y9z0ab",
    "org_01hzy3v8k2q4w5e6r7t8y9z0al",
    "org_01hzy3v8k2q4w5e6r7t8y9z0ab%00",
    "org_01hzy3v8k2q4w5e6r7t8y9z0ab%0A",
    "org_01hzy3v8k2q4w5e6r7t8y9z0ab%20",
    "org_01hzy3v8k2q4w5e6r7t8y9z0ab;v=1",
    "org_01hzy3v8k2q4w5e6r7t8y9z0ab,org_01hzy3v8k2q4w5e6r7t8y9z0ab",
    "..",
    "%2e%2e",
    "..%2f..%2fetc%2fpasswd",
    "%252e%252e%252f",
    "%",
    "%zz",
    "%ff%fe",
    "%ed%a0%80",
    "%F0%9F%9A%80",
    "'%20OR%201=1--",
    "FEED%232026-11-21",
    "REF%23wikidata%23Q42",
    "x" * 3_000,
    "<script>alert(1)</script>",
    "DOC",
]
_PATHS: Mapping[str, Callable[[str], str]] = {
    "a slash behind it": lambda path: f"{path}/",
    "a slash before it": lambda path: f"/{path}",
    "another level": lambda path: f"{path}/x/y",
    "capital letters": lambda path: "/" + path[1].upper() + path[2:],
    "a dot behind it": lambda path: f"{path}.",
    "an extension": lambda path: f"{path}.json",
    "dots within it": lambda path: f"/.{path}",
    "an encoded slash": lambda path: f"{path}%2f",
    "a matrix parameter": lambda path: f"{path};x=1",
    "the stage twice": lambda path: f"/v1/v1{path}",
}
PATHS = [Attack(name, 404, path=change) for name, change in _PATHS.items()]
BEGINNINGS = {"a slash before it", "capital letters", "dots within it", "the stage twice"}
"""Ways past a path whose end may be anything."""
ENDS = {"a dot behind it", "an extension", "an encoded slash", "a matrix parameter"}
"""Ways past a path that only change its last part."""

_QUERIES: Mapping[str, int] = {
    "x=1": 400,
    "x": 400,
    "=": 400,
    "=1": 400,
    "%00=1": 400,
    "%ff=1": 400,
    "__proto__=1": 400,
    "id=1": 400,
    "%E2%80%AE=1": 400,
    "Cursor=x": 400,
    "limit%5B%5D=1": 400,
    "limit[0]=1": 400,
    "version=1&updated_at=now": 400,
    "a=1;b=2": 400,
    "x=" + "1" * 8_200: 414,
    "x=1&" * 5_000: 414,
    "%F0%9F%9A%80": 400,
    "callback=alert": 400,
    "_method=DELETE": 400,
    "access_token=x": 400,
}
QUERIES = [Attack(f"?{query[:30]}", status, query=query) for query, status in _QUERIES.items()]


def _set(**parts: object) -> Mutation:
    return lambda event: event.update(parts)


def _only(**parts: object) -> Mutation:
    def change(event: Event) -> None:
        event.clear()
        event.update(parts)

    return change


def _key_and(**headers: object) -> Mutation:
    """Leave the key among the headers, and nothing else but these; names have `_` for hyphens."""

    def change(event: Event) -> None:
        sent = cast("Mapping[str, list[str]]", event["multiValueHeaders"])
        key = {name: values[0] for name, values in sent.items() if name.lower() == "authorization"}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        event.update(headers={**key, **given}, multiValueHeaders=None)

    return change


EVENTS = [
    Attack("no path", 404, event=_set(path=None)),
    Attack("nothing at all", 404, event=_only()),
    Attack("an event of an HTTP API", 404, event=_only(version="2.0", rawPath="/")),
    Attack("no method", 405, event=_set(httpMethod=None)),
    Attack("the method TRACE", 405, event=_set(httpMethod="TRACE")),
    Attack("the method with a line feed", 405, event=_set(httpMethod="POST\n")),
    Attack("a query without values", 400, event=_set(multiValueQueryStringParameters={"x": None})),
    Attack("a query of null", 400, event=_set(multiValueQueryStringParameters={"x": [None]})),
    Attack(
        "a query of old",
        400,
        event=_set(multiValueQueryStringParameters=None, queryStringParameters={"x": None}),
    ),
    Attack("a lone surrogate in the query", 400, event=_set(multiValueQueryStringParameters={"\ud800": ["\ud800"]})),
    Attack("a lone surrogate in the path", 404, event=_set(path="/\ud800")),
    Attack("a path that is a number", 404, event=_set(path=5)),
    Attack("a path that is a list", 404, event=_set(path=["/"])),
    Attack("a method that is a number", 405, event=_set(httpMethod=5)),
    Attack("a method of 10,000 letters", 405, event=_set(httpMethod="P" * 10_000)),
    Attack("a query of numbers", 400, event=_set(multiValueQueryStringParameters={"x": [5]})),
    Attack("a query that is no list", 400, event=_set(multiValueQueryStringParameters={"x": 5})),
    Attack("a query of objects", 400, event=_set(multiValueQueryStringParameters={"x": [{"y": 1}]})),
    Attack(
        "an old query of numbers", 400, event=_set(multiValueQueryStringParameters=None, queryStringParameters={"x": 5})
    ),
]
BODY_EVENTS = [
    Attack("no body", 400, event=_set(body=None)),
    Attack("an empty body", 400, event=_set(body="", isBase64Encoded=False)),
    Attack("broken base64", 400, event=_set(body="****", isBase64Encoded=True)),
    Attack("cut base64", 400, event=_set(body="eyJ", isBase64Encoded=True)),
    Attack("base64 with letters beyond it", 400, event=_set(body="\u00e4\u00f6\u00fc", isBase64Encoded=True)),
    Attack("text that is said to be base64", 400, event=_set(body='{"name":"x"}', isBase64Encoded=True)),
    Attack("a body that is a number", 400, event=_set(body=5, isBase64Encoded=False)),
    Attack("a body that is an object", 400, event=_set(body={"name": "x", "kind": "other"}, isBase64Encoded=False)),
    Attack("a body of bytes that is a list", 400, event=_set(body=[1], isBase64Encoded=True)),
    Attack("a body with a lone surrogate", 400, event=_set(body='{"name":"\ud800"}', isBase64Encoded=False)),
]


def junk(media_type: str) -> list[Attack]:
    """Events whose headers say nothing useful, for a method that takes a body of this type."""

    def twice(event: Event) -> None:
        cast("Json", event["multiValueHeaders"])["Content-Type"] = [media_type, media_type]

    return [
        Attack("no media type", 415, headers={"content-type": None}),
        Attack("nothing but key and condition", 415, event=_key_and(If_Match="*")),
        Attack("headers of null", 415, event=_key_and(If_Match="*", Content_Type=None)),
        Attack("headers of numbers", 415, event=_key_and(If_Match="*", Content_Type=1)),
        Attack("the media type twice", 415, headers={"content-type": None}, event=twice),
    ]


NO_HEADERS = Attack("no headers", 401, event=_set(headers=None, multiValueHeaders=None))


def as_patch(body: Json) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
