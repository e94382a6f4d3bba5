"""An answer carries so many bytes, and no item more."""

import pytest

from shared.models.room import LARGEST_PAGE, fitting

HALF = "x" * (LARGEST_PAGE // 2)


@pytest.mark.parametrize(
    ("items", "shown"),
    [
        ([], 0),
        (["a", "b"], 2),
        ([HALF, HALF, "a"], 2),
        ([HALF, HALF + "a", "a"], 1),
        (["ä" * (LARGEST_PAGE // 2), "a"], 1),
        (["x" * LARGEST_PAGE + "y", "a"], 1),
    ],
    ids=["none", "small", "full", "too long", "bytes, not letters", "the first in any case"],
)
def test_a_page_has_as_many_items_as_fit(items: list[str], shown: int) -> None:
    assert fitting(items) == items[:shown]


def test_what_does_not_fit_is_not_made() -> None:
    items = iter(["x" * LARGEST_PAGE, "a", "b"])

    fitting(items)

    assert list(items) == ["b"]
