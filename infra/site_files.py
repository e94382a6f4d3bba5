"""The homepage's files, as the local server and `make publish-site` give them out."""

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "site"
PAGE = "/index.html"
"""What draws every page; a path that names no file gets it."""
CACHE_CONTROL = "no-cache"
"""Browsers keep the files and ask each time whether they still hold: their names say nothing of their content."""
_BELOW_A_LANGUAGE = re.compile("/[a-z]{2}/")
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json; charset=utf-8",
    ".webp": "image/webp",
}


def media_type(path: str) -> str:
    """Return what a file is by the end of its name; raises `KeyError` for an end that no file of a homepage has."""
    return MEDIA_TYPES[Path(path).suffix]


def is_page(path: str) -> bool:
    """Return whether a decoded path is one of the pages; the front's function in template.yaml tells them likewise.

    Below a language there is no file, so an address that was copied with the dot behind it still gets a page.
    """
    return "." not in path.rpartition("/")[2] or _BELOW_A_LANGUAGE.match(path) is not None


def files(folder: Path = FOLDER) -> dict[str, Path]:
    """Return the files by the path under which they are served; hidden ones, and what is no content, stay out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and path.suffix in MEDIA_TYPES and not any(part.startswith(".") for part in parts):
            found["/" + "/".join(parts)] = path
    return found
