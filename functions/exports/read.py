"""The way to the current export: a passing address of its file in the bucket, or locally the file itself."""

import gzip
from datetime import datetime
from email.utils import format_datetime
from threading import Lock
from typing import TYPE_CHECKING, Final

from functions.exports import stored
from functions.exports.routes import ROUTES
from functions.process import SETTINGS, TABLES, edge, projection, snapshots
from shared.errors import ExportMissing
from shared.http.messages import Request, Response
from shared.http.routes import NDJSON

if TYPE_CHECKING:
    from functions.exports.stored import Export, File, Part

SECONDS: Final = 19.0
"""Locally the file is written within the request."""
LEADS_FOR: Final = 300
"""Seconds for which an address leads to a file: who has it needs no key."""
_WRITING: Final = Lock()


def get_export(request: Request) -> Response:
    """The public part for everybody, all of it for the office; raises `ExportMissing`."""
    part: Part = "full" if request.caller.is_admin else "public"
    export = _current()
    file, told = export.of(part), _told(export, part)
    address = snapshots().address(file.name, LEADS_FOR, told["Content-Disposition"], request.method)
    if address is None:
        return Response(_rows(file), 200, NDJSON, file.sha256[:32], told, private=part == "full")
    return Response(status=302, headers={"Location": address, "Link": told["Link"]}, private=True)


def _current() -> "Export":
    if SETTINGS.export_function is None:
        from functions.exports.building import Exporter  # noqa: PLC0415 - deployed another function writes it

        with _WRITING:
            return Exporter(TABLES, projection(), SETTINGS).build()
    export = stored.current(snapshots())
    if export is None:
        raise ExportMissing(retry_after=60)
    return export


def _rows(file: "File") -> str:
    content = snapshots().get(file.name)
    if content is None:
        raise ExportMissing(retry_after=60)
    return gzip.decompress(content).decode()


def _told(export: "Export", part: "Part") -> dict[str, str]:
    """The headers that say what it is: its licence, the moment that it shows, a name for it."""
    name = "clusterregister" if part == "public" else "clusterregister-full"
    return {
        "Link": f'<{SETTINGS.license_url}>; rel="license"',
        "Last-Modified": format_datetime(datetime.fromisoformat(export.as_of), usegmt=True),
        "Content-Disposition": f'attachment; filename="{name}-{export.as_of[:10]}.ndjson"',
    }


handler: Final = edge(ROUTES, (get_export,), seconds=SECONDS)
