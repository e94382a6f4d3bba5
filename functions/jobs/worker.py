"""Works on jobs: on the one that it is woken for, and every minute on those that nobody finished.

With `{"erase_again": "job_01…"}` it first begins that job, which erases everybody in the ledger once more, after a
restore; a second time it goes on with it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from functions.jobs.erasure import KIND as ERASING
from functions.jobs.erasure import Erasure
from functions.jobs.merge import KIND as MERGING
from functions.jobs.merge import Merge
from functions.process import PARTNERS, PEPPERS, SETTINGS, TABLES, copies, projection
from functions.writing import REGISTER
from shared.budget import spending
from shared.errors import Unavailable
from shared.http.edge import Context
from shared.http.log import logger
from shared.tables.jobs import Job, Jobs

KEPT_FOR_ANSWER = 5.0


def _export_anew() -> None:
    if SETTINGS.export_function is not None:
        from shared.tables.waking import invoke  # noqa: PLC0415 - only after an erasure, and only when deployed

        invoke(SETTINGS.export_function)


JOBS: Final = Jobs(TABLES)
MERGE: Final = Merge(REGISTER, projection, PARTNERS)
ERASURE: Final = Erasure(REGISTER, copies, lambda: PEPPERS(0.0), _export_anew)
_WORK: Final[Mapping[str, Callable[[Job], Job]]] = {MERGING: MERGE.work, ERASING: ERASURE.work}


def work(job: Job) -> Job:
    """Do as much of the job as the time allows; gives it as it was saved last."""
    return _WORK[job.kind](job)


def _go_on(job_id: str) -> bool:
    """Work on a job; tells whether something is left of it."""
    job = JOBS.find(job_id)
    if job is not None and job.state != "running":
        # Whoever finished it was cut off before he could cross it out.
        JOBS.cross_out(job_id)
        return False
    return job is not None and work(job).state == "running"


def handler(event: Mapping[str, Any], context: Context) -> dict[str, int]:
    """Work on the event's `job`, or on all that are open; gives how many were done, and how many are left."""
    done = left = 0
    with spending(context.get_remaining_time_in_millis() / 1000 - KEPT_FOR_ANSWER):
        if "erase_again" in event:
            ERASURE.again(str(event["erase_again"]))
        for job_id in [event["job"]] if "job" in event else JOBS.open():
            try:
                is_left = _go_on(job_id)
            except Unavailable:
                is_left = True
            left += is_left
            done += not is_left
    logger.info("jobs", extra={"done": done, "left": left})
    return {"done": done, "left": left}
