"""What is left of an organisation's name for comparing it: folded words, without the legal form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from shared.models.text import fold

Json = dict[str, Any]

MOST_WORDS: Final = 30
WHOLE: Final = "="
"""Before a name written as one word, which "IT-Net" and "ITnet" have in common; no folded word begins with it."""

_AS_WRITTEN: Final = (
    "e. V.",
    "eV",
    "eingetragener Verein",
    "e. G.",
    "eG",
    "eingetragene Genossenschaft",
    "e. K.",
    "GmbH & Co. KG",
    "GmbH und Co. KG",
    "AG & Co. KG",
    "GmbH & Co. KGaA",
    "gemeinnützige GmbH",
    "gGmbH",
    "GmbH",
    "G.m.b.H.",
    "mbH",
    "AG",
    "KG",
    "KGaA",
    "OHG",
    "SE",
    "UG (haftungsbeschränkt)",
    "UG",
    "GbR",
    "K.d.ö.R.",
    "KdöR",
    "A.ö.R.",
    "AöR",
    "Ltd.",
    "Inc.",
    "Sàrl",
)


def _by_first_word() -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for form in sorted({tuple(fold(form).split()) for form in _AS_WRITTEN}, key=len, reverse=True):
        found.setdefault(form[0], []).append(form)
    return found


_LEGAL_FORMS: Final = _by_first_word()
"""Folded, by their first word; longer ones come first, since they begin as shorter ones do."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an organisation: which it is, as it is written, and the words that it is compared by."""

    kind: str
    """`name`, or the kind of another name: `former`, `official`, `short`, `alias`."""
    text: str
    words: tuple[str, ...]

    def leads(self) -> Iterator[str]:
        """Yield what the name is looked up by: each word, and all of them as one."""
        yield from dict.fromkeys(self.words)
        yield WHOLE + "".join(self.words)


def names(record: Mapping[str, Any]) -> list[Name]:
    """Return the names of an organisation, the current one first."""
    others = [(entry.get("kind", "alias"), entry["value"]) for entry in record.get("other_names") or ()]
    return [Name(kind, text, words(text)) for kind, text in [("name", record["name"]), *others]]


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of a name without legal forms; a name that is nothing else keeps them."""
    every = fold(text).split()[:MOST_WORDS]
    kept: list[str] = []
    at = 0
    while at < len(every):
        forms = _LEGAL_FORMS.get(every[at], ())
        form = next((form for form in forms if tuple(every[at : at + len(form)]) == form), None)
        if form is None:
            kept.append(every[at])
        at += len(form or (None,))
    return tuple(kept or every)


def host(address: str | None) -> str | None:
    """Return the host of a web address without `www.`, None where there is none."""
    try:
        found = urlsplit(address or "").hostname
    except ValueError:
        return None
    return found.removeprefix("www.").rstrip(".") if found else None
