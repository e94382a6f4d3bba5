"""Where in the texts of a record the words that were searched for stand."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from shared.models.text import Placed, findable, placed
from shared.projection.search.passages import Text
from shared.projection.search.wishes import Wish

Range = tuple[int, int]
"""First code point of a hit, and the one behind its last."""

MOST_FIELDS: Final = 5
LONGEST: Final = 240
"""Code points of a text that are shown around its first hit."""
_BEFORE: Final = 60
_BLOCK: Final = re.compile(r"(?:\S+\s+){0,49}\S+")
_PIECE: Final = re.compile(r"[^\s!-/:-@\[-`{-~]+")
"""A long text is looked at in blocks of fifty words, and only those with a hit in pieces between ASCII signs."""
_GAP: Final = re.compile(r"\s+")
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
    """Yield the hits of a text, of a long one those that can be shown with the first."""
    first = None
    for piece in _pieces(text, wishes):
        if first is not None and piece.start() > first + LONGEST:
            return
        for spellings in placed(piece[0]):
            hits = [hit for spelling in spellings for wish in wishes if (hit := _hit(spelling, wish)) is not None]
            if hits:
                start, end = (piece.start() + place for place in (min(hits)[0], max(end for _, end in hits)))
                first = start if first is None else first
                yield start, end


def _pieces(text: str, wishes: Sequence[Wish]) -> Iterator[re.Match[str]]:
    """Yield the pieces of a text that may have a hit."""
    for block in _BLOCK.finditer(text):
        if _may_have(block[0], wishes):
            every = _PIECE.finditer(text, *block.span())
            yield from (piece for piece in every if _may_have(piece[0], wishes))


def _may_have(text: str, wishes: Sequence[Wish]) -> bool:
    words = findable(text)
    return any(word in words for wish in wishes for word in wish.slips or (wish.word,))


def _hit(spelling: Placed, wish: Wish) -> Range | None:
    """Return where in the text a wish stands within a word."""
    word, places = spelling
    found = wish.found_in(word)
    if found is None:
        return None
    first, behind = found
    # Accents that follow belong to the hit; one letter may have become two (ß), of which the hit has the first alone.
    return places[first], max(places[behind - 1] + 1, places[behind])


def _around(text: str, ranges: list[Range]) -> tuple[str, list[Range]]:
    if len(text) <= LONGEST:
        return text, ranges
    first, behind = ranges[0]
    start = max(0, first - _BEFORE)
    if start and (gap := _GAP.search(text, start, first)):
        start = gap.end()
    end = max(min(len(text), start + LONGEST), behind)
    if end < len(text):
        end = max((gap.start() for gap in _GAP.finditer(text, behind, end)), default=end)
    before = _CUT if start else ""
    shift = start - len(before)
    shown = f"{before}{text[start:end]}{_CUT if end < len(text) else ''}"
    return shown, [(one - shift, other - shift) for one, other in ranges if other <= end]
