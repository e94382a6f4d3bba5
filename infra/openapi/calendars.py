"""The example of a calendar, made by the code that makes the real ones."""

from functions.calendars.answers import written
from infra.openapi import examples
from shared.models.languages import HOME_LANGUAGE
from shared.projection.appointments import appointment
from shared.projection.calendar import Appointments
from shared.projection.summaries import fill


def example() -> str:
    """Return the calendar of the example of an event."""
    shown = appointment(examples.answer("event"))
    assert shown is not None  # noqa: S101 - the example has a date
    found = Appointments([fill(shown.text, examples.NAME_TEXTS)], is_cut=False)
    return written(found, HOME_LANGUAGE, examples.NAMES[examples.NETWORK], examples.CREATED[:10])
