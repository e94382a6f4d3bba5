"""Waking another function without waiting for it."""

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError


def invoke(function: str) -> None:
    """Invoke a function asynchronously; a refusal is no error, because its schedule comes round anyway."""
    config = Config(retries={"total_max_attempts": 1, "mode": "standard"}, read_timeout=2, connect_timeout=1)
    try:
        client = botocore.session.get_session().create_client("lambda", config=config)
        client.invoke(FunctionName=function, InvocationType="Event")
    except (BotoCoreError, ClientError):
        return
