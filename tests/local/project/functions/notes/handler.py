import json
import os
from typing import Any

from shared.tables.client import connect

TABLE = os.environ["NOTES_TABLE"]
CLIENT = connect(os.environ["DYNAMODB_ENDPOINT"])
GREETING = "first"


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
    if event["resource"] == "/notes/mine":
        return answer(200, {"greeting": GREETING})
    if event["resource"] != "/notes/{id}":
        return answer(200, {"event": event, "left": context.get_remaining_time_in_millis()})
    key = {"pk": {"S": event["pathParameters"]["id"]}, "sk": {"S": "NOTE"}}
    if event["httpMethod"] == "PUT":
        CLIENT.put_item(TableName=TABLE, Item={**key, "text": {"S": event["path"]}})
        return answer(201, {"kept": event["pathParameters"]["id"]})
    found = CLIENT.get_item(TableName=TABLE, Key=key, ConsistentRead=True).get("Item")
    return answer(200 if found else 404, {"text": found["text"]["S"]} if found else {})


def answer(status: int, body: dict[str, Any]) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
