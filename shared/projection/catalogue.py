"""The catalogue: what organisations offer, by title, over all networks or some of them."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from shared.models.patch import dumps
from shared.models.room import fitting
from shared.models.text import fold, sort_key
from shared.projection.filters import Condition, Filters, has
from shared.projection.pages import Ask, Page

MOST_NETWORKS: Final = 20
"""Named with an offering, the first by name."""
_FEW: Final = 1000
"""Of so many organisations the offerings are sorted; for more of them the catalogue is walked in its order."""
_OFFERED_BY: Final = """
    SELECT DISTINCT f.id FROM facet AS f
     WHERE f.name = ? AND f.value IN ({values}) AND f.opens <= ? AND f.closes >= ? LIMIT ?
"""
_OFFERED_ON: Final = "SELECT DISTINCT t.id FROM offering_topic AS t WHERE t.topic IN ({values}) LIMIT ?"
_ON_TOPIC: Final = """
    EXISTS (SELECT 1 FROM offering_topic AS t WHERE t.topic IN ({values}) AND t.id = r.id AND t.position = r.position)
"""
_NETWORKS: Final = """
    SELECT f.id, f.value, n.name FROM json_each(?) AS j
      CROSS JOIN facet AS f ON f.id = j.value AND f.name = 'organisation.network' AND f.opens <= ? AND f.closes >= ?
      CROSS JOIN record AS n ON n.id = f.value AND n.name IS NOT NULL
     ORDER BY f.id, n.rank, n.id
"""


def catalogue(connection: sqlite3.Connection, ask: Ask) -> Page:
    """Return a page of offerings that may hold today, in German order of their titles, each with who offers it.

    `topic` is one of the offering's, or where it has none of the organisation's; `network` means its members of today
    and itself, `region` that of the organisation; every word of `q` must be found, as a part of one too, in title,
    description or the organisation's name.
    """
    source, few = _source(connection, ask.filters, ask.today)
    every = [*few, *_conditions(ask)]
    found = connection.execute(
        f"SELECT r.rank, r.id, r.position FROM {source} "  # noqa: S608 - built of our own words
        f"WHERE {' AND '.join(condition.sql for condition in every)} ORDER BY r.rank, r.id, r.position LIMIT ?",
        (*(value for condition in every for value in condition.parameters), ask.limit + 1),
    ).fetchall()
    places = [(record_id, position) for _, record_id, position in found[: ask.limit]]
    items = fitting(_items(connection, places, ask.today))
    return Page(items, tuple(found[len(items) - 1]) if len(found) > len(items) else None)


def _conditions(ask: Ask) -> Iterator[Condition]:
    yield Condition("r.opens <= ? AND r.closes >= ?", (ask.today, ask.today))
    if ask.after is not None:
        yield Condition("(r.rank, r.id, r.position) > (?, ?, ?)", tuple(ask.after))
    if kinds := ask.filters.get("kind"):
        yield Condition(f"r.kind IN ({_marks(kinds)})", tuple(kinds))
    for query in ask.filters.get("q", ()):
        yield from map(_found, _meant(query))
    if topics := ask.filters.get("topic"):
        yield Condition(_ON_TOPIC.format(values=_marks(topics)), tuple(topics))
    if networks := ask.filters.get("network"):
        members = has("organisation.network", networks, ask.today)
        yield Condition(f"(r.id IN ({_marks(networks)}) OR {members.sql})", (*networks, *members.parameters))
    if regions := ask.filters.get("region"):
        yield has("organisation.region", regions, ask.today)


def _meant(query: str) -> list[str]:
    """Return the words of a query, without signs between them: nobody looks for the `&` of a title."""
    every = query.split()
    return [word for word in every if any(map(str.isalnum, word))] or every


def _found(word: str) -> Condition:
    """Return that each part of a word stands in the words of an offering, by letters or folded."""
    either = [(*form(word).split(),) for form in (sort_key, fold)]
    held = [" AND ".join(["instr(r.words, ?)"] * len(parts)) for parts in either]
    return Condition(f"({' OR '.join(f'({each or 1})' for each in held)})", either[0] + either[1])


def _source(connection: sqlite3.Connection, filters: Filters, today: str) -> tuple[str, list[Condition]]:
    """Return what is read, and a first condition where one of the filters leaves few organisations."""
    for name in ("network", "topic", "region"):
        values = filters.get(name, ())
        ids = _offering(connection, name, values, today) if values else None
        if ids is not None and len(ids) <= _FEW:
            few = Condition("r.id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))
            return "offering AS r INDEXED BY offering_owner", [few]
    return "offering AS r", []


def _offering(connection: sqlite3.Connection, name: str, values: Sequence[str], today: str) -> list[str]:
    """Return the organisations that a filter means, one more than few where there are more."""
    if name == "topic":
        found = connection.execute(_OFFERED_ON.format(values=_marks(values)), (*values, _FEW + 1))
    else:
        facet = f"organisation.{name}"
        parameters = (facet, *values, today, today, _FEW + 1)
        found = connection.execute(_OFFERED_BY.format(values=_marks(values)), parameters)
    ids = {record_id for (record_id,) in found}
    return sorted(ids | set(values) if name == "network" else ids)


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _items(connection: sqlite3.Connection, places: Sequence[tuple[str, int]], today: str) -> Iterator[str]:
    texts = connection.execute(
        "SELECT i.item FROM json_each(?) AS j CROSS JOIN offering_item AS i "
        "ON i.id = j.value ->> 0 AND i.position = j.value ->> 1 ORDER BY j.key",
        (json.dumps(places),),
    )
    networks = _networks(connection, sorted({record_id for record_id, _ in places}), today)
    for (record_id, _), (text,) in zip(places, texts, strict=True):
        yield f'{text[:-1]},"networks":[{",".join(networks[record_id][:MOST_NETWORKS])}]}}'


def _networks(connection: sqlite3.Connection, ids: Sequence[str], today: str) -> dict[str, list[str]]:
    """Return what each of the organisations is a member of today, as JSON texts by name."""
    found: dict[str, list[str]] = defaultdict(list)
    for member, network, name in connection.execute(_NETWORKS, (json.dumps(ids), today, today)):
        found[member].append(f'{{"id":{dumps(network)},"name":{name}}}')
    return found
