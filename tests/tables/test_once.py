"""Two attempts at one request at once: one writes, and both get its answer."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from shared.caller import OFFICE
from shared.errors import AnsweredAlready, IdempotencyKeyReused, PreconditionFailed, StillReferred
from shared.once import Once
from shared.tables.idempotency import Answered, Memory
from shared.tables.register import Outcome, Register
from tests.tables.faulty import Contents, Faulty

Read = Callable[[], Contents]
Work = Callable[[Register], Outcome]

ONCE = Once("office", "k", "f")
COMPANY = {"name": "A", "kind": "company"}


@pytest.fixture
def attempt(register: Register) -> Callable[..., Outcome]:
    """One attempt at the request, as a process of its own makes it."""

    def run(work: Work, once: Once = ONCE) -> Outcome:
        acting = register.acting(OFFICE, once)
        return acting.exactly_once(lambda: work(acting))

    return run


def create(register: Register) -> Outcome:
    return register.create("organisation", COMPANY)


def documents(contents: Read) -> list[str]:
    return [pk for pk, sk in contents()["organisations"] if sk == "DOC"]


def test_of_two_creations_at_once_one_happens(attempt: Callable[..., Outcome], client: Faulty, contents: Read) -> None:
    winner: list[Outcome] = []
    client.script = [client.after(lambda: winner.append(attempt(create)))]

    outcome = attempt(create)

    assert outcome == replace(winner[0], replayed=True, document=outcome.document)
    assert outcome.document.text == winner[0].document.text
    assert documents(contents) == [winner[0].document.id]


def test_of_two_changes_at_once_one_happens(
    attempt: Callable[..., Outcome], register: Register, client: Faulty, contents: Read
) -> None:
    made = create(register).document.id

    def rename(acting: Register) -> Outcome:
        return acting.patch(made, {"name": "B"}, if_match=frozenset({1}))

    client.script = [client.after(lambda: attempt(rename))]

    outcome = attempt(rename)

    assert (outcome.change, outcome.replayed, outcome.document.version) == ("changed", True, 2)
    assert (made, "REV#000000000003") not in contents()["organisations"]


def test_of_two_deletions_at_once_one_happens(
    attempt: Callable[..., Outcome], register: Register, client: Faulty
) -> None:
    made = create(register).document.id
    client.script = [client.after(lambda: attempt(lambda acting: acting.delete(made, if_match=None)))]

    outcome = attempt(lambda acting: acting.delete(made, if_match=None))

    assert (outcome.change, outcome.replayed, outcome.document.version) == ("deleted", True, 2)


def test_another_request_that_takes_the_key_meanwhile_is_told_apart(
    attempt: Callable[..., Outcome], client: Faulty, contents: Read
) -> None:
    client.script = [client.after(lambda: attempt(create, Once("office", "k", "another")))]

    with pytest.raises(IdempotencyKeyReused):
        attempt(create)

    assert len(documents(contents)) == 1


def test_who_finds_nothing_to_change_any_more_gets_the_answer_of_who_did(
    attempt: Callable[..., Outcome], register: Register
) -> None:
    made = create(register).document.id

    def rename(acting: Register) -> Outcome:
        return acting.patch(made, {"name": "B"}, if_match=None)

    def overtaken(acting: Register) -> Outcome:
        attempt(rename)
        return rename(acting)

    outcome = attempt(overtaken)

    assert (outcome.change, outcome.replayed, outcome.document.version) == ("changed", True, 2)


def test_who_is_refused_because_the_other_attempt_succeeded_gets_its_answer(
    attempt: Callable[..., Outcome], register: Register
) -> None:
    made = create(register).document.id

    def rename(acting: Register) -> Outcome:
        return acting.patch(made, {"name": "B"}, if_match=frozenset({1}))

    def overtaken(_: Register) -> Outcome:
        attempt(rename)
        raise PreconditionFailed

    outcome = attempt(overtaken)

    assert (outcome.change, outcome.replayed, outcome.document.version) == ("changed", True, 2)


def test_an_attempt_that_is_still_on_its_way_when_the_request_is_refused_never_commits(
    attempt: Callable[..., Outcome], register: Register, client: Faulty, contents: Read
) -> None:
    made = create(register).document.id
    relation = {"relations": [{"kind": "related", "organisation_id": made}]}
    referrer: list[str] = []

    def delete(acting: Register) -> Outcome:
        return acting.delete(made, if_match=None)

    def refused() -> None:
        referrer.append(register.create("organisation", {**COMPANY, **relation}).document.id)
        with pytest.raises(StillReferred):
            attempt(delete)
        register.delete(referrer[0], if_match=None)

    client.script = [client.after(refused)]

    with pytest.raises(StillReferred) as replayed:
        attempt(delete)

    assert replayed.value.headers == {"Idempotent-Replayed": "true"}
    assert made in documents(contents)
    assert "text" in contents()["organisations"][made, "DOC"]


def test_where_no_answer_is_known_yet_one_is_told_to_come_back(
    attempt: Callable[..., Outcome], client: Faulty, contents: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile() -> None:
        attempt(create)
        monkeypatch.setattr(Memory, "recall", lambda *_: None)

    client.script = [client.after(meanwhile)]

    with pytest.raises(AnsweredAlready) as refused:
        attempt(create)

    assert refused.value.headers == {"Retry-After": "1"}
    assert len(documents(contents)) == 1


def test_an_answer_that_was_lost_is_found_again(
    attempt: Callable[..., Outcome], client: Faulty, contents: Read
) -> None:
    client.script = [client.lost_answer]

    first, again = attempt(create), attempt(create)

    assert (first.replayed, again.replayed) == (False, True)
    assert again.document.text == first.document.text
    assert len(documents(contents)) == 1


def test_an_answer_stands_in_the_transaction_of_its_write(
    attempt: Callable[..., Outcome], client: Faulty, contents: Read
) -> None:
    made = attempt(create).document

    (transaction,) = client.sent
    (item,) = [
        action["Put"]["Item"]
        for action in transaction
        if action.get("Put", {}).get("Item", {}).get("sk") == {"S": "IDEM"}
    ]

    assert item == contents()["register"]["IDEM#office#k", "IDEM"]
    assert (item["id"], item["version"], item["change"]) == ({"S": made.id}, {"N": "1"}, {"S": "created"})
    assert item["expires_at"] == {"N": str(1_795_262_400 + 86_400)}


def test_a_refusal_whose_put_was_repeated_is_its_own(register: Register, client: Faulty) -> None:
    memory, put = Memory(register.tables), client.real.put_item
    lost = [client.lost_answer]

    def put_item(**request: object) -> object:
        answer = put(**request)  # type: ignore[arg-type]
        if lost:
            lost.pop()
            return client.broken({})
        return answer

    client.put_item = put_item  # type: ignore[attr-defined]
    refused = Answered("refused", "", 0, StillReferred(related=["evt_1"]))

    is_first = memory.remember(ONCE, refused)

    recalled = memory.recall(ONCE)
    assert not is_first
    assert recalled is not None
    assert recalled.problem is not None
    assert (type(recalled.problem), recalled.problem.related) == (StillReferred, ("evt_1",))


def test_every_problem_that_is_remembered_comes_back_whole(register: Register) -> None:
    memory = Memory(register.tables)
    problem = PreconditionFailed("Told so.", headers={"ETag": '"2"'}, related=["org_1"])

    memory.remember(ONCE, Answered("refused", "", 0, problem))
    recalled = memory.recall(ONCE)

    assert recalled is not None
    assert recalled.problem is not None
    assert json.dumps(vars(recalled.problem)) == json.dumps(vars(problem))
