"""Waking another function without waiting for it."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from types_boto3_lambda.client import LambdaClient


def invoke(function: str, event: Mapping[str, str] | None = None) -> None:
    """Invoke a function asynchronously; a refusal is no error, because its schedule comes round anyway."""
    config = Config(retries={"total_max_attempts": 1, "mode": "standard"}, read_timeout=2, connect_timeout=1)
    try:
        client = cast("LambdaClient", botocore.session.get_session().create_client("lambda", config=config))
        client.invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps(event or {}))
    except (BotoCoreError, ClientError):
        return
