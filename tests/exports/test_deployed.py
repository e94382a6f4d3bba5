"""Deployed, the export lies in the bucket: a passing address leads to it, and a function writes it."""

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import botocore.session
import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest

from shared.tables import objects
from shared.tables.objects import Bucket
from tests.api import samples
from tests.api.client import Api
from tests.api.conftest import House, altered

NAME = "bucket"


def signed(method: str, address: str) -> str:
    """The address as whoever asks S3 for it with this method must sign it at that moment."""
    unsigned = address.partition("&X-Amz-Signature=")[0]
    request: Any = AWSRequest(method, unsigned)
    request.context["timestamp"] = parse_qs(urlsplit(address).query)["X-Amz-Date"][0]
    credentials: Any = botocore.session.get_session().get_credentials()
    signer: Any = S3SigV4QueryAuth(credentials, "s3", "eu-central-1")
    signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    return f"{unsigned}&X-Amz-Signature={signature}"


@pytest.fixture
def deployed(api: Api, house: House) -> Iterator[Api]:
    client = boto3.client("s3")
    client.create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    client.put_bucket_versioning(Bucket=NAME, VersioningConfiguration={"Status": "Enabled"})
    objects._client.cache_clear()
    house.process.snapshots.cache_clear()
    with altered(house.process.SETTINGS, export_function="stack-export", snapshots=f"s3://{NAME}"):
        yield api
    house.process.snapshots.cache_clear()
    objects._client.cache_clear()
    bucket = boto3.resource("s3").Bucket(NAME)
    bucket.object_versions.delete()
    bucket.delete()


def test_before_the_first_night_there_is_none(deployed: Api) -> None:
    answer = deployed.get("/export")

    assert (answer.status, answer.json["type"]) == (503, "/v1/problems/export-missing")


def test_an_address_leads_to_the_part_that_the_caller_may_see(deployed: Api, house: House) -> None:
    samples.network(deployed, people=[samples.OPEN_PERSON])
    house.invoke("ExportFunction")

    public = deployed.get("/export", origin="https://site.example")
    full = deployed.get("/export", authorization=f"Bearer {deployed.key}")

    told = []
    for answer in (public, full):
        assert (answer.status, answer.content, answer.headers["cache-control"]) == (302, b"", "private, no-store")
        assert answer.headers["link"] == '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
        address = urlsplit(answer.headers["location"])
        # The region's own host: the one without a region leads on to it, where the signature does not fit.
        assert address.netloc == f"{NAME}.s3.eu-central-1.amazonaws.com"
        query = parse_qs(address.query)
        assert (query["X-Amz-Algorithm"], query["X-Amz-Expires"]) == (["AWS4-HMAC-SHA256"], ["300"])
        told.append((address.path, query["response-content-disposition"][0]))
    assert public.headers["access-control-allow-origin"] == "*"
    (public_path, public_file), (full_path, full_file) = told
    assert re.fullmatch(r"/exports/20\d\d-\d\d-\d\d/[0-9a-f]{16}\.public\.ndjson\.gz", public_path)
    assert re.fullmatch(r"/exports/20\d\d-\d\d-\d\d/[0-9a-f]{16}\.full\.ndjson\.gz", full_path)
    assert re.fullmatch(r'attachment; filename="clusterregister-20\d\d-\d\d-\d\d\.ndjson"', public_file)
    assert re.fullmatch(r'attachment; filename="clusterregister-full-20\d\d-\d\d-\d\d\.ndjson"', full_file)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_address_is_signed_for_the_method_that_asked_for_it(deployed: Api, house: House, method: str) -> None:
    """S3 signs the method too, and answers 403 to any other ("Signature mismatch" of presigned URLs)."""
    house.invoke("ExportFunction")

    location = deployed.send(method, "/export").headers["location"]

    assert [each for each in ("GET", "HEAD") if signed(each, location) == location] == [method]


def test_a_file_says_what_it_is_and_holds_what_the_address_promised(deployed: Api, house: House) -> None:
    samples.network(deployed, people=[samples.OPEN_PERSON])
    house.invoke("ExportFunction")

    pointer = json.loads(Bucket(NAME).get("exports/current.json") or b"")
    files = {part: boto3.client("s3").get_object(Bucket=NAME, Key=pointer[part]["name"]) for part in ("public", "full")}

    assert {(file["ContentType"], file["ContentEncoding"]) for file in files.values()} == {
        ("application/x-ndjson", "gzip")
    }
    texts = {part: gzip.decompress(file["Body"].read()).decode() for part, file in files.items()}
    assert {part: samples.CANARIES[0] in text for part, text in texts.items()} == {"public": False, "full": True}


def test_an_erasure_leaves_no_version_of_any_export(deployed: Api, house: House) -> None:
    samples.network(deployed, people=[{"name": "Konstanze Vogelsang"}])
    house.invoke("ExportFunction")

    with altered(house.process.SETTINGS, export_function=None):
        deployed.post("/persons/erasure", {"name": "Konstanze Vogelsang"})

    versions = boto3.client("s3").list_object_versions(Bucket=NAME, Prefix="exports/")
    assert [version["Key"] for version in versions["Versions"]] == ["exports/forgotten"]
    assert "DeleteMarkers" not in versions
