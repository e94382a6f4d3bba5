"""Accept and Accept-Encoding (RFC 9110, section 12.5)."""

import re
from functools import lru_cache
from typing import Final

_QUALITY: Final = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)
_PART: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[^,"])+', re.DOTALL)
"""What stands between commas; one within a quoted string parts nothing (RFC 9110, section 5.6.4).

A string without an end takes all the rest: looking for an end from every quote on would take seconds.
"""

_REMEMBERED: Final = 64
"""Headers, of which browsers and programs send few: reading one takes longer than finding its route."""


def _preferences(header: str) -> list[tuple[str, float]]:
    found = []
    for part in _PART.findall(header):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next((match[1] for parameter in parameters if (match := _QUALITY.fullmatch(parameter))), "1")
        if name:
            found.append((name.lower(), float(quality)))
    return found


@lru_cache(_REMEMBERED)
def chosen(header: str | None, offered: tuple[str, ...]) -> str | None:
    """The media type that is wanted most of those offered, of equals the first; None where none may be sent."""
    best = max(offered, key=lambda media_type: _quality(header, media_type))
    return best if _quality(header, best) > 0 else None


def _quality(header: str | None, media_type: str) -> float:
    """How much a media type is wanted: the most specific range that fits it decides, and no header means fully."""
    if header is None or not header.strip():
        return 1.0
    kind = media_type.split("/", maxsplit=1)[0]
    preferences = dict(_preferences(header))
    return next((preferences[fit] for fit in (media_type, f"{kind}/*", "*/*") if fit in preferences), 0.0)


@lru_cache(_REMEMBERED)
def accepts_gzip(header: str | None) -> bool:
    """Whether the answer may be compressed with gzip."""
    preferences = dict(_preferences(header or ""))
    return preferences.get("gzip", preferences.get("*", 0.0)) > 0
