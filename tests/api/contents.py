"""Contents of records that break a rule, whatever type the record is of."""

from collections.abc import Callable, Iterator, Mapping

from tests.api.client import Json

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
