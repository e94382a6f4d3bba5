"""The connection to DynamoDB: one client, no retry inside the SDK, one loop with jitter around every call.

The SDK's own retries are off because a write that is sent again must carry a fresh stamp, and because its waiting
knows nothing of the time that the request has left.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import botocore.session
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's own, the root of what fails before a request leaves
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
)

from shared import budget
from shared.errors import Throttled, Unavailable

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

Operation = Literal["GetItem", "Query", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"]

READ_TIMEOUT: Final = 2.0
CONNECT_TIMEOUT: Final = 1.0
FIRST_WAIT: Final = 0.025
LONGEST_WAIT: Final = 0.8
_DOUBLED_AT_MOST: Final = 5
"""Times, to the longest wait: in fifteen minutes there are more attempts than a float has powers of two."""
USER_AGENT: Final = "clusterregister"
"""In place of what botocore would put together anew for each call: its version and the machine's."""
RESERVE: Final = 0.5
"""Seconds kept back for the answer when deciding whether another attempt fits."""

TRANSPORT_ERRORS: Final = (HTTPClientError, ConnectionError)
"""The request or its answer was lost on the way."""

THROTTLES: Final = frozenset({"ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"})
AT_WORK: Final = frozenset({"TransactionConflictException", "TransactionInProgressException"})
"""A transaction is at work on the item, or is this very one, sent before with the same token."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and chance as the table layer sees them; tests hand in their own."""

    now: Callable[[], float] = time.time
    """Seconds since 1970 (UTC)."""
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random


def connect(endpoint: str | None = None, *, parameter_validation: bool = False) -> "DynamoDBClient":
    """Create the client; `parameter_validation` costs a quarter of each call and is for tests."""
    config = Config(
        retries={"total_max_attempts": 1, "mode": "standard"},
        read_timeout=READ_TIMEOUT,
        connect_timeout=CONNECT_TIMEOUT,
        parameter_validation=parameter_validation,
        max_pool_connections=50,
        user_agent=USER_AGENT,
    )
    session = botocore.session.get_session()
    return cast("DynamoDBClient", session.create_client("dynamodb", endpoint_url=endpoint, config=config))


def has_passed(seconds: float, since: float, now: float) -> bool:
    """Whether so many seconds have passed by the clock, or it was set back, so that nobody can tell.

    How old something is that a process remembers from another request is not for a monotonic clock: that stands still
    while Lambda keeps the process frozen, for an hour as well (CLOCK_MONOTONIC in clock_gettime(2)).
    """
    return not 0 <= now - since <= seconds


def wait_before(attempt: int, clock: Clock) -> None:
    """Sleep a random part of a span that doubles with each attempt ("full jitter"), within the request's time.

    Raises nothing; the caller looks at `time_for_another` first.
    """
    span = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempt, _DOUBLED_AT_MOST))
    clock.sleep(min(span * clock.random(), max(0.0, budget.current().seconds_left() - RESERVE)))


def time_for_another() -> bool:
    """Whether the running request has time for one more call."""
    return budget.current().seconds_left() > RESERVE


def is_throttle(error: ClientError) -> bool:
    """Whether DynamoDB refused for its rate, so that nothing happened."""
    return error.response["Error"]["Code"] in THROTTLES


def is_in_the_way(error: ClientError) -> bool:
    """Whether a transaction was in the way, which is over in a moment."""
    return error.response["Error"]["Code"] in AT_WORK


def is_failure_of_service(error: ClientError) -> bool:
    """Whether the service failed on its side, so that the outcome of a write is not known."""
    return error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500  # noqa: PLR2004 - RFC 9110, section 15.6


def never_sent(error: Exception) -> bool:
    """Whether the connection failed before the request could leave."""
    return isinstance(error, EndpointConnectionError | ConnectTimeoutError)


def call(client: "DynamoDBClient", operation: Operation, request: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """Call an operation that may be repeated, again after passing faults, and count its units.

    A put may be repeated where its key says all, so that written twice is written once; an update where it does no
    harm to be done twice; a transaction with a token, which DynamoDB carries out once within ten minutes.

    Raises `Throttled` or `Unavailable` when the request's time is up; any other ClientError is a defect of ours.
    """
    method = getattr(client, _METHODS[operation])
    attempt = 0
    while True:
        try:
            answer: dict[str, Any] = method(**request)
        except ClientError as error:
            if not (is_throttle(error) or is_in_the_way(error) or is_failure_of_service(error)):
                raise
            problem: Unavailable = Throttled() if is_throttle(error) else Unavailable()
        except TRANSPORT_ERRORS:
            problem = Unavailable()
        else:
            budget.record_call(operation, request, answer)
            return answer
        if not time_for_another():
            raise problem
        wait_before(attempt, clock)
        attempt += 1


_METHODS: Final[dict[Operation, str]] = {
    "GetItem": "get_item",
    "Query": "query",
    "BatchGetItem": "batch_get_item",
    "PutItem": "put_item",
    "UpdateItem": "update_item",
    "DeleteItem": "delete_item",
    "TransactWriteItems": "transact_write_items",
}
