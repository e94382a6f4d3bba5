"""What an organisation offers, and what numbers others give of it, as the catalogue and the figures show them."""

from dataclasses import dataclass
from typing import Any

from shared.models.languages import HOME_LANGUAGE, in_language
from shared.models.patch import dumps
from shared.models.text import findable, sort_key
from shared.models.views import city_of
from shared.projection.periods import Period, period

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Offering:
    """One offering in its place in the catalogue; `topics` are those of the organisation where it has none."""

    position: int
    rank: str
    kind: str | None
    topics: tuple[str, ...]
    period: Period
    words: str
    item: str


def offerings(record: Json) -> list[Offering]:
    """Return what an organisation offers, in the order of its record."""
    offerer = {"id": record["id"], "name": record["name"], "city": city_of(record), "website": record.get("website")}
    shown = {name: value for name, value in offerer.items() if value is not None}
    return [
        Offering(
            position=position,
            rank=sort_key(in_language(entry["title"], HOME_LANGUAGE)[1]),
            kind=entry.get("kind"),
            topics=tuple(entry.get("topics") or record.get("topics") or ()),
            period=_within(period(entry), _existence(record)),
            words=searchable(record["name"], *entry["title"].values(), *entry.get("description", {}).values()),
            item=dumps({**entry, "organisation": shown}),
        )
        for position, entry in enumerate(record.get("offerings", ()))
    ]


def _existence(record: Json) -> Period:
    return period({"since": record.get("founded"), "until": record.get("dissolved")})


def _within(one: Period, other: Period) -> Period:
    return Period(max(one.opens, other.opens), min(one.closes, other.closes))


def searchable(*texts: str) -> str:
    """Return the words of texts, each once, by letters and folded: `ae` may be an umlaut, and the seam of two words."""
    return " ".join(sorted({word for text in texts for word in findable(text).split()}))


def figures(record: Json) -> str | None:
    """Return the numbers that an organisation is said to have, and their sources; None where there are none."""
    found = record.get("figures", ())
    named = {key for figure in found for key in figure.get("sources", ())}
    sources = [source for source in record.get("sources", ()) if source["key"] in named]
    return dumps({"figures": found, "sources": sources}) if found else None
