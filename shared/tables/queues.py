"""Queues: what is handed over now and done later, at least once. On AWS SQS, locally a file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final, Protocol, cast

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared.errors import Unavailable
from shared.tables.client import Clock, time_for_another, wait_before

if TYPE_CHECKING:
    from types_boto3_sqs.client import SQSClient
    from types_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

LONGEST_DELAY: Final = 900
"""Seconds for which SQS holds a message back at most."""
BATCH: Final = 10
"""Messages of one call (SQS)."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a queue carries; those of a busy group do not hold up the others."""

    body: str
    group: str
    delay: int = 0
    """Whole seconds, at most `LONGEST_DELAY`."""


class Queue(Protocol):
    """Where messages are put; when `send` returns, all of them are there to stay."""

    def send(self, messages: Iterable[Message]) -> None:
        """Put messages; raises `Unavailable` where it is not certain that all are there."""


@dataclass(frozen=True, slots=True)
class Sqs:
    """A standard queue of SQS, by its address. Its groups make it fair: a flood in one does not delay the others."""

    url: str
    clock: Clock

    def send(self, messages: Iterable[Message]) -> None:
        """Put messages, again those that were refused; raises `Unavailable` when the time is up."""
        for batch in _batches(messages):
            pending = {str(number): message for number, message in enumerate(batch)}
            attempt = 0
            while pending := self._refused(pending):
                if not time_for_another():
                    raise Unavailable
                wait_before(attempt, self.clock)
                attempt += 1

    def _refused(self, wanted: dict[str, Message]) -> dict[str, Message]:
        """Put messages once; gives those of which it is not certain that they are there."""
        entries: list[SendMessageBatchRequestEntryTypeDef] = [
            {"Id": id, "MessageBody": one.body, "MessageGroupId": one.group, "DelaySeconds": one.delay}
            for id, one in wanted.items()
        ]
        try:
            answer = _client().send_message_batch(QueueUrl=self.url, Entries=entries)
        except (BotoCoreError, ClientError):
            return wanted
        return {failed["Id"]: wanted[failed["Id"]] for failed in answer.get("Failed", ())}


def _batches(messages: Iterable[Message]) -> Iterator[Sequence[Message]]:
    ahead = iter(messages)
    while batch := list(islice(ahead, BATCH)):
        yield batch


@cache
def _client() -> "SQSClient":
    """The client, created at first use because most requests need none."""
    config = Config(retries={"total_max_attempts": 1, "mode": "standard"}, read_timeout=5, connect_timeout=2)
    return cast("SQSClient", botocore.session.get_session().create_client("sqs", config=config))
