"""Cursors of lists: what was given goes on where it ended, and nothing else is taken."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.caller import ANONYMOUS
from shared.errors import MalformedRequest
from shared.http.messages import Request
from shared.http.paging import LARGEST, Cursor, cursor_of, page
from shared.http.routes import Route

ROUTE = Route("list_things", "GET", "/things", "Things", "public", "ThingPage")
SHAPE: tuple[type | str, ...] = (int, str, r"org_[0-9]+")
WHOLE = st.integers(-LARGEST + 1, LARGEST - 1)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
PLACES = st.tuples(WHOLE, TEXTS, st.integers(0, 99).map("org_{}".format))
DAYS = st.dates().map(str)
QUERIES = st.dictionaries(st.sampled_from("abc"), st.lists(TEXTS, min_size=1, max_size=2), max_size=2)
ANY_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=9,
)


def asked(query: dict[str, list[str]], cursor: str | None = None, path: str = "/things") -> Request:
    whole = query if cursor is None else {**query, "cursor": [cursor]}
    return Request(ROUTE, path, {}, whole, {}, None, ANONYMOUS, None)


def cursor_behind(query: dict[str, list[str]], today: str, after: tuple[Any, ...]) -> str:
    """What stands behind the last `cursor=` of the page's own link."""
    following: str = json.loads(page(asked(query), [], after, today, {}).body)["next"]
    return following.rpartition("cursor=")[2]


def read(query: dict[str, list[str]], cursor: str, path: str = "/things") -> Cursor | str | None:
    try:
        return cursor_of(asked(query, cursor, path), SHAPE)
    except MalformedRequest as refused:
        return refused.faults[0].code


@given(QUERIES, DAYS, PLACES)
def test_a_page_goes_on_where_the_one_before_ended(
    query: dict[str, list[str]], today: str, after: tuple[Any, ...]
) -> None:
    assert read(query, cursor_behind(query, today, after)) == Cursor(today, after)


@given(QUERIES, QUERIES, DAYS, PLACES)
def test_a_cursor_is_bound_to_its_query_and_path(
    query: dict[str, list[str]], other: dict[str, list[str]], today: str, after: tuple[Any, ...]
) -> None:
    cursor = cursor_behind(query, today, after)

    assert (read(other, cursor) == "foreign-cursor") == (other != query)
    assert read(query, cursor, "/others") == "foreign-cursor"


@given(st.text(max_size=60) | st.text("ABCabc019-_=", max_size=60))
def test_any_text_is_refused(text: str) -> None:
    assert read({}, text) in {"malformed-cursor", "foreign-cursor"}


@given(QUERIES, st.lists(ANY_JSON, max_size=5))
def test_whatever_is_forged_behind_the_binding_has_the_shape_or_is_refused(
    query: dict[str, list[str]], forged: list[Any]
) -> None:
    today, *after = forged or [None]

    found = read(query, cursor_behind(query, today, tuple(after)))

    fits = isinstance(found, Cursor)
    assert fits or found == "malformed-cursor"
    assert not fits or (isinstance(today, str) and [type(value) for value in after] == [int, str, str])


@pytest.mark.parametrize(
    ("forged", "found"),
    [
        ((1, "a", "org_1"), Cursor("2026-11-21", (1, "a", "org_1"))),
        ((LARGEST - 1, "\ud7ff\ue000", "org_1"), Cursor("2026-11-21", (LARGEST - 1, "\ud7ff\ue000", "org_1"))),
        ((LARGEST, "a", "org_1"), "malformed-cursor"),
        ((1, "\ud800", "org_1"), "malformed-cursor"),
        ((1, "a\udfff", "org_1"), "malformed-cursor"),
        ((True, "a", "org_1"), "malformed-cursor"),
        ((1, 1, "org_1"), "malformed-cursor"),
        ((1, "a", 1), "malformed-cursor"),
        ((1, "a", "org_1 "), "malformed-cursor"),
        ((1, "a"), "malformed-cursor"),
    ],
)
def test_each_part_of_a_place_is_of_its_kind(forged: tuple[Any, ...], found: object) -> None:
    assert read({}, cursor_behind({}, "2026-11-21", forged)) == found


@given(QUERIES, DAYS, PLACES, st.data())
def test_a_cursor_with_a_letter_changed_is_refused_or_of_the_same_query(
    query: dict[str, list[str]], today: str, after: tuple[Any, ...], data: st.DataObject
) -> None:
    cursor = cursor_behind(query, today, after)
    place = data.draw(st.integers(0, len(cursor) - 1))
    letter = data.draw(st.sampled_from("AZaz09-_=+/.é"))

    found = read(query, cursor[:place] + letter + cursor[place + 1 :])

    assert isinstance(found, Cursor) or found in {"malformed-cursor", "foreign-cursor"}
