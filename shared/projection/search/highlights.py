"""Where in the texts of a record the words that were searched for stand."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from shared.models.text import fold
from shared.projection.search.passages import Text
from shared.projection.search.wishes import Wish

Range = tuple[int, int]
"""First code point of a hit, and the one behind its last."""

MOST_FIELDS: Final = 5
LONGEST: Final = 240
"""Code points of a text that are shown around its first hit."""
_BEFORE: Final = 60
_WORD: Final = re.compile(r"[^\W_]+")
_CUT: Final = "…"


def highlights(texts: Iterable[Text], wishes: Sequence[Wish]) -> dict[str, Any]:
    """Return by field the first text with a hit, or what stands around it, and the ranges of its hits."""
    found: dict[str, Any] = {}
    for name, text in texts:
        if name in found or len(found) == MOST_FIELDS:
            continue
        ranges = list(_ranges(text, wishes))
        if ranges:
            shown, moved = _around(text, ranges)
            found[name] = {"text": shown, "ranges": moved}
    return found


def _ranges(text: str, wishes: Sequence[Wish]) -> Iterator[Range]:
    for match in _WORD.finditer(text):
        hits = [hit for wish in wishes if (hit := _hit(match[0], wish)) is not None]
        if hits:
            yield match.start() + min(start for start, _ in hits), match.start() + max(end for _, end in hits)


def _hit(word: str, wish: Wish) -> Range | None:
    """Return where in a word a wish stands; all of the word where folding has changed its length."""
    folded = fold(word)
    at = wish.found_in(folded)
    return at if at is None or len(folded) == len(word) else (0, len(word))


def _around(text: str, ranges: list[Range]) -> tuple[str, list[Range]]:
    if len(text) <= LONGEST:
        return text, ranges
    start = max(0, ranges[0][0] - _BEFORE)
    start = start and text.rfind(" ", 0, start) + 1
    end = min(len(text), start + LONGEST)
    end = end if end == len(text) else max(text.rfind(" ", start, end), ranges[0][1])
    before = _CUT if start else ""
    shift = start - len(before)
    shown = f"{before}{text[start:end]}{_CUT if end < len(text) else ''}"
    return shown, [(first - shift, last - shift) for first, last in ranges if start <= first and last <= end]
