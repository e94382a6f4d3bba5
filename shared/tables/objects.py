"""The bucket of snapshots and exports, on S3."""

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

    def address(self, name: str, seconds: int, disposition: str, method: str) -> str | None:
        """An address that leads whoever has it to the object for so many seconds (Signature Version 4).

        It is good for one method, because S3 signs that too: one for GET is 403 to HEAD.
        """
        parameters = {"Bucket": self.name, "Key": name, "ResponseContentDisposition": disposition}
        return _client().generate_presigned_url("get_object", parameters, seconds, method)

    def forget_others(self, kept: Collection[str], below: str = "snapshots/") -> None:
        """Delete every other object below a prefix, and all versions but the current ones of those that are kept.

        Raises ClientError, because what should be gone must not be thought gone.
        """
        client = _client()
        for page in self._versions(client, below):
            for version in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                if version["Key"] not in kept or not version["IsLatest"]:
                    client.delete_object(Bucket=self.name, Key=version["Key"], VersionId=version["VersionId"])

    def _versions(self, client: "S3Client", below: str) -> Iterator[dict[str, Any]]:
        request: dict[str, Any] = {"Bucket": self.name, "Prefix": below}
        while True:
            page: dict[str, Any] = {**client.list_object_versions(**request)}
            yield page
            if not page.get("IsTruncated"):
                return
            request |= {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}

    def put(self, name: str, content: bytes, served_as: str | None = None) -> None:
        """Write the object, whole; `served_as` is the media type of what gzip made it of, for those who fetch it."""
        told: dict[str, Any] = {} if served_as is None else {"ContentType": served_as, "ContentEncoding": "gzip"}
        _client().put_object(Bucket=self.name, Key=name, Body=content, **told)


@cache
def _client() -> "S3Client":
    """The client, created at first use because most requests need none."""
    config = Config(
        signature_version="s3v4",
        # With the region's own host in addresses: another one leads on to it, where the signature does not fit.
        s3={"addressing_style": "virtual"},
        retries={"total_max_attempts": 2, "mode": "standard"},
        read_timeout=10,
        connect_timeout=2,
    )
    return cast("S3Client", botocore.session.get_session().create_client("s3", config=config))
