"""Pairs of organisations that do not cooperate yet and might, with the reasons in words."""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Final

from shared.models.languages import in_language
from shared.models.patch import dumps
from shared.models.regions import region_text
from shared.models.room import fitting
from shared.projection.graph import busiest, labels
from shared.projection.pages import Ask, Page
from shared.projection.profiles import Profile, Profiles
from shared.projection.queries import refs
from shared.projection.scope import COUNTED, WITHIN
from shared.projection.ties import MOST_EVIDENCE, Moment

Json = dict[str, Any]

WEIGHTS: Final[Mapping[str, int]] = {"offering": 30, "topics": 25, "event": 20, "partners": 15, "region": 10}
"""The most that each kind of reason adds to a score, which is 100 where all of them are as strong as can be."""
LEAST_SCORE: Final = 5
"""A pair with less is not shown: it has nothing in common but what many have, such as one large network."""
MOST_SEEDS: Final = 50
"""Members of a network for whom partners are sought: those with the most records."""
_MOST_NAMED: Final = 3
_BY_NAME: Final = f"""
    SELECT r.id FROM record AS r WHERE r.type = 'organisation' AND r.deleted = 0 AND r.undated = 0
       AND {COUNTED["offering"].format(id="r.id")} ORDER BY r.rank, r.id LIMIT :most
"""  # noqa: S608 - built of our own words

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "offering": ("{0} bietet, wozu {1} Ziele in „{2}“ hat: {3}", "{0} offers what {1} aims at in “{2}”: {3}"),
    "topics": ("Beide nennen als Thema: {0}", "Both name as a topic: {0}"),
    "event": ("Beide waren beteiligt an: {0}", "Both took part in: {0}"),
    "partners": ("Beide sind verbunden mit: {0}", "Both are tied to: {0}"),
    "region": ("Beide sind in derselben Region: {0}", "Both are in the same region: {0}"),
}
_AND_MORE: Final = (" und {0} mehr", " and {0} more")
_LANGUAGES: Final = ("de", "en")


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a pair; `offerer` where one of the two offers something to the other."""

    kind: str
    weight: int
    values: tuple[str, ...]
    evidence: tuple[str, ...]
    offerer: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two organisations, the smaller id first, and what speaks for them, the strongest first."""

    one: str
    other: str
    reasons: tuple[Reason, ...]

    @property
    def score(self) -> int:
        """What speaks for it, from 1 to 100."""
        return sum(reason.weight for reason in self.reasons)

    @property
    def key(self) -> tuple[int, str, str]:
        """Its place among all pairs: the highest score first."""
        return -self.score, self.one, self.other


def synergies(connection: sqlite3.Connection, ask: Ask) -> Page:
    """Return a page of pairs by score: with an organisation, within networks and their members of today, or anywhere.

    For networks, and without either, they are sought for the fifty with the most records.
    """
    seeds, among = _asked(connection, ask)
    pairs = sorted(_pairs(Profiles(connection, ask.today), seeds, among), key=lambda pair: pair.key)
    behind = [pair for pair in pairs if ask.after is None or pair.key > tuple(ask.after)]
    shown = behind[: ask.limit]
    items = fitting(_items(connection, shown))
    return Page(items, shown[len(items) - 1].key if len(behind) > len(items) else None)


def _asked(connection: sqlite3.Connection, ask: Ask) -> tuple[Sequence[str], Collection[str] | None]:
    """Return for whom partners are sought, and among whom if not among all."""
    networks = tuple(ask.filters.get("network", ()))
    if organisations := ask.filters.get("organisation", ()):
        return organisations, _within(connection, networks, ask.today) if networks else None
    moment = Moment(ask.today, ask.today, networks)
    return _seeds(connection, moment), _within(connection, networks, ask.today) if networks else None


def _seeds(connection: sqlite3.Connection, moment: Moment) -> list[str]:
    """Return those with the most records, and where that are few, others by name."""
    others = connection.execute(WITHIN + _BY_NAME, {**moment.parameters(()), "most": MOST_SEEDS})
    found = [*busiest(connection, moment, MOST_SEEDS), *(record_id for (record_id,) in others)]
    return [*dict.fromkeys(found)][:MOST_SEEDS]


def _within(connection: sqlite3.Connection, networks: Sequence[str], today: str) -> set[str]:
    members = connection.execute(
        "SELECT f.id FROM json_each(?) AS j CROSS JOIN facet AS f ON f.name = 'organisation.network' "
        "AND f.value = j.value AND f.opens <= ? AND f.closes >= ?",
        (json.dumps(networks), today, today),
    )
    return {member for (member,) in members} | set(networks)


def _pairs(profiles: Profiles, seeds: Sequence[str], among: Collection[str] | None) -> Iterator[Pair]:
    own = profiles.of(sorted(profiles.alive(seeds)))
    found = {seed: profiles.candidates(seed, profile, among) for seed, profile in own.items()}
    known = {**own, **profiles.of(sorted({other for others in found.values() for other in others}))}
    met = {(min(seed, other), max(seed, other)) for seed, others in found.items() for other in others}
    for one, other in sorted(met):
        pair = Pair(one, other, tuple(_reasons(profiles, one, known[one], other, known[other])))
        if pair.score >= LEAST_SCORE:
            yield pair


def _reasons(profiles: Profiles, one: str, first: Profile, other: str, second: Profile) -> list[Reason]:
    found = [
        _shared(profiles, "topics", "topics", first, second),
        _shared(profiles, "event", "events", first, second),
        _shared(profiles, "partners", "partners", first, second),
        _shared(profiles, "region", "regions", first, second),
        _offered(profiles, one, first, second),
        _offered(profiles, other, second, first),
    ]
    reasons = [reason for reason in found if reason is not None]
    both = [reason for reason in reasons if reason.kind == "offering"]
    if len(both) > 1:
        # The kind as a whole has one weight, however often it is met.
        reasons.remove(min(both, key=lambda reason: (reason.weight, reason.offerer)))
    return sorted(reasons, key=lambda reason: (-reason.weight, [*WEIGHTS].index(reason.kind)))


def _strong(kind: str, strengths: Iterable[float]) -> int:
    """Return the weight of something that is met several times, each time with a strength from 0 to 1."""
    return max(1, round(WEIGHTS[kind] * (1 - prod(1 - strength for strength in strengths))))


def _shared(profiles: Profiles, kind: str, name: str, first: Profile, second: Profile) -> Reason | None:
    mine, theirs = getattr(first, name), getattr(second, name)
    by_rarity: Callable[[str], tuple[float, str]] = lambda value: (-profiles.rarity(name, value), value)  # noqa: E731
    values = sorted(mine.keys() & theirs.keys(), key=by_rarity)
    if not values:
        return None
    evidence = sorted(set().union(*(mine[value] | theirs[value] for value in values[:MOST_EVIDENCE])))
    weight = _strong(kind, (profiles.rarity(name, value) for value in values))
    return Reason(kind, weight, tuple(values), tuple(evidence[:MOST_EVIDENCE]))


def _offered(profiles: Profiles, offerer: str, first: Profile, second: Profile) -> Reason | None:
    """Return that offerings of the first meet goals of the second; the evidence begins with the cooperation."""
    values = sorted(
        first.offers.keys() & second.aims.keys(), key=lambda value: (-profiles.rarity("offers", value), value)
    )
    if not values:
        return None
    cooperations = sorted(set().union(*(second.aims[value] for value in values)))
    weight = _strong("offering", (profiles.rarity("offers", value) for value in values))
    return Reason("offering", weight, tuple(values), (*cooperations[: MOST_EVIDENCE - 1], offerer), offerer)


def _items(connection: sqlite3.Connection, pairs: Sequence[Pair]) -> Iterator[str]:
    ids = {each for pair in pairs for each in (pair.one, pair.other)}
    nodes = {node["id"]: node for node in labels(connection, Moment(), sorted(ids))}
    reasons = [reason for pair in pairs for reason in pair.reasons]
    named = {value for reason in reasons for value in (*reason.values, *reason.evidence)}
    regions = {value for reason in reasons if reason.kind == "region" for value in reason.values}
    texts = {
        **{record_id: json.loads(label) for record_id, label in refs(connection, sorted(named | ids)).items()},
        **{code: {"title": region_text(code)} for code in regions},
    }
    for pair in pairs:
        yield dumps(
            {
                "organisations": [nodes[pair.one], nodes[pair.other]],
                "score": pair.score,
                "reasons": [_said(reason, pair, texts) for reason in pair.reasons],
            }
        )


def _said(reason: Reason, pair: Pair, texts: Mapping[str, Json]) -> Json:
    topics = {"topics": [*reason.values][:MOST_EVIDENCE]} if reason.kind in {"topics", "offering"} else {}
    words = {language: _sentence(reason, pair, texts, language) for language in _LANGUAGES}
    return {"kind": reason.kind, "weight": reason.weight, "text": words, **topics, "evidence": [*reason.evidence]}


def _sentence(reason: Reason, pair: Pair, texts: Mapping[str, Json], language: str) -> str:
    place = _LANGUAGES.index(language)
    listed = _listed([_name(value, texts, language) for value in reason.values], place)
    if reason.offerer is None:
        return _WORDS[reason.kind][place].format(listed)
    seeker = pair.other if reason.offerer == pair.one else pair.one
    names = [_name(each, texts, language) for each in (reason.offerer, seeker, reason.evidence[0])]
    return _WORDS[reason.kind][place].format(*names, listed)


def _name(value: str, texts: Mapping[str, Json], language: str) -> str:
    """Return the name or title of a record or a region, and of a topic its words."""
    label = texts.get(value)
    if label is None:
        return value.replace("-", " ")
    return str(label["name"]) if "name" in label else in_language(label["title"], language)[1]


def _listed(names: Sequence[str], place: int) -> str:
    rest = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (_AND_MORE[place].format(rest) if rest > 0 else "")
