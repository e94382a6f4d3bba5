"""The function's log: lines of JSON, one for each request, with nothing in them that names or identifies a person."""

import json
from typing import Final

from aws_lambda_powertools.logging import Logger

logger: Final = Logger(
    service="clusterregister",
    location=None,
    use_rfc3339=True,
    utc=True,
    json_serializer=json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode,
    # Messages are words; without this each is tried as JSON.
    json_deserializer=str,
)
