"""ETags and the headers that compare them (RFC 9110, sections 8.8.3 and 13.1)."""

import re
from collections.abc import Mapping
from typing import Final

from shared.errors import Fault, MalformedRequest

AS_OF_SUFFIX: Final = "-as_of."
"""Marks the ETag of a view of the past, which no write may be conditional on."""
_TAG: Final = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
IF_MATCH_PATTERN: Final = r'^[ \t]*\*[ \t]*$|^[ \t,]*((W/)?"[\x21\x23-\x7e\x80-\xff]*"[ \t,]*)+$'
"""`*` or a list of tags, as JSON Schema says it."""
_VERSION: Final = re.compile(r"([1-9][0-9]{0,14})(-.*)?")


LONGEST_CONDITION: Final = 8_000
"""Characters of If-Match or If-None-Match: API Gateway takes 10,240 bytes of all fields together."""


def require_bounded(headers: Mapping[str, str]) -> None:
    """Raise `MalformedRequest` where a condition is longer than one may be (RFC 9110, section 5.4)."""
    message = f"Send fewer ETags: at most {LONGEST_CONDITION} characters."
    faults = [
        Fault(message, "malformed-header", header=name)
        for name in ("If-Match", "If-None-Match")
        if len(headers.get(name.lower(), "")) > LONGEST_CONDITION
    ]
    if faults:
        raise MalformedRequest(faults=faults)


def _tags(header: str) -> list[tuple[bool, str]] | None:
    """The tags of a list, each with whether it is weak; None where the header is no list of tags."""
    rest = _TAG.sub("", header)
    if rest.strip(" \t,"):
        return None
    return [(weak == "W/", tag) for weak, tag in _TAG.findall(header)]


def if_match(header: str) -> frozenset[int] | None:
    """The versions that If-Match names, None for `*`; raises `MalformedRequest` when it is no list of ETags.

    Any suffix of a version is taken but that of an `as_of` view; weak tags never match (RFC 9110, section 13.1.1).
    """
    if header.strip() == "*":
        return None
    tags = _tags(header)
    if not tags:
        message = "Send the ETag exactly as it was given, in double quotes, or *."
        raise MalformedRequest(faults=[Fault(message, "malformed-header", header="If-Match")])
    return frozenset(
        int(version[1])
        for weak, tag in tags
        if not weak and AS_OF_SUFFIX not in tag and (version := _VERSION.fullmatch(tag))
    )


def create_only(headers: Mapping[str, str]) -> bool:
    """Whether a write is to create and not to replace: `If-None-Match: *`; raises `MalformedRequest` for tags."""
    sent = headers.get("if-none-match")
    if sent is not None and sent.strip() != "*":
        message = "Send * to create only, or leave it out."
        raise MalformedRequest(faults=[Fault(message, "malformed-header", header="If-None-Match")])
    return sent is not None


def not_modified(header: str | None, etag: str) -> bool:
    """Whether If-None-Match names the current representation (weak comparison, RFC 9110, section 13.1.2)."""
    if header is None:
        return False
    return header.strip() == "*" or etag in (tag for _, tag in _tags(header) or ())
