"""What a partner may ask about itself."""

import json
from hashlib import blake2b
from typing import Any, Final

from functions.partners.routes import ROUTES
from functions.process import QUOTA, TABLES, edge
from shared.http.messages import Request, Response


def get_me(request: Request) -> Response:
    """Whose key it is, what it may do and how long, and the writes that are left in this minute."""
    caller = request.caller
    told: dict[str, Any] = {"scopes": sorted(caller.scopes)}
    if caller.organisation_id is not None:
        told = {"organisation_id": caller.organisation_id, **told}
        for label in TABLES.labels([caller.organisation_id]).values():
            told["organisation"] = json.loads(label)
    quota = QUOTA.state(caller)
    optional = {"prefix": caller.prefix, "expires_at": caller.expires_at, "quota": quota}
    told |= {name: value for name, value in optional.items() if value is not None}
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return Response(body, etag=blake2b(body.encode(), digest_size=16).hexdigest(), private=True)


handler: Final = edge(ROUTES, (get_me,))
