"""The homepage on its way to a deployed stack."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from infra.publish_site import Destination, publish

DESTINATION = Destination("site", "E123", "https://register.example")


@pytest.fixture
def s3() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="site")
        client.put_bucket_versioning(Bucket="site", VersioningConfiguration={"Status": "Enabled"})
        yield client


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "start.js").write_text("export default 1;")
    return {"/index.html": tmp_path / "index.html", "/app/start.js": tmp_path / "start.js"}


class Distribution:
    """CloudFront as far as a publication speaks with it, and what lay in the bucket when it was told."""

    def __init__(self, s3: Any) -> None:  # noqa: ANN401 - boto3's client
        self.s3 = s3
        self.told: list[tuple[Any, list[str]]] = []
        self.waited: list[tuple[str, str]] = []

    def create_invalidation(self, **told: Any) -> Any:  # noqa: ANN401 - its own arguments
        self.told.append((told, keys(self.s3)))
        return {"Invalidation": {"Id": "I1"}}

    def get_waiter(self, name: str) -> "Distribution":
        assert name == "invalidation_completed"
        return self

    def wait(self, **what: str) -> None:
        self.waited.append((what["DistributionId"], what["Id"]))


def keys(s3: Any) -> list[str]:  # noqa: ANN401 - boto3's client
    return [each["Key"] for each in s3.list_objects_v2(Bucket="site").get("Contents", ())]


def test_files_are_published_with_what_a_browser_must_know(s3: Any, files: dict[str, Path]) -> None:  # noqa: ANN401 - as above
    gone = publish(s3, Distribution(s3), DESTINATION, files)

    script = s3.get_object(Bucket="site", Key="app/start.js")
    assert (gone, keys(s3)) == ([], ["app/start.js", "index.html"])
    assert script["Body"].read() == b"export default 1;"
    assert (script["ContentType"], script["CacheControl"]) == ("text/javascript; charset=utf-8", "no-cache")


def test_what_went_goes_after_everybody_gets_the_new_page(s3: Any, files: dict[str, Path]) -> None:  # noqa: ANN401 - as above
    s3.put_object(Bucket="site", Key="app/old.js", Body=b"")
    distribution = Distribution(s3)

    gone = publish(s3, distribution, DESTINATION, files)

    ((told, there),) = distribution.told
    assert (told["DistributionId"], told["InvalidationBatch"]["Paths"]) == ("E123", {"Quantity": 1, "Items": ["/*"]})
    assert (gone, there, distribution.waited) == (
        ["app/old.js"],
        ["app/old.js", "app/start.js", "index.html"],
        [("E123", "I1")],
    )
    assert keys(s3) == ["app/start.js", "index.html"]


def test_each_publication_is_a_new_one_to_cloudfront(s3: Any, files: dict[str, Path]) -> None:  # noqa: ANN401 - as above
    distribution = Distribution(s3)

    for _ in range(2):
        publish(s3, distribution, DESTINATION, files)

    first, second = (told["InvalidationBatch"]["CallerReference"] for told, _ in distribution.told)
    assert first != second


def test_the_stack_says_where_its_homepage_lies() -> None:
    outputs = {"SiteBucketName": "site", "FrontId": "E123", "SiteUrl": "https://register.example", "ApiUrl": "x"}

    assert Destination.of(*stack(outputs)) == DESTINATION


def test_a_stack_without_a_homepage_is_told_of() -> None:
    with pytest.raises(LookupError, match="lacks the outputs FrontId, SiteUrl"):
        Destination.of(*stack({"SiteBucketName": "site"}))


def stack(outputs: dict[str, str]) -> tuple[Any, str]:
    client = boto3.client("cloudformation", region_name="us-east-1")
    stubber = Stubber(client)
    listed = [{"OutputKey": name, "OutputValue": value} for name, value in outputs.items()]
    described = {"StackName": "register", "CreationTime": "2026-11-28T00:00:00Z", "StackStatus": "CREATE_COMPLETE"}
    stubber.add_response("describe_stacks", {"Stacks": [{**described, "Outputs": listed}]}, {"StackName": "register"})
    stubber.activate()
    return client, "register"
