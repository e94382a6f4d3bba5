"""API keys as texts: `crk_<env>_<id>_<secret><checksum>`, and what is kept of them.

The checksum lets a mistyped key be refused without asking the database; it protects nothing. Of the secret only an
HMAC-SHA-256 (RFC 2104) under a pepper is stored, so that neither a copy of the table nor of the pepper alone is of use.
"""

import hmac
import re
import secrets
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

SECRET_BYTES: Final = 24
ID_BYTES: Final = 8

_TEXT: Final = re.compile(r"crk_([a-z0-9]{1,16})_([0-9a-f]{16})_([0-9a-f]{48})([0-9a-f]{8})")


@dataclass(frozen=True, slots=True)
class Credential:
    """The parts of a key; `str()` of one shows none of its secret."""

    environment: str
    id: str
    secret: str

    @classmethod
    def new(cls, environment: str) -> "Credential":
        """Draw a fresh key for an environment such as `local` or `live`."""
        return cls(environment, secrets.token_hex(ID_BYTES), secrets.token_hex(SECRET_BYTES))

    @classmethod
    def parse(cls, text: str) -> "Credential | None":
        """Give the parts of a key, None where the text is no key or its checksum does not fit."""
        match = _TEXT.fullmatch(text)
        if match is None or _checksum(text[: match.start(4)]) != match[4]:
            return None
        return cls(match[1], match[2], match[3])

    def text(self) -> str:
        """Give the key as its owner sends it."""
        body = f"crk_{self.environment}_{self.id}_{self.secret}"
        return f"{body}{_checksum(body)}"

    def digest(self, pepper: str) -> str:
        """Give what is stored in place of the secret."""
        return hmac.new(pepper.encode(), f"{self.id}.{self.secret}".encode(), sha256).hexdigest()

    def fits(self, digest: str, peppers: Sequence[str]) -> bool:
        """Tell whether a stored digest is this key's under one of the peppers, in the same time whichever it is."""
        matches = [hmac.compare_digest(self.digest(pepper), digest) for pepper in peppers]
        return any(matches)

    def __repr__(self) -> str:
        """Give the key's id alone."""
        return f"Credential({self.id})"


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"
