"""Events as calendars write them: VEVENT (RFC 5545, section 3.6.1, and RFC 7986), from the texts of appointments."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from icalendar import Event, vUri

from functions.calendars.texts import Text
from shared.models.languages import in_language

Json = Mapping[str, Any]

_STATUS: Final = {
    "planned": "TENTATIVE",
    "scheduled": "CONFIRMED",
    "held": "CONFIRMED",
    "postponed": "CANCELLED",
    "cancelled": "CANCELLED",
}
_WORDS: Final = {
    "de": {"organisers": "Veranstalter", "registration": "Anmeldung"},
    "en": {"organisers": "Organised by", "registration": "Registration"},
}


@lru_cache(maxsize=4096)
def vevent(text: str, language: str) -> str:
    """Return the lines of an event; the same text gives the same lines."""
    told = json.loads(text)
    found = Event()
    found.add("UID", uid(told["id"]))
    # The first version is the one that was never revised (RFC 5545, section 3.8.7.4).
    found.add("SEQUENCE", told["version"] - 1)
    found.add("CREATED", datetime.fromisoformat(told["created_at"]))
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        found.add(name, datetime.fromisoformat(told["updated_at"]))
    tag, title = in_language(told["title"], language)
    found.add("SUMMARY", Text(title), parameters={"LANGUAGE": tag})
    _add_time(found, told)
    _add_status(found, told)
    _add_description(found, told, language)
    _add_place(found, told)
    if "website" in told:
        found.add("URL", told["website"])
    if "topics" in told:
        found.add("CATEGORIES", told["topics"])
    if "part_of" in told:
        found.add("RELATED-TO", uid(told["part_of"]), parameters={"RELTYPE": "PARENT"})
    return bytes(found.to_ical()).decode()


def uid(event_id: str) -> str:
    """Return what names an event in every calendar, for ever, and whatever becomes of it."""
    return f"{event_id}@clusterregister"


def zone_and_years(told: Json) -> tuple[str, set[int]] | None:
    """Return the time zone of an event's local times, and the years that they lie in; None for whole days."""
    if "start" not in told:
        return None
    return told["timezone"], {int(told[name][:4]) for name in ("start", "end") if name in told}


def _add_time(found: Event, told: Json) -> None:
    if "start" in told:
        zone = {"TZID": told["timezone"]}
        found.add("DTSTART", datetime.fromisoformat(told["start"]), parameters=zone)
        # An end must be later than the start (section 3.8.2.2); one that is not says no more than the start.
        if told.get("end", told["start"]) > told["start"]:
            found.add("DTEND", datetime.fromisoformat(told["end"]), parameters=zone)
        return
    first, last = date.fromisoformat(told["first"]), date.fromisoformat(told["last"])
    found.add("DTSTART", first)
    if last < date.max:
        found.add("DTEND", last + timedelta(days=1))
    else:
        # No calendar knows the day after the last one.
        found.add("DURATION", last - first + timedelta(days=1))


def _add_status(found: Event, told: Json) -> None:
    is_known = told.get("is_known", True)
    status = _STATUS.get(told["status"])
    if not is_known and status != "CANCELLED":
        status = "TENTATIVE"
    if status is not None:
        found.add("STATUS", status)
    if not is_known or status == "CANCELLED":
        found.add("TRANSP", "TRANSPARENT")


def _add_description(found: Event, told: Json, language: str) -> None:
    words = _WORDS[language]
    tag, described = in_language(told["description"], language) if "description" in told else ("", "")
    names = [one["name"] for one in told.get("organisers", ()) if "name" in one]
    paragraphs = [
        described,
        f"{words['organisers']}: {', '.join(names)}" if names else "",
        f"{words['registration']}: {told['registration_url']}" if "registration_url" in told else "",
    ]
    if any(paragraphs):
        text = "\n\n".join(filter(None, paragraphs))
        found.add("DESCRIPTION", Text(text), parameters={"LANGUAGE": tag or language})


def _add_place(found: Event, told: Json) -> None:
    if "location" in told:
        found.add("LOCATION", Text(told["location"]))
    if "geo" in told:
        found.add("GEO", (told["geo"]["lat"], told["geo"]["lon"]))
    if "online_url" in told:
        found.add("CONFERENCE", vUri(told["online_url"]), parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
