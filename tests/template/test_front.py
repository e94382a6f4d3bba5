"""One name for homepage and API: which requests go where, what is kept on the way, what is added to answers."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from typing import Any

import pytest

from infra import site_files
from infra.template import Template
from tests.template.conftest import Json, of_type

METHODS = {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}


@pytest.fixture
def front(resources: Json) -> Json:
    (found,) = of_type(resources, "AWS::CloudFront::Distribution").values()
    return dict(found["DistributionConfig"])


def behaviour(front: Json, path: str) -> Json:
    named = {each["PathPattern"]: each for each in front["CacheBehaviors"]}
    return dict(named[path])


def run_function(resources: Json, logical_id: str, requests: Sequence[Json]) -> list[Json]:
    """What a function of the edge makes of requests, as Node.js runs it."""
    assert shutil.which("node"), "Node.js is needed. On Debian and Ubuntu: apt-get install nodejs npm"
    code = resources[logical_id]["Properties"]["FunctionCode"]
    events = [{"viewer": {"ip": "192.0.2.7"}, "request": request} for request in requests]
    program = f"{code}\nconsole.log(JSON.stringify({json.dumps(events)}.map(handler)));"
    done = subprocess.run(["node", "--eval", program], capture_output=True, text=True, check=True)  # noqa: S607 - whichever Node.js is there
    answers: list[Json] = json.loads(done.stdout)
    return answers


def test_the_api_gets_whatever_was_asked_but_for_the_host(front: Json) -> None:
    api = behaviour(front, "/v1/*")

    assert set(api["AllowedMethods"]) == METHODS
    assert (api["TargetOriginId"], api["ViewerProtocolPolicy"]) == ("api", "https-only")
    # The ids of AWS's own policies CachingDisabled and AllViewerExceptHostHeader.
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a084be39d"
    assert api["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"


def test_everything_else_is_the_homepages_and_only_read(front: Json) -> None:
    site = front["DefaultCacheBehavior"]

    assert [each["PathPattern"] for each in front["CacheBehaviors"]] == ["/v1/*"]
    assert (site["TargetOriginId"], site["ViewerProtocolPolicy"]) == ("site", "redirect-to-https")
    assert (site["AllowedMethods"], site["Compress"]) == (["GET", "HEAD"], True)
    assert "OriginRequestPolicyId" not in site


def test_the_homepages_files_are_kept_until_the_publisher_says_that_they_changed(resources: Json) -> None:
    policy = resources["SiteCaching"]["Properties"]["CachePolicyConfig"]
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]

    assert policy["MinTTL"] == policy["DefaultTTL"] == policy["MaxTTL"] == 365 * 86_400
    assert (key["EnableAcceptEncodingGzip"], key["EnableAcceptEncodingBrotli"]) == (True, True)
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
    assert key["HeadersConfig"] == {"HeaderBehavior": "none"}


def test_no_error_is_repeated_from_a_cache_or_replaced(front: Json) -> None:
    cacheable = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504]

    assert front["CustomErrorResponses"] == [{"ErrorCode": code, "ErrorCachingMinTTL": 0} for code in cacheable]


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "/index.html"),
        ("/de/organisations/org_01JZ", "/index.html"),
        ("/de/", "/index.html"),
        ("/de/organisations/org_01JZ.", "/index.html"),
        ("/en/index.php", "/index.html"),
        ("/v1", "/index.html"),
        ("/de.v2/netz", "/index.html"),
        ("/app/start.js", "/app/start.js"),
        ("/robots.txt", "/robots.txt"),
        ("/missing.png", "/missing.png"),
    ],
)
def test_a_page_is_drawn_by_one_file_here_as_on_the_local_server(resources: Json, path: str, file: str) -> None:
    request = {"uri": path, "headers": {}}

    (passed_on,) = run_function(resources, "SiteAddresses", [request])

    assert passed_on["uri"] == file
    assert file == (site_files.PAGE if site_files.is_page(path) else path)


def test_the_api_learns_by_which_name_and_from_where_it_was_asked(resources: Json) -> None:
    forged = {"value": "evil.example", "multiValue": [{"value": "evil.example"}, {"value": "203.0.113.9"}]}
    sent = {"host": {"value": "register.example"}, "x-forwarded-host": forged, "true-client-ip": forged}

    (passed_on,) = run_function(resources, "ApiAddresses", [{"uri": "/v1/events", "headers": sent}])

    assert passed_on["headers"] == {
        "host": {"value": "register.example"},
        "x-forwarded-host": {"value": "register.example"},
        "true-client-ip": {"value": "192.0.2.7"},
    }


def test_functions_are_bound_to_what_they_are_for(front: Json) -> None:
    bound = [each["FunctionAssociations"] for each in (front["DefaultCacheBehavior"], behaviour(front, "/v1/*"))]

    assert bound == [
        [{"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": [name, "FunctionARN"]}}]
        for name in ("SiteAddresses", "ApiAddresses")
    ]


def test_every_answer_of_the_homepage_is_shut_to_what_is_not_its_own(template: Template) -> None:
    assert template.site_headers == {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: "
        "https:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; manifest-src 'self'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Strict-Transport-Security": "max-age=63072000",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def test_nobody_but_this_distribution_reads_the_bucket(resources: Json, front: Json) -> None:
    statement = resources["SiteBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"][1]
    (site,) = (each for each in front["Origins"] if each["Id"] == "site")
    access: Any = resources["SiteAccess"]["Properties"]["OriginAccessControlConfig"]

    assert (statement["Effect"], statement["Principal"]) == ("Allow", {"Service": "cloudfront.amazonaws.com"})
    assert statement["Action"] == ["s3:GetObject", "s3:ListBucket"]
    assert statement["Condition"] == {
        "StringEquals": {
            "AWS:SourceArn": {"Fn::Sub": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Front}"}
        }
    }
    assert site["OriginAccessControlId"] == {"Ref": "SiteAccess"}
    assert (access["SigningBehavior"], access["SigningProtocol"]) == ("always", "sigv4")


def test_an_own_domain_comes_with_its_certificate_and_without_old_protocols(front: Json, written: Json) -> None:
    condition, own, otherwise = front["ViewerCertificate"]["Fn::If"]

    assert (condition, otherwise) == ("HasDomain", {"CloudFrontDefaultCertificate": True})
    assert own == {
        "AcmCertificateArn": {"Ref": "Certificate"},
        "SslSupportMethod": "sni-only",
        "MinimumProtocolVersion": "TLSv1.2_2021",
    }
    assert written["Rules"].keys() == {"DomainWithCertificate"}
    assert front["Aliases"]["Fn::If"][:2] == ["HasDomain", [{"Ref": "Domain"}]]
