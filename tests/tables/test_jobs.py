"""Jobs in the table: open until they are done, and of two workers at one of them the first goes on."""

from dataclasses import replace

import pytest
from botocore.exceptions import ReadTimeoutError

from shared.errors import WriteContention
from shared.tables.jobs import Jobs
from shared.tables.tables import Tables
from tests.tables.faulty import Faulty


@pytest.fixture
def jobs(tables: Tables) -> Jobs:
    return Jobs(tables)


def test_a_job_is_open_until_it_is_done_and_again_when_it_goes_on(jobs: Jobs) -> None:
    begun = jobs.start("job_1", "merge", {"into": "org_1"})
    same = jobs.start("job_1", "merge", {"into": "org_2"})
    open_at_first = jobs.open()

    stopped = jobs.save(replace(begun, state="stopped"))
    left = jobs.open()
    again = jobs.start("job_1", "merge", {"into": "org_2"})

    assert (begun.state, begun.asked) == ("running", {"into": "org_1"})
    assert same == begun
    assert (open_at_first, left, jobs.open()) == (["job_1"], [], ["job_1"])
    assert again == jobs.get("job_1") == replace(stopped, state="running", saved=stopped.saved + 1)


def test_of_two_workers_the_first_goes_on(jobs: Jobs) -> None:
    begun = jobs.start("job_1", "merge", {})
    first = jobs.save(replace(begun, progress={"moved": 1}))

    for late in (begun, replace(begun, saved=0)):
        with pytest.raises(WriteContention):
            jobs.save(replace(late, progress={"moved": 2}))

    assert jobs.get("job_1") == first


def test_a_job_whose_save_was_not_answered_is_saved(
    jobs: Jobs, client: Faulty, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = jobs.start("job_1", "merge", {})
    put, lost = client.real.put_item, ["answer"]

    def loses_its_answer(**request: object) -> object:
        answer = put(**request)  # type: ignore[arg-type]
        if lost:
            lost.clear()
            raise ReadTimeoutError(endpoint_url="https://dynamodb")
        return answer

    monkeypatch.setattr(client, "put_item", loses_its_answer, raising=False)

    saved = jobs.save(replace(begun, progress={"moved": 1}))

    assert jobs.get("job_1") == saved == replace(begun, progress={"moved": 1}, saved=2)
