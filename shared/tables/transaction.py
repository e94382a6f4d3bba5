"""One conditional TransactWriteItems, sent until its outcome is known or the request's time is up.

A failed condition is decided; a lost answer is not, and then only the revision tells: it is written once, carries the
write id of the request that wrote it, and never changes (settling). 409, 412 and 422 are given only when every
earlier attempt is decided, so that nobody is told "refused" about a write that happened.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from botocore.exceptions import ClientError

from shared import budget
from shared.errors import ClockBehind, OutcomeUnknown, ProblemError, Throttled, Unavailable, WriteContention
from shared.tables.client import (
    TRANSPORT_ERRORS,
    is_failure_of_service,
    is_throttle,
    never_sent,
    time_for_another,
    wait_before,
)
from shared.tables.feed import CLOCK_AHEAD, seconds_of, stamp_of
from shared.tables.tables import Document, Tables

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

THROTTLED: Final = frozenset({"ThrottlingError", "ProvisionedThroughputExceeded"})


About = Literal["document", "target", "external_id", "grades", "referrers", "keys", "once", "moved"]
"""What an action is about; `moved` is what only asks for reading and deciding anew."""


@dataclass(frozen=True, slots=True)
class Action:
    """One action in DynamoDB's JSON, and what it is about, for the case that its condition fails."""

    request: dict[str, Any]
    about: About
    name: str = ""
    """Which one: the id of a target, `scheme#value` of an external id."""


Plan = Callable[[str], Sequence[Action]]
"""Takes the stamp of this attempt, reads what its rules need, and gives the actions or raises what they decide."""
Explain = Callable[[Sequence[Action]], ProblemError | None]
"""Takes the actions whose condition failed; gives the problem, or None when a fresh plan may succeed."""


def next_stamp(tables: Tables, after: str | None) -> str:
    """The stamp for an attempt: now, or one millisecond behind the record's last.

    Raises `ClockBehind` when that would lie more than `CLOCK_AHEAD` seconds ahead of the clock.
    """
    now = tables.clock.now()
    stamp = stamp_of(now)
    if after is None or after < stamp:
        return stamp
    later = seconds_of(after) + 0.001
    if later - now > CLOCK_AHEAD:
        raise ClockBehind
    return stamp_of(later)


def commit(
    tables: Tables,
    plan: Plan,
    *,
    explain: Explain,
    settle: Callable[[], Document | None],
    write_id: str,
    after: str | None,
) -> Document | None:
    """Carry the write out once.

    Gives None when the last attempt was acknowledged, or the revision that an earlier, unanswered attempt left.
    Raises what `plan` or `explain` decided, `Throttled`, `WriteContention` or `ClockBehind` (nothing happened), or
    `OutcomeUnknown`.
    """
    undecided = False
    attempt = 0
    while True:
        problem, lost = _attempt(tables, plan, explain, after)
        if problem is None:
            return None
        undecided = undecided or lost
        if undecided:
            revision = _settled(settle)
            if revision is not None and revision.write_id == write_id:
                return revision
            # Another's revision has taken the number: no attempt of ours can ever commit.
            undecided = revision is None
        if not undecided and not _passes(problem):
            raise problem
        if not time_for_another():
            if undecided:
                raise OutcomeUnknown from problem
            raise problem
        wait_before(attempt, tables.clock)
        attempt += 1


def _passes(problem: ProblemError) -> bool:
    # A clock that is seconds behind will not catch up within a request.
    return isinstance(problem, Unavailable) and not isinstance(problem, ClockBehind)


def _attempt(tables: Tables, plan: Plan, explain: Explain, after: str | None) -> tuple[ProblemError | None, bool]:
    """Try once; gives what stands against it (None: done), and whether the outcome is lost."""
    actions: Sequence[Action] = ()
    try:
        actions = plan(next_stamp(tables, after))
        request: list[TransactWriteItemTypeDef] = [action.request for action in actions]  # type: ignore[misc]
        answer = tables.client.transact_write_items(TransactItems=request)
    except ProblemError as problem:
        return problem, False
    except TRANSPORT_ERRORS as error:
        return Unavailable(), not never_sent(error)
    except ClientError as error:
        if is_throttle(error):
            return Throttled(), False
        if is_failure_of_service(error):
            return Unavailable(), True
        if error.response["Error"]["Code"] != "TransactionCanceledException":
            raise
        return _cancelled(error, actions, explain), False
    budget.record_call("TransactWriteItems", {"TransactItems": request}, dict(answer))
    return None, False


def _cancelled(error: ClientError, actions: Sequence[Action], explain: Explain) -> ProblemError:
    codes = [reason.get("Code", "None") for reason in error.response.get("CancellationReasons", ())]
    failed = [action for action, code in zip(actions, codes, strict=True) if code == "ConditionalCheckFailed"]
    if not failed:
        if not THROTTLED.isdisjoint(codes):
            return Throttled()
        if "TransactionConflict" in codes:
            return WriteContention()
        # An item too large, an expression too long: a defect of ours that no retry mends.
        raise error
    try:
        return explain(failed) or WriteContention()
    except ProblemError as problem:
        return problem


def _settled(settle: Callable[[], Document | None]) -> Document | None:
    try:
        return settle()
    except Unavailable:
        return None
