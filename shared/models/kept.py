"""What the register itself keeps in a record: the envelope, hidden fields, former names, confirmations.

Everything here works on plain JSON: `body` as a client sent it, `fields` as the next version will have them, `held`
as the register holds the record now, `{}` where it holds none yet.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from shared.errors import Fault
from shared.models import dates
from shared.models.envelope import ENVELOPE
from shared.models.ids import RecordType
from shared.models.patch import pointer
from shared.models.views import Json, Path, entries, hidden_fields, persons

_MESSAGE: Final = "Leave this out, or send exactly what the register holds."


def touched(record_type: RecordType, body: Json, held: Json) -> Iterator[Fault]:
    """Yield a fault for every value in the body that only the register may set and that it does not hold."""
    for name in ENVELOPE:
        expected = record_type if name == "type" else held.get(name)
        yield from _must_equal((name,), body.get(name), expected)
    if record_type == "event":
        yield from _must_equal(("previous_when",), _present(body.get("previous_when")), held.get("previous_when"))
        when = body.get("when")
        if isinstance(when, dict):
            yield from _must_equal(
                ("when", "precision"), when.get("precision"), (held.get("when") or {}).get("precision")
            )
    if record_type == "cooperation":
        for path, party, expected in _with_confirmations(body, held):
            yield from _must_equal((*path, "confirmation"), _present(party.get("confirmation")), expected)


def _must_equal(path: Path, given: object, expected: object) -> Iterator[Fault]:
    if given is not None and _as_written(given) != expected:
        yield Fault(_MESSAGE, "server-kept", pointer=pointer(path))


def _as_written(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value with its instants as the register writes them, however a client did."""
    if isinstance(value, dict):
        return {name: _as_written(part) for name, part in value.items()}
    try:
        return dates.parse_instant(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _present(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value without the members that are null, which mean nothing."""
    if isinstance(value, dict):
        return {name: _present(part) for name, part in value.items() if part is not None}
    return [_present(part) for part in value] if isinstance(value, list) else value


def carry_over(
    record_type: RecordType,
    fields: Json,
    held: Json,
    *,
    correction: bool,
    new_key: Callable[[], str],
) -> Json:
    """Return the content of the next version: what was sent, and what the register keeps in it."""
    _restore_hidden(fields, held)
    content: Json = _present({name: value for name, value in fields.items() if name not in ENVELOPE})
    _give_keys(content, new_key)
    if record_type == "organisation":
        _keep_names(content, held, correction=correction)
    elif record_type == "event":
        _keep_when(content, held, correction=correction)
    elif record_type == "cooperation":
        _keep_confirmations(content, held)
    return content


def _restore_hidden(fields: Json, held: Json) -> None:
    """Give persons who come back by their key the hidden fields that were not sent; a null that was sent stays."""
    known = {person["key"]: person for _, person in persons(held)}
    for _, person in persons(fields):
        before = known.get(person.get("key"))
        for name, value in hidden_fields(before).items() if before else ():
            person.setdefault(name, value)


def _give_keys(content: Json, new_key: Callable[[], str]) -> None:
    taken = {person["key"] for _, person in persons(content) if "key" in person}
    for _, person in persons(content):
        while "key" not in person:
            drawn = new_key()
            if drawn not in taken:
                person["key"] = drawn
                taken.add(drawn)


def _keep_names(content: Json, held: Json, *, correction: bool) -> None:
    """Keep what the register added to `other_names`, and add the name that is given up with this version.

    The name is not added when the request edits `other_names` itself, or corrects what was never true.
    """
    if not held or correction:
        return
    sent, known = content.get("other_names", []), held.get("other_names", [])
    kept = [entry for entry in known if _is_kept(entry)]
    edited = [entry for entry in sent if not _is_kept(entry)] != [entry for entry in known if not _is_kept(entry)]
    if edited or any(entry not in known for entry in sent):
        names = sent + [entry for entry in kept if entry not in sent]
    else:
        names = known
    if not edited and content["name"] != held["name"]:
        day = dates.home_day(held["updated_at"])
        former = {"value": held["name"], "kind": "former", "as_of": day, "certainty": "derived"}
        names = [*names, *([] if former in names else [former])]
    if names or "other_names" in content:
        content["other_names"] = names


def _is_kept(entry: Mapping[str, Any]) -> bool:
    return set(entry) == {"value", "kind", "as_of", "certainty"} and (entry["kind"], entry["certainty"]) == (
        "former",
        "derived",
    )


def _keep_when(content: Json, held: Json, *, correction: bool) -> None:
    """Say how precise `when` is, and keep the former one when the event is postponed or its day moves."""
    content.pop("previous_when", None)
    now, before = content.get("when"), held.get("when")
    if now is not None:
        now["precision"] = dates.precision_of(now)
    former = held.get("previous_when")
    if (
        before is not None
        and now != before
        and not correction
        and (content["status"] == "postponed" or _moved(before, now))
    ):
        former = before
    if former is not None:
        content["previous_when"] = former


def _moved(before: Json, now: Json | None) -> bool:
    """Tell whether the day is another one; a date that only becomes more precise does not move."""
    if now is None:
        return True
    start_stays = _within(dates.day_of(now["start"]), dates.day_of(before["start"]))
    if "end" not in before:
        return not start_stays
    end = now["end"] if "end" in now else now["start"]
    return not (start_stays and _within(dates.day_of(end), dates.day_of(before["end"])))


def _within(inner: dates.PartialDate, outer: dates.PartialDate) -> bool:
    return outer.earliest <= inner.earliest and inner.latest <= outer.latest


UNANSWERED: Final[Json] = {"state": "unanswered"}


def _keep_confirmations(content: Json, held: Json) -> None:
    for _, party, confirmation in _with_confirmations(content, held):
        party["confirmation"] = dict(confirmation or UNANSWERED)
    if _answered(content) != _answered(held):
        for party in content["parties"]:
            if "current" in party["confirmation"]:
                party["confirmation"]["current"] = False


def _answered(record: Json) -> Json:
    """Return what parties answer to: the content but for external ids, and for the answers themselves."""
    content = {name: value for name, value in record.items() if name not in {*ENVELOPE, "external_ids"}}
    parties = [
        {name: value for name, value in party.items() if name != "confirmation"}
        for _, party in entries(record, "parties")
    ]
    return {**content, "parties": parties}


def answered(record: Json, organisation_id: str, state: str | None, at: str) -> Json | None:
    """Return the cooperation with a party's answer, None being that it takes its answer back; None if it is no party.

    An answer that stands already, and still is of what the cooperation says, stays as it is.
    """
    if not any(party["organisation_id"] == organisation_id for party in record["parties"]):
        return None
    given = {"state": state, "at": at, "version": record["version"], "current": True} if state else UNANSWERED
    parties = []
    for party in record["parties"]:
        before = party["confirmation"]
        stands = before["state"] == given["state"] and before.get("current") == given.get("current")
        is_theirs = party["organisation_id"] == organisation_id and not stands
        parties.append({**party, "confirmation": dict(given)} if is_theirs else party)
    return {**record, "parties": parties}


def _with_confirmations(body: Json, held: Json) -> Iterator[tuple[Path, Json, Json | None]]:
    """Yield each party with the confirmation that it has: of its period, else of one of its that is no longer there."""
    known = {_period(party): party["confirmation"] for _, party in entries(held, "parties") if "confirmation" in party}
    parties = list(entries(body, "parties"))
    left = [period for period in known if period not in {_period(party) for _, party in parties}]
    for path, party in parties:
        period = _period(party)
        if period not in known:
            period = next((one for one in left if one[0] == period[0]), period)
            left = [one for one in left if one != period]
        yield path, party, known.get(period)


def _period(party: Json) -> tuple[str, str]:
    """Return what tells the entries of a cooperation's parties apart: the organisation, and since when."""
    return str(party.get("organisation_id")), str(party.get("since"))
