"""The operator's command for the homepage: `make publish-site ARGS="--stack NAME"`, with their own AWS credentials."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError

from infra import site_files

OUTPUTS = ("SiteBucketName", "FrontId", "SiteUrl")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a stack's homepage lies, as the stack's outputs say."""

    bucket: str
    distribution: str
    url: str

    @classmethod
    def of(cls, cloudformation: Any, stack: str) -> "Destination":  # noqa: ANN401 - botocore's clients are untyped
        """Read the outputs; raises `LookupError` for a stack that has no homepage, and the SDK's errors."""
        (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
        outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", ())}
        missing = [name for name in OUTPUTS if name not in outputs]
        if missing:
            raise LookupError(f"The stack {stack} lacks the outputs {', '.join(missing)}; deploy this version first.")
        return cls(*(outputs[name] for name in OUTPUTS))


def publish(s3: Any, cloudfront: Any, destination: Destination, files: Mapping[str, Path]) -> list[str]:  # noqa: ANN401 - as above
    """Bring the files to their bucket, and return the keys of those that went; raises the SDK's errors.

    The page comes after what it loads, and what went goes after every visitor gets the new page.
    """
    before = _keys(s3, destination.bucket)
    version = ""
    for path in sorted(files, key=lambda path: (path == site_files.PAGE, path)):
        version = s3.put_object(
            Bucket=destination.bucket,
            Key=path.removeprefix("/"),
            Body=files[path].read_bytes(),
            ContentType=site_files.media_type(path),
            CacheControl=site_files.CACHE_CONTROL,
        )["VersionId"]
    # The page's version is a new one with each upload, so that CloudFront takes no publication for a repetition.
    batch = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": version}
    begun = cloudfront.create_invalidation(DistributionId=destination.distribution, InvalidationBatch=batch)
    waiter = cloudfront.get_waiter("invalidation_completed")
    waiter.wait(DistributionId=destination.distribution, Id=begun["Invalidation"]["Id"])
    gone = sorted(before - {path.removeprefix("/") for path in files})
    for key in gone:
        s3.delete_object(Bucket=destination.bucket, Key=key)
    return gone


def _keys(s3: Any, bucket: str) -> set[str]:  # noqa: ANN401 - as above
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {each["Key"] for page in pages for each in page.get("Contents", ())}


def main(arguments: Sequence[str]) -> int:
    """Publish the homepage to a stack; returns the exit status."""
    parser = argparse.ArgumentParser(prog="make publish-site", description="Bring the homepage to a deployed stack.")
    parser.add_argument("--stack", required=True, help="the deployed stack")
    options = parser.parse_args(arguments)
    session = botocore.session.get_session()
    files = site_files.files()
    try:
        destination = Destination.of(session.create_client("cloudformation"), options.stack)
        gone = publish(session.create_client("s3"), session.create_client("cloudfront"), destination, files)
    except (LookupError, BotoCoreError, ClientError) as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"{len(files)} files are published, {len(gone)} removed: {destination.url}/")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
