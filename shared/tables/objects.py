"""The bucket of snapshots, on S3."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client


@dataclass(frozen=True, slots=True)
class Bucket:
    """Objects by name in one bucket."""

    name: str

    def get(self, name: str) -> bytes | None:
        """The object's bytes, or None where it is absent, forbidden or out of reach: a snapshot is never needed."""
        try:
            return _client().get_object(Bucket=self.name, Key=name)["Body"].read()
        except (BotoCoreError, ClientError):
            return None

    def put(self, name: str, content: bytes) -> None:
        """Write the object, whole."""
        _client().put_object(Bucket=self.name, Key=name, Body=content)


@cache
def _client() -> "S3Client":
    """The client, created at first use because most requests need none."""
    config = Config(retries={"total_max_attempts": 2, "mode": "standard"}, read_timeout=10, connect_timeout=2)
    return cast("S3Client", botocore.session.get_session().create_client("s3", config=config))
