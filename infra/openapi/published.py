"""Examples of what is published in other forms than ours, made by the code that makes the real answers."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from functions.calendars.answers import written
from functions.feeds.entries import entry
from functions.feeds.words import WORDS
from functions.feeds.written import Feed, as_atom, as_json
from functions.forms import linked, table
from functions.network.answers import WRITERS
from infra.openapi import examples
from shared.http.routes import CSV, FORMATS, Route
from shared.models import exporting, ids
from shared.models.languages import HOME_LANGUAGE
from shared.models.patch import dumps
from shared.projection.appointments import appointment
from shared.projection.calendar import Appointments
from shared.projection.summaries import fill
from shared.settings import LICENSE_NAME, LICENSE_URL

_ORIGIN: Final = "https://api.example.org"


def _calendar() -> str:
    shown = appointment(examples.answer("event"))
    assert shown is not None  # noqa: S101 - the example has a date
    found = Appointments([fill(shown.text, examples.NAME_TEXTS)], is_cut=False)
    return written(found, HOME_LANGUAGE, examples.NAMES[examples.NETWORK], examples.CREATED[:10])


def _feed(path: str) -> Feed:
    summaries = [examples.summary(record_type) for record_type in ("cooperation", "event", "membership")]
    return Feed(
        of=path,
        title=WORDS[HOME_LANGUAGE].news.format(examples.NAMES[examples.NETWORK]),
        language=HOME_LANGUAGE,
        address=f"{_ORIGIN}/v1{path}?network={examples.NETWORK}",
        home=f"{_ORIGIN}/",
        entries=[entry(each, _ORIGIN, HOME_LANGUAGE, examples.CREATED[:10]) for each in summaries],
    )


def _export() -> str:
    shown: list[ids.RecordType] = ["organisation", "membership"]
    records = [exporting.row(examples.answer(record_type), _named) for record_type in shown]
    return "".join(f"{dumps(row)}\n" for row in (exporting.license_row(LICENSE_NAME, LICENSE_URL), *records))


def _named(record_id: str) -> str:
    return f"{ids.OWN_SCHEME}:{record_id}"


MADE: Final[Mapping[str, Callable[[], Any]]] = {
    "Calendar": _calendar,
    "JsonFeed": lambda: json.loads(as_json(_feed("/feed.json"))),
    "AtomFeed": lambda: as_atom(_feed("/feed.atom")),
    "Export": _export,
}
"""What makes the example of an answer, by the name of its schema."""


SCHEMAS: Final[Mapping[str, str]] = {"jsonld": "LinkedData", **dict.fromkeys(WRITERS, "GraphFile")}
"""The schemas of answers in other forms, but for tables, each of which has its own."""


def formed(route: Route, form: str, answer: Any) -> Any:  # noqa: ANN401 - any JSON value, a text for a table
    """Return an answer in JSON in another form."""
    if form in WRITERS:
        return WRITERS[form](answer, None)
    if FORMATS[form] == CSV:
        return table.written(answer["items"], table.COLUMNS[route.operation], HOME_LANGUAGE)
    return linked.document(answer, _ORIGIN)


def examples_of(answer: str) -> dict[str, Any]:
    """Return the examples of an answer by their titles."""
    return {"an example": MADE[answer]()}
