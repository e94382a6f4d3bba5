"""Which organisations of the register may be meant: by names, web site and city, each with a score and its reasons.

Candidates come from an index of words and hosts, never from a walk over all names: rare words first, since a common
one ("Verein") says little and leads to many. What is compared is bounded, so that a match costs the same in a register
of any size.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Any, Final

from shared.models.patch import dumps
from shared.models.text import fold
from shared.models.views import city_of
from shared.projection.names import WHOLE, host, names, words
from shared.projection.pages import summaries

Json = dict[str, Any]

DUPLICATE: Final = 0.85
"""From this score on it is most probably the same organisation."""
LEAST: Final = 0.3
MOST: Final = 10

_RARE: Final = 200
"""Names that a word may stand in and still lead to candidates by itself."""
_COMMON: Final = 5000
_COMPARED: Final = 200
_SHORTEST_FOR_A_SLIP: Final = 5
_SHORTEST_CUT: Final = 4
_BEGINNING: Final = 3
_OF_ONE: Final = 3
"""Organisations that may share a host before it speaks for a portal rather than for one of them."""

_SLIP, _ABBREVIATED = 0.8, 0.6
_BY_KIND: Final = {"name": 1.0, "official": 1.0, "former": 0.95, "alias": 0.95, "short": 0.9}
_BY_NAME, _BY_HOST, _BY_PORTAL, _BY_CITY, _OTHER_CITY = 0.9, 0.6, 0.15, 0.3, 0.85
_ENOUGH_TO_ASK_FOR_THE_CITY: Final = 0.3

_SAYINGS: Final[Mapping[str, tuple[str, str]]] = {
    "same_name": ("Gleicher Name: {}", "Same name: {}"),
    "similar_name": ("Ähnlicher Name: {}", "Similar name: {}"),
    "same_former": ("So hieß sie früher: {}", "Its former name: {}"),
    "similar_former": ("Ähnlich einem früheren Namen: {}", "Similar to a former name: {}"),
    "same_short": ("Gleicher Kurzname: {}", "Same short name: {}"),
    "similar_short": ("Ähnlicher Kurzname: {}", "Similar short name: {}"),
    "same_alias": ("Auch bekannt als: {}", "Also known as: {}"),
    "similar_alias": ("Ähnlich einem weiteren Namen: {}", "Similar to another name: {}"),
    "same_official": ("Gleicher amtlicher Name: {}", "Same official name: {}"),
    "similar_official": ("Ähnlicher amtlicher Name: {}", "Similar official name: {}"),
    "same_site": ("Gleiche Website: {}", "Same web site: {}"),
    "same_portal": ("Website auf demselben Portal: {}", "Web site on the same portal: {}"),
    "same_city": ("Gleicher Ort", "Same city"),
    "other_city": ("Anderer Ort", "Another city"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom somebody is looking for."""

    name: str
    city: str | None = None
    website: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a candidate may be meant: the field of its record, what is the matter with it, and a sentence."""

    field: str
    kind: str
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate, from 0 to 1."""

    id: str
    score: float
    reasons: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class _Index:
    """The words of the register, and how telling each is; asked for once a match."""

    connection: sqlite3.Connection
    weights: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, word: str) -> int:
        """Return in how many organisations' names the word stands, at most one more than is rare."""
        if word not in self.counts:
            self.counts[word] = int(
                self.connection.execute(
                    "SELECT count(*) FROM (SELECT 1 FROM word WHERE word = ? LIMIT ?)", (word, _RARE + 1)
                ).fetchone()[0]
            )
        return self.counts[word]

    def weight(self, word: str) -> float:
        """Return how much a word tells: 1 where it is unique, less the more names it stands in."""
        if word not in self.weights:
            self.weights[word] = 1 / (1 + log(max(1, self.count(word))))
        return self.weights[word]

    def ids(self, word: str) -> Iterator[str]:
        """Yield who has the word in a name, as far as the word is rare."""
        found = self.connection.execute("SELECT id FROM word WHERE word = ? LIMIT ?", (word, _RARE))
        return (record_id for (record_id,) in found)

    def ids_with_both(self, one: str, other: str) -> Iterator[str]:
        """Yield who has both of two common words."""
        found = self.connection.execute(
            "SELECT a.id FROM (SELECT id FROM word WHERE word = ? LIMIT ?) AS a "
            "CROSS JOIN word AS b ON b.word = ? AND b.id = a.id LIMIT ?",
            (one, _COMMON, other, _COMPARED),
        )
        return (record_id for (record_id,) in found)

    def ids_beginning(self, beginning: str) -> Iterator[str]:
        """Yield who has a word that begins so."""
        found = self.connection.execute(
            "SELECT id FROM word WHERE word >= ? AND word < ? LIMIT ?", (beginning, beginning + "\uffff", _RARE)
        )
        return (record_id for (record_id,) in found)

    def facet(self, name: str, value: str, limit: int) -> list[str]:
        """Return who has a value, in no order."""
        found = self.connection.execute(
            "SELECT DISTINCT id FROM facet INDEXED BY facet_order WHERE name = ? AND value = ? LIMIT ?",
            (f"organisation.{name}", value, limit),
        )
        return [record_id for (record_id,) in found]

    def values(self, record_id: str, name: str) -> set[str]:
        """Return an organisation's values."""
        found = self.connection.execute(
            "SELECT value FROM facet WHERE id = ? AND name = ?", (record_id, f"organisation.{name}")
        )
        return {value for (value,) in found}

    def names(self, record_ids: Iterable[str]) -> dict[str, list[tuple[str, str, tuple[str, ...]]]]:
        """Return kind, text and words of all names, by organisation."""
        found = self.connection.execute(
            "SELECT n.id, n.kind, n.text, n.words FROM json_each(?) AS j CROSS JOIN name AS n ON n.id = j.value "
            "ORDER BY n.id, n.position",
            (json.dumps(sorted(record_ids)),),
        )
        held: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}
        for record_id, kind, text, spelled in found:
            held.setdefault(record_id, []).append((kind, text, tuple(spelled.split())))
        return held


def matches(connection: sqlite3.Connection, wish: Wish) -> list[Match]:
    """Return the candidates that are at all likely, best first; at most `MOST`."""
    index = _Index(connection)
    asked = words(wish.name)
    at_site = _at_site(index, wish)
    sharing = _by_words(index, asked)
    candidates = {*sorted(sharing, key=lambda record_id: (-sharing[record_id], record_id))[:_COMPARED], *at_site}
    found = [
        _compared(index, wish, asked, record_id, held, at_site) for record_id, held in index.names(candidates).items()
    ]
    return sorted((one for one in found if one.score >= LEAST), key=lambda one: (-one.score, one.id))[:MOST]


def possible_duplicates(connection: sqlite3.Connection, record: Mapping[str, Any]) -> list[str]:
    """Return ids of organisations that clearly are this one, best first; the record may have no id yet.

    Clearly: one of their names is its name, and they have their city or their own web site in common. Whoever carries
    another value of a scheme that this one carries too is another organisation.
    """
    own = {entry["scheme"]: entry["value"] for entry in record.get("external_ids") or ()}
    city, website = city_of(dict(record)), record.get("website")
    index = _Index(connection)
    best: dict[str, float] = {}
    for name in names(record):
        if name.kind in {"name", "official"}:
            for match in _of_the_same_name(index, Wish(name.text, city, website)):
                best[match.id] = max(match.score, best.get(match.id, 0.0))
    return [
        record_id
        for record_id in sorted(best, key=lambda one: (-best[one], one))
        if record_id != record.get("id") and not _contradicts(own, index.values(record_id, "external_id"))
    ]


def _of_the_same_name(index: _Index, wish: Wish) -> Iterator[Match]:
    """Yield who has the very name, and more in common with the wish than that."""
    asked = words(wish.name)
    at_site = _at_site(index, wish)
    for record_id, held in index.names(index.ids(WHOLE + "".join(asked))).items():
        same = [name for name in held if _is_same(asked, name[2])]
        match = _compared(index, wish, asked, record_id, same, at_site)
        if match.score >= DUPLICATE and any(reason.kind in {"same_city", "same_site"} for reason in match.reasons):
            yield match


def _contradicts(own: Mapping[str, str], others: Iterable[str]) -> bool:
    pairs = (pair.split(":", 1) for pair in others)
    return any(scheme in own and own[scheme] != value for scheme, value in pairs)


def items(connection: sqlite3.Connection, found: Sequence[Match]) -> list[str]:
    """Return the JSON texts of matches as they are served: score, reasons, and the organisation's summary."""
    texts = summaries(connection, [one.id for one in found])
    heads = (
        dumps(
            {
                "score": one.score,
                "reasons": [
                    {"field": reason.field, "kind": reason.kind, "text": dict(reason.text)} for reason in one.reasons
                ],
            }
        )
        for one in found
    )
    return [f'{head[:-1]},"organisation":{texts[one.id]}}}' for head, one in zip(heads, found, strict=True)]


def _at_site(index: _Index, wish: Wish) -> list[str]:
    site = host(wish.website)
    return index.facet("host", site, _RARE) if site else []


def _is_same(one: Sequence[str], other: Sequence[str]) -> bool:
    return bool(one) and "".join(one) == "".join(other)


def _by_words(index: _Index, asked: Sequence[str]) -> Mapping[str, float]:
    """Return who shares words with the name, and how telling these are together."""
    shared: dict[str, float] = defaultdict(float)
    for record_id in index.ids(WHOLE + "".join(asked)):
        shared[record_id] += 10
    different = sorted(dict.fromkeys(asked), key=index.count)
    for word in different:
        if index.count(word) <= _RARE:
            for record_id in index.ids(word):
                shared[record_id] += index.weight(word)
        if index.count(word) == 0 and len(word) >= _SHORTEST_FOR_A_SLIP:
            for record_id in index.ids_beginning(word[:_BEGINNING]):
                shared[record_id] += _SLIP
    if not shared and len(different) > 1:
        for record_id in index.ids_with_both(*different[:2]):
            shared[record_id] += index.weight(different[0])
    return shared


def _compared(
    index: _Index,
    wish: Wish,
    asked: Sequence[str],
    record_id: str,
    held: Sequence[tuple[str, str, tuple[str, ...]]],
    at_site: Sequence[str],
) -> Match:
    likeness, kind, text = max(
        ((_likeness(index, asked, spelled) * _BY_KIND[kind], kind, text) for kind, text, spelled in held),
        key=lambda one: one[0],
    )
    score = _BY_NAME * likeness
    reasons = [_reason_of_name(likeness, kind, text)] if likeness >= LEAST else []
    if record_id in at_site:
        is_own = len(at_site) <= _OF_ONE
        score = _joined(score, _BY_HOST if is_own else _BY_PORTAL)
        reasons.append(_reason("website", "same_site" if is_own else "same_portal", host(wish.website) or ""))
    cities = index.values(record_id, "city") if wish.city else set()
    if wish.city and cities and score >= _ENOUGH_TO_ASK_FOR_THE_CITY:
        is_there = fold(wish.city) in cities
        score = _joined(score, _BY_CITY) if is_there else score * _OTHER_CITY
        reasons.append(_reason("offices", "same_city" if is_there else "other_city"))
    return Match(record_id, round(score, 2), reasons)


def _joined(score: float, more: float) -> float:
    """Return how likely it is when two independent things speak for it."""
    return 1 - (1 - score) * (1 - more)


def _reason_of_name(likeness: float, kind: str, text: str) -> Reason:
    alike = "same" if likeness >= _BY_KIND[kind] else "similar"
    return _reason("name" if kind == "name" else "other_names", f"{alike}_{kind}", text)


def _reason(field_name: str, kind: str, text: str = "") -> Reason:
    german, english = _SAYINGS[kind]
    return Reason(field_name, kind, {"de": german.format(text), "en": english.format(text)})


def _likeness(index: _Index, one: Sequence[str], other: Sequence[str]) -> float:
    """Return how alike two names are: the weight of the words that they share, of all their words (Dice)."""
    if _is_same(one, other):
        return 1.0
    ours, theirs = dict.fromkeys(one), dict.fromkeys(other)
    total = sum(map(index.weight, ours)) + sum(map(index.weight, theirs))
    shared = 2 * sum(index.weight(word) for word in ours if word in theirs)
    left = [word for word in theirs if word not in ours]
    for word in (word for word in ours if word not in theirs):
        closeness, partner = max(((_closeness(word, held), held) for held in left), default=(0.0, ""))
        if closeness > 0:
            left.remove(partner)
            shared += closeness * (index.weight(word) + index.weight(partner))
    # Only the very same letters are the same name.
    return min(0.99, shared / total) if total else 0.0


def _closeness(one: str, other: str) -> float:
    """Return how near two different words are: a slip of one letter, or the one cut short."""
    short, long = sorted((one, other), key=len)
    if len(short) >= _SHORTEST_FOR_A_SLIP and _is_slip(short, long):
        return _SLIP
    return _ABBREVIATED if len(short) >= _SHORTEST_CUT and long.startswith(short) else 0.0


def _is_slip(short: str, long: str) -> bool:
    """Tell whether one letter was changed, left out or added, or two neighbours were swapped."""
    if len(long) - len(short) > 1:
        return False
    at = next((place for place, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at : at + 2][::-1] == long[at : at + 2] and short[at + 2 :] == long[at + 2 :]
    return swapped or short[at + 1 :] == long[at + 1 :]
