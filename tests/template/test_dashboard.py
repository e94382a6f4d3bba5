"""The dashboard shows all that runs, and nothing that is not there."""

import json
import re
from typing import Any

import pytest

from tests.template.conftest import Json, of_type

Metric = tuple[str, ...]
WATCHED_PER_FUNCTION = ("Invocations", "Errors", "Throttles", "Duration")
WATCHED_PER_TABLE = (
    "ConsumedReadCapacityUnits",
    "ConsumedWriteCapacityUnits",
    "ReadThrottleEvents",
    "WriteThrottleEvents",
)
OWN = "${AWS::StackName}"


@pytest.fixture
def widgets(resources: Json) -> list[Json]:
    (dashboard,) = of_type(resources, "AWS::CloudWatch::Dashboard").values()
    body: Json = json.loads(dashboard["DashboardBody"]["Fn::Sub"])
    widgets: list[Json] = body["widgets"]
    return widgets


def written_out(metrics: list[list[Any]]) -> list[Metric]:
    """The metrics of a widget without their options, and with what "..." takes over from the one before."""
    found: list[Metric] = []
    for metric in metrics:
        words = tuple(word for word in metric if isinstance(word, str))
        found.append((*found[-1][: -(len(words) - 1)], *words[1:]) if words[0] == "..." else words)
    return found


@pytest.fixture
def metrics(widgets: list[Json]) -> list[Metric]:
    return [
        metric
        for widget in widgets
        if widget["type"] == "metric"
        for metric in written_out(widget["properties"]["metrics"])
    ]


def test_every_function_is_on_it(resources: Json, metrics: list[Metric]) -> None:
    shown = {(metric[1], metric[2:]) for metric in metrics if metric[0] == "AWS/Lambda"}

    assert shown == {
        (name, ("FunctionName", f"${{{function}}}"))
        for name in WATCHED_PER_FUNCTION
        for function in of_type(resources, "AWS::Lambda::Function")
    }


def test_every_table_is_on_it(resources: Json, metrics: list[Metric]) -> None:
    shown = {(metric[1], metric[2:]) for metric in metrics if metric[0] == "AWS/DynamoDB"}

    assert shown == {
        (name, ("TableName", f"${{{table}}}${{Restored}}"))
        for name in WATCHED_PER_TABLE
        for table in of_type(resources, "AWS::DynamoDB::Table")
    }


def test_every_queue_is_on_it(resources: Json, metrics: list[Metric]) -> None:
    shown = {metric[1:] for metric in metrics if metric[0] == "AWS/SQS"}

    waiting = {
        ("ApproximateNumberOfMessagesVisible", "QueueName", f"${{{queue}.QueueName}}")
        for queue in of_type(resources, "AWS::SQS::Queue")
    }
    assert shown == {*waiting, ("ApproximateAgeOfOldestMessage", "QueueName", "${DeliveryQueue.QueueName}")}


def test_everything_that_is_counted_in_logs_is_on_it(resources: Json, metrics: list[Metric]) -> None:
    counted = {
        (transformation["MetricNamespace"]["Ref"], transformation["MetricName"])
        for metric_filter in of_type(resources, "AWS::Logs::MetricFilter").values()
        for transformation in metric_filter["MetricTransformations"]
    }

    assert {metric for metric in metrics if metric[0] == OWN} == {(OWN, name) for _, name in counted}
    assert {namespace for namespace, _ in counted} == {"AWS::StackName"}


def test_requests_answers_and_their_time_are_on_it(metrics: list[Metric]) -> None:
    api = ("ApiName", OWN, "Stage", "v1")

    shown = {metric for metric in metrics if metric[0] == "AWS/ApiGateway"}

    assert shown == {("AWS/ApiGateway", name, *api) for name in ("Count", "4XXError", "5XXError", "Latency")}


def test_nothing_else_is_on_it(resources: Json, widgets: list[Json], metrics: list[Metric]) -> None:
    named = set(re.findall(r"\$\{(\w+)", json.dumps(widgets)))

    assert {metric[0] for metric in metrics} == {OWN, "AWS/ApiGateway", "AWS/DynamoDB", "AWS/Lambda", "AWS/SQS"}
    assert named - {"Restored", "AWS"} <= resources.keys()
    assert all(
        widget["properties"]["region"] == "${AWS::Region}" and widget["properties"]["title"]
        for widget in widgets
        if widget["type"] == "metric"
    )


def test_every_alarm_of_the_whole_is_on_it(resources: Json, widgets: list[Json]) -> None:
    (shown,) = (widget["properties"]["alarms"] for widget in widgets if widget["type"] == "alarm")

    # One that a parameter can leave out cannot be named, and each function's own shows among its errors.
    functions = {name.removesuffix("Function") for name in of_type(resources, "AWS::Lambda::Function")}
    whole = [
        name
        for name in of_type(resources, "AWS::CloudWatch::Alarm")
        if name.removesuffix("Alarm") not in functions and "Condition" not in resources[name]
    ]
    assert sorted(shown) == sorted(f"${{{name}.Arn}}" for name in whole)


@pytest.mark.parametrize(
    ("alarm", "metric", "missing"),
    [
        # Every minute or hour there is a line of these: none means that nothing runs.
        ("DispatcherBehindAlarm", "DispatcherBehind", "breaching"),
        ("LateEntriesAlarm", "LateEntries", "breaching"),
        ("SnapshotAgeAlarm", "SnapshotsBuilt", "breaching"),
        ("ExportAgeAlarm", "ExportsWritten", "breaching"),
        ("JobsIdleAlarm", "Invocations", "breaching"),
        # These are silent while nothing is wrong.
        ("SnapshotBehindAlarm", "SnapshotBehind", "notBreaching"),
        ("UndeliveredAlarm", "UndeliveredAge", "notBreaching"),
        ("DeadDeliveriesAlarm", "ApproximateNumberOfMessagesVisible", "notBreaching"),
        ("DeliveryAgeAlarm", "ApproximateAgeOfOldestMessage", "notBreaching"),
    ],
)
def test_an_alarm_takes_silence_for_what_it_means(resources: Json, alarm: str, metric: str, missing: str) -> None:
    properties = resources[alarm]["Properties"]

    assert (properties["MetricName"], properties["TreatMissingData"]) == (metric, missing)
    assert (
        properties["ComparisonOperator"]
        == f"{'Less' if metric in ('SnapshotsBuilt', 'ExportsWritten', 'Invocations') else 'Greater'}ThanThreshold"
    )
