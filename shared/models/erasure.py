"""Erasing a person: whom a keyed hash means, and what is left of an entry without its name.

Neither a job nor the ledger holds the name that somebody asked to forget: both hold HMACs of it, and each name that
stands in a record is hashed and compared. The same goes for free text, word by word.
"""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Final

from shared.models.patch import pointer
from shared.models.text import fold
from shared.models.views import Path, persons

Json = dict[str, Any]

WITHHELD: Final = "Name withheld"
_KEPT: Final = (
    "key",
    "role",
    "function",
    "organisation_id",
    "since",
    "until",
    "as_of",
    "certainty",
    "claim",
    "sources",
)
"""What remains: that somebody had this role, for whom and when, and who says so."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One person, by HMACs under one of the peppers."""

    name: str
    """Of the folded name."""
    person: str | None
    """Of the folded name and the e-mail address, where both must fit; None where the name is enough."""
    words: int
    """How many words the name has."""
    address: str | None = None
    """Of the folded e-mail address alone, so that it is found with another spelling of the name."""
    address_words: int = 0

    @classmethod
    def of(cls, pepper: str, name: str, email: str | None) -> "Wanted":
        """Hash a name, and an e-mail address with it where there is one."""
        folded = fold(name)
        named, words = _digest(pepper, folded), len(folded.split())
        if email is None:
            return cls(named, None, words)
        address, person = fold(email), _digest(pepper, f"{folded}\n{email.casefold()}")
        return cls(named, person, words, _digest(pepper, address), len(address.split()))

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> "Wanted":
        """Read what `to_json` gave."""
        return cls(**{"person": None, **held})

    def to_json(self) -> Json:
        """Give it as JSON."""
        return {name: value for name, value in asdict(self).items() if value}


def _digest(pepper: str, text: str) -> str:
    return hmac.new(pepper.encode(), f"erasure\n{text}".encode(), sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Search:
    """Finds wanted people in records, under every pepper that is still known."""

    wanted: Sequence[Wanted]
    peppers: Sequence[str]

    def keys(self, record: Json) -> set[str]:
        """Return the keys of those persons whose e-mail address fits too, or of whom it need not."""
        return {person["key"] for _, person in persons(record) if self._is_certain(person)}

    def is_meant(self, person: Mapping[str, Any], keys: set[str]) -> bool:
        """Tell whether a person is wanted: by the name, and by the address in this or another version of the record."""
        return self._is_certain(person) or (person.get("key") in keys and self._has_name(person["name"]))

    def _is_certain(self, person: Mapping[str, Any]) -> bool:
        folded, email = fold(person["name"]), person.get("email", "").casefold()
        for pepper in self.peppers:
            name, both = _digest(pepper, folded), _digest(pepper, f"{folded}\n{email}")
            if any(one.name == name and one.person in {None, both} for one in self.wanted):
                return True
        return False

    def _has_name(self, name: str) -> bool:
        folded = fold(name)
        return any(_digest(pepper, folded) in {one.name for one in self.wanted} for pepper in self.peppers)

    def erased(self, record: Json, keys: set[str]) -> tuple[Json, list[str]]:
        """Return the record without the wanted people, and the JSON Pointers of where they stood."""
        found = [path for path, person in persons(record) if self.is_meant(person, keys)]
        for path in found:
            record = _without_name(record, path)
        return record, [pointer(path) for path in found]

    def mentions(self, record: Json) -> list[str]:
        """Return the JSON Pointers of texts that hold a wanted name or address: what only a human can mend."""
        return [pointer(path) for path, text in _texts(record, ()) if self._is_in(text)]

    def _is_in(self, text: str) -> bool:
        words = fold(text).split()
        wanted = {digest for one in self.wanted for digest in (one.name, one.address)}
        lengths = {length for one in self.wanted for length in (one.words, one.address_words) if length <= len(words)}
        windows = {tuple(words[at : at + length]) for length in lengths for at in range(len(words) - length + 1)}
        # From whichever word on: "Müller, Erika" is Erika Müller, too.
        orders = {" ".join(window[at:] + window[:at]) for window in windows for at in range(len(window))}
        return any(_digest(pepper, order) in wanted for order in orders for pepper in self.peppers)


def _without_name(value: Any, path: Path) -> Any:  # noqa: ANN401 - any JSON value
    """Return a copy of the value in which the person at the path has lost the name and all that tells who it was."""
    if not path:
        kept = {name: value[name] for name in _KEPT if name in value}
        return {"key": kept.pop("key"), "name": WITHHELD, **kept}
    if isinstance(value, list):
        return [_without_name(part, path[1:]) if place == path[0] else part for place, part in enumerate(value)]
    return {name: _without_name(part, path[1:]) if name == path[0] else part for name, part in value.items()}


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _texts(part, (*path, name))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _texts(part, (*path, place))
