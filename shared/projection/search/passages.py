"""What of a record is searched: its public texts, by the field in which they stand."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from shared.models.regions import region_text
from shared.models.text import findable
from shared.models.views import city_of
from shared.projection.names import words
from shared.projection.periods import Period, period

Json = Mapping[str, Any]
Text = tuple[str, str]
"""The name of a field, and a text that stands in it."""

LONGEST: Final = 20_000
"""Characters of a record that are searched; what is longer is a document, not an entry."""
NAMES: Final = frozenset({"name", "title"})
OTHER_NAMES: Final = frozenset({"other_names", "other_titles"})
SUBJECTS: Final = frozenset({"offerings", "topics"})


@dataclass(frozen=True, slots=True)
class Point:
    """Where an event takes place, or an office is, in degrees, and when."""

    latitude: float
    longitude: float
    period: Period


@dataclass(frozen=True, slots=True)
class Passage:
    """A record as the search knows it: texts in the order in which a reader meets them."""

    texts: list[Text]
    actors: list[str]
    """Organisations by whose names it is found as well."""
    city: str | None = None
    points: list[Point] = field(default_factory=list)

    def folded(self, fields: frozenset[str]) -> str:
        """Return the words of some fields as `indexed` has them."""
        return lines(text for name, text in self.texts if name in fields)

    def whole(self, fields: frozenset[str]) -> list[str]:
        """Return the folded texts of some fields without legal forms."""
        return [" ".join(words(text)) for name, text in self.texts if name in fields]


def lines(texts: Iterable[str]) -> str:
    """Return the words by which texts are found, a line for each, so that no word reaches over two."""
    return "\n".join(findable(text) for text in texts)


def passage(record: Json) -> Passage | None:
    """Return what is searched of a record; None for a membership, which its ends stand for."""
    texts = _TEXTS.get(record["type"])
    if texts is None:
        return None
    parts = [*record.get("organisers", ()), *record.get("parties", ())]
    return Passage(
        list(_bounded(texts(record))),
        list(dict.fromkeys(part["organisation_id"] for part in parts)),
        city_of(dict(record)),
        list(_points(record)),
    )


def _points(record: Json) -> Iterator[Point]:
    for office in [record] if "place" in record else record.get("offices", ()):
        if location := office.get("place", {}).get("location"):
            yield Point(location["lat"], location["lon"], period(office))


def _bounded(texts: Iterator[Text]) -> Iterator[Text]:
    left = LONGEST
    for name, text in texts:
        if left <= 0:
            return
        yield name, text[:left]
        left -= len(text)


def _in_all(name: str, localised: Mapping[str, str] | None) -> Iterator[Text]:
    yield from ((name, text) for text in (localised or {}).values())


def _organisation(record: Json) -> Iterator[Text]:
    yield "name", record["name"]
    yield from (("other_names", entry["value"]) for entry in record.get("other_names", ()))
    yield from _topics(record)
    for offering in record.get("offerings", ()):
        yield from _in_all("offerings", offering["title"])
    yield from _in_all("description", record.get("description"))
    yield from _in_all("focus", record.get("focus"))
    for offering in record.get("offerings", ()):
        yield from _in_all("offering_descriptions", offering.get("description"))
    yield from _people(record)
    for office in record.get("offices", ()):
        yield from _place(office.get("place", {}))
    yield from (("reference_customers", text) for text in record.get("reference_customers", ()))
    for designation in record.get("designations", ()):
        yield from _title("designations", designation)
    yield from _regions(record.get("regions", ()))


def _event(record: Json) -> Iterator[Text]:
    yield from _in_all("title", record["title"])
    yield from (("other_titles", text) for text in record.get("other_titles", ()))
    yield from _topics(record)
    yield from _in_all("description", record.get("description"))
    for item in record.get("programme", ()):
        yield from _in_all("programme", item["title"])
        yield from _in_all("programme", item.get("abstract"))
        yield from (("people", person["name"]) for person in item.get("speakers", ()))
    yield from _people(record)
    yield from _place(record.get("place", {}))


def _cooperation(record: Json) -> Iterator[Text]:
    yield from _in_all("title", record["title"])
    yield from _topics(record)
    yield from _in_all("description", record.get("description"))
    for goal in record.get("goals", ()):
        yield from _in_all("goals", goal["text"])
    for result in record.get("results", ()):
        yield from _title("results", result)
    yield from (("target_groups", text) for text in record.get("target_groups", ()))
    for party in record.get("parties", ()):
        yield from _in_all("parties", party.get("focus"))
        if "signatory" in party:
            yield "people", party["signatory"]["name"]
    yield from _people(record)
    for document in record.get("documents", ()):
        yield from _title("documents", document)
    yield from _place(record.get("place", {}))


def _topics(record: Json) -> Iterator[Text]:
    yield from (("topics", topic) for topic in record.get("topics", ()))


def _title(name: str, entry: Json) -> Iterator[Text]:
    title = entry.get("title")
    if isinstance(title, str):
        yield name, title
    else:
        yield from _in_all(name, title)


def _people(record: Json) -> Iterator[Text]:
    for person in record.get("people", ()):
        yield "people", person["name"]
        yield from _in_all("people", person.get("role"))


def _place(place: Json) -> Iterator[Text]:
    yield from (("place", place[name]) for name in ("name", "city", "care_of") if name in place)
    yield from _regions([place["region"]] if "region" in place else ())


def _regions(codes: Iterable[str]) -> Iterator[Text]:
    """Yield what people call regions, which stand in records by their codes."""
    for code in codes:
        yield from (("regions", name) for name in dict.fromkeys(region_text(code).values()))


_TEXTS: Final = {"organisation": _organisation, "event": _event, "cooperation": _cooperation}
