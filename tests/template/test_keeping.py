"""What is kept is kept safely; what runs is watched."""

import json
import re

import pytest

from tests.template.conftest import Json, of_type

BUCKETS = ["SnapshotBucket", "SiteBucket"]


def test_every_table_survives_the_stack_and_mistakes(resources: Json) -> None:
    tables = of_type(resources, "AWS::DynamoDB::Table")

    assert len(tables) == 5
    for name, table in tables.items():
        assert resources[name]["DeletionPolicy"] == resources[name]["UpdateReplacePolicy"] == "Retain"
        assert table["DeletionProtectionEnabled"] is True
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["SSESpecification"] == {"SSEEnabled": True}
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]] == [
            ("pk", "HASH"),
            ("sk", "RANGE"),
        ]


def test_tables_are_spoken_of_so_that_restored_ones_can_take_their_place(written: Json) -> None:
    tables = of_type(written["Resources"], "AWS::DynamoDB::Table")
    text = json.dumps(written["Resources"])

    directly = [name for name in tables if f'["{name}", "Arn"]' in text or f'{{"Ref": "{name}"}}' in text]

    assert directly == []
    assert all(f"${{{name}.Arn}}${{Restored}}" in text and f"${{{name}}}${{Restored}}" in text for name in tables)
    assert len(re.findall(r"\$\{\w+Table(?:\.Arn)?\}", text)) == text.count("${Restored}")
    assert written["Parameters"]["Restored"]["Default"] == ""


def test_the_peppers_survive_the_stack(resources: Json) -> None:
    kept = resources["KeySecret"]
    secret = kept["Properties"]

    assert of_type(resources, "AWS::SecretsManager::Secret").keys() == {"KeySecret", "FrontSecret"}
    assert kept["DeletionPolicy"] == kept["UpdateReplacePolicy"] == "Retain"
    assert secret["GenerateSecretString"]["GenerateStringKey"] == "pepper"
    assert secret["GenerateSecretString"]["PasswordLength"] >= 32


def test_only_the_register_table_forgets_by_itself(resources: Json) -> None:
    forgetting = {
        name: table["TimeToLiveSpecification"]
        for name, table in of_type(resources, "AWS::DynamoDB::Table").items()
        if "TimeToLiveSpecification" in table
    }

    assert forgetting == {"RegisterTable": {"AttributeName": "expires_at", "Enabled": True}}


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_is_private_encrypted_and_versioned(resources: Json, name: str) -> None:
    bucket = resources[name]["Properties"]

    assert of_type(resources, "AWS::S3::Bucket").keys() == set(BUCKETS)
    assert resources[name]["DeletionPolicy"] == resources[name]["UpdateReplacePolicy"] == "Retain"
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_is_reached_over_tls_only(resources: Json, name: str) -> None:
    (policy,) = (
        each for each in of_type(resources, "AWS::S3::BucketPolicy").values() if each["Bucket"] == {"Ref": name}
    )

    statement = policy["PolicyDocument"]["Statement"][0]

    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statement["Resource"] == [{"Fn::GetAtt": [name, "Arn"]}, {"Fn::Sub": f"${{{name}.Arn}}/*"}]


def test_every_function_runs_on_the_runtime_of_the_artefact(resources: Json) -> None:
    functions = of_type(resources, "AWS::Lambda::Function")

    assert {(each["Runtime"], tuple(each["Architectures"])) for each in functions.values()} == {
        ("python3.13", ("arm64",))
    }
    assert all("ReservedConcurrentExecutions" not in each for each in functions.values())
    assert all(resources[name]["Metadata"]["BuildMethod"] == "makefile" for name in functions)


def test_every_log_is_structured_and_ends_some_day(resources: Json) -> None:
    logs = of_type(resources, "AWS::Logs::LogGroup")
    functions = of_type(resources, "AWS::Lambda::Function").values()

    assert {each["LoggingConfig"]["LogFormat"] for each in functions} == {"JSON"}
    assert {each["LoggingConfig"]["LogGroup"]["Ref"] for each in functions} == logs.keys() - {"ApiLogs"}
    assert all(log["RetentionInDays"] == {"Ref": "LogRetentionDays"} for log in logs.values())


def test_the_access_log_tells_nothing_of_persons(resources: Json) -> None:
    (stage,) = of_type(resources, "AWS::ApiGateway::Stage").values()

    fields = json.loads(stage["AccessLogSetting"]["Format"])

    assert set(fields.values()) == {
        "$context.requestId",
        "$context.requestTime",
        "$context.httpMethod",
        "$context.resourcePath",
        "$context.status",
        "$context.responseLength",
        "$context.responseLatency",
        "$context.integrationLatency",
        "$context.error.responseType",
    }


def test_every_function_has_an_alarm_for_errors_and_throttles(resources: Json) -> None:
    watched = {
        (metric["MetricStat"]["Metric"]["MetricName"], metric["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"])
        for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values()
        for metric in alarm.get("Metrics", ())
        if metric.get("MetricStat", {}).get("Metric", {}).get("Namespace") == "AWS/Lambda"
    }

    functions = of_type(resources, "AWS::Lambda::Function")

    assert watched == {(metric, name) for metric in ("Errors", "Throttles") for name in functions}


def test_every_alarm_is_heard(resources: Json) -> None:
    alarms = of_type(resources, "AWS::CloudWatch::Alarm")

    assert all(alarm["AlarmActions"] == [{"Ref": "Alarms"}] for alarm in alarms.values())
    assert {alarm["MetricName"] for alarm in alarms.values() if "MetricName" in alarm} == {
        "5XXError",
        "ApproximateAgeOfOldestMessage",
        "ApproximateNumberOfMessagesVisible",
        "BlockedRequests",
        "ClockBehind",
        "DispatcherBehind",
        "ExportsWritten",
        "KeysRefused",
        "LateEntries",
        "Latency",
        "SnapshotBehind",
        "SnapshotsBuilt",
        "UndeliveredAge",
        "WritesRefused",
    }


def test_what_nobody_could_process_is_kept_and_heard_of(resources: Json) -> None:
    queue = resources["DeliveryQueue"]["Properties"]
    alarm = resources["DeadDeliveriesAlarm"]["Properties"]

    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["DeadDeliveryQueue", "Arn"]}
    assert resources["DeadDeliveryQueue"]["Properties"]["MessageRetentionPeriod"] == 14 * 86_400
    assert resources["DeadDeliveryQueue"]["DeletionPolicy"] == "Retain"
    assert alarm["Dimensions"][0]["Value"] == {"Fn::GetAtt": ["DeadDeliveryQueue", "QueueName"]}
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")


def test_a_message_stays_hidden_for_longer_than_its_batch_may_take(resources: Json) -> None:
    assert (
        resources["DeliveryQueue"]["Properties"]["VisibilityTimeout"]
        > (resources["DelivererFunction"]["Properties"]["Timeout"])
    )


def test_every_queue_is_encrypted_and_reached_over_tls_only(resources: Json) -> None:
    (policy,) = of_type(resources, "AWS::SQS::QueuePolicy").values()
    (statement,) = policy["PolicyDocument"]["Statement"]
    queues = of_type(resources, "AWS::SQS::Queue")

    assert all(queue["SqsManagedSseEnabled"] is True for queue in queues.values())
    assert {queue["Ref"] for queue in policy["Queues"]} == queues.keys()
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_every_table_is_watched_for_throttling(resources: Json) -> None:
    alarm = resources["TableThrottleAlarm"]["Properties"]

    watched = {
        (metric["MetricStat"]["Metric"]["MetricName"], metric["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"])
        for metric in alarm["Metrics"]
        if "MetricStat" in metric
    }

    tables = of_type(resources, "AWS::DynamoDB::Table")
    assert watched == {(metric, name) for metric in ("ReadThrottleEvents", "WriteThrottleEvents") for name in tables}
