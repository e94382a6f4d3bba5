"""What is kept is kept safely; what runs is watched."""

import json
import re

import pytest

from infra.template import Template
from tests.template.conftest import Json, of_type, statements

BUCKETS = ["SnapshotBucket", "SiteBucket"]
HOLDING = {
    "AWS::DynamoDB::Table",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
    "AWS::SQS::Queue",
}


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


def test_what_stays_when_the_stack_goes_is_said_of_all_that_holds_something(resources: Json) -> None:
    holding = {
        name: (body.get("DeletionPolicy"), body.get("UpdateReplacePolicy"))
        for name, body in resources.items()
        if body["Type"] in HOLDING
    }

    logs = dict.fromkeys(of_type(resources, "AWS::Logs::LogGroup"), ("Delete", "Delete"))
    # What is on its way is told again by a replay; of the front's secret a new stack makes another.
    going = logs | dict.fromkeys(("DeliveryQueue", "FrontSecret"), ("Delete", "Delete"))
    assert holding == {name: going.get(name, ("Retain", "Retain")) for name in holding}


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

    for alarm in alarms.values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "Alarms"}]
        assert (bool(alarm["AlarmDescription"]), alarm.get("ActionsEnabled", True)) == (True, True)
        assert alarm["TreatMissingData"] in {"breaching", "notBreaching"}
    assert {alarm["MetricName"] for alarm in alarms.values() if "MetricName" in alarm} == {
        "5XXError",
        "ApproximateAgeOfOldestMessage",
        "ApproximateNumberOfMessagesVisible",
        "BlockedRequests",
        "ClockBehind",
        "DispatcherBehind",
        "ExportsWritten",
        "Invocations",
        "KeysRefused",
        "LateEntries",
        "Latency",
        "SnapshotBehind",
        "SnapshotsBuilt",
        "UndeliveredAge",
        "WritesRefused",
    }


def test_alarms_come_from_this_account_over_tls_only(resources: Json) -> None:
    (policy,) = of_type(resources, "AWS::SNS::TopicPolicy").values()
    denied, allowed = policy["PolicyDocument"]["Statement"]

    assert [topic["Ref"] for topic in policy["Topics"]] == list(of_type(resources, "AWS::SNS::Topic"))
    assert (denied["Effect"], denied["Principal"], denied["Action"]) == ("Deny", "*", "sns:Publish")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert (allowed["Principal"], allowed["Action"]) == ({"Service": "cloudwatch.amazonaws.com"}, "sns:Publish")
    assert allowed["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert {denied["Resource"]["Ref"], allowed["Resource"]["Ref"]} == {"Alarms"}


def test_every_queue_is_watched_for_what_must_not_lie_in_it(resources: Json) -> None:
    watched = {
        alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0]: alarm["MetricName"]
        for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values()
        if alarm.get("Namespace") == "AWS/SQS"
    }

    assert watched == {
        name: "ApproximateAgeOfOldestMessage" if "RedrivePolicy" in queue else "ApproximateNumberOfMessagesVisible"
        for name, queue in of_type(resources, "AWS::SQS::Queue").items()
    }


def test_the_silence_of_every_function_with_a_schedule_is_an_alarm(resources: Json, template: Template) -> None:
    silent = {
        alarm["MetricName"]: alarm["Dimensions"][0]["Value"]["Ref"] if "Dimensions" in alarm else None
        for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values()
        if alarm["TreatMissingData"] == "breaching"
    }
    counted = {
        transformed["MetricName"]: each["LogGroupName"]["Ref"]
        for each in of_type(resources, "AWS::Logs::MetricFilter").values()
        for transformed in each["MetricTransformations"]
    }

    watched = {function or counted[metric].removesuffix("Logs") + "Function" for metric, function in silent.items()}

    assert watched == {function.logical_id for function in template.functions if function.schedules}


def test_every_writer_that_trusts_the_clock_tells_when_it_is_behind(resources: Json, template: Template) -> None:
    told = {
        each["LogGroupName"]["Ref"].removesuffix("Logs")
        for each in of_type(resources, "AWS::Logs::MetricFilter").values()
        if "clock-behind" in each["FilterPattern"]
    }

    # A worker without requests logs no problem of one: it fails, and its own alarm says so.
    stamping = {
        function.logical_id.removesuffix("Function")
        for function in template.functions
        if function.routes and "dynamodb:PutItem" in puts_entries(resources, function.logical_id)
    }
    assert told == stamping


def puts_entries(resources: Json, function: str) -> set[str]:
    """What a function may do with entries of the feed."""
    role = resources[resources[function]["Properties"]["Role"]["Fn::GetAtt"][0]]["Properties"]
    return {
        action
        for statement in statements(role)
        if "FEED#*" in json.dumps(statement.get("Condition", {}))
        for action in statement["Action"]
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
    queues = of_type(resources, "AWS::SQS::Queue")
    policies = {
        queue["Ref"]: each for each in of_type(resources, "AWS::SQS::QueuePolicy").values() for queue in each["Queues"]
    }

    assert all(queue["SqsManagedSseEnabled"] is True for queue in queues.values())
    assert policies.keys() == queues.keys()
    # SQS takes no statement about other queues than the policy's own ("Special information for SQS policies").
    assert {name: each["PolicyDocument"]["Statement"] for name, each in policies.items()} == {
        name: [
            {
                "Sid": "OnlyEncryptedTransport",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sqs:*",
                "Resource": {"Fn::GetAtt": [name, "Arn"]},
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ]
        for name in queues
    }


def test_every_table_is_watched_for_throttling(resources: Json) -> None:
    alarm = resources["TableThrottleAlarm"]["Properties"]

    watched = {
        (metric["MetricStat"]["Metric"]["MetricName"], metric["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"])
        for metric in alarm["Metrics"]
        if "MetricStat" in metric
    }

    tables = of_type(resources, "AWS::DynamoDB::Table")
    assert watched == {(metric, name) for metric in ("ReadThrottleEvents", "WriteThrottleEvents") for name in tables}


def test_every_table_is_watched_for_what_dynamodb_itself_fails_in(resources: Json) -> None:
    metrics = [
        metric["MetricStat"]["Metric"]
        for metric in resources["TableErrorAlarm"]["Properties"]["Metrics"]
        if "MetricStat" in metric
    ]

    watched = {(metric["Dimensions"][0]["Value"]["Ref"], metric["Dimensions"][1]["Value"]) for metric in metrics}

    # An alarm takes ten metrics: of each table the writes, and the read that it answers most.
    tables = of_type(resources, "AWS::DynamoDB::Table")
    assert {metric["MetricName"] for metric in metrics} == {"SystemErrors"}
    assert watched == {
        (name, operation)
        for name in tables
        for operation in ("TransactWriteItems", "Query" if name == "RegisterTable" else "GetItem")
    }
