"""Random writes that keep the register's rules: nothing names what is not there, nothing named is deleted."""

import random
from typing import Any

from shared.models.ids import RecordType, new_id
from shared.models.views import references
from tests.projection.register import Register

Json = dict[str, Any]

NAMES = ["Äpfel eG", "Apfel GmbH", "apfel", "Straße e. V.", "Strasse", "Özel", "Jena Digital", "ITnet Thüringen"]
DATES = ["2018", "2018-09", "2018-01-11", "2019~", "2019-02-03", "[..2018-06]", "[2019..]", "2017-12-31", "2018-01~"]
MOMENTS = ["2018-01-11T09:00", "2018-01-11T17:00", "2019-02-03T08:30"]
PERIODS = ["2015", "2016-05", "2018-01-11", "2026-11-20", "2026-11-21", "2026-11", "2026-12", "2027", "2019~"]
CITIES = ["Jena", "Gößnitz", "Goessnitz", "Erfurt", "Halle (Saale)"]
REGIONS = ["DE-TH", "DE-SN", "DE-ST"]
TOPICS = ["software", "green-it", "logistics"]
SITES = ["https://example.org/a", "https://example.org/b"]
OFFERED = ["Ölprüfung", "Oelpruefung", "Mikroelektronik", "Datensicherheit", "Straßenbau", "strassenbau"]
FIGURE = {"measure": "members", "qualifier": "about", "value": 50, "as_of": "2018-01", "sources": ["a"]}
GRADES = ["full", "associated"]
ROLES = ["organiser", "co_organiser", "host", "sponsor"]
PARTS = ["party", "lead", "funder", "subject"]


class Chance:
    """A source of contents, and of the next write."""

    def __init__(self, seed: int, register: Register) -> None:
        self.random = random.Random(seed)  # noqa: S311 - the same test every time
        self.register = register
        self.buried: dict[str, Json] = {}

    def ids(self, record_type: str) -> list[str]:
        return sorted(one["id"] for one in self.register.records.values() if one["type"] == record_type)

    def maybe(self, name: str, *values: object, chance: float = 0.5) -> Json:
        return {name: self.random.choice(values)} if values and self.random.random() < chance else {}

    def some(self, name: str, values: list[Any]) -> Json:
        chosen = self.random.sample(values, self.random.randint(0, min(2, len(values))))
        return {name: chosen} if chosen else {}

    def time(self) -> Json:
        return {**self.maybe("since", *PERIODS, chance=0.4), **self.maybe("until", *PERIODS, chance=0.4)}

    def place(self) -> Json:
        return {**self.maybe("name", "Rathaus"), **self.maybe("city", *CITIES), **self.maybe("region", *REGIONS)}

    def sources(self) -> Json:
        return {"sources": [{"key": "a", "url": self.random.choice(SITES), **self.maybe("archived_url", *SITES)}]}

    def organisation(self, record_id: str) -> Json:
        others = [one for one in self.ids("organisation") if one != record_id]
        offices = [
            {"kind": self.random.choice(["seat", "office"]), "place": self.place(), **self.time()}
            for _ in range(self.random.randint(0, 3))
        ]
        return {
            "name": self.random.choice(NAMES),
            "kind": self.random.choice(["network", "company"]),
            **self.maybe("legal_form", "eG", "e.V."),
            "other_names": [{"value": "ITnet", "kind": self.random.choice(["short", "former"])}],
            **self.some("topics", TOPICS),
            **self.some("regions", REGIONS),
            **({"offices": offices} if offices else {}),
            "relations": [
                {"kind": "related", "organisation_id": self.random.choice(others), **self.time()}
                for _ in range(self.random.randint(0, 2))
                if others
            ],
            "external_ids": [{"scheme": "wikidata", "value": self.random.choice("QR")}],
            **self.maybe("founded", *DATES),
            **self.maybe("dissolved", "2019-05", "2026-11-20", "[..2027]", chance=0.2),
            "offerings": [self.offering() for _ in range(self.random.randint(0, 2))],
            **self.maybe("figures", [FIGURE], [FIGURE, {"measure": "members", "value": 9, "until": "2019"}]),
            **self.sources(),
        }

    def offering(self) -> Json:
        return {
            "title": {self.random.choice(["de", "en"]): self.random.choice(OFFERED)},
            **self.maybe("kind", "service", "training"),
            **self.maybe("description", {"de": "Für Jäger und Müller.", "en": "For hunters."}),
            **self.some("topics", TOPICS),
            **self.time(),
        }

    def membership(self, _: str) -> Json:
        return {
            "network_id": self.random.choice(self.ids("organisation")),
            "member_id": self.random.choice(self.ids("organisation")),
            **self.maybe("grade", *GRADES),
            **self.maybe("as_of", "2016", "2018-01-11", chance=0.3),
            **self.time(),
        }

    def when(self) -> Json | None:
        if self.random.random() < 0.2:
            return None
        if self.random.random() < 0.3:
            return {"start": self.random.choice(MOMENTS), "precision": "minute"}
        start, end = sorted(self.random.sample([one for one in DATES if "[" not in one], 2))
        ends = self.random.random() < 0.4
        return {
            "start": start if ends else self.random.choice(DATES),
            **({"end": end} if ends else {}),
            **self.maybe("extent", "whole", chance=0.3),
            "precision": "day",
        }

    def event(self, record_id: str) -> Json:
        organisers = [
            {"organisation_id": self.random.choice(self.ids("organisation")), "role": self.random.choice(ROLES)}
            for _ in range(self.random.randint(0, 2))
        ]
        older = [one for one in self.ids("event") if one < record_id]
        return {
            "title": {"de": 'Größe " \\u0003 und ,"Maß"'},
            "kind": self.random.choice(["workshop", "series"]),
            "status": self.random.choice(["planned", "held"]),
            "when": self.when(),
            **({"place": self.place()} if self.random.random() < 0.7 else {}),
            **self.maybe("part_of", *older, chance=0.3),
            **self.maybe("expected_parts", 4, chance=0.2),
            **({"organisers": organisers} if organisers else {}),
            **self.maybe("registration", {"url": "https://example.org/r"}, {"required": True}),
            **self.maybe("audience", "public", "members"),
            **self.some("topics", TOPICS),
            **self.maybe("cooperation_id", *self.ids("cooperation"), chance=0.4),
            **self.sources(),
        }

    def cooperation(self, record_id: str) -> Json:
        parties = [
            {
                "organisation_id": self.random.choice(self.ids("organisation")),
                "roles": self.random.sample(PARTS, self.random.randint(1, 2)),
                "confirmation": {"state": self.random.choice(["unanswered", "confirmed"])},
            }
            for _ in range(self.random.randint(1, 3))
        ]
        older = [one for one in self.ids("cooperation") if one < record_id]
        results = [{"title": {"de": "Tag"}, "event_id": one} for one in self.ids("event") if self.random.random() < 0.2]
        return {
            "title": {"de": "Vereinbarung"},
            "kind": self.random.choice(["agreement", "project"]),
            "status": self.random.choice(["active", "ended"]),
            "parties": parties,
            **self.maybe("signed_on", *DATES),
            **self.maybe("effective_from", *DATES),
            **self.maybe("ended_on", "2019-05", "2026-11-21", "[..2020]", chance=0.3),
            **self.maybe("open_to_partners", *[True, False]),
            **self.maybe("part_of", *older, chance=0.3),
            **self.some("topics", TOPICS),
            **({"results": results[:2]} if results else {}),
            **self.sources(),
        }

    def write(self) -> None:
        """Create, change or delete one record."""
        kinds: list[RecordType] = ["organisation", "membership", "event", "cooperation"]
        record_type = self.random.choice(kinds if self.ids("organisation") else kinds[:1])
        known = self.ids(record_type)
        wish = self.random.random()
        if known and wish < 0.15:
            self.delete(self.random.choice(known))
        elif known and wish < 0.5:
            self.put(record_type, self.random.choice(known))
        else:
            milliseconds = int(self.register.now * 1000)
            self.put(record_type, new_id(record_type, milliseconds, self.random.randbytes(10)))

    def put(self, record_type: RecordType, record_id: str) -> None:
        make = {
            "organisation": self.organisation,
            "membership": self.membership,
            "event": self.event,
            "cooperation": self.cooperation,
        }[record_type]
        self.register.write({"type": record_type, "id": record_id, **make(record_id)})

    def delete(self, record_id: str) -> None:
        if any(record_id in references(one) for one in self.register.records.values()):
            return
        record_type = self.register.records[record_id]["type"]
        entry = self.register.delete(record_id)
        self.buried[record_id] = {
            "type": record_type,
            "id": record_id,
            "deleted": True,
            "updated_at": entry.stamp,
        }
