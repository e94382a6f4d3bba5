"""The bucket of snapshots forgets what must not be kept, every version of it."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws
from types_boto3_s3.client import S3Client

from shared.tables import objects
from shared.tables.objects import Bucket

NAME = "snapshots"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Client]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        made = boto3.client("s3")
        made.create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        made.put_bucket_versioning(Bucket=NAME, VersioningConfiguration={"Status": "Enabled"})
        objects._client.cache_clear()
        yield made
        objects._client.cache_clear()


def kept(client: S3Client) -> list[tuple[str, bytes]]:
    versions = client.list_object_versions(Bucket=NAME)
    assert not versions.get("DeleteMarkers")
    return sorted(
        (one["Key"], client.get_object(Bucket=NAME, Key=one["Key"], VersionId=one["VersionId"])["Body"].read())
        for one in versions.get("Versions", ())
    )


def test_all_others_go_and_of_what_stays_every_earlier_version(
    client: S3Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = Bucket(NAME)
    for name, content in (
        ("snapshots/2/old.gz", b"1"),
        ("snapshots/2/current.json", b"2"),
        ("snapshots/2/current.json", b"3"),
        ("snapshots/2/new.gz", b"4"),
        ("snapshots/1/current.json", b"5"),
        ("exports/other", b"6"),
    ):
        bucket.put(name, content)
    client.delete_object(Bucket=NAME, Key="snapshots/2/old.gz")
    whole = objects._client().list_object_versions
    monkeypatch.setattr(objects._client(), "list_object_versions", lambda **request: whole(**request, MaxKeys=2))

    bucket.forget_others({"snapshots/2/current.json", "snapshots/2/new.gz"})

    assert kept(client) == [
        ("exports/other", b"6"),
        ("snapshots/2/current.json", b"3"),
        ("snapshots/2/new.gz", b"4"),
    ]
