"""Who takes part in what ties organisations together: memberships, relations, cooperations and joint events."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.models.dates import day_of, parse
from shared.models.vocabulary import TieType
from shared.projection.intervals import event_interval
from shared.projection.periods import Period, period

Json = Mapping[str, Any]

_JOINT: Final = frozenset({"organiser", "co_organiser", "host", "partner"})
"""The roles of those who make an event together; sponsors and supporters do not."""
_OVER: Final = frozenset({"completed", "ended"})


@dataclass(frozen=True, slots=True)
class Part:
    """One organisation's part in a tie; all parts of one record and line are tied to each other.

    `position` says who comes first where that has a meaning: the member before its network, and before what it is
    related to the organisation that records the relation.
    """

    line: int
    organisation: str
    position: int
    type: TieType
    period: Period
    since: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class Aim:
    """A topic on which a party of a cooperation has a goal that it has not achieved yet."""

    topic: str
    organisation: str


def parts(record: Json) -> list[Part]:
    """Return the parts that organisations have in a record."""
    return list(_PARTS[record["type"]](record))


def _of_organisation(record: Json) -> Iterator[Part]:
    for line, relation in enumerate(record.get("relations", ())):
        for position, organisation in enumerate((record["id"], relation["organisation_id"])):
            yield _part(line, organisation, position, "relation", relation)


def _of_membership(record: Json) -> Iterator[Part]:
    for position, organisation in enumerate((record["member_id"], record["network_id"])):
        yield _part(0, organisation, position, "membership", record)


def _of_event(record: Json) -> Iterator[Part]:
    if record["status"] == "cancelled":
        return
    days = _days(record)
    for position, entry in enumerate(record.get("organisers", ())):
        if entry.get("role", "organiser") in _JOINT:
            yield _part(0, entry["organisation_id"], position, "event", days)


def _days(record: Json) -> dict[str, str]:
    """Return first and last day of a dated event as they are known."""
    when = record.get("when")
    if when is None or event_interval(record) is None:
        return {}
    return {"since": day_of(when["start"]).text, "until": day_of(when.get("end") or when["start"]).text}


def _of_cooperation(record: Json) -> Iterator[Part]:
    for position, party in _partners(record):
        yield _part(0, party["organisation_id"], position, "cooperation", party, _term(record))


def _partners(record: Json) -> Iterator[tuple[int, Json]]:
    """Yield the parties that take part: neither those whom it only concerns nor those who say that they do not."""
    for position, party in enumerate(record.get("parties", ())):
        is_subject = set(party.get("roles", ())) == {"subject"}
        if not is_subject and party.get("confirmation", {}).get("state") != "declined":
            yield position, party


def _term(record: Json) -> dict[str, str]:
    """Return when a cooperation began and ended; one that is over was so at the latest when that was known."""
    begun = record.get("effective_from") or record.get("signed_on")
    ended, known = record.get("ended_on"), record.get("status_as_of")
    if ended is None and known is not None and record["status"] in _OVER and "[" not in known:
        ended = f"[..{known}]"
    return {name: value for name, value in (("since", begun), ("until", ended)) if value is not None}


def _part(line: int, organisation: str, position: int, kind: TieType, own: Json, whole: Json | None = None) -> Part:
    whole = whole or {}
    one, other = period(own), period(whole)
    days = Period(max(one.opens, other.opens), min(one.closes, other.closes))
    since, until = own.get("since") or whole.get("since"), own.get("until") or whole.get("until")
    return Part(line, organisation, position, kind, days, since, until)


_PARTS: Final = {
    "organisation": _of_organisation,
    "membership": _of_membership,
    "event": _of_event,
    "cooperation": _of_cooperation,
}


def aims(record: Json) -> list[Aim]:
    """Return on what the parties of a cooperation have goals: their topics, else those of the cooperation."""
    if record["type"] != "cooperation" or record["status"] in _OVER:
        return []
    goals = [goal for goal in record.get("goals", ()) if goal.get("status") != "achieved"]
    topics = {topic for goal in goals for topic in goal.get("topics") or record.get("topics", ())}
    organisations = {party["organisation_id"] for _, party in _partners(record)}
    return [Aim(topic, organisation) for topic in sorted(topics) for organisation in sorted(organisations)]


def former_names(record: Json) -> list[tuple[str, str]]:
    """Return the earliest day on which each dated former name may have ended, and the name."""
    entries: Iterable[Json] = record.get("other_names", ())
    found = {
        (parse(entry["until"]).earliest, entry["value"])
        for entry in entries
        if entry.get("kind") == "former" and "until" in entry
    }
    return sorted(found)
