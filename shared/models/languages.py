"""Which of the languages of a text a reader gets."""

from collections.abc import Mapping
from typing import Final, Literal

Language = Literal["de", "en"]
"""The languages that the register itself speaks; texts may have others."""
HOME_LANGUAGE: Final[Language] = "de"
_SPOKEN: Final[tuple[Language, ...]] = ("de", "en")


def in_language(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """Return the text in the language, or the nearest that there is, and before it the tag of its language (BCP 47).

    A variant counts (`en-GB` for `en`); what is in neither German nor English comes in the first of its languages.
    """
    for wanted in (language, *_SPOKEN):
        for tag in sorted(texts):
            if tag == wanted or tag.startswith(f"{wanted}-"):
                return tag, texts[tag]
    tag = min(texts)
    return tag, texts[tag]
