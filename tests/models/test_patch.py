"""JSON Merge Patch (RFC 7396), JSON Patch (RFC 6902) and JSON Pointer (RFC 6901)."""

import copy
import json
from typing import Any

import jsonpatch
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.models.patch import difference, dumps, merge_patch, pointer

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


def by_the_book(target: Any, patch: Any) -> Any:  # noqa: ANN401 - any JSON values
    """The pseudo-code of RFC 7396, section 2, word by word."""
    if isinstance(patch, dict):
        if not isinstance(target, dict):
            target = {}
        target = copy.deepcopy(target)
        for name, value in patch.items():
            if value is None:
                if name in target:
                    del target[name]
            else:
                target[name] = by_the_book(target.get(name), value)
        return target
    return patch


@given(values, values)
def test_a_patch_does_what_the_standard_says(target: object, patch: object) -> None:
    assert json.dumps(merge_patch(target, patch)) == json.dumps(by_the_book(target, patch))


def joined(first: Any, second: Any) -> Any:  # noqa: ANN401 - any JSON values
    """One patch that does what two do, one after the other: what the second takes away stays named."""
    if not isinstance(first, dict) or not isinstance(second, dict):
        return second
    return {**first, **{name: joined(first[name], second[name]) if name in first else second[name] for name in second}}


def may_be_one(first: object, second: object) -> bool:
    """Whether there is such a patch: none can take an object away and put another one in its place."""
    if not isinstance(second, dict):
        return True
    return isinstance(first, dict) and all(may_be_one(first[name], second[name]) for name in first.keys() & second)


@given(objects, objects, objects)
def test_two_patches_are_as_one(target: object, first: dict[str, object], second: dict[str, object]) -> None:
    assume(may_be_one(first, second))
    one_by_one = merge_patch(merge_patch(target, first), second)

    assert merge_patch(target, joined(first, second)) == one_by_one


def test_the_deepest_patch_that_a_body_can_hold_is_applied() -> None:
    patch: Any = 1
    for _ in range(32):
        patch = {"a": patch}

    assert merge_patch({}, patch) == patch


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_no_text_holds_what_json_has_no_number_for(number: float) -> None:
    with pytest.raises(ValueError):
        dumps({"a": number})


def test_a_pointer_escapes_tilde_and_slash() -> None:
    assert pointer(()) == ""
    assert pointer(("people", 0, "a/b", "m~n")) == "/people/0/a~1b/m~0n"


def applied(old: object, operations: list[dict[str, Any]]) -> str:
    """What an implementation by others makes of a patch, as text: for Python, true is 1."""
    return json.dumps(jsonpatch.apply_patch(copy.deepcopy(old), operations), sort_keys=True)


@given(values, values)
def test_a_json_patch_makes_the_old_value_the_new_one(old: object, new: object) -> None:
    before = copy.deepcopy((old, new))

    operations = difference(old, new)

    assert applied(old, operations) == json.dumps(new, sort_keys=True)
    assert (old, new) == before


@given(st.lists(st.integers(0, 3), max_size=8), st.lists(st.integers(0, 3), max_size=8))
def test_a_list_is_changed_by_its_entries(old: list[int], new: list[int]) -> None:
    operations = difference({"a": old}, {"a": new})

    assert applied({"a": old}, operations) == json.dumps({"a": new})
    assert len(operations) <= max(len(old), len(new))


@given(values)
def test_what_is_the_same_needs_no_operation(value: object) -> None:
    assert difference(value, copy.deepcopy(value)) == []


@pytest.mark.parametrize(
    ("old", "new", "operations"),
    [
        ({"a": 1}, {}, [{"op": "remove", "path": "/a"}]),
        ({}, {"a/b": None}, [{"op": "add", "path": "/a~1b", "value": None}]),
        ({"a": True}, {"a": 1}, [{"op": "replace", "path": "/a", "value": 1}]),
        ({"a": [1, 2, 3]}, {"a": [1, 9, 2, 3]}, [{"op": "add", "path": "/a/1", "value": 9}]),
        ({"a": [1, 2, 3]}, {"a": [1, 3]}, [{"op": "remove", "path": "/a/1"}]),
        ({"a": [{"b": 1}, 2]}, {"a": [{"b": 3}, 2]}, [{"op": "replace", "path": "/a/0/b", "value": 3}]),
        ([0, {"b": 1}, [1, 2]], [{"b": 1}, [1, 2]], [{"op": "remove", "path": "/0"}]),
        ([{"b": 1}], [{"b": 1, "c": 2}], [{"op": "add", "path": "/0/c", "value": 2}]),
        ([{"b": 1}], [{"b": True}], [{"op": "replace", "path": "/0/b", "value": True}]),
        ([[1, 2]], [[1, 3]], [{"op": "replace", "path": "/0/1", "value": 3}]),
        ([[1, 2]], [[1, 2, 3]], [{"op": "add", "path": "/0/2", "value": 3}]),
        (None, {"a": 1}, [{"op": "replace", "path": "", "value": {"a": 1}}]),
        ({"a": 1}, None, [{"op": "replace", "path": "", "value": None}]),
    ],
)
def test_a_json_patch_says_no_more_than_what_changed(
    old: object, new: object, operations: list[dict[str, Any]]
) -> None:
    assert difference(old, new) == operations
