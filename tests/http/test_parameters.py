"""Query parameters of all routes: whatever is sent, each value is taken as the document says, or refused."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from infra.openapi.document import ROUTES
from shared.errors import Fault, MalformedRequest
from shared.http.parameters import MOST_VALUES, Kind, Parameter, read, whole_number

DECLARED = {parameter.name: parameter for route in ROUTES for parameter in route.query}
KINDS = list({id(parameter.kind): parameter.kind for route in ROUTES for parameter in route.query}.values())
NEAR = st.text("0123456789-~.[]T:Z+,%_ aborgevt", max_size=30)
HOSTILE = st.text(max_size=40) | NEAR | st.sampled_from(["\x00", "\ud800", "\u202e", "9" * 5000, " ", "\u0661", "1e3"])


def pattern_of(schema: Mapping[str, Any]) -> str | None:
    return schema["anyOf"][0]["pattern"] if "anyOf" in schema else schema.get("pattern")


def values_of(kind: Kind) -> st.SearchStrategy[str]:
    """Texts that the schema allows, or nearly."""
    if "enum" in kind.schema:
        return st.sampled_from(list(kind.schema["enum"]))
    if kind.schema.get("type") == "integer":
        return st.integers(kind.schema["minimum"] - 2, kind.schema["maximum"] + 2).map(str)
    pattern = pattern_of(kind.schema)
    assert pattern is not None
    return st.from_regex(re.compile(pattern), fullmatch=True)


def taken(kind: Kind, value: str) -> str | None:
    try:
        return kind.parse(value)
    except (ValueError, OverflowError):
        return None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.advice)[:40])
@given(st.data())
def test_what_is_taken_is_taken_again_as_it_was_and_fits_the_document(kind: Kind, data: st.DataObject) -> None:
    value = data.draw(values_of(kind) | HOSTILE)

    found = taken(kind, value)

    if found is not None:
        assert taken(kind, found) == found
        shown: Any = int(found) if kind.schema.get("type") == "integer" else found
        assert list(Draft202012Validator(kind.schema).iter_errors(shown)) == []


QUERIES = st.dictionaries(
    st.sampled_from(list(DECLARED)) | st.text(max_size=10), st.lists(HOSTILE, max_size=MOST_VALUES + 2), max_size=4
)


@given(st.sampled_from(ROUTES).map(lambda route: route.query), QUERIES)
def test_any_query_is_read_or_refused_by_name(declared: Sequence[Parameter], sent: dict[str, list[str]]) -> None:
    names = {parameter.name for parameter in declared}

    found = read_or_refused(declared, sent)

    if isinstance(found, MalformedRequest):
        assert {fault.parameter for fault in found.faults} <= {*sent, "(unreadable)"}
        assert all(fault.message and fault.code for fault in found.faults)
    else:
        assert set(sent) <= names
        assert all(values for values in found.values())
        assert all(len(found[name]) <= len(sent[name]) for name in sent if sent[name])


@pytest.mark.parametrize(
    ("many", "most", "advice"), [(False, 1, "Give it once."), (True, 10, "Give it at most 10 times.")]
)
def test_a_parameter_is_taken_so_often_and_no_more(*, many: bool, most: int, advice: str) -> None:
    declared = [Parameter("limit", whole_number(1, 100), "", many=many)]
    values = [str(number) for number in range(1, most + 2)]

    found = read_or_refused(declared, {"limit": values})

    assert read(declared, {"limit": values[:most]}) == {"limit": values[:most]}
    assert isinstance(found, MalformedRequest)
    assert found.faults == (Fault(advice, "repeated-parameter", parameter="limit"),)


@pytest.mark.parametrize(
    ("text", "value"), [("1", "1"), ("0100", "100"), ("0", None), ("101", None), ("-1", None), ("\u0661", None)]
)
def test_a_whole_number_lies_between_its_bounds(text: str, value: str | None) -> None:
    found = read_or_refused([Parameter("limit", whole_number(1, 100), "")], {"limit": [text]})

    assert value == (None if isinstance(found, MalformedRequest) else found["limit"][0])


def read_or_refused(
    declared: Sequence[Parameter], sent: Mapping[str, Sequence[str]]
) -> dict[str, list[str]] | MalformedRequest:
    try:
        return read(declared, sent)
    except MalformedRequest as refused:
        return refused
