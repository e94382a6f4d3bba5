"""What is searched for: the words of a query, and the words of the register that each of them may mean."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from shared.models.text import fold
from shared.projection.names import words

Means = Literal["word", "prefix", "part", "slip"]

MOST_WORDS: Final = 8
LEAST_PREFIX: Final = 3
LEAST_PART: Final = 4
LEAST_SLIP: Final = 5
"""Letters from which a word of the query may be the beginning, the inside, or a misspelling of another."""
MOST_SLIPS: Final = 5
_MOST_LOOKED_AT: Final = 5000
"""Words that share a half with a misspelled one and are compared with it."""

# Nobody looks for these, and few texts that are meant have all of them.
_FILLERS: Final = frozenset(
    fold(
        "der die das den dem des ein eine und oder in im am an auf bei von vom für mit zu zum zur "
        "the a an of and or for in on at with to"
    ).split()
)
_COLUMNS: Final = ("name", "{names subjects}", "actors", "body")
LEVELS: Final[dict[Means, tuple[int, ...]]] = {
    "word": (40, 30, 20, 14),
    "prefix": (32, 24, 14, 9),
    "part": (24, 18, 9, 6),
    "slip": (20, 15, 6, 4),
}
"""What a hit counts in the name, in other names, offerings and topics, in the names of who takes part, elsewhere."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One word of the query, folded, and what is taken for it: words as they are, or within others."""

    word: str
    slips: tuple[str, ...] = ()
    """Words of the register one letter away; only where there is no better hit."""

    def queries(self) -> Iterator[tuple[str, str, int]]:
        """Yield index, query (FTS5, section 3) and level of each way in which a record may have the word."""
        if self.slips:
            any_of = " OR ".join(map(_quoted, self.slips))
            yield from (("word_index", f"{column} : ({any_of})", level) for column, level in _levels("slip"))
            return
        quoted = _quoted(self.word)
        yield from (("word_index", f"{column} : {quoted}", level) for column, level in _levels("word"))
        if len(self.word) >= LEAST_PREFIX:
            yield from (("word_index", f"{column} : {quoted} *", level) for column, level in _levels("prefix"))
        if len(self.word) >= LEAST_PART:
            yield from (("part_index", f"{column} : {quoted}", level) for column, level in _levels("part"))

    def found_in(self, word: str) -> tuple[int, int] | None:
        """Return where in a folded word of a text it stands, None where the text's word is none that is meant."""
        if self.slips:
            return (0, len(word)) if word in self.slips else None
        if word == self.word or (len(self.word) >= LEAST_PREFIX and word.startswith(self.word)):
            return 0, len(self.word)
        at = word.find(self.word) if len(self.word) >= LEAST_PART else -1
        return None if at < 0 else (at, at + len(self.word))


def _levels(means: Means) -> Iterator[tuple[str, int]]:
    return zip(_COLUMNS, LEVELS[means], strict=True)


def _quoted(word: str) -> str:
    return f'"{word}"'  # folded words hold letters and digits alone


def wishes(connection: sqlite3.Connection, query: str) -> list[Wish]:
    """Return the words that are searched for, without legal forms and fillers where something else remains."""
    every = list(dict.fromkeys(spelled(query)))
    kept = [word for word in every if word not in _FILLERS and len(word) > 1] or every
    return [_meant(connection, word) for word in kept[:MOST_WORDS]]


def spelled(query: str) -> list[str]:
    """Return the folded words of a query; what has neither letters nor digits is none."""
    return [word for word in words(query) if word.isalnum()]


def _meant(connection: sqlite3.Connection, word: str) -> Wish:
    wish = Wish(word)
    if len(word) < LEAST_SLIP or any(_exists(connection, index, query) for index, query, _ in wish.queries()):
        return wish
    return Wish(word, tuple(_slips(connection, word)))


def _exists(connection: sqlite3.Connection, index: str, query: str) -> bool:
    found = connection.execute(f"SELECT 1 FROM {index} WHERE {index} MATCH ? LIMIT 1", (query,))  # noqa: S608 - ours
    return found.fetchone() is not None


def _slips(connection: sqlite3.Connection, word: str) -> list[str]:
    """Return words one letter away: a slip leaves one of the halves as it is, by which they are looked up."""
    half = len(word) // 2
    halves = (("word", word[:half], 1), ("backwards", word[half:][::-1], -1))
    near = set()
    for column, beginning, way in halves:
        found = connection.execute(
            f"SELECT {column} FROM term WHERE {column} >= ? AND {column} < ? "  # noqa: S608 - names from this module
            f"AND length(word) BETWEEN ? AND ? LIMIT {_MOST_LOOKED_AT}",
            (beginning, beginning + "\U0010ffff", len(word) - 1, len(word) + 1),
        )
        near |= {text[::way] for (text,) in found}
    return sorted(each for each in near if is_one_slip_away(word, each))[:MOST_SLIPS]


def is_one_slip_away(word: str, other: str) -> bool:
    """Tell whether one letter too many, too few, wrong, or two letters exchanged make one word of the other."""
    shorter, longer = sorted((word, other), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    same = next((place for place, letter in enumerate(shorter) if letter != longer[place]), len(shorter))
    if len(shorter) < len(longer):
        return shorter[same:] == longer[same + 1 :]
    swapped = shorter[same : same + 2] == longer[same : same + 2][::-1]
    return shorter[same + 1 :] == longer[same + 1 :] or (swapped and shorter[same + 2 :] == longer[same + 2 :])
