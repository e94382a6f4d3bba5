"""What can be read from a record's plain JSON without its model: its public part, a past state, whom it names."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from shared.models.dates import PartialDate, certainly_before, may_hold, parse
from shared.models.patch import pointer

Json = dict[str, Any]
Path = tuple[str | int, ...]

MOST_REFERENCES: Final = 38
"""Other records, so that any record can become any other within the 100 actions of a DynamoDB transaction."""
TOO_MANY_REFERENCES: Final = f"Name at most {MOST_REFERENCES} other records."

_CONTACTS = frozenset({"email", "phone"})
_SHOWN_OF_PARTNERS = frozenset({"key", "name", "role", "function"})


def objects(value: Any, path: Path = ()) -> Iterator[tuple[Path, Json]]:  # noqa: ANN401 - any JSON value
    """Yield every object in a JSON value with its path, outer ones first."""
    ahead = [(path, value)]
    while ahead:
        path, value = ahead.pop()
        if isinstance(value, dict):
            yield path, value
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        within = [((*path, name), part) for name, part in parts if isinstance(part, dict | list)]
        ahead.extend(reversed(within))


def persons(record: Json) -> Iterator[tuple[Path, Json]]:
    """Yield every person of a record with its path: people, speakers, signatories; what is malformed is left out."""
    for name, part in (("people", None), ("programme", "speakers"), ("parties", "signatory")):
        for path, entry in entries(record, name):
            if part is None:
                yield path, entry
            elif part == "speakers":
                yield from ((path + inner, person) for inner, person in entries(entry, part))
            elif isinstance(entry.get(part), dict):
                yield (*path, part), entry[part]


def entries(holder: Json, name: str) -> Iterator[tuple[Path, Json]]:
    """Yield the objects of a list field with their paths; what is malformed is left out."""
    listed = holder.get(name)
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            yield (name, index), entry


def hidden_fields(person: Json) -> Json:
    """Return the fields of a person that its `visibility` keeps from the public."""
    visibility = person.get("visibility")
    if visibility == "public":
        return {}
    if visibility == "partners":
        return {name: value for name, value in person.items() if name not in _SHOWN_OF_PARTNERS}
    return {name: value for name, value in person.items() if name in _CONTACTS}


def without_contacts(record: Json) -> Json:
    """Return the record without e-mail and phone of any person, whatever their visibility."""
    view: Json = _copied(record)
    for _, person in persons(view):
        for name in _CONTACTS & person.keys():
            del person[name]
    return view


def split(record: Json) -> tuple[Json, Json]:
    """Return the public record and what it hides of persons, `{person key: {field: value}}`; the record stays whole."""
    public: Json = _copied(record)
    private: Json = {}
    for _, person in persons(public):
        hidden = hidden_fields(person)
        if hidden:
            private[person["key"]] = hidden
            for name in hidden:
                del person[name]
    return public, private


def join(public: Json, private: Mapping[str, Any]) -> Json:
    """Return the whole record of which these are the parts; hidden fields follow the public ones of their person."""
    record: Json = _copied(public)
    for _, person in persons(record):
        person.update(_copied(private.get(person["key"], {})))
    return record


def _copied(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {name: _copied(part) for name, part in value.items()}
    return [_copied(part) for part in value] if isinstance(value, list) else value


def as_of(record: Json, moment: PartialDate) -> Json:
    """Return the record as it was at a moment, with `as_of` and, where it was not there yet or any more, `existed`.

    List entries that certainly did not hold on any day of it are left out; an organisation has the name of that time.
    """
    view = {name: _held(value, moment) for name, value in record.items()}
    former = _former_name(record, moment)
    if former is not None:
        view["name"] = former
    view["as_of"] = moment.text
    founded, dissolved = record.get("founded"), record.get("dissolved")
    if (founded is not None and certainly_before(moment, parse(founded))) or (
        dissolved is not None and certainly_before(parse(dissolved), moment)
    ):
        view["existed"] = False
    return view


def _held(value: Any, moment: PartialDate) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {name: _held(part, moment) for name, part in value.items()}
    if isinstance(value, list):
        return [_held(part, moment) for part in value if not isinstance(part, dict) or may_hold(part, moment)]
    return value


def _former_name(record: Json, moment: PartialDate) -> str | None:
    """Return the former name with the earliest `until` that lies certainly after the moment."""
    later = [
        (parse(entry["until"]).earliest, str(entry["value"]))
        for entry in record.get("other_names", ())
        if entry.get("kind") == "former" and "until" in entry and certainly_before(moment, parse(entry["until"]))
    ]
    return min(later, key=lambda dated: dated[0])[1] if later else None


def references(record: Json) -> dict[str, str]:
    """Return every other record that this one names, with the JSON Pointer of the first place where it does."""
    found: dict[str, str] = {}
    for path, holder in objects(record):
        for name, value in holder.items():
            if name == "organisation_ids" and isinstance(value, list):
                for index, target in enumerate(value):
                    found.setdefault(target, pointer((*path, name, index)))
            elif is_reference(name) and isinstance(value, str):
                found.setdefault(value, pointer((*path, name)))
    found.pop(record.get("id", ""), None)
    return found


def is_reference(name: str) -> bool:
    """Tell whether a field of that name holds the id of another record."""
    return name.endswith("_id") or name == "part_of"


def offices(record: Json) -> list[Json]:
    """Return an organisation's offices, its seat first and those that it left last."""
    return sorted(
        record.get("offices", ()),
        key=lambda office: ("until" in office, office.get("kind") != "seat"),
    )


def city_of(record: Json) -> str | None:
    """Return the city of the record's place, else of its seat, else of its first office; offices left come last."""
    places = [record.get("place"), *(office.get("place") for office in offices(record))]
    return next((place["city"] for place in places if place and "city" in place), None)


def reference_label(record: Json) -> Json:
    """Return what a reader needs to show a reference: `type`, `name` or `title`, `kind` and `city`, where known."""
    label: Json = {name: record[name] for name in ("type", "name", "title", "kind") if name in record}
    city = city_of(record)
    return label if city is None else {**label, "city": city}
