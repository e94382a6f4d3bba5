"""CloudFront's part: the API below its stage, and the homepage's files for everything else."""

import gzip
import re
from collections.abc import Callable, Mapping
from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote

from infra import site_files
from infra.local.wire import Request, Response

_WORTH_COMPRESSING = 1_000
"""Bytes; CloudFront leaves what is smaller as it is."""
_TAGS = re.compile(r'(?:W/)?"([^"]*)"')
_GZIP = re.compile(r"(?:^|,)\s*gzip\s*(?:;\s*q\s*=\s*(?:0\.\d*[1-9]|1)[\d.]*\s*)?(?:,|$)", re.IGNORECASE)


class Front:
    """Answers for both behind one name, as the deployed distribution does."""

    def __init__(self, stage: str, api: Callable[[Request], Response], site: "Site") -> None:
        """Take the name below which the API answers, and who answers."""
        self._api_path = f"/{stage}/"
        self._api = api
        self._site = site

    def respond(self, request: Request) -> Response:
        """Return the answer of the one that the path names."""
        return self._api(request) if request.path.startswith(self._api_path) else self._site.respond(request)


class Site:
    """The homepage's files as they are at this moment, with the headers that the template's distribution adds."""

    def __init__(self, headers: Mapping[str, str], folder: Path = site_files.FOLDER) -> None:
        """Take the headers of every answer, and the folder."""
        self._headers = tuple(headers.items())
        self._folder = folder

    def respond(self, request: Request) -> Response:
        """Return a file, the page that draws all pages, or why there is neither."""
        if request.method not in {"GET", "HEAD"}:
            return self._plain(HTTPStatus.METHOD_NOT_ALLOWED, "Here is only to read.\n", ("Allow", "GET, HEAD"))
        path = unquote(request.path)
        path = site_files.PAGE if site_files.is_page(path) else path
        file = site_files.files(self._folder).get(path)
        if file is None:
            return self._plain(HTTPStatus.NOT_FOUND, "There is no such file.\n")
        return self._file(request, path, file.read_bytes())

    def _file(self, request: Request, path: str, content: bytes) -> Response:
        media_type = site_files.media_type(path)
        tag = blake2b(content, digest_size=16).hexdigest()
        compressible = not media_type.startswith("image/") or "svg" in media_type
        varies = compressible and len(content) >= _WORTH_COMPRESSING
        compressed = varies and _GZIP.search(request.header("accept-encoding") or "") is not None
        headers = [
            ("Content-Type", media_type),
            ("Cache-Control", site_files.CACHE_CONTROL),
            ("ETag", f'W/"{tag}"' if compressed else f'"{tag}"'),
            *([("Vary", "Accept-Encoding")] if varies else ()),
            *self._headers,
        ]
        known = request.header("if-none-match") or ""
        if known.strip() == "*" or tag in _TAGS.findall(known):
            return Response(HTTPStatus.NOT_MODIFIED, tuple(headers[1:]))
        if compressed:
            headers.append(("Content-Encoding", "gzip"))
            content = gzip.compress(content, mtime=0)
        return Response(HTTPStatus.OK, tuple(headers), content)

    def _plain(self, status: HTTPStatus, text: str, *headers: tuple[str, str]) -> Response:
        media_type = ("Content-Type", site_files.MEDIA_TYPES[".txt"])
        return Response(status, (media_type, ("Cache-Control", "no-store"), *headers, *self._headers), text.encode())
