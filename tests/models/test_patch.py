"""JSON Merge Patch (RFC 7396) and JSON Pointer (RFC 6901)."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.models.patch import merge_patch, pointer

scalars = st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=2)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.sampled_from("abc"), values, max_size=3)


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        # The cases of RFC 7396, appendix A.
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_the_cases_of_the_standard(target: object, patch: object, result: object) -> None:
    assert merge_patch(target, patch) == result


@given(values, values)
def test_a_patch_changes_neither_of_its_arguments(target: object, patch: object) -> None:
    before = copy.deepcopy((target, patch))

    merge_patch(target, patch)

    assert (target, patch) == before


@given(values, values)
def test_a_patch_applied_twice_changes_nothing_more(target: object, patch: object) -> None:
    once = merge_patch(target, patch)

    assert merge_patch(once, patch) == once


@given(values)
def test_an_empty_patch_keeps_an_object(target: object) -> None:
    assert merge_patch(target, {}) == (target if isinstance(target, dict) else {})


@given(objects, objects)
def test_what_a_patch_does_not_name_stays(target: dict[str, object], patch: dict[str, object]) -> None:
    merged = merge_patch(target, patch)

    assert {name: merged[name] for name in target if name not in patch} == {
        name: value for name, value in target.items() if name not in patch
    }
    assert not [name for name, value in patch.items() if value is None and name in merged]


def test_a_pointer_escapes_tilde_and_slash() -> None:
    assert pointer(()) == ""
    assert pointer(("people", 0, "a/b", "m~n")) == "/people/0/a~1b/m~0n"
