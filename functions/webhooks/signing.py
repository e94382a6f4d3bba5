"""Signatures by the Standard Webhooks specification (1.0.0, "Signature scheme"): symmetric, `v1`."""

import base64
import hmac
import secrets
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

SECRET_BYTES: Final = 32
"""The specification asks for 24 to 64."""
PREFIX: Final = "whsec_"


def new_secret() -> str:
    """Draw a secret as its receiver keeps it: `whsec_` and 32 bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(live: Iterable[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Give the header fields of a message, with one signature for each secret that is live.

    `timestamp` is the moment of this attempt in seconds since 1970: receivers refuse what is older than minutes.
    """
    signed = b"%s.%d.%s" % (message_id.encode(), timestamp, body)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(secret, signed) for secret in live),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return f"v1,{base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()}"
