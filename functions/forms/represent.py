"""One answer in the form that was asked for, made of its JSON."""

import json
from dataclasses import replace

from functions.forms import linked, table
from functions.reading import digest
from shared.http.messages import Request, Response
from shared.http.routes import CSV, FORMATS
from shared.models.languages import HOME_LANGUAGE
from shared.models.patch import dumps


def represent(request: Request, response: Response) -> Response:
    """Return the answer as CSV or JSON-LD; its ETag is that of the JSON one with a suffix."""
    answer = json.loads(response.body)
    media_type, headers = FORMATS[request.form], dict(response.headers)
    if media_type == CSV:
        body = table.written(
            answer["items"], table.COLUMNS[request.route.operation], request.one("lang") or HOME_LANGUAGE
        )
        media_type = f"{CSV}; charset=utf-8; header=present"
        headers["Content-Disposition"] = f'inline; filename="{request.route.operation.removeprefix("list_")}.csv"'
    else:
        body = dumps(linked.document(answer, request.origin))
    etag = f"{response.etag}-{request.form}.{digest(body)}"
    return replace(response, body=body, media_type=media_type, etag=etag, headers=headers)
