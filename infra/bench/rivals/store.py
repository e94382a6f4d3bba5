"""DynamoDB as a handler uses it that knows nothing better: boto3's client, made at import."""

import os
import time
import uuid
from typing import Any

import boto3

Json = dict[str, Any]

TABLE = os.environ["ORGANISATIONS_TABLE"]
REGISTER = os.environ["REGISTER_TABLE"]
CLIENT = boto3.client("dynamodb")


def find(record_id: str) -> str | None:
    """The record's JSON text, as it is stored; None where there is none."""
    key = {"pk": {"S": record_id}, "sk": {"S": "DOC"}}
    item = CLIENT.get_item(TableName=TABLE, Key=key, ConsistentRead=True).get("Item")
    return None if item is None else str(item["text"]["S"])


def page() -> list[str]:
    """The JSON texts of fifty summaries, by name."""
    answer = CLIENT.query(
        TableName=TABLE,
        IndexName="by_name",
        KeyConditionExpression="#type = :type",
        ExpressionAttributeNames={"#type": "type"},
        ExpressionAttributeValues={":type": {"S": "organisation"}},
        Limit=50,
    )
    return [item["text"]["S"] for item in answer["Items"]]


def begun(content: Json) -> Json:
    """Version 1 of a new record with that content."""
    stamp = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime())}.000Z"
    envelope = {"type": "organisation", "id": f"org_0{uuid.uuid4().hex[:25]}", "version": 1}
    return {**envelope, "created_at": stamp, "updated_at": stamp, "managed_by": None, **content}


def enter(record: Json, text: str) -> None:
    """Write a new record as the register does: document, revision, guard and entry of the feed, in one transaction."""
    record_id, stamp = record["id"], record["updated_at"]
    version = {
        "version": {"N": "1"},
        "updated_at": {"S": stamp},
        "schema": {"N": "1"},
        "write_id": {"S": uuid.uuid4().hex[:16]},
        "author": {"S": "office"},
        "text": {"S": text},
        "has_private": {"BOOL": False},
    }
    label = f'{{"type":"organisation","name":"{record["name"]}","kind":"{record["kind"]}"}}'
    guard = {"count": {"N": "0"}, "seq": {"N": "0"}, "label": {"S": label}}
    entry = {"type": {"S": "organisation"}, "change": {"S": "created"}}
    CLIENT.transact_write_items(
        TransactItems=[
            _put(TABLE, record_id, "DOC", version),
            _put(TABLE, record_id, "REV#000000000001", version),
            _put(TABLE, record_id, "IN", guard),
            _put(REGISTER, f"FEED#{stamp[:10]}", f"{stamp}#{record_id}#1", entry),
        ]
    )


def note(record: Json) -> None:
    """Note on the entry of a new record that it came in time."""
    stamp, record_id = record["updated_at"], record["id"]
    CLIENT.update_item(
        TableName=REGISTER,
        Key={"pk": {"S": f"FEED#{stamp[:10]}"}, "sk": {"S": f"{stamp}#{record_id}#1"}},
        UpdateExpression="SET prompt = :yes",
        ConditionExpression="attribute_exists(pk)",
        ExpressionAttributeValues={":yes": {"BOOL": True}},
    )


def key_of(key_id: str) -> Json:
    """What is stored of a key; empty where there is none."""
    key = {"pk": {"S": f"KEY#{key_id}"}, "sk": {"S": "KEY"}}
    item: Json = CLIENT.get_item(TableName=REGISTER, Key=key, ConsistentRead=True).get("Item", {})
    return item


def _put(table: str, pk: str, sk: str, attributes: Json) -> Any:  # noqa: ANN401 - one of boto3's many types
    item = {"pk": {"S": pk}, "sk": {"S": sk}, **attributes}
    return {"Put": {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}
