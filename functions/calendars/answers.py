"""Answers that are calendars: RFC 5545 for the events of a list, of an organisation, or one alone."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from icalendar import Calendar, vDuration

from functions.calendars.components import vevent, zone_and_years
from functions.calendars.texts import Text
from functions.calendars.zones import timezone
from functions.reading import REGISTER, Reading, digest, name_of
from shared.http.messages import Request, Response
from shared.http.routes import CALENDAR
from shared.models.dates import HOME_ZONE
from shared.models.room import fitting
from shared.projection.calendar import Appointments, appointments, one
from shared.projection.queries import Scope, version_of

REFRESH: Final = timedelta(hours=4)
_CUT: Final = {
    "de": "Ältere Termine fehlen: Es sind zu viele. Grenzen Sie den Kalender mit from, to und anderen Filtern ein.",
    "en": "Older events are missing: there are too many. Narrow the calendar by from, to and other filters.",
}


def of_events(reading: Reading, request: Request, *, organisation: str | None = None) -> Response:
    """The calendar of a list of events, or of all those in which an organisation has a role.

    Raises `NotFound` or `Gone` for the organisation, and `CatchingUp`.
    """
    today = reading.today()
    with reading.lists(request, None if organisation is None else "organisation") as connection:
        found = appointments(
            connection,
            request.query,
            today=today,
            tentative=_tentative(request),
            scope=None if organisation is None else Scope(organisation=organisation),
        )
        named = [organisation] if organisation else [*_values(request, "organiser"), *_values(request, "network")]
        name = name_of(connection, named)
    body = written(found, str(request.one("lang")), name, today)
    return Response(body, media_type=f"{CALENDAR}; charset=utf-8", etag=digest(body))


def of_event(reading: Reading, request: Request) -> Response:
    """The calendar of one event, with nothing in it while calendars would not show it; raises `NotFound` or `Gone`."""
    event_id, today = request.variables["id"], reading.today()
    with reading.lists(request, "event") as connection:
        found = one(connection, event_id, today=today, tentative=_tentative(request))
        version = version_of(connection, event_id)
    body = written(found, str(request.one("lang")), REGISTER, today)
    return Response(body, media_type=f"{CALENDAR}; charset=utf-8", etag=f"{version}-ics.{digest(body)}")


def _values(request: Request, name: str) -> Sequence[str]:
    return request.query.get(name, ())


def _tentative(request: Request) -> bool:
    return request.one("tentative") == "include"


def written(found: Appointments, language: str, name: str, today: str) -> str:
    """Return the text of a calendar of that name, its events in the order of time."""
    events = [vevent(text, language) for text in found.texts]
    shown = len(fitting(events))
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//Clusterregister//Clusterregister 1//DE")
    calendar.add("CALSCALE", "GREGORIAN")
    for property_name in ("NAME", "X-WR-CALNAME"):
        calendar.add(property_name, Text(name))
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    if found.is_cut or shown < len(events):
        calendar.add("DESCRIPTION", _CUT[language], parameters={"LANGUAGE": language})
    for zone, years in sorted(_zones(found.texts[:shown], today).items()):
        calendar.add_component(timezone(zone, years))
    opened = calendar.to_ical().decode().removesuffix("END:VCALENDAR\r\n")
    return "".join([opened, *events[:shown][::-1], "END:VCALENDAR\r\n"])


def _zones(texts: list[str], today: str) -> dict[str, set[int]]:
    """Return the years by time zone that the events need.

    A calendar must hold something (section 3.6): where there is no event it tells the time of the register's home.
    """
    found: dict[str, set[int]] = defaultdict(set)
    for zone, years in filter(None, (zone_and_years(json.loads(text)) for text in texts)):
        found[zone].update(years)
    return found if texts else {HOME_ZONE: {int(today[:4])}}
