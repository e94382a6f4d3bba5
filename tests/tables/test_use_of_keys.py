"""When a key was used last: how often that is written down, and that nobody waits or is refused for it."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from shared.credentials import Credential
from shared.tables.partners import Partners
from tests.tables.faulty import Contents, Faulty, Time

Read = Callable[[], Contents]

NOON = "2026-11-21T12:00:00.000Z"


def last_used(contents: Read, key: Credential) -> str | None:
    item = contents()["register"][f"KEY#{key.id}", "KEY"]
    return item["last_used_at"]["S"] if "last_used_at" in item else None


def test_use_is_noted_at_most_once_an_hour(
    process: Callable[..., Partners], organisation: str, contents: Read, time: Time
) -> None:
    first, second = process(), process()
    key = first.create(organisation, ["events:write"])

    noted = []
    for minutes in (0, 30, 29, 1, 1):
        time.pass_by(minutes * 60.0)
        first.authenticate(key.text())
        second.authenticate(key.text())
        noted.append((last_used(contents, key) or "")[11:16])

    assert noted == ["12:00", "12:00", "12:00", "13:00", "13:00"]


def test_of_two_processes_that_note_a_use_at_once_one_does(
    process: Callable[..., Partners], organisation: str, contents: Read, time: Time
) -> None:
    first, second = process(), process()
    key = first.create(organisation, ["events:write"])
    stale = second._known(key.id)
    first.authenticate(key.text())
    time.pass_by(1.0)
    assert "last_used_at" not in stale

    second.authenticate(key.text())

    assert last_used(contents, key) == NOON


@pytest.mark.parametrize("fault", ["throttled", "broken", "never_sent", "time_out"])
def test_nobody_is_refused_because_a_use_cannot_be_noted(
    partners: Partners, organisation: str, client: Faulty, contents: Read, time: Time, fault: str
) -> None:
    key = partners.create(organisation, ["events:write"])
    tried: list[Mapping[str, object]] = []

    def fail(**request: Any) -> object:  # noqa: ANN401 - DynamoDB's JSON
        tried.append(request)
        if fault == "time_out":
            raise ReadTimeoutError(endpoint_url="https://dynamodb")
        return getattr(client, fault)(request)

    client.update_item = fail  # type: ignore[attr-defined]
    callers = [partners.authenticate(key.text()) for _ in range(10)]

    assert {caller.organisation_id for caller in callers} == {organisation}
    assert len(tried) == 1
    assert last_used(contents, key) is None
    del client.update_item
    time.pass_by(21.0)
    partners.authenticate(key.text())
    assert last_used(contents, key) == "2026-11-21T12:00:21.000Z"
