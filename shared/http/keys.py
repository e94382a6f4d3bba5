"""Where a request carries its key, and what makes two requests the same (for Idempotency-Key)."""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from shared.errors import Fault, MalformedRequest, Unauthorised
from shared.http.messages import Incoming

_IDEMPOTENCY_KEY: Final = re.compile(r"[\x21-\x7e]{1,128}")


def sent_key(headers: Mapping[str, str]) -> str | None:
    """The API key of a request, None where there is none; raises `Unauthorised` for two different ones.

    `Authorization: Bearer …` (RFC 6750, section 2.1) or `X-API-Key: …`; never a part of the address.
    """
    found = set()
    if "authorization" in headers:
        scheme, _, credentials = headers["authorization"].strip().partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthorised
        found.add(credentials.strip())
    if "x-api-key" in headers:
        found.add(headers["x-api-key"].strip())
    if len(found) > 1:
        raise Unauthorised
    return found.pop() if found else None


def idempotency_key(headers: Mapping[str, str]) -> str | None:
    """The Idempotency-Key, None where there is none; raises `MalformedRequest` for one of another shape."""
    sent = headers.get("idempotency-key")
    if sent is not None and _IDEMPOTENCY_KEY.fullmatch(sent) is None:
        message = "Use 1 to 128 visible ASCII characters."
        raise MalformedRequest(faults=[Fault(message, "malformed-header", header="Idempotency-Key")])
    return sent


def fingerprint(incoming: Incoming) -> str:
    """A hash of method, path, query, conditions and body: requests with the same one are the same."""
    conditions = [incoming.headers.get(name) for name in ("if-match", "if-none-match", "content-type")]
    query = sorted((name, list(values)) for name, values in incoming.query.items())
    head = json.dumps([incoming.method, incoming.path, query, conditions])
    return sha256(head.encode() + b"\0" + incoming.body()).hexdigest()
