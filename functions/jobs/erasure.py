"""Erasing a person from every record, every version of it, every snapshot and every export.

The feed names every record that ever was, deleted ones included, so the job walks it from its first day, a record at a
time. Where it was cut off it begins again at the last stamp that it saved: what is erased already is not found again.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Final

from functions.exports import stored
from shared.budget import current
from shared.errors import Gone, NotFound, Unavailable
from shared.models import record, views
from shared.models.erasure import Search, Wanted
from shared.models.ids import JOB_PATTERN
from shared.models.patch import pointer
from shared.models.record import Record
from shared.projection.engine import Projection
from shared.projection.snapshot import forget_earlier
from shared.tables.erasure import Ledger, Versions
from shared.tables.feed import Entry, Feed
from shared.tables.jobs import Job, Jobs
from shared.tables.register import KEPT_HASH, Register

Json = dict[str, Any]

KIND: Final = "erasure"
RESERVE: Final = 3.0
"""Seconds that one record may take: with less time left none is begun."""
SAVED_EVERY: Final = 100
MOST_LISTED: Final = 200
"""Places of each kind that a report names; beyond that it counts."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """The erasures of a register."""

    register: Register
    copies: Callable[[], Sequence[Projection]]
    """Those of every read model; they share their snapshots' store."""
    peppers: Callable[[], tuple[str, ...]]
    export_anew: Callable[[], None]
    """Called when every export has been deleted."""

    def start(self, job_id: str, name: str, email: str | None, *, dry_run: bool) -> Job:
        """Begin to erase a person; what is written down of it from here on are keyed hashes."""
        wanted = Wanted.of(self.peppers()[0], name, email)
        if not dry_run:
            Ledger(self.register.tables).enter(wanted)
        return self._begun(job_id, [wanted], dry_run=dry_run)

    def again(self, job_id: str) -> Job:
        """Begin to erase everybody in the ledger again, after a restore; raises ValueError for what is no job's id."""
        if re.fullmatch(JOB_PATTERN, job_id) is None:
            raise ValueError("name the job as job_01…")
        return self._begun(job_id, Ledger(self.register.tables).all(), dry_run=False)

    def _begun(self, job_id: str, wanted: list[Wanted], *, dry_run: bool) -> Job:
        asked = {"people": [one.to_json() for one in wanted], "dry_run": dry_run}
        return Jobs(self.register.tables).start(job_id, KIND, asked)

    def work(self, job: Job) -> Job:
        """Go on until it is done or the time is up; gives the job as saved last."""
        walk = _Walk(self, job)
        try:
            return walk.through()
        except Unavailable:
            # What passes: the next one to come along goes on from what was saved.
            return walk.job


class _Walk:
    """One worker's way through the feed."""

    def __init__(self, erasure: Erasure, job: Job) -> None:
        self.erasure = erasure
        self.register = erasure.register
        self.jobs = Jobs(erasure.register.tables)
        self.versions = Versions(erasure.register.tables)
        self.search = Search([Wanted.from_json(one) for one in job.asked["people"]], erasure.peppers())
        self.is_dry = bool(job.asked["dry_run"])
        self.job = job

    def through(self) -> Job:
        """Look at every record, then let no snapshot or export keep what it said before."""
        for looked, entry in enumerate(self.entries(), start=1):
            if current().seconds_left() <= RESERVE:
                return self.keep(entry.stamp)
            self.look(entry.id)
            if looked % SAVED_EVERY == 0:
                self.keep(entry.stamp)
        if not self.is_dry and self.job.report.get("records"):
            copies = self.erasure.copies()
            forget_earlier(copies[0].snapshots, copies)
            stored.forget(copies[0].snapshots)
            self.erasure.export_anew()
        self.job = self.jobs.save(
            replace(self.job, state="finished", report={"dry_run": self.is_dry, **self.counted()})
        )
        return self.job

    def entries(self) -> Iterator[Entry]:
        """Yield one entry of each record, from where the last worker stopped."""
        for page in Feed(self.register.tables).tail(self.job.progress.get("position")):
            yield from (entry for entry in page.entries if entry.version == 1)

    def keep(self, position: str) -> Job:
        self.job = self.jobs.save(replace(self.job, progress={**self.job.progress, "position": position}))
        return self.job

    def counted(self) -> Json:
        empty: Json = {"records": 0, "versions": 0, "found": [], "unsure": [], "mentions": []}
        return {**empty, **{name: copy(value) for name, value in self.job.report.items()}}

    def look(self, record_id: str) -> None:
        """Erase the wanted from one record: first from what it says now, then from what it said before."""
        texts = dict(self.versions.of(record_id))
        keys = self.keys(texts)
        found = self.found(texts, keys)
        if texts:
            self.note(record_id, self.search.erased(texts[max(texts)], keys), len(found))
        if self.is_dry or not found:
            return
        # Before anything is changed, or a report that is lost now could not be made again.
        self.job = self.jobs.save(self.job)
        with suppress(NotFound, Gone):
            self.register.change(record_id, self.edit(keys), None, input_hash=KEPT_HASH)
        # Anew, because until then every other write carried the name on into a further version.
        texts = dict(self.versions.of(record_id))
        found = self.found(texts, keys | self.keys(texts))
        # Last those by which a person is known: cut off before, the next worker still knows whom to look for.
        for number in sorted(found, key=lambda one: (bool(self.search.keys(texts[one])), one)):
            self.versions.rewrite(record_id, number, found[number])

    def keys(self, texts: dict[int, Json]) -> set[str]:
        """Return the keys by which the wanted are known in any version of a record."""
        return {key for text in texts.values() for key in self.search.keys(text)}

    def found(self, texts: dict[int, Json], keys: set[str]) -> dict[int, Json]:
        """Return the versions in which the wanted stand, without them."""
        erased = {number: self.search.erased(text, keys) for number, text in texts.items()}
        return {number: text for number, (text, places) in erased.items() if places}

    def edit(self, keys: set[str]) -> Callable[[Record], Record]:
        def edited(held: Record) -> Record:
            text, places = self.search.erased(held.as_input(), keys)
            return record.rewritten(held, text) if places else held

        return edited

    def note(self, record_id: str, erased: tuple[Json, list[str]], versions: int) -> None:
        """Put into the report what was found, and what only a human can decide: never what it says there."""
        text, places = erased
        report = self.counted()
        if versions and all(one["id"] != record_id for one in report["found"]):
            report["records"] += 1
            report["versions"] += versions
            report["found"] = [*report["found"], {"id": record_id, "pointers": places}][:MOST_LISTED]
        persons = {pointer((*path, "name")) for path, _ in views.persons(text)}
        mentions = self.search.mentions(text)
        _list(report["unsure"], record_id, [place for place in mentions if place in persons])
        _list(report["mentions"], record_id, [place for place in mentions if place not in persons])
        self.job = replace(self.job, report=report)


def _list(listed: list[Json], record_id: str, places: list[str]) -> None:
    known = any(one["id"] == record_id for one in listed)
    if not known and len(listed) < MOST_LISTED and places:
        listed.append({"id": record_id, "pointers": places[:MOST_LISTED]})
