"""Whatever happens between the register and DynamoDB, a write happens once, and its answer is true."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from shared.budget import Budget, spending
from shared.errors import (
    CatchingUp,
    ClockBehind,
    Gone,
    OutcomeUnknown,
    PreconditionFailed,
    StillReferred,
    Throttled,
    Unavailable,
    WriteContention,
)
from shared.tables.client import FIRST_WAIT, LONGEST_WAIT, Clock, wait_before
from shared.tables.merging import Merging
from shared.tables.register import Register
from tests.tables.faulty import Contents, Faulty, Time, client_error

Read = Callable[[], Contents]
COMPANY = {"name": "C", "kind": "company"}


@pytest.fixture
def made(register: Register) -> str:
    return register.create("organisation", {"name": "A", "kind": "network"}).document.id


def rename(register: Register, record_id: str, name: str = "B", version: int = 1) -> tuple[int, str]:
    document = register.patch(record_id, {"name": name}, if_match=frozenset({version})).document
    return document.version, json.loads(document.text or "")["name"]


def entries(contents: Read, record_id: str) -> list[str]:
    """Stamp and version of a record's entries, in the feed's order."""
    return [sk.replace(f"#{record_id}", "") for _, sk in sorted(contents()["register"]) if f"#{record_id}#" in sk]


@pytest.mark.parametrize("fault", ["lost_answer", "lost_request", "never_sent", "throttled", "broken", "conflict"])
def test_a_passing_fault_costs_one_more_attempt(
    register: Register, client: Faulty, contents: Read, made: str, fault: str
) -> None:
    client.script = [getattr(client, fault)]

    renamed = rename(register, made)

    assert renamed == (2, "B")
    assert len(entries(contents, made)) == 2
    assert (made, "REV#000000000003") not in contents()["organisations"]


def test_a_creation_whose_answer_was_lost_is_not_repeated(register: Register, client: Faulty, contents: Read) -> None:
    client.script = [client.lost_answer]

    made = register.create("organisation", {"name": "A", "kind": "network"}).document

    assert [key for key in contents()["organisations"] if key[1] == "DOC"] == [(made.id, "DOC")]
    assert contents()["organisations"][made.id, "DOC"]["text"] == {"S": made.text}
    assert entries(contents, made.id) == [f"{made.updated_at}#1"]


def test_a_deletion_whose_answer_was_lost_succeeds(register: Register, client: Faulty, made: str) -> None:
    client.script = [client.lost_answer]

    gone = register.delete(made, if_match=None).document

    assert (gone.version, gone.text) == (2, None)


def test_an_attempt_that_commits_after_the_next_one_does_nothing(
    register: Register, client: Faulty, contents: Read, time: Time, made: str
) -> None:
    client.script = [client.commits_after(1.0)]

    renamed = rename(register, made)
    time.pass_by(60.0)

    assert renamed == (2, "B")
    assert len(entries(contents, made)) == 2


def test_an_attempt_that_commits_before_the_next_one_is_the_write(
    register: Register, client: Faulty, contents: Read, made: str
) -> None:
    client.script = [client.commits_after(0.01), client.lost_request]

    renamed = rename(register, made)

    stamp = contents()["organisations"][made, "REV#000000000002"]["updated_at"]["S"]
    assert renamed == (2, "B")
    assert stamp == "2026-11-21T12:00:00.001Z"
    assert entries(contents, made)[1] == f"{stamp}#2"


def test_another_writer_behind_a_lost_answer_changes_nothing_in_it(
    register: Register, client: Faulty, made: str
) -> None:
    def overtaken(request: dict[str, object]) -> dict[str, object]:
        try:
            return client.lost_answer(request)
        finally:
            rename(register, made, "C", version=2)

    client.script = [overtaken]

    assert rename(register, made) == (2, "B")
    assert '"name":"C"' in (register.tables.document(made).text or "")


def test_a_lost_request_overtaken_by_another_writer_is_refused(register: Register, client: Faulty, made: str) -> None:
    def overtaken(request: dict[str, object]) -> dict[str, object]:
        rename(register, made, "C")
        return client.lost_request(request)

    client.script = [overtaken]

    with pytest.raises(PreconditionFailed) as refused:
        rename(register, made)

    assert refused.value.headers == {"ETag": '"2"'}


@pytest.mark.parametrize("seconds", [9.0, 11.0, 60.0])
def test_what_is_not_known_at_the_deadline_is_called_unknown(
    register: Register, client: Faulty, contents: Read, time: Time, made: str, seconds: float
) -> None:
    client.script = [client.commits_after(seconds), *[client.lost_request] * 20]

    with pytest.raises(OutcomeUnknown) as unknown:
        rename(register, made)

    assert unknown.value.headers == {"Retry-After": "1"}
    assert len(entries(contents, made)) == 1
    time.pass_by(seconds)
    assert len(entries(contents, made)) == 2
    assert '"name":"B"' in (register.tables.document(made).text or "")


def test_nothing_is_refused_while_an_earlier_attempt_may_still_commit(
    register: Register, client: Faulty, made: str
) -> None:
    relation = {"relations": [{"kind": "related", "organisation_id": made}]}

    def refers() -> None:
        register.create("organisation", {"name": "C", "kind": "company", **relation})

    client.script = [client.lost_request, client.after(refers)]

    with pytest.raises(OutcomeUnknown) as unknown:
        register.delete(made, if_match=None)

    assert isinstance(unknown.value.__cause__, StillReferred)


@pytest.mark.parametrize(
    ("fault", "problem"),
    [("throttled", Throttled), ("conflict", WriteContention), ("never_sent", Unavailable)],
)
def test_a_fault_that_stays_is_told_with_a_time_to_come_back(
    register: Register, client: Faulty, contents: Read, made: str, fault: str, problem: type[Unavailable]
) -> None:
    before = contents()
    client.script = [getattr(client, fault)] * 100

    with pytest.raises(Unavailable) as refused:
        rename(register, made)

    assert type(refused.value) is problem
    assert refused.value.headers == {"Retry-After": "1"}
    assert contents() == before


def test_every_attempt_carries_a_fresh_stamp(register: Register, client: Faulty, time: Time, made: str) -> None:
    client.script = [client.lost_request, client.lost_request]
    time.pass_by(1.0)

    rename(register, made)

    stamps = [request[0]["Put"]["Item"]["updated_at"]["S"] for request in client.sent[1:]]
    assert len(set(stamps)) == 3
    assert stamps == sorted(stamps)


def test_a_write_that_froze_gets_its_entry_again_before_its_answer(
    register: Register, client: Faulty, contents: Read, made: str
) -> None:
    client.script = [client.freezes(15.0)]

    rename(register, made)

    first, frozen, fresh = entries(contents, made)
    item = contents()["register"]["FEED#2026-11-21", fresh.replace("#2", f"#{made}#2")]
    assert frozen == "2026-11-21T12:00:00.001Z#2"
    assert fresh == "2026-11-21T12:00:15.000Z#2"
    assert (item["late"], item["prompt"]) == ({"BOOL": True}, {"BOOL": True})
    assert first.endswith("#1")
    stands = contents()["register"]["FEED#2026-11-21", frozen.replace("#2", f"#{made}#2")]
    assert ("prompt" in stands, stands["restamped"]) == (False, {"BOOL": True})


def test_a_clock_set_back_an_hour_refuses_to_lie(
    register: Register, contents: Read, time: Time, made: str, budget: Budget
) -> None:
    before = contents()
    time.now -= 3600.0

    with pytest.raises(ClockBehind):
        rename(register, made)

    assert contents() == before
    assert budget.seconds_left() > 7.0


@pytest.mark.parametrize("skew", [-2.0, 2.0])
def test_two_seconds_of_skew_are_no_reason_to_refuse(
    register: Register, contents: Read, time: Time, made: str, skew: float
) -> None:
    time.now += skew

    rename(register, made)

    assert entries(contents, made) == sorted(entries(contents, made))
    assert [entry[-1] for entry in entries(contents, made)] == ["1", "2"]


def test_a_deletion_meanwhile_is_told_as_such(register: Register, client: Faulty, made: str) -> None:
    client.script = [client.after(lambda: register.delete(made, if_match=None))]

    with pytest.raises(Gone):
        rename(register, made)


def test_what_is_done_is_never_called_refused(
    register: Register, client: Faulty, made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: object) -> None:
        client.throttled({})

    client.script = [client.freezes(9.0)]
    monkeypatch.setattr(client, "put_item", refused, raising=False)

    with pytest.raises(OutcomeUnknown):
        rename(register, made)

    assert '"name":"B"' in (register.tables.document(made).text or "")


def test_a_cancellation_for_another_reason_is_a_defect(register: Register, client: Faulty, made: str) -> None:
    def cancelled(request: dict[str, object]) -> dict[str, object]:
        try:
            return client.conflict(request)
        except ClientError as error:
            error.response["CancellationReasons"][0]["Code"] = "ValidationError"
            raise

    client.script = [cancelled]

    with pytest.raises(ClientError):
        rename(register, made)


def test_a_deletion_is_refused_without_names_while_the_lists_are_behind(register: Register, made: str) -> None:
    def behind(_: str) -> list[str]:
        raise CatchingUp

    relation = {"relations": [{"kind": "related", "organisation_id": made}]}
    register.create("organisation", {"name": "C", "kind": "company", **relation})

    with pytest.raises(StillReferred) as refused:
        replace(register, referrers=behind).delete(made, if_match=None)

    assert refused.value.related == ()


def test_a_function_of_fifteen_minutes_waits_no_longer_at_its_thousandth_attempt() -> None:
    waited: list[float] = []

    with spending(900.0):
        for attempt in (0, 5, 2000):
            wait_before(attempt, Clock(sleep=waited.append, random=lambda: 1.0))

    assert waited == [FIRST_WAIT, LONGEST_WAIT, LONGEST_WAIT]


def test_keys_that_stay_unprocessed_are_given_up_in_time(
    register: Register, client: Faulty, made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        client, "batch_get_item", lambda **request: {"UnprocessedKeys": request["RequestItems"]}, raising=False
    )

    with pytest.raises(Throttled):
        register.tables.documents([made])


@pytest.mark.parametrize("code", ["TransactionConflictException", "TransactionInProgressException"])
def test_what_a_transaction_is_at_work_on_is_written_after_it(
    register: Register, client: Faulty, made: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = [client_error(code, 400)] * 2
    update: Any = client.real.update_item

    def update_item(**request: object) -> object:
        if refusals:
            raise refusals.pop()
        return update(**request)

    monkeypatch.setattr(client, "update_item", update_item, raising=False)
    merging = Merging(register.tables, made, register.create("organisation", COMPANY).document.id)

    merging.close()

    assert (merging.target(), refusals) == (merging.into, [])
