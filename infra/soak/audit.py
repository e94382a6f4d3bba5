"""What must hold when all is quiet again: nothing is lost, nothing is there twice, and all answers agree."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from random import Random
from typing import Final
from urllib.parse import quote

from infra.client import Json
from infra.soak.asking import Asker
from infra.soak.readers import walked
from infra.soak.writers import Written

FEED: Final = "/changes?include=record&limit=200"
_SAMPLE: Final = 150
"""Records that are read, and searched for, one by one."""
_LISTS: Final = {"organisation": "/organisations", "event": "/events", "cooperation": "/cooperations"}


@dataclass(frozen=True, slots=True)
class Feed:
    """The change feed from its beginning, as one walk gave it."""

    entries: Sequence[Json]

    def versions(self) -> dict[str, dict[int, Json]]:
        """Entries by record and version."""
        found: dict[str, dict[int, Json]] = {}
        for entry in self.entries:
            found.setdefault(entry["id"], {})[entry["version"]] = entry
        return found

    def live(self) -> dict[str, Json]:
        """The last public version of each record that there is."""
        last = {record_id: versions[max(versions)] for record_id, versions in self.versions().items()}
        return {record_id: entry["record"] for record_id, entry in last.items() if "record" in entry}

    def faults(self) -> Iterator[str]:
        """Changes that are missing, or that are doubled or out of turn without being marked as late."""
        seen: dict[str, list[int]] = {}
        for entry in self.entries:
            held = seen.setdefault(entry["id"], [])
            if entry["version"] in held and not entry["late"]:
                yield f"/changes gives version {entry['version']} of {entry['id']} twice"
            elif held and entry["version"] < max(held) and not entry["late"]:
                yield f"/changes gives version {entry['version']} of {entry['id']} out of turn"
            held.append(entry["version"])
        for record_id, held in seen.items():
            if sorted(set(held)) != list(range(1, max(held) + 1)):
                yield f"/changes has versions {sorted(held)} of {record_id}"


def writes(feed: Feed, written: Iterable[Written]) -> Iterator[str]:
    """Acknowledged writes that are not there exactly once, and refused ones that are there."""
    versions = feed.versions()
    first: dict[str, list[tuple[str, int]]] = {}
    for record_id, held in versions.items():
        before: set[str] = set()
        for version in sorted(held):
            words = _words(held[version].get("record"))
            for word in words - before:
                first.setdefault(word, []).append((record_id, version))
            before = words
    for one in written:
        if one.deleted:
            ends = [entry for entry in versions.get(one.record_id, {}).values() if entry["change"] == "deleted"]
            if len(ends) != 1:
                yield f"{one.record_id} was deleted, and has {len(ends)} ends in /changes"
        elif one.word:
            expected = [(one.record_id, one.version)] if one.done else []
            if first.get(one.word, []) != expected:
                yield f"{one.word} was to be at {expected} and is at {first.get(one.word, [])}"


def _words(record: Json | None) -> set[str]:
    """The words of writers in a record; what a merge keeps as another name was written elsewhere."""
    if record is None:
        return set()
    texts = [record.get("name"), record.get("website"), record.get("note"), *record.get("target_groups", ())]
    texts += record.get("title", {}).values()
    return {str(text).rpartition("/")[2] for text in texts if text}


def agreement(asker: Asker, live: Mapping[str, Json], random: Random) -> Iterator[str]:
    """Where lists, search and records do not say what the feed says."""
    for record_type, path in _LISTS.items():
        listed = {item["id"]: _name(item) for item in walked(asker, f"{path}?limit=200")}
        there = {record_id: _name(record) for record_id, record in live.items() if record["type"] == record_type}
        for record_id in listed.keys() ^ there.keys():
            yield f"{record_id} is in only one of {path} and /changes"
        for record_id in listed.keys() & there.keys():
            if listed[record_id] != there[record_id]:
                yield f"{path} calls {record_id} {listed[record_id]}, /changes {there[record_id]}"
    for network in sorted({record["network_id"] for record in live.values() if record["type"] == "membership"}):
        listed_members = {item["id"] for item in walked(asker, f"/organisations/{network}/members?limit=200&as_of=any")}
        members = {record_id for record_id, record in live.items() if record.get("network_id") == network}
        if listed_members != members:
            yield f"the members of {network} are {len(listed_members)} in its list, {len(members)} in /changes"
    for record in random.sample(list(live.values()), min(_SAMPLE, len(live))):
        yield from _read_and_found(asker, record)


def _read_and_found(asker: Asker, record: Json) -> Iterator[str]:
    path = f"/{record['type']}s/{record['id']}"
    if record["type"] == "membership":
        path = f"/organisations/{record['network_id']}/members/{record['id']}"
    answer = asker.settle("read", "GET", path)
    if answer.status != HTTPStatus.OK or answer.json != record:
        yield f"GET {path} ({answer.status}) is not what /changes says"
    if record["type"] != "membership":
        found = asker.settle("search", "GET", f"/search?limit=200&q={quote(_name(record)[:200])}")
        ids = [item["record"]["id"] if "record" in item else item["id"] for item in found.json["items"]]
        if record["id"] not in ids:
            yield f"the search does not find {record['id']} by its name"


def jobs(asker: Asker, known: Iterable[str]) -> Iterator[str]:
    """Jobs that have not come to their end, though they are gone on with every minute."""
    for job in known:
        answer = asker.settle("job", "GET", f"/jobs/{job}")
        if answer.status != HTTPStatus.OK or answer.json["state"] != "finished":
            yield f"{job} is {answer.body[:300].decode(errors='replace')}"


def _name(record: Json) -> str:
    return str(record["name"] if "name" in record else next(iter(record["title"].values())))


def followed(feed: Feed, entries: Sequence[Json]) -> Iterator[str]:
    """What a follower has missed, or had twice without being told that it is late."""
    wanted = {(entry["id"], entry["version"]) for entry in feed.entries}
    had: dict[tuple[str, int], int] = {}
    for entry in entries:
        place = (entry["id"], entry["version"])
        had[place] = had.get(place, 0) + 1
        if had[place] > 1 and not entry["late"]:
            yield f"the follower was given {place} {had[place]} times"
    for place in wanted - had.keys():
        yield f"the follower was never given {place}"
    if [json.dumps(entry) for entry in entries] != [json.dumps(entry) for entry in feed.entries]:
        yield "the follower was given another order than a walk from the beginning"
