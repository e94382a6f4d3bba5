"""What may be asked of a match, checked without a model because readers load none."""

import re
from collections.abc import Iterator
from typing import Any, Final

from shared.errors import Fault, InvalidContent
from shared.models.patch import pointer
from shared.models.text import WEB_ADDRESS, clean

FIELDS: Final = {"name": 300, "city": 300, "website": 2000}
"""The fields and how long their texts may be."""


def asked(body: dict[str, Any]) -> dict[str, str]:
    """Return the fields of a match, cleaned; raises `InvalidContent` with everything that is wrong."""
    sent = {name: value for name, value in body.items() if value is not None}
    faults = list(_faults(sent))
    if faults:
        raise InvalidContent(faults=faults)
    return {name: clean(value) for name, value in sent.items()}


def _faults(sent: dict[str, Any]) -> Iterator[Fault]:
    if "name" not in sent:
        yield Fault("Give this field.", "required", pointer="/name")
    for name, value in sent.items():
        if name not in FIELDS:
            place = pointer((name,)) if re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", name) else ""
            yield Fault("Leave this field out: a match takes name, city and website.", "unknown-field", pointer=place)
        elif not isinstance(value, str):
            yield Fault("Give a text.", "type", pointer=f"/{name}")
        else:
            yield from _faults_of_text(name, value)


def _faults_of_text(name: str, value: str) -> Iterator[Fault]:
    try:
        text = clean(value)
    except ValueError:
        message = "Leave out control characters and those that turn the direction of writing."
        yield Fault(message, "characters", pointer=f"/{name}")
        return
    if not text:
        yield Fault("Give at least 1 character(s) that can be seen.", "too-short", pointer=f"/{name}")
    elif len(text) > FIELDS[name]:
        yield Fault(f"Give at most {FIELDS[name]} characters.", "too-long", pointer=f"/{name}")
    elif name == "website" and re.fullmatch(WEB_ADDRESS, text) is None:
        yield Fault("Give an http or https address.", "pattern", pointer="/website")
