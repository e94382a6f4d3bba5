"""The bucket of snapshots, on S3."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

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

    def forget_others(self, kept: Collection[str]) -> None:
        """Delete every other object below `snapshots/`, and all versions but the current ones of those that are kept.

        Raises ClientError, because what should be gone must not be thought gone.
        """
        client = _client()
        for page in self._versions(client):
            for version in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                if version["Key"] not in kept or not version["IsLatest"]:
                    client.delete_object(Bucket=self.name, Key=version["Key"], VersionId=version["VersionId"])

    def _versions(self, client: "S3Client") -> Iterator[dict[str, Any]]:
        request: dict[str, Any] = {"Bucket": self.name, "Prefix": "snapshots/"}
        while True:
            page: dict[str, Any] = {**client.list_object_versions(**request)}
            yield page
            if not page.get("IsTruncated"):
                return
            request |= {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}

    def put(self, name: str, content: bytes) -> None:
        """Write the object, whole."""
        _client().put_object(Bucket=self.name, Key=name, Body=content)


@cache
def _client() -> "S3Client":
    """The client, created at first use because most requests need none."""
    config = Config(retries={"total_max_attempts": 2, "mode": "standard"}, read_timeout=10, connect_timeout=2)
    return cast("S3Client", botocore.session.get_session().create_client("s3", config=config))
