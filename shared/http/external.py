"""External ids in paths: `/by-ref/{scheme}/{value+}`."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from shared.errors import Fault, MalformedRequest
from shared.models.text import clean

SCHEME: Final = r"^[a-z][a-z0-9._-]{1,31}$"
LONGEST_VALUE: Final = 128


def pair_of(variables: Mapping[str, str]) -> tuple[str, str]:
    """Scheme and value of a path, percent-decoded; slashes in a value may stand as they are.

    Raises `MalformedRequest` for what can be no external id.
    """
    found, faults = {}, []
    for name, advice in (
        ("scheme", "Use 2 to 32 of a-z, 0-9, dot, _ and -, beginning with a letter."),
        ("value", f"Use 1 to {LONGEST_VALUE} characters in UTF-8, percent-encoded."),
    ):
        try:
            found[name] = clean(unquote(variables[name], errors="strict"))
        except ValueError:
            found[name] = ""
        is_good = re.fullmatch(SCHEME, found[name]) if name == "scheme" else 0 < len(found[name]) <= LONGEST_VALUE
        if not is_good:
            faults.append(Fault(advice, "malformed-path", parameter=name))
    if faults:
        raise MalformedRequest(faults=faults)
    return found["scheme"], found["value"]
