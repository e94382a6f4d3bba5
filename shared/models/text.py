"""Texts as the register keeps, orders and finds them."""

import re
import unicodedata
from collections.abc import Iterator

_NEVER = r"\u2028\u2029\u202A-\u202E\u2066-\u2069\uFDD0-\uFDEF\uFFFE\uFFFF"
REFUSED = rf"\u0000-\u001F\u007F-\u009F{_NEVER}"
"""Control characters, line and paragraph separators, what overrides or isolates the direction of writing, and what is
no character (RFC 7493, section 2.1), which XML cannot carry."""
LINE_PATTERN = rf"^[^{REFUSED}]*[^\s{REFUSED}][^{REFUSED}]*$"
"""One line with something to see in it, as JSON Schema says it."""
WEB_ADDRESS = rf"^https?://[^\s{REFUSED}/?#@]+([/?#][^\s{REFUSED}]*)?$"
"""An address to look for, however it is written."""
REFUSED_IN_TEXT = rf"\u0000-\u0008\u000B-\u001F\u007F-\u009F{_NEVER}"
TEXT_PATTERN = rf"^[^{REFUSED_IN_TEXT}]*[^\s{REFUSED_IN_TEXT}][^{REFUSED_IN_TEXT}]*$"
"""The same for several lines: line feeds and tabs may stand in it."""

_BAD_IN_LINE = re.compile(rf"[{REFUSED}\uD800-\uDFFF]")
_BAD_IN_TEXT = re.compile(rf"[{REFUSED_IN_TEXT}\uD800-\uDFFF]")

# Letters that Unicode does not take apart into a base letter and a mark.
_UNDIVIDED = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"},
)
_NOT_ASCII = re.compile(r"[^\x00-\x7F]")
_GAPS = re.compile(r"[\W_]+")
# `ae` after another vowel or q belongs to two sounds (Aue, Quelle, neue), so it stays.
_UMLAUT_IN_TWO = re.compile(r"(?<![aeiouq])([aou])e+")


def clean(text: str, *, multiline: bool = False) -> str:
    """Return the text in NFC without outer white space; control, surrogate or bidi characters raise ValueError.

    In multi-line texts line feeds and tabs are no fault.
    """
    if (_BAD_IN_TEXT if multiline else _BAD_IN_LINE).search(text):
        raise ValueError("characters that do not belong into a text")
    return unicodedata.normalize("NFC", text).strip()


Placed = tuple[str, list[int]]
"""A word, and where in a text each of its letters stands; the last place is behind the word."""


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return _NOT_ASCII.sub(_without_mark, apart).casefold().translate(_UNDIVIDED)


def _without_mark(letter: re.Match[str]) -> str:
    return "" if unicodedata.combining(letter[0]) else letter[0]


def _letters(text: str) -> str:
    """Return letters and digits without case or accents, words parted by one space."""
    return _GAPS.sub(" ", _bare(text)).strip()


def sort_key(text: str) -> str:
    """Return what German lists of names order by (DIN 5007-1): case-blind, ä as a, ß as ss, accents folded."""
    return _letters(text) or text


def fold(text: str) -> str:
    """Return what two spellings of one word have in common, for finding: Jäger, Jaeger and Jager are one."""
    return _UMLAUT_IN_TWO.sub(r"\1", sort_key(text))


def findable(text: str) -> str:
    """Return the words by which a text is found: as `fold` has them, then by letters those that it changes.

    It takes every `oe` for an umlaut, and that of Mikroelektronik is the seam of two words.
    """
    letters = sort_key(text)
    folded = _UMLAUT_IN_TWO.sub(r"\1", letters)
    if folded == letters:
        return folded
    pairs = zip(letters.split(), folded.split(), strict=True)
    return " ".join([folded, *(written for written, changed in pairs if written != changed)])


def placed(text: str) -> Iterator[list[Placed]]:
    """Yield each word of a text in its spellings: as `fold` has it, and by letters where that differs."""
    letters, places = "", list[int]()
    for place, written in enumerate([*text, " "]):
        for letter in _bare(written):
            if letter.isalnum():
                letters += letter
                places.append(place)
            elif letters:
                yield _spellings(letters, [*places, place])
                letters, places = "", []


def _spellings(letters: str, places: list[int]) -> list[Placed]:
    dropped = {at for umlaut in _UMLAUT_IN_TWO.finditer(letters) for at in range(umlaut.end(1), umlaut.end())}
    kept = [at for at in range(len(letters)) if at not in dropped]
    folded = "".join(letters[at] for at in kept), [places[at] for at in (*kept, len(letters))]
    return [folded, (letters, places)] if dropped else [folded]
