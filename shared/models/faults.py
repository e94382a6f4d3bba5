"""What pydantic finds wrong, said so that a person knows what to do; no message repeats what was sent."""

from collections.abc import Iterable, Mapping
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shared.errors import Fault
from shared.models import ids
from shared.models.patch import pointer
from shared.models.text import clean

Path = tuple[str | int, ...]

MOST_FAULTS: Final = 100
"""An answer names no more: a body of 256 KB may hold tens of thousands."""
_LONGEST_NAME: Final = 100

_SAYINGS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("required", "Give this field."),
    "extra_forbidden": ("unknown-field", "Leave this field out: the register does not know it."),
    "string_type": ("type", "Give a text."),
    "string_unicode": ("characters", "Use characters that can be written in UTF-8."),
    "characters": ("characters", "Leave out control characters and those that turn the direction of writing."),
    "string_too_short": ("too-short", "Give at least {min_length} character(s) that can be seen."),
    "string_too_long": ("too-long", "Give at most {max_length} characters."),
    "string_pattern_mismatch": ("pattern", "Give a text of the form that the OpenAPI document describes: {pattern}"),
    "int_type": ("type", "Give a whole number."),
    "int_from_float": ("type", "Give a whole number."),
    "float_type": ("type", "Give a number."),
    "finite_number": ("type", "Give a finite number."),
    "bool_type": ("type", "Give true or false."),
    "list_type": ("type", "Give a list."),
    "dict_type": ("type", "Give an object."),
    "model_type": ("type", "Give an object."),
    "model_attributes_type": ("type", "Give an object."),
    "literal_error": ("choice", "Use one of {expected}."),
    "too_short": ("too-few", "Give at least {min_length}."),
    "too_long": ("too-many", "Give at most {max_length}."),
    "duplicate": ("duplicate", "Give each only once."),
    "greater_than_equal": ("too-small", "Give at least {ge}."),
    "less_than_equal": ("too-large", "Give at most {le}."),
}
_OTHERWISE: Final = ("type", "Give what the OpenAPI document describes.")
_OF_LANGUAGES: Final[Mapping[str, str]] = {
    "too-few": "Give the text in at least one language.",
    "too-many": "Give the text in at most {max_length} languages.",
}
_PATTERNS: Final[Mapping[str, str]] = {
    "organisation_id": "Give the id of an organisation: org_ and 26 characters.",
    "region": "Give a code of ISO 3166-2, such as DE-TH.",
    "regions": "Give codes of ISO 3166-2, such as DE-TH.",
    "topics": "Give lower-case words joined by hyphens, such as it-security.",
    "website": "Give an http or https address, other characters percent-encoded.",
    "url": "Give an http or https address, other characters percent-encoded.",
    "email": "Give an e-mail address.",
}
_TYPES: Final[Mapping[str, ids.RecordType]] = {pattern: name for name, pattern in ids.ID_PATTERN.items()}


def of_validation(error: ValidationError) -> list[Fault]:
    """Return a fault for each thing that pydantic found, with a JSON Pointer into the body as it was sent."""
    return [_fault(details) for details in error.errors(include_url=False)[: MOST_FAULTS + 1]]


def _fault(details: ErrorDetails) -> Fault:
    path = place(part for part in details["loc"] if part != "[key]")
    context = details.get("ctx", {})
    if "message" in context:
        return Fault(context["message"], details["type"], pointer=pointer(path))
    if details["loc"][-1:] == ("[key]",):
        return Fault("Name each text by its language (BCP 47), such as de or en.", "language", pointer=pointer(path))
    code, saying = _SAYINGS.get(details["type"], _OTHERWISE)
    if details["type"] == "string_type" and isinstance(details["input"], dict) and "ref" in details["input"]:
        return Fault('Give an id, or {"ref": "scheme:value"} and nothing beside it.', code, pointer=pointer(path))
    if code == "pattern":
        expected, found = _TYPES.get(context["pattern"]), ids.type_of(details["input"])
        if expected and found:
            message = f"Name a record of type {expected}; this one is of type {found}."
            return Fault(message, "wrong-record-type", pointer=pointer(path))
        named = next((part for part in reversed(path) if isinstance(part, str)), "")
        saying = _PATTERNS.get(named, saying)
    elif context.get("field_type") == "Dictionary":
        saying = _OF_LANGUAGES[code]
    return Fault(saying.format(**context), code, pointer=pointer(path))


def place(parts: Iterable[str | int]) -> Path:
    """Return the path as far as it can be repeated: up to a name that is too long or no text at all."""
    path: list[str | int] = []
    for part in parts:
        if isinstance(part, str) and not _repeatable(part):
            break
        path.append(part)
    return tuple(path)


def _repeatable(name: str) -> bool:
    try:
        clean(name)
    except ValueError:
        return False
    return len(name) <= _LONGEST_NAME
