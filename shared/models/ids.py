"""Ids of records: a prefix that names the type, and 26 characters that sort by the time of creation."""

import re
from typing import Literal

from shared.models.text import REFUSED

RecordType = Literal["organisation", "membership", "event", "cooperation"]

PREFIXES: dict[RecordType, str] = {
    "organisation": "org_",
    "membership": "mem_",
    "event": "evt_",
    "cooperation": "coop_",
}
ENTROPY_BYTES = 10

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_BODY = r"[0-7][0-9a-hjkmnp-tv-z]{25}"
_TIME_BITS = 48

ID_PATTERN: dict[RecordType, str] = {record_type: f"^{prefix}{_BODY}$" for record_type, prefix in PREFIXES.items()}
"""The pattern of each type's ids, such as `org_01hzy3v8k2q4w5e6r7t8y9z0ab`."""

REF_PATTERN = rf"^[a-z][a-z0-9._-]{{1,31}}:[^{REFUSED}]{{0,127}}[^\s{REFUSED}]$"
"""What names a record by an external id, such as `wikidata:Q42`: scheme, colon, value."""

OWN_SCHEME = "clusterregister"
"""The scheme of external ids by which exports name records: the value is the id where a record was entered first."""

ANY_ID_PATTERN = rf"(?:{'|'.join(PREFIXES.values())}){_BODY}"
"""What the ids of all types look like."""

JOB_PATTERN = f"^job_{_BODY}$"
WEBHOOK_PATTERN = f"^whk_{_BODY}$"
"""The patterns of the ids of jobs and webhooks, which are no records."""

_PATTERNS = {record_type: re.compile(pattern) for record_type, pattern in ID_PATTERN.items()}


def new_id(record_type: RecordType, milliseconds: int, entropy: bytes) -> str:
    """Return an id that sorts by its milliseconds since 1970, unique by ten bytes of entropy; else ValueError."""
    return PREFIXES[record_type] + sortable(milliseconds, entropy)


def new_job_id(milliseconds: int, entropy: bytes) -> str:
    """Return the id of a job, made as those of records are."""
    return f"job_{sortable(milliseconds, entropy)}"


def sortable(milliseconds: int, entropy: bytes) -> str:
    """Return what follows the prefix of an id: 48 bits of time, 80 of entropy, as a ULID in lower case.

    Raises ValueError for more or less of either; the letters are those of Crockford's base 32.
    """
    if not 0 <= milliseconds < 1 << _TIME_BITS or len(entropy) != ENTROPY_BYTES:
        raise ValueError("an id takes 48 bits of time and ten bytes of entropy")
    number = milliseconds << 8 * ENTROPY_BYTES | int.from_bytes(entropy)
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in range(25, -1, -1))


def milliseconds_of(record_id: str) -> int:
    """Return when an id was drawn, in milliseconds since 1970."""
    number = 0
    for letter in record_id.partition("_")[2]:
        number = number << 5 | _ALPHABET.index(letter)
    return number >> 8 * ENTROPY_BYTES


def type_of(record_id: str) -> RecordType | None:
    """Return the type that an id names, None for a text that is no id."""
    return next((record_type for record_type, pattern in _PATTERNS.items() if pattern.fullmatch(record_id)), None)
