"""The function's log: lines of JSON, one for each request, with nothing in them that names or identifies a person."""

import json
import logging
from typing import Final

from aws_lambda_powertools.logging import Logger

# What no line shows is not looked up for it either ("Optimization" in the logging HOWTO of Python).
logging.logThreads = logging.logMultiprocessing = logging.logProcesses = False

logger: Final = Logger(
    service="clusterregister",
    location=None,
    use_rfc3339=True,
    utc=True,
    json_serializer=json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode,
    # Messages are words; without this each is tried as JSON.
    json_deserializer=str,
)
