"""The sample says what the five source texts say: complete, sourced, in its own words, and in the order of loading."""

import json
import re
from collections.abc import Iterator
from hashlib import blake2s
from pathlib import Path
from typing import Any

import pytest

from infra.sample.facts import deviation, facts, records, resolve, slug_named, with_ids
from shared.models.record import parse_input

RUN = 8
"""So many words of a text in a row count as copied; names and titles are facts and do not count."""
RUNS_OF_THE_TEXTS = Path(__file__).with_name("runs_of_the_texts.txt")
"""Fingerprints of all such runs of the five texts, so that the test needs no text and the project keeps none."""
STATEMENTS = {
    "other_names",
    "offices",
    "people",
    "speakers",
    "figures",
    "offerings",
    "designations",
    "membership_grades",
    "relations",
    "organisers",
    "parties",
    "goals",
}
NAMES = {"name", "value", "publisher", "publishers"}
MUST_SHOW_FACTS = 250

Json = dict[str, Any]
SAMPLE = dict(records())


def stand_in_ids() -> dict[str, str]:
    prefixes = {"organisation": "org_", "membership": "mem_", "event": "evt_", "cooperation": "coop_"}
    return {slug: prefixes[record["type"]] + f"{number:026d}" for number, (slug, record) in enumerate(SAMPLE.items())}


def named_by(value: object) -> Iterator[str]:
    slug = slug_named(value)
    if slug is not None:
        yield slug
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from named_by(part)


def statements(value: object, path: str = "") -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name in STATEMENTS:
                yield from ((f"{path}/{name}/{index}", entry) for index, entry in enumerate(part))
            yield from statements(part, f"{path}/{name}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from statements(part, f"{path}/{index}")


def prose(value: object, name: str = "") -> Iterator[str]:
    """Yield every text that is worded by us: all but names and the titles of sources."""
    if isinstance(value, dict):
        for inner, part in value.items():
            if inner not in NAMES and not (name == "sources" and inner == "title"):
                yield from prose(part, name if inner == "title" else inner)
    elif isinstance(value, list):
        for part in value:
            yield from prose(part, name)
    elif isinstance(value, str):
        yield value


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def runs(text: str) -> dict[str, str]:
    """Return the runs of words in a text by their fingerprints."""
    found = words(text)
    said = (" ".join(found[start : start + RUN]) for start in range(len(found) - RUN + 1))
    return {blake2s(run.encode(), digest_size=5).hexdigest(): run for run in said}


def sources_around(record: Json, pointer: str) -> set[str]:
    """Return the keys that speak for a place in a record: those of the nearest statement, else all of the record's."""
    parts = pointer.split("/")
    for length in range(len(parts), 1, -1):
        holder = resolve(record, "/".join(parts[:length]))
        if isinstance(holder, dict) and "sources" in holder and all(isinstance(key, str) for key in holder["sources"]):
            return set(holder["sources"])
    return {source["key"] for source in record["sources"]}


@pytest.mark.parametrize("slug", SAMPLE)
def test_the_models_accept_every_record_as_it_is_posted(slug: str) -> None:
    record = with_ids(SAMPLE[slug], stand_in_ids())

    parsed = parse_input(record["type"], record)

    assert parsed is not None


def test_no_slug_is_used_twice() -> None:
    assert len(SAMPLE) == len(list(records()))


def test_every_record_comes_after_those_that_it_names() -> None:
    seen: set[str] = set()
    early = []

    for slug, record in SAMPLE.items():
        early += [(slug, named) for named in named_by(record) if named not in seen]
        seen.add(slug)

    assert early == []


def test_every_statement_names_sources_of_its_record() -> None:
    unsourced = [
        (slug, path)
        for slug, record in SAMPLE.items()
        for path, entry in statements(record)
        if not entry.get("sources") or not set(entry["sources"]) <= {source["key"] for source in record["sources"]}
    ]

    assert unsourced == []


def test_no_source_is_quoted() -> None:
    quoted = [slug for slug, record in SAMPLE.items() if any("quote" in source for source in record["sources"])]

    assert quoted == []


def test_a_source_is_described_alike_wherever_it_is_used() -> None:
    described: dict[str, set[str]] = {}

    for record in SAMPLE.values():
        for source in record["sources"]:
            plain = {name: value for name, value in source.items() if name != "about"}
            described.setdefault(source["key"], set()).add(json.dumps(plain, sort_keys=True))

    assert {key: len(forms) for key, forms in described.items() if len(forms) > 1} == {}


def test_the_table_covers_the_texts_and_says_nothing_twice() -> None:
    rows = facts()

    assert len(rows) >= MUST_SHOW_FACTS
    assert len({json.dumps(row, sort_keys=True) for row in rows}) == len(rows)


def test_the_table_knows_every_record() -> None:
    rows = facts()

    assert {row["record"] for row in rows if "record" in row} >= {*SAMPLE}


def test_every_fact_is_in_the_record_that_the_table_names() -> None:
    deviations = [
        (row["record"], row["fact"], wrong)
        for row in facts()
        if "record" in row and not (row["pointer"] == "/when" and row.get("expected", "") is None)
        if (wrong := deviation(SAMPLE[row["record"]], row)) is not None
    ]

    assert deviations == []


def test_an_event_without_a_known_date_has_no_when() -> None:
    dated = [row["record"] for row in facts() if row.get("pointer") == "/when" and "when" in SAMPLE[row["record"]]]

    assert dated == []


def test_every_fact_stands_under_its_own_source() -> None:
    wrong = [
        (row["record"], row["pointer"], row["source"])
        for row in facts()
        if "expected" in row and "record" in row
        if row["source"] not in sources_around(SAMPLE[row["record"]], row["pointer"])
    ]

    assert wrong == []


def test_every_path_of_the_table_names_sample_records() -> None:
    unknown = [
        slug
        for row in facts()
        if "path" in row
        for slug in (*re.findall(r"\{([^}]*)\}", row["path"]), *named_by(row))
        if slug not in SAMPLE
    ]

    assert unknown == []


def test_no_sentence_of_a_text_is_copied() -> None:
    said = set(RUNS_OF_THE_TEXTS.read_text(encoding="ascii").split())

    copied = [
        (slug, run)
        for slug, record in SAMPLE.items()
        for text in prose(record)
        for fingerprint, run in runs(text).items()
        if fingerprint in said
    ]

    assert copied == []
