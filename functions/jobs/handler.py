"""Begins jobs and tells how far they have come; the work is the worker's."""

import json
import re
import secrets
from collections.abc import Callable
from typing import Any, Final

from functions.jobs.routes import ROUTES
from functions.process import SETTINGS, TABLES, edge
from shared.errors import Fault, InvalidContent, NotFound
from shared.http.messages import Request, Response
from shared.http.routes import PREFIX
from shared.models import ids
from shared.tables.jobs import Job, Jobs
from shared.tables.references import resolve

JOBS: Final = Jobs(TABLES)


def get_job(request: Request) -> Response:
    """One job as it was last saved."""
    job_id = request.variables["id"]
    if re.fullmatch(ids.JOB_PATTERN, job_id) is None:
        raise NotFound
    job = JOBS.get(job_id)
    return Response(_text(job), etag=str(job.saved), private=True)


def merge_organisation(request: Request) -> Response:
    """Begin to merge the organisation in the path into the one that is named."""
    from functions.jobs.worker import MERGE  # noqa: PLC0415 - who only asks for a job needs none of this

    old, into = request.variables["id"], _into(request.body)
    if ids.type_of(old) != "organisation":
        raise NotFound
    return _accepted(request, lambda: MERGE.start(old, into))


def erase_person(request: Request) -> Response:
    """Begin to erase the person who is named."""
    from functions.jobs.worker import ERASURE  # noqa: PLC0415 - see `merge_organisation`
    from shared.models.jobs import ErasureInput  # noqa: PLC0415 - the same
    from shared.models.partners import read  # noqa: PLC0415 - the same

    asked = read(ErasureInput, request.body)
    job_id = ids.new_job_id(int(TABLES.clock.now() * 1000), secrets.token_bytes(ids.ENTROPY_BYTES))
    return _accepted(request, lambda: ERASURE.start(job_id, asked.name, asked.email, dry_run=asked.dry_run is True))


def _into(body: dict[str, Any]) -> str:
    """The id of the other organisation; raises `InvalidContent`."""
    from shared.models.jobs import MergeInput  # noqa: PLC0415 - see `merge_organisation`
    from shared.models.partners import read  # noqa: PLC0415 - the same

    resolved, faults = resolve(TABLES, {"organisation_id": body.get("into")})
    if faults:
        raise InvalidContent(faults=[Fault(fault.message, fault.code, pointer="/into") for fault in faults])
    into = {"into": resolved["organisation_id"]} if body.get("into") is not None else {}
    return read(MergeInput, {name: value for name, value in body.items() if name != "into"} | into).into


def _accepted(request: Request, begin: Callable[[], Job]) -> Response:
    """Begin a job, once for an Idempotency-Key; what is no record yet is told from the job itself."""
    from functions.jobs.worker import work  # noqa: PLC0415 - see `merge_organisation`
    from functions.writing import REGISTER  # noqa: PLC0415 - the same
    from shared.tables.register import Outcome  # noqa: PLC0415 - the same
    from shared.tables.tables import Document  # noqa: PLC0415 - the same

    register = REGISTER.acting(request.caller, request.once)
    outcome = register.exactly_once(lambda: Outcome("unchanged", Document(begin().id, 0, "", None)))
    job = JOBS.get(outcome.document.id)
    if job.state == "running":
        job = _pushed(job, work)
    headers = {"Location": f"{PREFIX}/jobs/{job.id}"}
    if outcome.replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(_text(job), 202, headers=headers, private=True)


def _pushed(job: Job, work: Callable[[Job], Job]) -> Job:
    """Have the job worked on: by the worker when deployed, else here as far as the request's time goes."""
    if SETTINGS.jobs_function is None:
        return work(job)
    from shared.tables.waking import invoke  # noqa: PLC0415 - only a deployed one has somebody to wake

    invoke(SETTINGS.jobs_function, {"job": job.id})
    return job


def _text(job: Job) -> str:
    return json.dumps(job.public(), ensure_ascii=False, separators=(",", ":"))


handler: Final = edge(ROUTES, (get_job, merge_organisation, erase_person))
