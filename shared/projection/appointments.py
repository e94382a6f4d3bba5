"""What calendars show of an event: when, and the texts that they are written of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.models.dates import HOME_ZONE, is_date_time
from shared.models.patch import dumps
from shared.models.regions import HOME_COUNTRY
from shared.projection.intervals import Interval, interval_of
from shared.projection.summaries import MARK

Json = dict[str, Any]

LONGEST_DESCRIPTION: Final = 500
"""Characters; the whole description stands in the record."""
_ORGANISING: Final = frozenset({"organiser", "co_organiser"})
_CARRIED: Final = ("id", "title", "status", "part_of", "topics", "website", "version", "created_at", "updated_at")


@dataclass(frozen=True, slots=True)
class Appointment:
    """One event as calendars show it: `text` is JSON with gaps where names of others belong.

    Where first and last day are not known for certain, it is shown over its whole span, to those who ask for that.
    """

    interval: Interval
    is_off: bool
    text: str


def appointment(record: Mapping[str, Any]) -> Appointment | None:
    """Return what a calendar may show of a live event, None for one without a date.

    A cancelled event stays on its day, and a postponed one on its former day, for as long as calendars tell of it.
    """
    is_off = record["status"] in {"cancelled", "postponed"}
    when = _shown(record)
    interval = None if when is None else interval_of(when)
    if when is None or interval is None:
        return None
    place = record.get("place", {})
    content: Json = {name: record[name] for name in _CARRIED if name in record}
    content |= _present(
        description={tag: _abstract(text) for tag, text in record.get("description", {}).items()},
        location=_location(place),
        geo=place.get("location"),
        online_url=place.get("online_url"),
        registration_url=record.get("registration", {}).get("url"),
        organisers=_organisers(record),
    )
    return Appointment(interval, is_off, dumps({**content, **_time(when, interval)}))


def _shown(record: Mapping[str, Any]) -> Json | None:
    when: Json | None = record.get("when")
    former: Json | None = record.get("previous_when")
    if record["status"] == "postponed":
        return former or when
    return when or former if record["status"] == "cancelled" else when


def _time(when: Json, interval: Interval) -> Json:
    """Return local times, or first and last day and whether they are known."""
    if is_date_time(when["start"]):
        return {
            "start": when["start"],
            **_present(end=when.get("end")),
            "timezone": when.get("timezone", HOME_ZONE),
        }
    return {"first": interval.earliest, "last": interval.latest, "is_known": interval.is_known}


def _organisers(record: Mapping[str, Any]) -> list[Json]:
    """Return those who organise it, not those who support it."""
    return [
        {"id": one["organisation_id"], MARK + "name": one["organisation_id"]}
        for one in record.get("organisers", ())
        if one.get("role", "organiser") in _ORGANISING
    ]


def _location(place: Json) -> str:
    care_of, country = place.get("care_of"), place.get("country", HOME_COUNTRY)
    town = " ".join(place[name] for name in ("postal_code", "city") if name in place)
    parts = (
        place.get("name"),
        care_of and f"c/o {care_of}",
        place.get("street"),
        town,
        country if country != HOME_COUNTRY else None,
    )
    return ", ".join(part for part in parts if part)


def _abstract(text: str) -> str:
    """Return the text, cut behind a word where it is long."""
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    return text[:LONGEST_DESCRIPTION].rsplit(maxsplit=1)[0] + " …"


def _present(**fields: object) -> Json:
    return {name: value for name, value in fields.items() if value}
