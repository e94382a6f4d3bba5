"""How much one answer can carry. No pydantic."""

from collections.abc import Iterable
from typing import Final

LARGEST_PAGE: Final = 3_000_000
"""Bytes of a page's items: Lambda passes on 6 MB (6,291,556 bytes) of an answer in which each quotation mark and each
backslash of the body is escaped once more."""


def fitting(items: Iterable[str]) -> list[str]:
    """Return as many of the items as one answer can carry, at least the first; the rest is for the next page.

    None is taken from behind the first that does not fit.
    """
    found: list[str] = []
    size = 0
    for item in items:
        size += len(item.encode())
        if found and size > LARGEST_PAGE:
            break
        found.append(item)
    return found
