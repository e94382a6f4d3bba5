"""What API Gateway answers by itself is a problem like any other (RFC 9457), readable from any origin."""

import json

import botocore.session
import pytest

from shared.errors import PROBLEMS
from tests.template.conftest import Json, of_type

EXPECTED = {
    "ACCESS_DENIED": (404, "not-found"),
    "DEFAULT_4XX": (400, "malformed-request"),
    "DEFAULT_5XX": (500, "internal-error"),
    "EXPIRED_TOKEN": (404, "not-found"),
    "INTEGRATION_FAILURE": (503, "outcome-unknown"),
    "INTEGRATION_TIMEOUT": (503, "outcome-unknown"),
    "INVALID_SIGNATURE": (404, "not-found"),
    "MISSING_AUTHENTICATION_TOKEN": (404, "not-found"),
    "REQUEST_TOO_LARGE": (413, "content-too-large"),
    "RESOURCE_NOT_FOUND": (404, "not-found"),
    "THROTTLED": (429, "throttled"),
    "WAF_FILTERED": (403, "request-refused"),
}

NEVER = {
    "API_CONFIGURATION_ERROR",
    "AUTHORIZER_CONFIGURATION_ERROR",
    "AUTHORIZER_FAILURE",
    "BAD_REQUEST_BODY",
    "BAD_REQUEST_PARAMETERS",
    "INVALID_API_KEY",
    "QUOTA_EXCEEDED",
    "UNAUTHORIZED",
    "UNSUPPORTED_MEDIA_TYPE",
}
"""What comes of authorisers, API keys, usage plans, validators and mappings, of which the API has none; were one of
them ever given, it would be DEFAULT_4XX or DEFAULT_5XX."""


@pytest.fixture
def responses(resources: Json) -> Json:
    (api,) = of_type(resources, "AWS::ApiGateway::RestApi").values()
    found: Json = api["Body"]["x-amazon-apigateway-gateway-responses"]
    return found


def test_the_gateway_answers_these_by_itself(responses: Json) -> None:
    assert responses.keys() == EXPECTED.keys()


def test_what_else_the_gateway_knows_to_answer_has_no_occasion(resources: Json) -> None:
    model = botocore.session.get_session().get_service_model("apigateway")
    known = model.shape_for("GatewayResponseType").metadata["enum"]
    (api,) = of_type(resources, "AWS::ApiGateway::RestApi").values()
    operations = [operation for path in api["Body"]["paths"].values() for operation in path.values()]

    assert set(known) == EXPECTED.keys() | NEVER
    assert all(each.keys() == {"x-amazon-apigateway-integration", "responses"} for each in operations)
    assert {each["x-amazon-apigateway-integration"]["type"] for each in operations} == {"aws_proxy"}
    assert api["Body"].keys() - {"openapi", "info", "paths"} == {
        "x-amazon-apigateway-binary-media-types",
        "x-amazon-apigateway-gateway-responses",
    }
    assert not {each["Type"] for each in resources.values()} & {
        "AWS::ApiGateway::ApiKey",
        "AWS::ApiGateway::Authorizer",
        "AWS::ApiGateway::RequestValidator",
        "AWS::ApiGateway::UsagePlan",
    }


@pytest.mark.parametrize(("kind", "status", "slug"), [(kind, *values) for kind, values in EXPECTED.items()])
def test_a_gateway_response_is_a_problem_that_the_register_serves(
    responses: Json, kind: str, status: int, slug: str
) -> None:
    response = responses[kind]

    problem = json.loads(response["responseTemplates"]["application/json"])

    assert response["statusCode"] == str(status)
    assert problem == {
        "type": f"/v1/problems/{slug}",
        "title": PROBLEMS[slug].title,
        "status": status,
        "detail": problem["detail"],
        "instance": "urn:uuid:$context.requestId",
    }
    assert "$" not in problem["detail"]


@pytest.mark.parametrize("kind", EXPECTED)
def test_a_gateway_response_carries_the_headers_of_every_answer(responses: Json, kind: str) -> None:
    status = EXPECTED[kind][0]
    exposed = "'ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id'"
    expected = {
        "gatewayresponse.header.Content-Type": "'application/problem+json'",
        "gatewayresponse.header.Cache-Control": "'no-store'",
        "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
        "gatewayresponse.header.Access-Control-Expose-Headers": exposed,
        "gatewayresponse.header.X-Request-Id": "context.requestId",
    }
    if status in {429, 503}:
        expected["gatewayresponse.header.Retry-After"] = "'1'"

    assert responses[kind]["responseParameters"] == expected
