"""The template's tables in an engine that knows nothing of templates."""

from typing import TYPE_CHECKING

from infra.template import Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from types_boto3_dynamodb.client import DynamoDBClient


def create_tables(client: "DynamoDBClient", tables: "Iterable[Table]") -> list[str]:
    """Create each table that is missing, named by its logical id, and return the names of those that were."""
    created = []
    for table in tables:
        try:
            client.create_table(**table.create_arguments(table.logical_id))
        except client.exceptions.ResourceInUseException:
            continue
        if table.ttl_attribute:
            client.update_time_to_live(
                TableName=table.logical_id,
                TimeToLiveSpecification={"Enabled": True, "AttributeName": table.ttl_attribute},
            )
        created.append(table.logical_id)
    return created
