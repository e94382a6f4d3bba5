"""JSON as RFC 8259 and I-JSON (RFC 7493) mean it: what `json.loads` lets through is refused here."""

import json
import math
from io import BytesIO
from itertools import islice
from typing import Any, Final, NoReturn

from shared.errors import Fault, MalformedRequest

DEEPEST: Final = 32
LONGEST_NUMBER: Final = 32
"""Digits; more are no figure of this register, and thousands of them take seconds to convert."""


class _Refused(ValueError):
    """A rule that the parser's hooks enforce; the message says what to do."""


def _no_constant(_: str) -> NoReturn:
    raise _Refused("Numbers are finite in JSON: leave NaN and Infinity out (RFC 8259, section 6).")


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise _Refused("Use numbers of at most 32 digits.")
    return int(digits)


def _fraction(digits: str) -> float:
    """The number; a whole one however it is written, for to JSON Schema `2.0` is an integer (Core, section 4.2.3)."""
    number = float(digits) if len(digits) <= LONGEST_NUMBER else math.inf
    if not math.isfinite(number):
        raise _Refused("Use numbers of at most 32 characters and of a size that a double can hold.")
    # Beyond 2**53 a double names no single integer (RFC 7493, section 2.2).
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Refused("Name each member of an object once (RFC 7493, section 2.3).")
    return found


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object that the bytes hold; raises `MalformedRequest` for anything else, never echoing any of it."""
    try:
        value = json.loads(
            body.decode("utf-8"),
            parse_constant=_no_constant,
            parse_int=_whole,
            parse_float=_fraction,
            object_pairs_hook=_unique,
        )
    except _Refused as refused:
        raise _malformed(str(refused)) from None
    except UnicodeDecodeError:
        raise _malformed("Send the body in UTF-8 (RFC 8259, section 8.1).") from None
    except json.JSONDecodeError as error:
        raise _malformed(f"Mend the JSON text at line {error.lineno}, column {error.colno}.") from None
    except RecursionError:
        raise _malformed(f"Nest at most {DEEPEST} levels.") from None
    if not isinstance(value, dict):
        raise _malformed("Send one JSON object.")
    _check(value)
    return value


def parse_lines(body: bytes, most: int) -> list[dict[str, Any] | MalformedRequest]:
    """The JSON objects of a text with one on each line (NDJSON), or in place of one why it cannot be read.

    Blank lines count for nothing. Where there are too many lines, one more than `most` are read and no others: millions
    of them fit into a body.
    """
    lines = (line for line in BytesIO(body) if line.strip())
    return [_line(line.rstrip()) for line in islice(lines, most + 1)]


def _line(line: bytes) -> dict[str, Any] | MalformedRequest:
    try:
        return parse_object(line)
    except MalformedRequest as refused:
        return refused


def _check(value: dict[str, Any]) -> None:
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        texts = [part for part in level if isinstance(part, str)]
        texts += [name for part in level if isinstance(part, dict) for name in part]
        if any("\ud800" <= letter <= "\udfff" for text in texts if not text.isascii() for letter in text):
            raise _malformed("Send whole characters: no lone surrogates (RFC 7493, section 2.1).")
        level = [
            member
            for part in level
            if isinstance(part, dict | list)
            for member in (part.values() if isinstance(part, dict) else part)
        ]
        if not level:
            return
    raise _malformed(f"Nest at most {DEEPEST} levels.")


def _malformed(message: str) -> MalformedRequest:
    return MalformedRequest("The body cannot be read as JSON.", faults=[Fault(message, "malformed-json", pointer="")])
