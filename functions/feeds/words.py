"""Records in one line each, in German and English, for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.models.dates import PartialDate, certainly_before, is_date_time, parse, parse_date_time
from shared.models.languages import Language, in_language

Json = Mapping[str, Any]

_NAMES_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in one language; dates are made of day, month and year."""

    months: Sequence[str]
    day: str
    time: str
    about: str
    not_later: str
    not_earlier: str
    span: str
    others: str
    kinds: Mapping[str, str]
    member: str
    former_member: str
    since: str
    event: str
    status: Mapping[str, str]
    cooperation: str
    news: str


WORDS: Final[Mapping[Language, Words]] = {
    "de": Words(
        months=(
            *("Januar", "Februar", "März", "April", "Mai", "Juni"),
            *("Juli", "August", "September", "Oktober", "November", "Dezember"),
        ),
        day="{day}. {month} {year}",
        time="{day}, {time} Uhr",
        about="etwa {}",
        not_later="spätestens {}",
        not_earlier="frühestens {}",
        span="{} bis {}",
        others="{} und andere",
        kinds={
            "network": "Netzwerk",
            "company": "Unternehmen",
            "university": "Hochschule",
            "research_institute": "Forschungsinstitut",
            "chamber": "Kammer",
            "public_authority": "Behörde",
            "association": "Verband",
            "community": "Gemeinschaft",
            "site": "Standort",
            "other": "Organisation",
        },
        member="Mitglied von {}: {}",
        former_member="Früher Mitglied von {}: {}",
        since="seit {}",
        event="Veranstaltung",
        status={"cancelled": "Abgesagt", "postponed": "Verschoben"},
        cooperation="Zusammenarbeit",
        news="Neues: {}",
    ),
    "en": Words(
        months=(
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
        day="{day} {month} {year}",
        time="{day}, {time}",
        about="about {}",
        not_later="not later than {}",
        not_earlier="not earlier than {}",
        span="{} to {}",
        others="{} and others",
        kinds={
            "network": "Network",
            "company": "Company",
            "university": "University",
            "research_institute": "Research institute",
            "chamber": "Chamber",
            "public_authority": "Public authority",
            "association": "Association",
            "community": "Community",
            "site": "Site",
            "other": "Organisation",
        },
        member="Member of {}: {}",
        former_member="Once a member of {}: {}",
        since="since {}",
        event="Event",
        status={"cancelled": "Cancelled", "postponed": "Postponed"},
        cooperation="Cooperation",
        news="News: {}",
    ),
}


def line(summary: Json, language: Language, today: str) -> str:
    """Return what a record is, from its summary; today tells members from former ones."""
    words = WORDS[language]
    match summary["type"]:
        case "organisation":
            found = [f"{words.kinds[summary['kind']]}: {summary['name']}", summary.get("city")]
        case "membership":
            found = _membership(summary, words, today)
        case "event":
            when = summary.get("when")
            begun = words.status.get(summary["status"], words.event)
            title, city = _title(summary, language), summary.get("city", "")
            found = [f"{begun}: {title}", when and _span(when, words), None if city in title else city]
        case _:
            found = [f"{words.cooperation}: {_title(summary, language)} ({_names(summary['parties'], words)})"]
    return ", ".join(part for part in found if part)


def _title(summary: Json, language: Language) -> str:
    return in_language(summary["title"], language)[1]


def _membership(summary: Json, words: Words, today: str) -> list[str | None]:
    until, since = summary.get("until"), summary.get("since")
    is_former = until is not None and certainly_before(parse(until), parse(today))
    said = words.former_member if is_former else words.member
    return [
        said.format(summary.get("network_name", ""), summary.get("member_name", "")),
        words.since.format(_date(parse(since), words)) if since and not is_former else None,
    ]


def _names(parties: Sequence[Json], words: Words) -> str:
    names = [party["name"] for party in parties if "name" in party]
    shown = ", ".join(names[:_NAMES_SHOWN])
    return words.others.format(shown) if len(names) > _NAMES_SHOWN else shown


def _span(when: Json, words: Words) -> str:
    start, end = _point(when["start"], words), _point(when.get("end", when["start"]), words)
    return start if start == end else words.span.format(start, end)


def _point(text: str, words: Words) -> str:
    if not is_date_time(text):
        return _date(parse(text), words)
    moment = parse_date_time(text)
    return words.time.format(day=_date(parse(moment.date().isoformat()), words), time=f"{moment:%H:%M}")


def _date(date: PartialDate, words: Words) -> str:
    """Return the date as precise as it is known."""
    year, *rest = date.text.strip("[.]~").split("-")
    said = str(int(year))
    if rest:
        said = f"{words.months[int(rest[0]) - 1]} {said}"
    if len(rest) > 1:
        said = words.day.format(day=int(rest[1]), month=words.months[int(rest[0]) - 1], year=int(year))
    for is_so, form in (
        (date.about, words.about),
        (date.open_start, words.not_later),
        (date.open_end, words.not_earlier),
    ):
        said = form.format(said) if is_so else said
    return said
