"""The rules between fields of one record, on plain JSON so that they report together with the fields' own faults.

Each passes over what is malformed: that is reported by the field itself.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, islice
from typing import Any, Final

from shared.errors import Fault
from shared.models import dates
from shared.models.base import is_zone
from shared.models.dates import PartialDate
from shared.models.faults import place
from shared.models.ids import OWN_SCHEME, RecordType
from shared.models.patch import pointer
from shared.models.views import Json, Path, entries, objects, persons

Rule = Callable[[Json, Json], Iterator[Fault]]
"""Takes the body and the record as the register holds it, `{}` where it holds none yet."""

NEED_TWO_PARTIES: Final = frozenset({"agreement", "partnership", "sales_partnership"})
MOST_PARTIES: Final = 30
MOST_EXTERNAL_IDS: Final = 6
MOST_ATTACHED: Final = 6


def broken(record_type: RecordType, body: Json, held: Json) -> Iterator[Fault]:
    """Yield a fault for every rule of the record that the body breaks."""
    for rule in (*_OF_ALL, *_OF_TYPE[record_type]):
        yield from rule(body, held)


def _fault(path: Path, code: str, message: str) -> Fault:
    return Fault(message, code, pointer=pointer(place(path)))


def text(holder: Any, name: str) -> str | None:  # noqa: ANN401 - any JSON value
    """Return a text field of an object, None where either is something else."""
    value = holder.get(name) if isinstance(holder, dict) else None
    return value.strip() if isinstance(value, str) else None


def _date(holder: Any, name: str) -> PartialDate | None:  # noqa: ANN401 - any JSON value
    value = text(holder, name)
    try:
        return None if value is None else dates.parse(value)
    except ValueError:
        return None


def _repeated(found: Iterator[tuple[Path, Any]], code: str, message: str) -> Iterator[Fault]:
    seen = set()
    for path, value in found:
        if value in seen:
            yield _fault(path, code, message)
        seen.add(value)


# Every record.


def _source_keys_are_unique(body: Json, _: Json) -> Iterator[Fault]:
    named = ((path, text(source, "key")) for path, source in entries(body, "sources"))
    found = (((*path, "key"), key) for path, key in named if key is not None)
    yield from _repeated(found, "duplicate-source", "Give each source a key of its own.")


def _a_source_can_be_found(body: Json, _: Json) -> Iterator[Fault]:
    for path, source in entries(body, "sources"):
        if source.get("title") is None and source.get("url") is None:
            yield _fault(path, "source-without-title", "Give a title or a url.")


def _named_sources_exist(body: Json, _: Json) -> Iterator[Fault]:
    known = {text(source, "key") for _, source in entries(body, "sources")}
    for path, statement in objects(body):
        named = statement.get("sources")
        for index, key in enumerate(named if path and isinstance(named, list) else ()):
            if isinstance(key, str) and key.strip() not in known:
                place_ = (*path, "sources", index)
                yield _fault(place_, "unknown-source", "Name the key of one of the record's sources.")


def _times_run_forwards(body: Json, _: Json) -> Iterator[Fault]:
    for path, statement in objects(body):
        yield from _in_order(statement, path, "since", "until")


def _in_order(holder: Any, path: Path, first: str, second: str) -> Iterator[Fault]:  # noqa: ANN401 - any JSON value
    start, end = _date(holder, first), _date(holder, second)
    if start is not None and end is not None and dates.certainly_before(end, start):
        yield _fault((*path, second), "end-before-start", f"Give a date that does not lie before `{first}`.")


def _person_keys_are_unique(body: Json, _: Json) -> Iterator[Fault]:
    keyed = ((path, text(person, "key")) for path, person in persons(body))
    found = (((*path, "key"), key) for path, key in keyed if key is not None)
    yield from _repeated(found, "duplicate-person", "Give each person a key of its own, or none.")


def _figures_have_one_number(body: Json, _: Json) -> Iterator[Fault]:
    for path, figure in entries(body, "figures"):
        value, low, high = (figure.get(name) for name in ("value", "min", "max"))
        if value is None and low is None and high is None:
            yield _fault(path, "figure-without-number", "Give `value`, or `min` and `max`.")
        elif value is not None and not (low is None and high is None):
            yield _fault(path, "figure-with-two-numbers", "Give either `value`, or `min` and `max`.")
        elif isinstance(low, int) and isinstance(high, int) and low > high:
            yield _fault((*path, "max"), "max-below-min", "Give a number that is not below `min`.")


def _external_ids_are_unique(body: Json, _: Json) -> Iterator[Fault]:
    pairs = ((path, (text(entry, "scheme"), text(entry, "value"))) for path, entry in entries(body, "external_ids"))
    found = ((path, pair) for path, pair in pairs if None not in pair)
    yield from _repeated(found, "duplicate-external-id", "Give each external id only once.")


def _a_new_record_has_few_external_ids(body: Json, held: Json) -> Iterator[Fault]:
    """Only what others may have added to holds more: a body that was read, a record rewritten, a row of an export."""
    is_new = not held and body.get("id") is None
    schemes = [entry.get("scheme") for _, entry in entries(body, "external_ids")]
    if is_new and OWN_SCHEME not in schemes and len(schemes) > MOST_EXTERNAL_IDS:
        yield _fault(("external_ids",), "too-many", f"Give at most {MOST_EXTERNAL_IDS}.")


# Organisations and memberships.


def _an_organisation_ends_after_it_began(body: Json, _: Json) -> Iterator[Fault]:
    yield from _in_order(body, (), "founded", "dissolved")


def _no_relation_to_itself(body: Json, held: Json) -> Iterator[Fault]:
    for path, relation in entries(body, "relations"):
        if held and relation.get("organisation_id") == held["id"]:
            yield _fault((*path, "organisation_id"), "relation-to-itself", "Name another organisation.")


def _nobody_is_a_member_of_itself(body: Json, _: Json) -> Iterator[Fault]:
    if text(body, "network_id") is not None and text(body, "network_id") == text(body, "member_id"):
        yield _fault(("member_id",), "member-of-itself", "Name another organisation than the network.")


def _a_membership_keeps_its_pair(body: Json, held: Json) -> Iterator[Fault]:
    for name in ("network_id", "member_id"):
        if held and text(body, name) not in {None, held[name]}:
            yield _fault((name,), "pair-is-fixed", "Keep the pair, or end this membership and create another one.")


# Events.


def _a_when_makes_sense(body: Json, _: Json) -> Iterator[Fault]:
    yield from _span(body.get("when"), ("when",), "start", "end", _zone(body))


def _a_programme_makes_sense(body: Json, _: Json) -> Iterator[Fault]:
    for path, item in entries(body, "programme"):
        yield from _span(item, path, "starts", "ends", _zone(body))


def _a_registration_makes_sense(body: Json, _: Json) -> Iterator[Fault]:
    yield from _span(body.get("registration"), ("registration",), "opens_at", "closes_at", _zone(body))


def _zone(body: Json) -> str:
    zone = text(body.get("when"), "timezone")
    return zone if zone and is_zone(zone) else dates.HOME_ZONE


def _span(holder: Any, path: Path, first: str, second: str, zone: str) -> Iterator[Fault]:  # noqa: ANN401 - any JSON value
    points = {name: value for name in (first, second) if (value := text(holder, name)) is not None}
    for name, value in points.items():
        if _is_lost_hour(value, zone):
            yield _fault((*path, name), "no-such-time", "Clocks skip this hour here: give a time that exists.")
    if len({dates.is_date_time(value) for value in points.values()}) > 1:
        yield _fault(
            (*path, second), "mixed-precision", f"Give date-times for `{first}` and `{second}`, or for neither."
        )
    elif len(points) > 1:
        yield from _points_in_order(points, path, first, second)


def _is_lost_hour(value: str, zone: str) -> bool:
    try:
        return dates.is_date_time(value) and not dates.exists_in(dates.parse_date_time(value), zone)
    except ValueError:
        return False


def _points_in_order(points: Mapping[str, str], path: Path, first: str, second: str) -> Iterator[Fault]:
    if not dates.is_date_time(points[first]):
        yield from _in_order(points, path, first, second)
        return
    try:
        backwards = dates.parse_date_time(points[second]) < dates.parse_date_time(points[first])
    except ValueError:
        return
    if backwards:
        yield _fault((*path, second), "end-before-start", f"Give a time that does not lie before `{first}`.")


def _no_part_of_itself(body: Json, held: Json) -> Iterator[Fault]:
    if held and body.get("part_of") == held["id"]:
        yield _fault(("part_of",), "part-of-itself", "Name another record.")


# Cooperations.


def _a_cooperation_ends_after_it_began(body: Json, _: Json) -> Iterator[Fault]:
    start = "effective_from" if body.get("effective_from") is not None else "signed_on"
    for end in ("planned_end", "ended_on"):
        yield from _in_order(body, (), start, end)


def _agreements_have_two_parties(body: Json, _: Json) -> Iterator[Fault]:
    agreeing = [party for _, party in entries(body, "parties") if _agreed(party) and party.get("organisation_id")]
    distinct = {str(party["organisation_id"]) for party in agreeing}
    if text(body, "kind") in NEED_TWO_PARTIES and isinstance(body.get("parties"), list) and len(distinct) < 2:  # noqa: PLR2004
        message = "Name at least two organisations that are not `subject`."
        yield _fault(("parties",), "too-few-parties", message)


def _agreed(party: Json) -> bool:
    roles = party.get("roles")
    return not (isinstance(roles, list) and "subject" in roles)


def _one_entry_per_organisation_and_period(body: Json, _: Json) -> Iterator[Fault]:
    parties = list(islice(entries(body, "parties"), MOST_PARTIES))
    for (_earlier, one), (path, other) in combinations(parties, 2):
        same = text(one, "organisation_id") is not None and one["organisation_id"] == other.get("organisation_id")
        rivals = one.get("claim") is not None and one["claim"] == other.get("claim")
        if same and not rivals and dates.certainly_overlap(_period(one), _period(other)):
            message = "Give one entry per organisation and period, or join rival ones by a `claim`."
            yield _fault(path, "party-twice", message)


def _period(party: Json) -> dict[str, str]:
    given = {name: _date(party, name) for name in ("since", "until", "as_of")}
    return {name: known.text for name, known in given.items() if known is not None}


_OF_ALL: Final[tuple[Rule, ...]] = (
    _source_keys_are_unique,
    _a_source_can_be_found,
    _named_sources_exist,
    _times_run_forwards,
    _person_keys_are_unique,
    _figures_have_one_number,
    _external_ids_are_unique,
    _a_new_record_has_few_external_ids,
)
_OF_TYPE: Final[Mapping[RecordType, tuple[Rule, ...]]] = {
    "organisation": (_an_organisation_ends_after_it_began, _no_relation_to_itself),
    "membership": (_nobody_is_a_member_of_itself, _a_membership_keeps_its_pair),
    "event": (_a_when_makes_sense, _a_programme_makes_sense, _a_registration_makes_sense, _no_part_of_itself),
    "cooperation": (
        _a_cooperation_ends_after_it_began,
        _agreements_have_two_parties,
        _one_entry_per_organisation_and_period,
        _no_part_of_itself,
    ),
}
