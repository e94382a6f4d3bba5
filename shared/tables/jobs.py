"""Jobs: work that takes longer than a request, done step by step by whoever comes along, each step at most half done.

A job is one item: what was asked, how far it has come, what it found. A worker that saves its progress checks that
nobody else has saved meanwhile, so that of two workers on one job the slower one stops. What it does between two
savings must bear being done twice.
"""

import json
import secrets
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from shared.errors import NotFound, WriteContention
from shared.tables import keys
from shared.tables.client import call
from shared.tables.feed import stamp_of
from shared.tables.tables import Tables

Json = dict[str, Any]
State = Literal["running", "stopped", "finished"]
"""`stopped`: something stands in the way that a person has to settle; asking for it again goes on."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job as it was last saved."""

    id: str
    kind: str
    state: State
    asked: Json
    progress: Json = field(default_factory=dict)
    report: Json = field(default_factory=dict)
    created_at: str = ""
    updated_at: str = ""
    saved: int = 0
    """How often; a worker commits on the number that it read."""

    def public(self) -> Json:
        """What the API shows of it."""
        return {
            "type": "job",
            "id": self.id,
            "kind": self.kind,
            "state": self.state,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "progress": self.progress,
            "report": self.report,
        }


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs of the register."""

    tables: Tables

    def find(self, job_id: str) -> Job | None:
        """The job, or None."""
        item = self.tables.item(self.tables.settings.register_table, keys.job(job_id))
        return None if item is None else _job(item)

    def get(self, job_id: str) -> Job:
        """The job; raises `NotFound`."""
        found = self.find(job_id)
        if found is None:
            raise NotFound
        return found

    def start(self, job_id: str, kind: str, asked: Json) -> Job:
        """Begin a job, or go on with one that was stopped; one that runs or is finished comes back as it is."""
        held = self.find(job_id)
        if held is not None and held.state != "stopped":
            return held
        # First among the open ones: an id without a job harms nobody, a job that nobody knows would never end.
        self._change_open("ADD", job_id)
        if held is not None:
            return self.save(replace(held, state="running"))
        job = Job(job_id, kind, "running", asked, created_at=stamp_of(self.tables.clock.now()))
        return self.save(job)

    def save(self, job: Job) -> Job:
        """Keep how far it has come; raises `WriteContention` where another worker was faster."""
        token = secrets.token_hex(8)
        saved = replace(job, saved=job.saved + 1, updated_at=stamp_of(self.tables.clock.now()))
        item = {
            **keys.job(job.id),
            "kind": {"S": saved.kind},
            "state": {"S": saved.state},
            "created_at": {"S": saved.created_at},
            "updated_at": {"S": saved.updated_at},
            "saved": {"N": str(saved.saved)},
            "token": {"S": token},
            **{name: {"S": _dumps(getattr(saved, name))} for name in ("asked", "progress", "report")},
        }
        request: dict[str, Any] = {"TableName": self.tables.settings.register_table, "Item": item}
        if job.saved == 0:
            request |= {"ConditionExpression": "attribute_not_exists(pk)"}
        else:
            held = {":saved": {"N": str(job.saved)}}
            request |= {"ConditionExpression": "saved = :saved", "ExpressionAttributeValues": held}
        try:
            call(self.tables.client, "PutItem", request, self.tables.clock)
        except self.tables.client.exceptions.ConditionalCheckFailedException:
            # An attempt whose answer was lost may have been ours.
            found = self.tables.item(self.tables.settings.register_table, keys.job(job.id)) or {}
            if keys.text(found, "token") != token:
                raise WriteContention from None
        if saved.state != "running":
            self.cross_out(job.id)
        return saved

    def cross_out(self, job_id: str) -> None:
        """Count the job no longer among the open ones."""
        self._change_open("DELETE", job_id)

    def open(self) -> list[str]:
        """Ids of the jobs that are not done."""
        item = self.tables.item(self.tables.settings.register_table, keys.open_jobs()) or {}
        return sorted(item.get("ids", {}).get("SS", ()))

    def _change_open(self, action: str, job_id: str) -> None:
        request = {
            "TableName": self.tables.settings.register_table,
            "Key": keys.open_jobs(),
            "UpdateExpression": f"{action} ids :id",
            "ExpressionAttributeValues": {":id": {"SS": [job_id]}},
        }
        call(self.tables.client, "UpdateItem", request, self.tables.clock)


def _dumps(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _job(item: dict[str, Any]) -> Job:
    state: Any = item["state"]["S"]
    return Job(
        id=item["pk"]["S"].removeprefix("JOB#"),
        kind=item["kind"]["S"],
        state=state,
        asked=json.loads(item["asked"]["S"]),
        progress=json.loads(item["progress"]["S"]),
        report=json.loads(item["report"]["S"]),
        created_at=item["created_at"]["S"],
        updated_at=item["updated_at"]["S"],
        saved=keys.number(item, "saved"),
    )
