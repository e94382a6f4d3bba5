"""The search: records by words and filters, the best first, and what a query may be completed to."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Final

from shared.models.languages import HOME_LANGUAGE, in_language
from shared.models.patch import dumps
from shared.models.room import fitting
from shared.projection.filters import Condition
from shared.projection.pages import Ask, Page, summaries
from shared.projection.search.highlights import highlights
from shared.projection.search.narrowing import conditions, counts, of_networks
from shared.projection.search.wishes import LEAST_PART, Wish, spelled, wishes

EXACT: Final = 100
EXACT_OTHER: Final = 60
BEGINS: Final = 25
"""What it counts that the query is the name, another name, or how the name begins."""
COVERS: Final = 10
"""What it counts that the name holds nothing but as much as was searched for; less, the longer it is."""
RECENT: Final = 12
"""What it counts that an event is today; half of it a year before or after."""
COMING: Final = 4
"""What it counts beside that an event is not over."""
MOST_SUGGESTED: Final = 10

_HITS: Final = """
    CREATE TEMP TABLE hit AS
    SELECT key, sum(level) AS level, count(*) AS wishes FROM ({each}) GROUP BY key
"""
_EACH: Final = "SELECT key, max(level) AS level FROM ({ways}) GROUP BY key"
_FOUND: Final = """
    CREATE TEMP TABLE found AS
    SELECT r.id, r.type, p.key,
           h.level
           + CASE WHEN :whole = '' THEN 0
                  WHEN p.whole = :whole THEN {exact}
                  WHEN instr(char(10) || p.others || char(10), char(10) || :whole || char(10)) THEN {exact_other}
                  WHEN substr(p.whole, 1, length(:whole)) = :whole THEN {begins}
                  ELSE 0 END
           + CAST({covers} * min(1.0, length(:whole) * 1.0 / max(1, length(p.whole))) AS INTEGER)
           + CASE WHEN r.type = 'event' AND r.undated = 0
                  THEN CAST({recent} / (1 + abs(julianday(:today) - julianday(r.earliest)) / 365.0) AS INTEGER)
                       + {coming} * (r.latest >= :today)
                  ELSE 0 END AS score,
           0 AS fails
      FROM hit AS h CROSS JOIN passage AS p ON p.key = h.key CROSS JOIN record AS r ON r.id = p.id
     WHERE h.wishes >= :least
     ORDER BY score DESC, r.id
"""


def search(connection: sqlite3.Connection, ask: Ask) -> Page:
    """Return a page of records by score, then id, with `facets`; without `q` all that pass the filters.

    A record must have every word of `q`, or where none has, as many as any has, but half of them at least.
    """
    query = "".join(ask.filters.get("q", ()))
    wanted = wishes(connection, query)
    _gather(connection, wanted, everything=not query)
    _rate(connection, query, len(wanted), ask.today)
    asked = conditions(connection, ask.filters, ask.today)
    _check(connection, asked.values())
    rows = connection.execute(
        "SELECT id, key, score FROM found "
        "WHERE fails = 0 AND (:score IS NULL OR score < :score OR (score = :score AND id > :id)) "
        "ORDER BY score DESC, id LIMIT :limit",
        {**dict(zip(("score", "id"), ask.after or (None, None), strict=True)), "limit": ask.limit + 1},
    ).fetchall()
    items = fitting(_items(connection, rows[: ask.limit], wanted))
    last = rows[len(items) - 1] if len(rows) > len(items) else None
    facets = dumps(counts(connection, list(asked), ask.today))
    return Page(items, None if last is None else (last[2], last[0]), {"facets": facets})


def _gather(connection: sqlite3.Connection, wanted: Sequence[Wish], *, everything: bool) -> None:
    """Write into `hit` which passages have which of the words, and how well."""
    for table in ("hit", "found"):
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
    if not wanted:
        every = "CREATE TEMP TABLE hit AS SELECT key, 0 AS level, 0 AS wishes FROM passage WHERE ?"
        connection.execute(every, (everything,))
        return
    parameters: list[str] = []
    each = []
    for wish in wanted:
        ways = []
        for index, query, level in wish.queries():
            ways.append(f"SELECT rowid AS key, {level} AS level FROM {index} WHERE {index} MATCH ?")  # noqa: S608 - ours
            parameters.append(query)
        each.append(_EACH.format(ways=" UNION ALL ".join(ways)))
    connection.execute(_HITS.format(each=" UNION ALL ".join(each)), parameters)


def _rate(connection: sqlite3.Connection, query: str, wanted: int, today: str) -> None:
    """Write into `found` which of the hits have words enough, the best first."""
    weights = {"exact": EXACT, "exact_other": EXACT_OTHER, "begins": BEGINS, "covers": COVERS}
    statement = _FOUND.format(**weights, recent=RECENT, coming=COMING)
    least = _least(connection, wanted)
    connection.execute(statement, {"whole": " ".join(spelled(query)), "today": today, "least": least})


def _check(connection: sqlite3.Connection, asked: Iterable[Condition]) -> None:
    """Write into `fails` which of the conditions, a bit for each, a record does not fulfil."""
    for place, condition in enumerate(asked):
        connection.execute(
            f"UPDATE found SET fails = fails | {1 << place} WHERE id NOT IN (SELECT r.id FROM found AS f "  # noqa: S608 - ours
            "CROSS JOIN record AS r ON r.id = f.id CROSS JOIN passage AS p ON p.key = f.key "
            f"WHERE {condition.sql})",
            condition.parameters,
        )


def _least(connection: sqlite3.Connection, wanted: int) -> int:
    (most,) = connection.execute("SELECT coalesce(max(wishes), 0) FROM hit").fetchone()
    return most if 2 * most >= wanted else wanted


def _items(connection: sqlite3.Connection, rows: Sequence[tuple[str, int, int]], wanted: Sequence[Wish]) -> list[str]:
    texts = summaries(connection, [record_id for record_id, *_ in rows])
    found = []
    for record_id, key, score in rows:
        summary = texts[record_id]
        record = json.loads(summary)
        (held,) = connection.execute("SELECT texts FROM passage WHERE key = ?", (key,)).fetchone()
        shown = {name: record[name] for name in ("type", "id", "name", "title", "kind") if name in record}
        shown |= {"score": score, "highlights": highlights(json.loads(held), wanted)}
        found.append(f'{dumps(shown)[:-1]},"summary":{summary}}}')
    return found


_SUGGESTED: Final = """
    SELECT r.id, r.type, r.label FROM {index} CROSS JOIN passage AS p ON p.key = {index}.rowid
      CROSS JOIN record AS r ON r.id = p.id
     WHERE {index} MATCH ? AND {narrow}
     ORDER BY substr(p.whole, 1, length(?)) <> ?, length(p.whole), r.id LIMIT ?
"""


def suggest(connection: sqlite3.Connection, query: str, networks: Sequence[str], today: str) -> list[dict[str, Any]]:
    """Return names and titles that begin with the words of a query, then those that hold them, at most ten."""
    every = spelled(query)
    whole = " ".join(every)
    narrow = of_networks(networks, today) if networks else None
    asked = [("word_index", " AND ".join(f'"{word}" *' for word in every))]
    if every and all(len(word) >= LEAST_PART for word in every):
        asked.append(("part_index", " AND ".join(f'"{word}"' for word in every)))
    found: dict[str, dict[str, Any]] = {}
    for index, match in asked if every else ():
        rows = connection.execute(
            _SUGGESTED.format(index=index, narrow="1" if narrow is None else narrow.sql),
            (f"{{name names}} : ({match})", *(narrow.parameters if narrow else ()), whole, whole, MOST_SUGGESTED),
        )
        for record_id, record_type, label in rows:
            found.setdefault(record_id, {"text": _text(json.loads(label)), "type": record_type, "id": record_id})
    return list(found.values())[:MOST_SUGGESTED]


def _text(label: dict[str, Any]) -> str:
    return label["name"] if "name" in label else in_language(label["title"], HOME_LANGUAGE)[1]
