"""JSON of bodies: what `json` would take and I-JSON would not is refused, and nothing else is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import MalformedRequest
from shared.http.strict_json import DEEPEST, parse_lines, parse_object

TEXTS = st.text(st.characters(codec="utf-8"), max_size=9)
WHOLE = st.integers(-(10**30), 10**30)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)
OBJECTS = st.dictionaries(TEXTS, VALUES, max_size=4)
NEARLY = st.text('{}[]",:0123456789.eE+-truefalsn\\ud8ab \n', max_size=40).map(str.encode)


def parsed(body: bytes) -> dict[str, Any] | None:
    try:
        return parse_object(body)
    except MalformedRequest:
        return None


@pytest.mark.parametrize(
    ("text", "number"),
    [("2.0", 2), ("2e2", 200), ("2.5", 2.5), ("9007199254740991.0", 2**53 - 1), ("9007199254740992.0", 2.0**53)],
)
def test_a_number_is_whole_however_it_is_written_as_far_as_a_double_can_tell(text: str, number: float) -> None:
    found = parse_object(f'{{"a": {text}}}'.encode())["a"]

    assert (found, type(found)) == (number, type(number))


@pytest.mark.parametrize(("text", "number"), [("1" * 32, int("1" * 32)), (f"0.{'5' * 30}", 5 / 9)])
def test_a_number_has_32_characters_at_most(text: str, number: float) -> None:
    assert parsed(f'{{"a": {text}}}'.encode()) == {"a": number}
    assert parsed(f'{{"a": {text}0}}'.encode()) is None


@given(OBJECTS, st.booleans(), st.sampled_from([None, 1]))
def test_an_object_is_read_as_it_was_written(value: dict[str, Any], ascii_only: bool, indent: int | None) -> None:  # noqa: FBT001 - drawn
    assert parsed(json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()) == value


@given(st.binary(max_size=60) | NEARLY | OBJECTS.map(lambda value: json.dumps(value).encode()[:-1]))
def test_whatever_is_let_through_is_what_a_lenient_parser_reads(body: bytes) -> None:
    found = parsed(body)

    assert found is None or found == json.loads(body)


@given(OBJECTS, st.data())
def test_a_byte_changed_is_noticed_or_gives_another_object(value: dict[str, Any], data: st.DataObject) -> None:
    body = json.dumps(value).encode()
    place = data.draw(st.integers(0, len(body) - 1))
    changed = body[:place] + data.draw(st.binary(min_size=1, max_size=1)) + body[place + 1 :]

    found = parsed(changed)

    # `1e0` is a whole number here, and 1.0 to the parser: the same to whoever compares.
    assert found is None or found == json.loads(changed)


@given(st.integers(1, 2 * DEEPEST), st.sampled_from(['{"a":', "["]))
def test_levels_are_counted_alike_for_lists_and_objects(levels: int, opening: str) -> None:
    closing = "}" if opening == '{"a":' else "]"
    body = '{"a":' + opening * (levels - 1) + "1" + closing * (levels - 1) + "}"

    assert (parsed(body.encode()) is None) == (levels >= DEEPEST)


@given(st.lists(OBJECTS | st.just("junk"), max_size=5), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_each_line_is_read_for_itself(values: list[Any], ending: str) -> None:
    body = "".join(f"{json.dumps(value)}{ending}" for value in values).encode()

    found = parse_lines(body, most=9)

    assert [None if isinstance(each, MalformedRequest) else each for each in found] == [
        None if value == "junk" else value for value in values
    ]


def test_of_too_many_lines_one_more_than_may_be_is_read() -> None:
    assert parse_lines(b'{"a": 1}\n' * 5, most=3) == [{"a": 1}] * 4
