"""Accept and Accept-Encoding (RFC 9110, section 12.5)."""

import re
from typing import Final

_QUALITY: Final = re.compile(r"q=([01](?:\.[0-9]{0,3})?)", re.IGNORECASE)


def _preferences(header: str) -> list[tuple[str, float]]:
    found = []
    for part in header.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next((match[1] for parameter in parameters if (match := _QUALITY.fullmatch(parameter))), "1")
        if name:
            found.append((name.lower(), float(quality)))
    return found


def accepts(header: str | None, media_type: str) -> bool:
    """Whether a media type may be sent; the most specific range that fits it decides, and no header means yes."""
    if header is None or not header.strip():
        return True
    kind = media_type.split("/", maxsplit=1)[0]
    preferences = dict(_preferences(header))
    if media_type.endswith("/*"):
        return any(quality > 0 for name, quality in preferences.items() if name == "*/*" or name.startswith(f"{kind}/"))
    return next((preferences[fit] > 0 for fit in (media_type, f"{kind}/*", "*/*") if fit in preferences), False)


def accepts_gzip(header: str | None) -> bool:
    """Whether the answer may be compressed with gzip."""
    preferences = dict(_preferences(header or ""))
    return preferences.get("gzip", preferences.get("*", 0.0)) > 0
