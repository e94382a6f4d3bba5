"""The routes of jobs, and of what begins one."""

from typing import Final

from shared.http.routes import Route

ROUTES: Final = (
    Route("get_job", "GET", "/jobs/{id}", "How far a job has come", "admin", "Job"),
    Route(
        "merge_organisation",
        "POST",
        "/organisations/{id}/merge",
        "Merge an organisation into another one",
        "admin",
        "Job",
        body="MergeInput",
        status=202,
    ),
    Route(
        "erase_person",
        "POST",
        "/persons/erasure",
        "Erase a person from everything",
        "admin",
        "Job",
        body="ErasureInput",
        status=202,
    ),
)
