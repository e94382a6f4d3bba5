"""What makes two requests one: the Idempotency-Key of a caller, and the hash of everything else."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Once:
    """The Idempotency-Key of one request: whose it is, and the hash of all that makes it the same request."""

    caller: str
    key: str
    fingerprint: str
