"""How functions run, who runs them, and what the gateway lets through to them."""

import json
import re

from infra.template import TEMPLATE, Function, Template
from tests.template.conftest import Json, of_type

USUAL = (20, 1024)
"""Seconds, and megabytes of memory."""
LONGEST_NAME = 64
"""Of a function, of Lambda's as of CloudFront's, and of an origin access control ("Quotas" of both)."""
README = TEMPLATE.with_name("README.md")


def test_every_function_runs_on_the_runtime_of_the_artefact(resources: Json) -> None:
    functions = of_type(resources, "AWS::Lambda::Function")

    assert {(each["Runtime"], tuple(each["Architectures"])) for each in functions.values()} == {
        ("python3.13", ("arm64",))
    }
    assert all(resources[name]["Metadata"]["BuildMethod"] == "makefile" for name in functions)


def test_no_function_has_a_share_of_the_account_a_network_or_a_tracer(resources: Json) -> None:
    (stage,) = of_type(resources, "AWS::ApiGateway::Stage").values()
    given = {name for each in of_type(resources, "AWS::Lambda::Function").values() for name in each}

    # Quotas and throttles bound requests; a reserved share would be taken from the other functions. Each answer has a
    # request id that is in all log lines, so tracing would tell no more and cost each call some time.
    assert given & {"ReservedConcurrentExecutions", "VpcConfig", "TracingConfig", "Layers", "SnapStart"} == set()
    assert stage["TracingEnabled"] is False


def test_time_and_memory_are_what_a_request_needs_but_for_what_is_named(template: Template) -> None:
    sizes = {function.logical_id: (function.timeout, function.memory) for function in template.functions}

    assert {name: size for name, size in sizes.items() if size != USUAL} == {
        "DelivererFunction": (120, 512),
        "DispatcherFunction": (50, 512),
        "DocumentationFunction": (20, 512),
        "ExportFunction": (900, 2048),
        "ExportsReadFunction": (20, 512),
        "JobsWorkerFunction": (300, 1024),
        "PartnersWriteFunction": (28, 1024),
        "SnapshotFunction": (900, 2048),
        "SweeperFunction": (50, 512),
    }


def test_nothing_waits_for_what_may_not_be_there(resources: Json) -> None:
    waiting = {name: body["DependsOn"] for name, body in resources.items() if "DependsOn" in body}
    (api,) = (body for body in resources.values() if body["Type"] == "AWS::ApiGateway::RestApi")

    # CloudFormation names no outcome for a DependsOn whose resource has a condition that does not hold.
    assert [name for name, other in waiting.items() if "Condition" in resources[other]] == []
    # The stage follows the API, and writes its log through the role of the account.
    assert api["Metadata"]["After"] == {"Fn::If": ["SetsLogRole", {"Ref": "ApiAccount"}, ""]}


def test_names_leave_room_for_that_of_the_stack(resources: Json) -> None:
    named = [
        *(
            each["FunctionName"]["Fn::Sub"]
            for each in of_type(resources, "AWS::Lambda::Function").values()
            if "FunctionName" in each
        ),
        *(each["Name"]["Fn::Sub"] for each in of_type(resources, "AWS::CloudFront::Function").values()),
        *(
            each["OriginAccessControlConfig"]["Name"]["Fn::Sub"]
            for each in of_type(resources, "AWS::CloudFront::OriginAccessControl").values()
        ),
    ]

    room = min(LONGEST_NAME - len(name.removeprefix("${AWS::StackName}")) for name in named)

    assert room == int(re.findall(r"at most (\d+) letters", README.read_text(encoding="utf-8"))[0])


def test_who_loads_the_read_model_has_room_for_it(resources: Json) -> None:
    for function in of_type(resources, "AWS::Lambda::Function").values():
        wakes = function.get("Environment", {}).get("Variables", {}).keys() & {"SNAPSHOT_FUNCTION"}

        assert not wakes or function["EphemeralStorage"]["Size"] >= 1024


def test_what_is_run_without_waiting_is_repeated_within_bounds(resources: Json, template: Template) -> None:
    functions = of_type(resources, "AWS::Lambda::Function")
    configured = {
        each["FunctionName"]["Ref"]: (each["MaximumRetryAttempts"], each["MaximumEventAgeInSeconds"])
        for each in of_type(resources, "AWS::Lambda::EventInvokeConfig").values()
    }

    woken = {
        value["Fn::Sub"]
        for function in functions.values()
        for name, value in function["Environment"]["Variables"].items()
        if name.endswith("_FUNCTION")
    }

    unwaited = {name for name, each in functions.items() if each.get("FunctionName", {}).get("Fn::Sub") in woken}
    assert configured.keys() == unwaited | {each.logical_id for each in template.functions if each.schedules}
    assert all(attempts <= 2 and age <= 6 * 3600 for attempts, age in configured.values())


def entrances(function: Function) -> set[str]:
    """The routes of a function as ARNs of the API name them behind the stage."""
    return {
        f"{'*' if route.method == 'ANY' else route.method}{re.sub(r'{[^}]+}', '*', route.path)}"
        for route in function.routes
    }


def test_a_function_is_run_by_its_own_routes_and_schedules_alone(resources: Json, template: Template) -> None:
    routed: dict[str, set[str]] = {}
    scheduled = set()
    for each in of_type(resources, "AWS::Lambda::Permission").values():
        assert each["Action"] == "lambda:InvokeFunction"
        match each["Principal"], each["SourceArn"]:
            case "apigateway.amazonaws.com", {"Fn::Sub": [str(arn), {"__ApiId__": {"Ref": "Api"}}]}:
                entrance = arn.partition("${__ApiId__}/${__Stage__}/")[2]
                routed.setdefault(each["FunctionName"]["Ref"], set()).add(entrance)
            case "events.amazonaws.com", {"Fn::GetAtt": [str(rule), "Arn"]}:
                (target,) = resources[rule]["Properties"]["Targets"]
                assert target["Arn"] == {"Fn::GetAtt": [each["FunctionName"]["Ref"], "Arn"]}
                scheduled.add(each["FunctionName"]["Ref"])
            case other:
                raise AssertionError(other)

    assert routed == {each.logical_id: entrances(each) for each in template.functions if each.routes}
    assert scheduled == {each.logical_id for each in template.functions if each.schedules}
    assert not of_type(resources, "AWS::Lambda::Url")


def test_no_secret_stands_in_an_environment_or_a_parameter(resources: Json, written: Json) -> None:
    functions = of_type(resources, "AWS::Lambda::Function").values()
    told = [each for function in functions for each in function["Environment"]["Variables"].values()]
    resolving = {name for name, body in resources.items() if "{{resolve:" in json.dumps(body)}

    # A function is told where the peppers are kept, by the secret's name in AWS (its ARN).
    secrets = of_type(resources, "AWS::SecretsManager::Secret").keys()
    assert {json.dumps(each) for each in told if any(name in json.dumps(each) for name in secrets)} == {
        json.dumps({"Ref": "KeySecret"})
    }
    assert {each for each in told if isinstance(each, str)} == {"live", "/tmp/projection.sqlite"}  # noqa: S108
    assert resolving == {"Front", "WebAcl"}
    assert all(resources[name]["Properties"].keys() >= {"GenerateSecretString"} for name in secrets)
    assert not [name for name, parameter in written["Parameters"].items() if parameter.get("NoEcho")]


def test_the_gateway_bounds_rates_and_keeps_nothing_of_requests(resources: Json) -> None:
    (stage,) = of_type(resources, "AWS::ApiGateway::Stage").values()

    assert stage["MethodSettings"] == [
        {
            "ResourcePath": "/*",
            "HttpMethod": "*",
            "ThrottlingRateLimit": 500,
            "ThrottlingBurstLimit": 1000,
            "LoggingLevel": "OFF",
            "DataTraceEnabled": False,
            "MetricsEnabled": False,
        }
    ]
    assert stage["AccessLogSetting"]["DestinationArn"] == {"Fn::GetAtt": ["ApiLogs", "Arn"]}
    assert stage.keys() & {"CacheClusterEnabled", "CanarySetting", "Variables"} == set()
