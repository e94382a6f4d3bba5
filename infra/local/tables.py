"""The template's tables in an engine that knows nothing of templates."""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

from botocore.exceptions import ReadTimeoutError

from infra.template import Table

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

PATIENCE_SECONDS: Final = 60.0
Answer = TypeVar("Answer")


def create_tables(client: "DynamoDBClient", tables: Iterable[Table]) -> list[str]:
    """Create each table that is missing, named by its logical id, and return the names of those that were."""
    present = patiently(client.list_tables)["TableNames"]
    missing = [table for table in tables if table.logical_id not in present]
    for table in missing:
        patiently(lambda: _create(client, table))  # noqa: B023 - called at once
    return [table.logical_id for table in missing]


def _create(client: "DynamoDBClient", table: Table) -> None:
    with suppress(client.exceptions.ResourceInUseException):  # by an attempt whose answer came too late
        client.create_table(**table.create_arguments(table.logical_id))
    if table.ttl_attribute:
        client.update_time_to_live(
            TableName=table.logical_id,
            TimeToLiveSpecification={"Enabled": True, "AttributeName": table.ttl_attribute},
        )


def patiently(call: Callable[[], Answer]) -> Answer:
    """Call until there is an answer, for a minute: a busy machine's engine may take longer than a request has.

    The call may happen several times. Raises `ReadTimeoutError` after that, and at once what else the call raises.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return call()
        except ReadTimeoutError:
            if time.monotonic() >= end:
                raise
