"""Merging one organisation into another: every record that names the old one moves in a version of its own.

The old one is closed first, so that what is left to move only ever becomes less. Each step looks again at what there
is to do, so that a worker may be killed anywhere, and any other goes on.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from shared.budget import current
from shared.errors import (
    Conflict,
    Fault,
    Gone,
    InvalidContent,
    MembershipOverlap,
    Merged,
    NotFound,
    PreconditionFailed,
    ProblemError,
    StillHasKeys,
    Unavailable,
)
from shared.models import dates, ids, merging, record, views
from shared.models.record import Record
from shared.projection.engine import Projection
from shared.projection.merging import naming_both, rival_memberships, to_move
from shared.tables.external_ids import inherited
from shared.tables.jobs import Job, Jobs
from shared.tables.merging import Merging
from shared.tables.partners import Partners
from shared.tables.register import KEPT_HASH, Register
from shared.tables.tables import Tables

Json = dict[str, Any]

KIND: Final = "merge"
MOST_NAMED: Final = 20
MOST_OBSTACLES: Final = 1000
BATCH: Final = 50
SAVED_EVERY: Final = 20
RESERVE: Final = 3.0
"""Seconds that a step may take: with less time left none is begun."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that would break a rule if the two organisations were one."""

    code: str
    records: tuple[str, ...]

    def shown(self) -> Json:
        """How a report names it."""
        return {"code": self.code, "records": list(self.records)}


@dataclass(frozen=True, slots=True)
class Merge:
    """The merges of a register."""

    register: Register
    projection: Callable[[], Projection]
    partners: Partners

    @property
    def tables(self) -> Tables:
        """The tables that all of it lies in."""
        return self.register.tables

    def start(self, old: str, into: str) -> Job:
        """Begin a merge or go on with it.

        Raises `NotFound`, `Gone` or `Merged` for the old organisation, `InvalidContent` for the other one, and
        `MembershipOverlap`, `StillHasKeys` or `Conflict` naming what stands in the way, with nothing moved.
        """
        jobs, job_id = Jobs(self.tables), merge_id(old, into)
        held = jobs.find(job_id)
        if held is not None and held.state != "stopped":
            return held
        self.tables.document(old)
        self._require_target(old, into)
        if Merging(self.tables, old, into).target() not in {None, into}:
            raise Conflict("This organisation is on its way into another one; wait until that is done.")
        if any(job.asked["into"] == old for job in map(jobs.find, jobs.open()) if job and job.kind == KIND):
            raise Conflict("Another organisation is being merged into this one; wait until that is done.")
        _refuse(self.obstacles(old, into))
        return jobs.start(job_id, KIND, {"organisation_id": old, "into": into})

    def _require_target(self, old: str, into: str) -> None:
        message = "Name another organisation that exists, and is on its way into no other."
        unknown = InvalidContent(faults=[Fault(message, "unknown-reference", pointer="/into")])
        if old == into or ids.type_of(into) != "organisation":
            raise unknown
        try:
            self.tables.document(into)
        except (NotFound, Gone):
            raise unknown from None
        if Merging(self.tables, into, old).target() is not None:
            raise unknown

    def obstacles(self, old: str, into: str) -> list[Obstacle]:
        """Return what stands in the way, as the lists show it at this moment."""
        with self.projection().read() as connection:
            pairs = rival_memberships(connection, old, into, MOST_OBSTACLES)
            both = naming_both(connection, old, into, MOST_OBSTACLES)
        found = [*self._overlaps(pairs), *self._broken(both, old, into)]
        if self.partners.has_keys(old):
            found.append(Obstacle(StillHasKeys.slug, (old,)))
        _, one = self.register.held(old)
        _, other = self.register.held(into)
        try:
            record.rewritten(other, _whole(one, other))
        except InvalidContent as refused:
            found += [Obstacle(fault.code, (into,)) for fault in refused.faults]
        return found

    def _overlaps(self, pairs: list[tuple[str, str]]) -> Iterator[Obstacle]:
        held = self._records({one for pair in pairs for one in pair})
        for one, other in pairs:
            if one in held and other in held and dates.certainly_overlap(held[one], held[other]):
                yield Obstacle("membership-overlap", (one, other))

    def _broken(self, record_ids: list[str], old: str, into: str) -> Iterator[Obstacle]:
        for record_id in record_ids:
            try:
                _, held = self.register.held(record_id)
                record.rewritten(held, merging.redirected(held.as_input(), old, into))
            except InvalidContent as refused:
                yield from (Obstacle(fault.code, (record_id,)) for fault in refused.faults)
            except (NotFound, Gone):
                continue

    def _records(self, record_ids: set[str]) -> dict[str, Json]:
        documents = self.tables.documents(sorted(record_ids))
        return {one.id: json.loads(one.text) for one in documents.values() if one.text is not None}

    def work(self, job: Job) -> Job:
        """Go on until it is done, something stands in the way, or the time is up; gives the job as saved last."""
        old, into = job.asked["organisation_id"], job.asked["into"]
        step = _Step(self, Jobs(self.tables), Merging(self.tables, old, into), job)
        try:
            return step.through()
        except Unavailable:
            # What passes: the next one to come along goes on from what was saved.
            return step.job
        except (NotFound, Gone) as lost:
            return step.give_up(lost)


def merge_id(old: str, into: str) -> str:
    """Return the id of the one job that merges these two: asked for again, it is the same job."""
    digest = sha256(f"{KIND} {old} {into}".encode()).digest()
    return ids.new_job_id(int.from_bytes(digest[:5]), digest[5:15])


def _refuse(obstacles: list[Obstacle]) -> None:
    if not obstacles:
        return
    named = list(dict.fromkeys(record_id for obstacle in obstacles for record_id in obstacle.records))[:MOST_NAMED]
    if any(obstacle.code == "membership-overlap" for obstacle in obstacles):
        raise MembershipOverlap("End or delete one of each two memberships in `related` first.", related=named)
    codes = ", ".join(sorted({obstacle.code for obstacle in obstacles}))
    if codes == StillHasKeys.slug:
        raise StillHasKeys
    raise Conflict(f"If both were one, the records in `related` would break rules: {codes}.", related=named)


def _whole(old: Record, into: Record) -> Json:
    """The organisation with all that it takes over, but for references to the old one."""
    moved = merging.redirected(into.as_input(), old.id, into.id)
    return merging.joined(merging.with_grades(moved, old.as_input()), old.as_input())


class _Step:
    """One worker's way through a merge."""

    def __init__(self, merge: Merge, jobs: Jobs, guard: Merging, job: Job) -> None:
        self.merge = merge
        self.register = merge.register
        self.jobs = jobs
        self.guard = guard
        self.job = job
        self.old, self.into = guard.old, guard.into
        self.stuck: dict[str, str] = {}

    def through(self) -> Job:
        """Do what is left, phase by phase; raises `NotFound` or `Gone` when the other organisation is no more."""
        if self.is_over():
            return self.done({})
        if "closed" not in self.job.progress:
            obstacle = self.close()
            if obstacle is not None:
                return obstacle
        self.change(self.into, self.with_grades)
        while self.has_time():
            batch = self.next_batch()
            if not batch:
                return self.finish()
            for place, record_id in enumerate(batch, start=1):
                self.move(record_id)
                if place % SAVED_EVERY == 0 or not self.has_time():
                    self.keep()
                if not self.has_time():
                    return self.job
            self.keep()
        return self.job

    def is_over(self) -> bool:
        """Tell whether the end was reached by an attempt that could not say so any more."""
        try:
            self.merge.tables.document(self.old)
        except Merged as merged:
            return self.into in merged.related
        return False

    def give_up(self, lost: ProblemError) -> Job:
        """Stop, because one of the two organisations is no more."""
        return self.stop([Obstacle(lost.slug, (self.old, self.into))])

    def has_time(self) -> bool:
        return current().seconds_left() > RESERVE

    def keep(self, **more: object) -> None:
        self.job = self.jobs.save(replace(self.job, progress={**self.job.progress, **more}))

    def close(self) -> Job | None:
        """Let nothing new refer to the old one, and look once more: nothing can come in the way any more."""
        try:
            self.guard.close()
            obstacles = self.merge.obstacles(self.old, self.into)
        except (NotFound, Gone, Conflict) as refused:
            return self.stop([Obstacle(refused.slug, (self.old, self.into))])
        if obstacles:
            return self.stop(obstacles)
        self.keep(closed=True, moved=self.job.progress.get("moved", 0))
        return None

    def stop(self, obstacles: list[Obstacle]) -> Job:
        """Say what stands in the way, and let the old organisation be named again, as far as it is still there.

        It may never be asked for again, and what stays closed could be named, deleted or merged by nobody.
        """
        if "closed" in self.job.progress:
            # First, so that whoever goes on after a kill closes it anew.
            moved = {name: count for name, count in self.job.progress.items() if name != "closed"}
            self.job = self.jobs.save(replace(self.job, progress=moved))
        with suppress(Conflict):
            self.guard.reopen()
        report = {**self.job.report, "obstacles": [obstacle.shown() for obstacle in obstacles[:MOST_NAMED]]}
        self.job = self.jobs.save(replace(self.job, state="stopped", report=report))
        return self.job

    def next_batch(self) -> list[str]:
        with self.merge.projection().read() as connection:
            return to_move(connection, self.old, BATCH, frozenset(self.stuck))

    def change(self, record_id: str, edit: Callable[[Record], Json]) -> bool:
        """Write a record as the edit gives it; False where that changes nothing."""

        def edited(held: Record) -> Record:
            fields = edit(held)
            return held if fields == held.as_input() else record.rewritten(held, fields)

        outcome = self.register.change(record_id, edited, None, input_hash=KEPT_HASH)
        return outcome.change != "unchanged"

    def with_grades(self, into: Record) -> Json:
        _, old = self.register.held(self.old)
        return merging.with_grades(into.as_input(), old.as_input())

    def move(self, record_id: str) -> None:
        try:
            moved = self.change(record_id, lambda held: merging.redirected(held.as_input(), self.old, self.into))
        except (NotFound, Gone):
            return
        except (InvalidContent, Conflict) as refused:
            self.stuck[record_id] = _why(refused)
            return
        if moved:
            progress = {**self.job.progress, "moved": self.job.progress["moved"] + 1}
            self.job = replace(self.job, progress=progress)

    def finish(self) -> Job:
        """Leave the tombstone, once nothing refers to the old one any more."""
        if self.stuck:
            return self.stop([Obstacle(code, (record_id,)) for record_id, code in self.stuck.items()])
        if self.guard.references() > 0:
            return self.job
        _, old = self.register.held(self.old)
        document, into = self.register.held(self.into)
        try:
            named = record.rewritten(into, merging.joined(into.as_input(), old.as_input()))
            heir = inherited(named, document.attached, old)
            self.guard.finish(old, (document, into), heir, self.register.caller.name)
        except InvalidContent as refused:
            return self.stop([Obstacle(_why(refused), (self.into,))])
        except (PreconditionFailed, Conflict):
            return self.job
        taken = _external_ids(heir.record)
        return self.done({"external_ids_left": [name for name in _external_ids(old) if name not in taken]})

    def done(self, found: Json) -> Job:
        report = {"into": self.into, "moved": self.job.progress.get("moved", 0), **found}
        self.job = self.jobs.save(replace(self.job, state="finished", report=report))
        return self.job


def _why(refused: ProblemError) -> str:
    return refused.faults[0].code if refused.faults else refused.slug


def _external_ids(held: Record) -> list[str]:
    return [f"{entry['scheme']}:{entry['value']}" for _, entry in views.entries(held.as_input(), "external_ids")]
