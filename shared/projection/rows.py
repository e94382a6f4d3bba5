"""What the read model keeps of a record: its place in lists, the values that filters ask for, whom it names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shared.models.dates import is_date_time
from shared.models.patch import dumps
from shared.models.text import fold, sort_key
from shared.models.views import reference_label, references
from shared.projection.appointments import Appointment, appointment
from shared.projection.intervals import Interval, cooperation_interval, event_interval
from shared.projection.lifetimes import Lifetime, lifetime
from shared.projection.names import Name, host, names
from shared.projection.offerings import Offering, figures, offerings
from shared.projection.parts import Aim, Part, aims, former_names, parts
from shared.projection.periods import ALWAYS, Period, joined, period
from shared.projection.summaries import summary

Json = dict[str, Any]

LONGEST_SPAN = 7
"""The last class of spans holds all that is longer than 4^6 days."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One line in the list of `subject`, ranked by the name of `other`."""

    list: str
    subject: str
    other: str
    position: int
    period: Period
    item: str
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything that one version of a record puts into the read model but what comes from its neighbours."""

    rank: str
    name: str | None
    label: str
    summary: str
    lifetime: Lifetime
    managed_by: str | None = None
    undated: bool = False
    span: int = 0
    interval: Interval | None = None
    facets: dict[tuple[str, str], list[Period]] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    appointment: Appointment | None = None
    offerings: list[Offering] = field(default_factory=list)
    figures: str | None = None
    parts: list[Part] = field(default_factory=list)
    aims: list[Aim] = field(default_factory=list)
    former_names: list[tuple[str, str]] = field(default_factory=list)


def rows(record: Json) -> Rows:
    """Return the rows of a live record in its public form."""
    record_type = record["type"]
    interval = _INTERVALS[record_type](record) if record_type in _INTERVALS else None
    name = record.get("name")
    return Rows(
        rank=_rank(record, interval),
        name=None if name is None else dumps(name),
        label=dumps(reference_label(record)),
        summary=summary(record),
        lifetime=lifetime(record, interval),
        managed_by=record["managed_by"],
        undated=record_type in _INTERVALS and interval is None,
        span=0 if interval is None else span_class(_days_between(interval.earliest, interval.latest)),
        interval=interval,
        facets=_facets(record),
        edges=list(_EDGES[record_type](record)) if record_type in _EDGES else [],
        references=sorted(references(record)),
        names=names(record) if record_type == "organisation" else [],
        appointment=appointment(record) if record_type == "event" else None,
        offerings=offerings(record) if record_type == "organisation" else [],
        figures=figures(record) if record_type == "organisation" else None,
        parts=parts(record),
        aims=aims(record),
        former_names=former_names(record),
    )


def _rank(record: Json, interval: Interval | None) -> str:
    if record["type"] == "organisation":
        return sort_key(record["name"])
    if interval is None:
        return ""
    if record["type"] == "cooperation":
        return newest_first(interval.earliest)
    start: str = record["when"]["start"]
    return start if is_date_time(start) else interval.earliest


def newest_first(day: str) -> str:
    """Return a text that orders days backwards: each digit's complement to nine."""
    return day.translate(_COMPLEMENT)


_COMPLEMENT = str.maketrans("0123456789", "9876543210")


def _days_between(first: str, last: str) -> int:
    return date.fromisoformat(last).toordinal() - date.fromisoformat(first).toordinal()


def span_class(days: int) -> int:
    """Return the smallest class, up to the last, for something that ends that many days after it began."""
    return next((number for number in range(LONGEST_SPAN) if days < 4**number), LONGEST_SPAN)


_INTERVALS = {"event": event_interval, "cooperation": cooperation_interval}


def _facets(record: Json) -> dict[tuple[str, str], list[Period]]:
    found: dict[tuple[str, str], list[Period]] = defaultdict(list)
    if record["type"] in _VALUES:
        for name, value, when in _VALUES[record["type"]](record):
            if value is not None:
                found[f"{record['type']}.{name}", value].append(when)
        for source in record.get("sources", ()):
            for address in ("url", "archived_url"):
                if address in source:
                    found[f"{record['type']}.source", source[address]].append(ALWAYS)
    return {key: joined(periods) for key, periods in found.items()}


_Values = Iterator[tuple[str, str | None, Period]]


def _each(name: str, values: Iterable[str | None]) -> _Values:
    return ((name, value, ALWAYS) for value in values)


def _place(place: Json, when: Period) -> _Values:
    yield "region", place.get("region"), when
    yield "city", fold(place["city"]) if "city" in place else None, when


def _organisation_values(record: Json) -> _Values:
    yield "kind", record["kind"], ALWAYS
    yield from _each("topic", record.get("topics", ()))
    yield from _each("region", record.get("regions", ()))
    for office in record.get("offices", ()):
        yield from _place(office.get("place", {}), period(office))
    yield "host", host(record.get("website")), ALWAYS
    for external in record.get("external_ids", ()):
        yield "external_id", f"{external['scheme']}:{external['value']}", ALWAYS


def _event_values(record: Json) -> _Values:
    for name in ("kind", "status", "audience", "part_of"):
        yield name, record.get(name), ALWAYS
    yield "parts", "only" if "part_of" in record else "exclude", ALWAYS
    yield "own_cooperation", record.get("cooperation_id"), ALWAYS
    yield from _each("topic", record.get("topics", ()))
    yield from _place(record.get("place", {}), ALWAYS)
    for organiser in record.get("organisers", ()):
        yield "organiser", organiser["organisation_id"], ALWAYS
        yield "role", in_role(organiser["organisation_id"], organiser.get("role", "organiser")), ALWAYS


def _cooperation_values(record: Json) -> _Values:
    for name in ("kind", "status", "part_of"):
        yield name, record.get(name), ALWAYS
    if "open_to_partners" in record:
        yield "open_to_partners", str(record["open_to_partners"]).lower(), ALWAYS
    yield from _each("topic", record.get("topics", ()))
    yield from _each("result", (result.get("event_id") for result in record.get("results", ())))
    for party in record.get("parties", ()):
        yield "party", party["organisation_id"], ALWAYS
        yield from _each("role", (in_role(party["organisation_id"], role) for role in party.get("roles", ())))
        yield "confirmation", party.get("confirmation", {}).get("state", "unanswered"), ALWAYS


_VALUES = {
    "organisation": _organisation_values,
    "event": _event_values,
    "cooperation": _cooperation_values,
}


def in_role(organisation: str, role: str) -> str:
    """Return the value under which a record is found by an organisation's role in it."""
    return f"{organisation} {role}"


def _organisation_edges(record: Json) -> Iterator[Edge]:
    for position, relation in enumerate(record.get("relations", ())):
        ends = {"outgoing": relation["organisation_id"], "incoming": record["id"]}
        for direction, other in ends.items():
            subject = record["id"] if direction == "outgoing" else relation["organisation_id"]
            item = dumps({"direction": direction, **relation, "organisation_id": other})
            yield Edge("relations", subject, other, position, period(relation), item)


def _membership_edges(record: Json) -> Iterator[Edge]:
    network, member = record["network_id"], record["member_id"]
    for name, subject, other in (("members", network, member), ("memberships", member, network)):
        yield Edge(name, subject, other, 0, period(record), "", record.get("grade"))


_EDGES = {"organisation": _organisation_edges, "membership": _membership_edges}
