"""Requests that no well-meaning client sends, by class, each with the status that it must get."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
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


def _over(path: str, segment: str) -> str:
    return f"{path.rpartition('/')[0]}/{segment}"


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
SEGMENTS = [
    Attack(f"id {segment[:30]}", 404, path=lambda path, segment=segment: _over(path, segment))  # type: ignore[misc]
    for segment in NO_IDS
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
]
BODY_EVENTS = [
    Attack("no body", 400, event=_set(body=None)),
    Attack("an empty body", 400, event=_set(body="", isBase64Encoded=False)),
    Attack("broken base64", 400, event=_set(body="****", isBase64Encoded=True)),
    Attack("cut base64", 400, event=_set(body="eyJ", isBase64Encoded=True)),
    Attack("base64 with letters beyond it", 400, event=_set(body="\u00e4\u00f6\u00fc", isBase64Encoded=True)),
    Attack("text that is said to be base64", 400, event=_set(body='{"name":"x"}', isBase64Encoded=True)),
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
NO_MEDIA_TYPE = Attack("nothing but a key", 415, event=_key_and())
NO_CONDITION = Attack("nothing but a key", 428, event=_key_and())

WRONG_EVERYWHERE: Mapping[str, object] = {
    "a fraction": 1.5,
    "a control character": "a\u0000b",
    "a list in a list": [[]],
    "a list of a number": [0],
    "an object with an empty name": {"": 0},
    "an object with a long name": {"x" * 5_000: 0},
    "a text of 20,001 characters": "x" * 20_001,
    "an integer of 32 digits": 10**31,
    "201 nulls": [None] * 201,
}
"""Values that no field takes, whatever its type."""

_BAD_TEXTS: Mapping[str, str] = {
    "only spaces": "   ",
    "only no-break spaces": "\u00a0",
    "a bell": "a\u0007b",
    "an escape": "\u001b[31m",
    "a delete": "a\u007f",
    "a next line": "a\u0085b",
    "a line separator": "a\u2028b",
    "a right-to-left override": "\u202etxt.exe",
    "an isolate": "\u2066a\u2069",
    "a NUL": "\u0000",
    "30,000 characters": "ä" * 30_000,
    "nothing": "",
}


def contents(text: Callable[[object], Json]) -> Iterator[tuple[str, Json]]:
    """Objects to merge into a body that would succeed, each of which must make it 422; `text` sets a text field."""
    yield from ((f"a text with {name}", text(value)) for name, value in _BAD_TEXTS.items())
    yield "an unknown field", {"colour": "red"}
    yield "a prototype", {"__proto__": {"admin": True}}
    yield "a constructor", {"constructor": {"prototype": {}}}
    yield "a name of one letter too few", {"": 1}
    yield "a name of 100,000 letters", {"x" * 100_000: 1}
    yield "a name with a control character", {"a\u0001": 1}
    yield "a name with an override", {"\u202ea": 1}
    yield "a name with a slash and a tilde", {"a/b~c": 1}
    yield "5,000 unknown fields", {f"x{number}": number for number in range(5_000)}
    yield "a forged id", {"id": "org_01hzy3v8k2q4w5e6r7t8y9z0ab"}
    yield "a forged type", {"type": "admin"}
    yield "a forged version", {"version": 99}
    yield "a version of null character", {"version": "1"}
    yield "a forged creation", {"created_at": "2001-01-01T00:00:00.000Z"}
    yield "a forged change", {"updated_at": "9999-01-01T00:00:00.000Z"}
    yield "a forged manager", {"managed_by": "org_01hzy3v8k2q4w5e6r7t8y9z0ab"}
    yield "a view", {"as_of": 2016} if "note" in text("x") else {"as_of": "2016"}
    yield "names of others", {"refs": {}}
    yield "the deleted mark", {"deleted": True}
    yield "seven external ids", {"external_ids": [{"scheme": "ab", "value": str(number)} for number in range(7)]}
    yield "an external id twice", {"external_ids": [{"scheme": "ab", "value": "1"}] * 2}
    yield "an external id without a value", {"external_ids": [{"scheme": "ab"}]}
    yield "an external id with a hash in its scheme", {"external_ids": [{"scheme": "a#b", "value": "1"}]}
    yield "an external id of 129 characters", {"external_ids": [{"scheme": "ab", "value": "x" * 129}]}
    yield "a source without anything", {"sources": [{"key": "a"}]}
    yield "a source twice", {"sources": [{"key": "a", "title": "x"}] * 2}
    yield "a script for a source", {"sources": [{"key": "a", "url": "javascript:alert(1)"}]}
    yield "an address with a password", {"sources": [{"key": "a", "url": "https://user:secret@example.org/"}]}
    yield "an address with a space", {"sources": [{"key": "a", "url": "https://example.org/a b"}]}
    yield "an impossible day", {"sources": [{"key": "a", "title": "x", "accessed_on": "2023-02-29"}]}
    yield "a year of none", {"sources": [{"key": "a", "title": "x", "accessed_on": "0000"}]}
    yield (
        "digits of another script",
        {"sources": [{"key": "a", "title": "x", "accessed_on": "\uff12\uff10"}]},
    )
    yield "201 sources", {"sources": [{"key": f"k{number}", "title": "x"} for number in range(201)]}
    yield "a record of 100 KB", {"sources": [{"key": f"k{n}", "title": "x", "note": "ä" * 999} for n in range(60)]}


def as_patch(body: Json) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
