"""How long catalogue and counts take, by the size of the register: `python -m infra.bench.catalogue [size …]`."""

import json
import random
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import Any, Final

from infra.bench.measuring import Figure, Row, cpu_milliseconds, side_by_side, table, write_results
from shared.models.ids import RecordType, new_id
from shared.projection.apply import apply
from shared.projection.catalogue import catalogue
from shared.projection.counts import regions, topics
from shared.projection.pages import Ask
from shared.projection.schema import create
from shared.projection.statistics import statistics
from shared.tables.tables import Document

Json = dict[str, Any]

SIZES: Final = (1_000, 20_000, 100_000)
ROUNDS: Final = 9
TODAY: Final = "2026-11-28"
STAMP: Final = "2026-11-20T12:00:00.000Z"
SHARES: Final[tuple[RecordType, ...]] = ("organisation", "membership", "organisation", "event", "cooperation")
"""Two organisations in five records; one in a hundred of them is a network, every fourth says when it was founded."""
REGIONS: Final = ("DE-TH", "DE-SN", "DE-ST", "DE-BB", "DE-BY", "DE-HE")
WORDS: Final = (
    *("Beratung", "Prüfung", "Entwicklung", "Wartung", "Schulung", "Vertrieb", "Planung", "Fertigung", "Montage"),
    *("Datensicherheit", "Mikroelektronik", "Straßenbau", "Logistik", "Kälteanlagen", "Software", "Förderung"),
)
KINDS: Final = ("service", "product", "training", "competence")


class Drawn:
    """A register that is drawn by chance, the same every time."""

    def __init__(self, count: int) -> None:
        """Draw so many ids, and who among them is a network."""
        self.random = random.Random(count)  # noqa: S311 - numbers to measure with
        self.types = [SHARES[number % len(SHARES)] for number in range(count)]
        self.ids = [new_id(record_type, 1, number.to_bytes(10)) for number, record_type in enumerate(self.types)]
        self.organisations = [each for each in self.ids if each.startswith("org_")]
        self.networks = self.organisations[:: max(1, len(self.organisations) // max(1, count // 250))]
        self.topics = [f"topic-{number}" for number in range(max(20, count // 100))]

    def records(self) -> Iterator[Json]:
        """Yield the records, those that are named before those that name them."""
        for wanted in ("organisation", "membership", "event", "cooperation"):
            for record_id, record_type in zip(self.ids, self.types, strict=True):
                if record_type == wanted:
                    yield {"type": record_type, "id": record_id, **getattr(self, f"_{record_type}")(record_id)}

    def _day(self) -> str:
        return f"{self.random.randint(1990, 2027)}-{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}"

    def _topics(self) -> list[str]:
        # A few topics are frequent and most are rare, as words are.
        return [self.topics[int(len(self.topics) * self.random.random() ** 3)] for _ in range(3)]

    def _text(self, words: int) -> Json:
        return {"de": " ".join(self.random.choices(WORDS, k=words)) + f" {self.random.randint(1, 9999)}"}

    def _organisation(self, record_id: str) -> Json:
        offering = [
            {"title": self._text(2), "kind": self.random.choice(KINDS), "description": self._text(25)} for _ in range(2)
        ]
        return {
            "name": f"Verein {self.random.randint(1, 99_999)}",
            "kind": "network" if record_id in self.networks else "company",
            "topics": [*dict.fromkeys(self._topics())],
            "regions": [self.random.choice(REGIONS)],
            **({"founded": str(self.random.randint(1950, 2025))} if self.random.random() < 0.25 else {}),  # noqa: PLR2004
            "offerings": offering,
        }

    def _membership(self, _: str) -> Json:
        network = self.networks[int(len(self.networks) * self.random.random() ** 3)]
        return {"network_id": network, "member_id": self.random.choice(self.organisations), "since": self._day()[:4]}

    def _event(self, _: str) -> Json:
        return {
            "title": self._text(2),
            "kind": "workshop",
            "status": "held",
            "when": {"start": self._day(), "precision": "day"},
            "topics": [*dict.fromkeys(self._topics())],
            "place": {"region": self.random.choice(REGIONS)},
            "organisers": [{"organisation_id": self.random.choice(self.organisations), "role": "organiser"}],
        }

    def _cooperation(self, _: str) -> Json:
        parties = [{"organisation_id": each, "roles": ["party"]} for each in self.random.sample(self.organisations, 2)]
        kinds = {"kind": "project", "status": "active"}
        return {
            "title": self._text(2),
            **kinds,
            "signed_on": self._day(),
            "topics": self._topics()[:1],
            "parties": parties,
        }


def build(drawn: Drawn) -> sqlite3.Connection:
    """Return the read model of that register."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    create(connection, "0")
    connection.execute("BEGIN")
    envelope = {"version": 1, "created_at": STAMP, "updated_at": STAMP, "managed_by": None}
    for record in drawn.records():
        text = json.dumps({**record, **envelope}, ensure_ascii=False)
        apply(connection, Document(record["id"], 1, STAMP, text))
    connection.execute("COMMIT")
    return connection


def questions(connection: sqlite3.Connection, drawn: Drawn) -> dict[str, Callable[[], object]]:
    """Return what is measured, by its name."""

    def page(**filters: Sequence[str]) -> Callable[[], object]:
        return partial(catalogue, connection, Ask(filters=filters, limit=50, today=TODAY))

    large, small = drawn.networks[0], drawn.networks[-1]
    everything = Ask(filters={}, limit=50, today=TODAY)
    return {
        "catalogue, first 50": page(),
        "catalogue, a frequent topic": page(topic=drawn.topics[:1]),
        "catalogue, a rare topic": page(topic=drawn.topics[-1:]),
        "catalogue, the largest network": page(network=[large]),
        "catalogue, a small network": page(network=[small]),
        "catalogue, q that often fits": page(q=["sicherheit pruefung"]),
        "catalogue, q that never fits": page(q=["xylophon"]),
        "catalogue, q and a small network": page(q=["sicherheit"], network=[small]),
        "topics": partial(topics, connection, everything),
        "topics of the largest network": partial(
            topics, connection, Ask(filters={"network": [large]}, limit=50, today=TODAY)
        ),
        "regions": partial(regions, connection, everything),
        "stats": partial(statistics, connection, [], None, TODAY),
        "stats as of 2016": partial(statistics, connection, [], "2016", TODAY),
        "stats of the largest network": partial(statistics, connection, [large], None, TODAY),
    }


def measure(size: int) -> dict[str, Figure]:
    """Return the CPU milliseconds of each question in a register of that size."""
    drawn = Drawn(size)
    with closing(build(drawn)) as connection:
        return side_by_side(
            {name: partial(cpu_milliseconds, ask) for name, ask in questions(connection, drawn).items()}, ROUNDS
        )


def by_size(name: str, unit: str, measure: Callable[[int], Mapping[str, Figure]], beside: str = "") -> None:
    """Measure the sizes that are named, by default all three, print a table for each, and keep the numbers."""
    found = {}
    for size in [*map(int, sys.argv[1:])] or SIZES:
        found[size] = measure(size)
        rows = [Row(each, figure, None) for each, figure in found[size].items()]
        print(f"{table(f'{size:,} records{beside}', unit, rows)}\n", flush=True)
    print(write_results(name, {str(size): figures for size, figures in found.items()}))


if __name__ == "__main__":
    by_size("catalogue", "CPU ms", measure)
