"""Unusual use is noticed: each alarm counts what its name says, and is heard."""

import json
import re

import pytest

from tests.template.conftest import Json, of_type

COMPARISON = re.compile(r'\(?\$\.(\w+) (!?=) "([^"]*)"\)?')


def line(stage: Json, **context: str) -> Json:
    """What the gateway logs of a request of which these variables are known."""
    fields: dict[str, str] = json.loads(stage["AccessLogSetting"]["Format"])
    return {name: context.get(variable.removeprefix("$context."), "-") for name, variable in fields.items()}


def counts(pattern: str, logged: Json) -> bool:
    """Whether a filter counts a line, by the rules of CloudWatch for comparisons that must all hold."""
    compared = pattern.removeprefix("{ ").removesuffix(" }").split(" && ")
    found = [COMPARISON.fullmatch(each) for each in compared]
    return all(each and (logged[each[1]] == each[3]) == (each[2] == "=") for each in found)


@pytest.mark.parametrize(
    ("metric", "counted"),
    [
        ("WritesRefused", {("POST", "429"), ("PUT", "429"), ("PATCH", "429"), ("DELETE", "429")}),
        ("KeysRefused", {(method, "401") for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")}),
    ],
)
def test_refusals_are_counted_in_the_gateways_log(resources: Json, metric: str, counted: set[tuple[str, str]]) -> None:
    (stage,) = of_type(resources, "AWS::ApiGateway::Stage").values()
    written = resources[f"{metric}Metric"]["Properties"]
    requests = [
        (method, status)
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
        for status in ("200", "201", "304", "400", "401", "403", "409", "429", "503")
    ]

    found = {
        (method, status)
        for method, status in requests
        if counts(written["FilterPattern"], line(stage, httpMethod=method, status=status))
    }

    assert written["LogGroupName"] == {"Ref": "ApiLogs"}
    assert found == counted


@pytest.mark.parametrize("metric", ["WritesRefused", "KeysRefused"])
def test_a_hundred_refusals_in_five_minutes_are_told(resources: Json, metric: str) -> None:
    (transformed,) = resources[f"{metric}Metric"]["Properties"]["MetricTransformations"]

    alarm = resources[f"{metric}Alarm"]["Properties"]

    assert transformed == {
        "MetricNamespace": {"Ref": "AWS::StackName"},
        "MetricName": metric,
        "MetricValue": "1",
    }
    assert {name: alarm[name] for name in ("Namespace", "MetricName", "Statistic", "Period", "Threshold")} == {
        "Namespace": {"Ref": "AWS::StackName"},
        "MetricName": metric,
        "Statistic": "Sum",
        "Period": 300,
        "Threshold": 100,
    }


def test_a_share_of_refusals_counts_only_where_there_are_many_requests(resources: Json) -> None:
    alarm = resources["RefusalsAlarm"]["Properties"]

    share, *metrics = alarm["Metrics"]

    assert share["Expression"] == "IF(requests > 200, refused / requests, 0)"
    assert {
        metric["Id"]: (metric["MetricStat"]["Metric"]["MetricName"], metric["MetricStat"]["Stat"]) for metric in metrics
    } == {"refused": ("4XXError", "Sum"), "requests": ("Count", "SampleCount")}
    assert (alarm["Threshold"], alarm["EvaluationPeriods"]) == (0.3, 3)


@pytest.mark.parametrize(
    ("alarm", "metric", "parameter"),
    [
        ("UnusualWritesAlarm", "ConsumedWriteCapacityUnits", "UnusualWriteUnits"),
        ("UnusualReadsAlarm", "ConsumedReadCapacityUnits", "UnusualReadUnits"),
    ],
)
def test_the_units_of_an_hour_are_summed_over_all_tables(
    resources: Json, alarm: str, metric: str, parameter: str
) -> None:
    properties = resources[alarm]["Properties"]

    total, *metrics = properties["Metrics"]

    assert (total["Expression"], properties["Threshold"]) == ("SUM(METRICS())", {"Ref": parameter})
    assert {
        (
            each["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"],
            each["MetricStat"]["Metric"]["MetricName"],
            each["MetricStat"]["Period"],
        )
        for each in metrics
    } == {(table, metric, 3600) for table in of_type(resources, "AWS::DynamoDB::Table")}
