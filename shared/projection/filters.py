"""Filters as SQL: which records pass, and by which index a list that asks for them is walked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from shared.models.dates import FIRST_DAY, LAST_DAY, parse
from shared.models.text import fold

Filters = Mapping[str, Sequence[str]]
"""Values by parameter, valid already; the values of one filter are OR, the filters AND."""

# The most telling first: a list is walked along the first of these that it is asked for.
FACETS: Final[Mapping[str, tuple[str, ...]]] = {
    "organisation": ("external_id", "source", "related", "network", "city", "topic", "region", "kind"),
    "event": (
        "part_of",
        "cooperation",
        "organiser",
        "source",
        "city",
        "topic",
        "region",
        "kind",
        "status",
        "audience",
        "parts",
    ),
    "cooperation": ("party", "source", "topic", "kind", "status", "confirmation", "open_to_partners"),
}
# A date is more telling than these and less telling than the others.
_BROAD: Final = frozenset(
    {"city", "topic", "region", "kind", "status", "audience", "parts", "confirmation", "open_to_partners"}
)


def is_broad(facet: str) -> bool:
    """Tell whether the days asked for are likely to leave fewer records than this facet."""
    return facet.partition(".")[2] in _BROAD


_MEMBER_OF = """
    EXISTS (SELECT 1 FROM facet AS p WHERE p.id = r.id AND p.name = ? AND (p.value IN ({values}) OR EXISTS (
        SELECT 1 FROM facet AS m WHERE m.id = p.value AND m.name = 'organisation.network'
           AND m.value IN ({values}) AND m.opens <= ? AND m.closes >= ?)))
"""
_REGION_OF_PARTY = """
    EXISTS (SELECT 1 FROM facet AS p WHERE p.id = r.id AND p.name = 'cooperation.party' AND EXISTS (
        SELECT 1 FROM facet AS m WHERE m.id = p.value AND m.name = 'organisation.region'
           AND m.value IN ({values}) AND m.opens <= ? AND m.closes >= ?))
"""
_HAS = """
    EXISTS (SELECT 1 FROM facet AS c WHERE c.id = r.id AND c.name = ? AND c.value IN ({values})
       AND c.opens <= ? AND c.closes >= ?)
"""
_ACTORS: Final = {"event": "event.organiser", "cooperation": "cooperation.party"}


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL that holds for a record `r`, and its parameters."""

    sql: str
    parameters: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """The days that a list of events or cooperations is asked for."""

    first: str
    last: str
    certain: bool

    def condition(self) -> Condition:
        """What a dated record must fulfil."""
        if self.certain:
            return Condition("r.certain_start <= ? AND r.certain_end >= ?", (self.last, self.first))
        return Condition("r.earliest <= ? AND r.latest >= ?", (self.last, self.first))


def window(filters: Filters) -> Window | None:
    """Return the days that `from`, `to` and `date_match` ask for, None if there is no such wish."""
    if not filters.get("from") and not filters.get("to"):
        return None
    return Window(
        min((parse(value).earliest for value in filters.get("from", ())), default=FIRST_DAY),
        max((parse(value).latest for value in filters.get("to", ())), default=LAST_DAY),
        set(filters.get("date_match", ())) == {"certain"},
    )


def updated_since(filters: Filters) -> str | None:
    """Return the earliest moment of `updated_since` as the register writes moments, None without that filter."""
    moments = [datetime.fromisoformat(value) for value in filters.get("updated_since", ())]
    if not moments:
        return None
    first = min(moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in moments)
    return first.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def undated_segments(record_type: str, filters: Filters) -> tuple[int, ...]:
    """Return which parts of the order are asked for: 0 the dated, 1 the undated."""
    if record_type == "organisation":
        return (0,)
    wishes = set(filters.get("undated", ())) or {"exclude" if window(filters) else "include"}
    dated = wishes != {"only"}
    undated = wishes != {"exclude"}
    return (0,) * dated + (1,) * undated


def facet_values(record_type: str, filters: Filters) -> dict[str, list[str]]:
    """Return the values by facet, the most telling first."""
    found: dict[str, list[str]] = {}
    for name in FACETS[record_type]:
        values = filters.get(name, ())
        if values and not (name == "parts" and _all_parts(values)):
            found[f"{record_type}.{name}"] = sorted(
                {fold(value) for value in values} if name == "city" else set(values)
            )
    return found


def _all_parts(values: Sequence[str]) -> bool:
    return "include" in values or {"exclude", "only"} <= set(values)


def conditions(record_type: str, filters: Filters, today: str) -> list[Condition]:
    """Return what a record must fulfil besides its facets and its dates: what others say of those that it names."""
    found = []
    networks, regions = filters.get("network", ()), filters.get("region", ())
    if networks and record_type in _ACTORS:
        parameters = (_ACTORS[record_type], *networks, *networks, today, today)
        found.append(_condition(_MEMBER_OF, parameters, len(networks)))
    if regions and record_type == "cooperation":
        found.append(_condition(_REGION_OF_PARTY, (*regions, today, today), len(regions)))
    return found


def has(facet: str, values: Sequence[str], today: str) -> Condition:
    """Return the condition that a record has one of the values today."""
    return _condition(_HAS, (facet, *values, today, today), len(values))


def _condition(sql: str, parameters: tuple[object, ...], count: int) -> Condition:
    return Condition(sql.format(values=", ".join("?" * count)), parameters)
