"""What AWS WAF refuses in front of the API, what it lets through, and what it may never keep."""

import json
import re
from collections.abc import Mapping

import pytest

from shared.errors import PROBLEMS
from shared.http.edge import LARGEST_BODY, LARGEST_IMPORT, LONGEST_QUERY
from tests.template.conftest import Json, of_type


@pytest.fixture
def firewall(resources: Json) -> Json:
    (found,) = of_type(resources, "AWS::WAFv2::WebACL").values()
    return dict(found)


def rule(firewall: Json, name: str) -> Json:
    (found,) = (each for each in firewall["Rules"] if each["Name"] == name)
    return dict(found)


def matches(statement: Json, path: str, headers: Mapping[str, str]) -> bool:
    """Whether a request matches a statement, by the rules of AWS WAF for the kinds that the template uses."""
    ((kind, body),) = statement.items()
    match kind:
        case "OrStatement":
            return any(matches(each, path, headers) for each in body["Statements"])
        case "AndStatement":
            return all(matches(each, path, headers) for each in body["Statements"])
        case "NotStatement":
            return not matches(body["Statement"], path, headers)
        case "ByteMatchStatement":
            assert (body["FieldToMatch"], body["PositionalConstraint"]) == ({"UriPath": {}}, "ENDS_WITH")
            return path.endswith(body["SearchString"])
        case "RegexMatchStatement":
            value = headers.get(body["FieldToMatch"]["SingleHeader"]["Name"])
            return value is not None and re.search(body["RegexString"], value) is not None
        case _:
            raise AssertionError(kind)


def test_it_stands_in_front_of_the_stage_unless_it_is_switched_off(resources: Json, written: Json) -> None:
    (association,) = of_type(resources, "AWS::WAFv2::WebACLAssociation").values()
    (stage,) = of_type(resources, "AWS::ApiGateway::Stage")

    conditional = {name for name, body in resources.items() if body.get("Condition") == "HasFirewall"}

    assert association["ResourceArn"]["Fn::Sub"].endswith(f"::/restapis/${{Api}}/stages/${{{stage}}}")
    assert conditional == {"WebAcl", "WebAclAssociation", "FirewallAlarm", "FrontSecret"}
    assert written["Parameters"]["Firewall"]["Default"] == "true"


def test_whatever_no_rule_refuses_goes_through(firewall: Json) -> None:
    assert (firewall["Scope"], firewall["DefaultAction"]) == ("REGIONAL", {"Allow": {}})
    assert [each["Name"] for each in firewall["Rules"]] == [
        "front-only",
        "rate-per-address",
        "body-size",
        "known-bad-inputs",
    ]
    assert [each["Priority"] for each in firewall["Rules"]] == [0, 1, 2, 3]


def test_only_what_the_front_sends_is_let_through(firewall: Json, resources: Json) -> None:
    statement = rule(firewall, "front-only")["Statement"]["NotStatement"]["Statement"]["ByteMatchStatement"]
    (api,) = (each for each in resources["Front"]["Properties"]["DistributionConfig"]["Origins"] if each["Id"] == "api")
    condition, (sent,), _ = api["OriginCustomHeaders"]["Fn::If"]

    assert (condition, statement["PositionalConstraint"]) == ("HasFirewall", "EXACTLY")
    assert statement["FieldToMatch"] == {"SingleHeader": {"Name": sent["HeaderName"].lower()}}
    assert statement["SearchString"] == sent["HeaderValue"]
    assert sent["HeaderValue"] == {"Fn::Sub": "{{resolve:secretsmanager:${FrontSecret}:SecretString:value}}"}
    assert resources["FrontSecret"]["Properties"]["GenerateSecretString"]["GenerateStringKey"] == "value"


def test_it_keeps_numbers_and_nothing_of_a_request(firewall: Json, resources: Json) -> None:
    watching = [firewall["VisibilityConfig"], *(each["VisibilityConfig"] for each in firewall["Rules"])]

    assert [each["SampledRequestsEnabled"] for each in watching] == [False] * 5
    assert [each["CloudWatchMetricsEnabled"] for each in watching] == [True] * 5
    assert not of_type(resources, "AWS::WAFv2::LoggingConfiguration")


def test_an_address_may_ask_as_often_as_three_partners_write_at_their_full_quota(firewall: Json, written: Json) -> None:
    statement = rule(firewall, "rate-per-address")["Statement"]["RateBasedStatement"]
    parameters = written["Parameters"]

    window = statement["EvaluationWindowSec"]

    assert statement == {
        "AggregateKeyType": "FORWARDED_IP",
        "ForwardedIPConfig": {"HeaderName": "True-Client-IP", "FallbackBehavior": "MATCH"},
        "EvaluationWindowSec": 300,
        "Limit": {"Ref": "RequestsPerAddress"},
    }
    assert parameters["RequestsPerAddress"]["Default"] > 3 * parameters["WritesPerMinute"]["Default"] * window / 60


@pytest.mark.parametrize(
    ("name", "slug", "status", "retry"),
    [
        ("front-only", "not-found", 404, None),
        ("rate-per-address", "throttled", 429, "60"),
        ("body-size", "content-too-large", 413, None),
    ],
)
def test_what_it_refuses_itself_is_a_problem_that_any_origin_may_read(
    firewall: Json, name: str, slug: str, status: int, retry: str | None
) -> None:
    answer = rule(firewall, name)["Action"]["Block"]["CustomResponse"]

    body = firewall["CustomResponseBodies"][answer["CustomResponseBodyKey"]]
    fields = {field["Name"]: field["Value"] for field in answer["ResponseHeaders"]}

    problem = json.loads(body["Content"])
    assert (answer["ResponseCode"], body["ContentType"]) == (status, "APPLICATION_JSON")
    assert problem == {
        "type": f"/v1/problems/{slug}",
        "title": PROBLEMS[slug].title,
        "status": status,
        "detail": problem["detail"],
    }
    assert fields.get("Retry-After") == retry
    assert (fields["Cache-Control"], fields["Access-Control-Allow-Origin"]) == ("no-store", "*")
    # AWS WAF names the media type itself, and takes no other.
    assert "content-type" not in {field.lower() for field in fields}


@pytest.mark.parametrize(
    ("path", "largest"),
    [("/v1/organisations", LARGEST_BODY), ("/v1/imports/x", LARGEST_BODY), ("/v1/imports", LARGEST_IMPORT)],
)
def test_a_body_is_refused_from_the_byte_on_at_which_the_functions_refuse_it(
    firewall: Json, path: str, largest: int
) -> None:
    statement = rule(firewall, "body-size")["Statement"]
    near = range(largest - 2_000, largest + 2_000)
    lengths = {*near, 0, 1, *(digit * 10**power for digit in range(1, 10) for power in range(12))}

    refused = {length for length in lengths if matches(statement, path, {"content-length": str(length)})}

    assert refused == {length for length in lengths if length > largest}
    assert matches(statement, path, {"content-length": f"00{largest + 1}"})
    assert not matches(statement, path, {})


def test_the_largest_import_reaches_its_function(resources: Json) -> None:
    (api,) = of_type(resources, "AWS::ApiGateway::RestApi").values()
    encoded = 4 * -(-LARGEST_IMPORT // 3)
    # Header fields stand in an event twice, and so does the query; the rest tells who asked.
    around = 2 * (10_240 + LONGEST_QUERY) + 4_096

    # "Quotas" of API Gateway and of Lambda: 10,240 bytes of headers, and 6 MB of an event that somebody waits for.
    assert api["Body"]["x-amazon-apigateway-binary-media-types"] == ["*/*"]
    assert encoded + around <= 6 * 1024 * 1024


def test_known_bad_inputs_are_refused_but_for_what_a_body_may_quote(firewall: Json) -> None:
    known = rule(firewall, "known-bad-inputs")

    group = known["Statement"]["ManagedRuleGroupStatement"]

    assert (group["VendorName"], group["Name"]) == ("AWS", "AWSManagedRulesKnownBadInputsRuleSet")
    assert known["OverrideAction"] == {"None": {}}
    assert [(each["Name"], each["ActionToUse"]) for each in group["RuleActionOverrides"]] == [
        ("JavaDeserializationRCE_BODY", {"Count": {}}),
        ("Log4JRCE_BODY", {"Count": {}}),
        ("ReactJSRCE_BODY", {"Count": {}}),
    ]


def test_what_the_firewall_refuses_is_counted_over_all_of_its_rules(resources: Json) -> None:
    (firewall,) = of_type(resources, "AWS::WAFv2::WebACL").values()

    alarm = resources["FirewallAlarm"]["Properties"]

    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/WAFV2", "BlockedRequests")
    assert {each["Name"]: each["Value"] for each in alarm["Dimensions"]} == {
        "WebACL": firewall["VisibilityConfig"]["MetricName"],
        "Region": {"Ref": "AWS::Region"},
        "Rule": "ALL",
    }
