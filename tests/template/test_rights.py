"""Each function may do what it does, and nothing else."""

import json
import re
from collections.abc import Iterator

import pytest

from tests.template.conftest import Json, of_type, statements

WRITING = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
NOUN_TABLES = ["OrganisationsTable", "EventsTable", "CooperationsTable"]
NOTING = {
    "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["KEY#*"]},
    "ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "sk", "last_used_at"]},
}
"""The one right to change a key: to say when it was used."""
SERVICES = {
    "dynamodb": "AWS::DynamoDB::Table",
    "logs": "AWS::Logs::LogGroup",
    "s3": "AWS::S3::Bucket",
    "secretsmanager": "AWS::SecretsManager::Secret",
    "sqs": "AWS::SQS::Queue",
}
READERS = [
    "OrganisationsReadRole",
    "EventsReadRole",
    "CooperationsReadRole",
    "SearchReadRole",
    "OverviewReadRole",
    "NetworkReadRole",
    "FeedsReadRole",
]


@pytest.fixture
def roles(resources: Json) -> Json:
    functions = of_type(resources, "AWS::Lambda::Function")
    found = of_type(resources, "AWS::IAM::Role")
    return {
        function["Role"]["Fn::GetAtt"][0]: found[function["Role"]["Fn::GetAtt"][0]] for function in functions.values()
    }


def granted(role: Json) -> Iterator[tuple[str, str]]:
    for statement in statements(role):
        for action in statement["Action"]:
            for resource in statement["Resource"]:
                yield action, json.dumps(resource)


def on(role: Json, logical_id: str) -> set[str]:
    return {action for action, resource in granted(role) if f'"{logical_id}"' in resource}


def test_each_function_has_a_role_of_its_own(resources: Json, roles: Json) -> None:
    assert len(roles) == len(of_type(resources, "AWS::Lambda::Function")) == 24
    assert all("ManagedPolicyArns" not in role for role in roles.values())


def test_no_right_has_a_wildcard_but_for_the_names_of_objects(roles: Json) -> None:
    wide = {
        resource if "*" in resource else action
        for role in roles.values()
        for action, resource in granted(role)
        if "*" in action or "*" in resource
    }

    # Snapshots and exports are named after the moment that they were made at.
    assert wide == {json.dumps({"Fn::Sub": f"${{SnapshotBucket.Arn}}/{kind}/*"}) for kind in ("snapshots", "exports")}


def test_every_right_allows_says_what_for_and_is_given_once(roles: Json) -> None:
    for role in roles.values():
        given = statements(role)
        rights = [
            (action, json.dumps(resource), json.dumps(each.get("Condition")))
            for each in given
            for action in each["Action"]
            for resource in each["Resource"]
        ]

        assert {each["Effect"] for each in given} == {"Allow"}
        assert len({each["Sid"] for each in given}) == len(given)
        assert len(set(rights)) == len(rights)
        assert all(each.keys() <= {"Sid", "Effect", "Action", "Resource", "Condition"} for each in given)


def test_every_right_fits_what_it_is_given_on(resources: Json, roles: Json) -> None:
    functions = of_type(resources, "AWS::Lambda::Function").values()
    named = {each["FunctionName"]["Fn::Sub"] for each in functions if "FunctionName" in each}

    for role in roles.values():
        for action, resource in granted(role):
            service = action.partition(":")[0]
            if service == "lambda":
                assert resource.rpartition(":function:")[2].removesuffix('"}') in named
            else:
                (logical_id,) = set(re.findall(r"\w+", resource)) & resources.keys()
                assert resources[logical_id]["Type"] == SERVICES[service]


def test_a_function_writes_its_own_log_and_no_other(resources: Json, roles: Json) -> None:
    for function in of_type(resources, "AWS::Lambda::Function").values():
        logged = {each for each in granted(roles[function["Role"]["Fn::GetAtt"][0]]) if each[0].startswith("logs:")}

        log = json.dumps({"Fn::GetAtt": [function["LoggingConfig"]["LogGroup"]["Ref"], "Arn"]})
        assert logged == {("logs:CreateLogStream", log), ("logs:PutLogEvents", log)}


def test_a_role_is_taken_on_by_one_service_alone(resources: Json, roles: Json) -> None:
    for name, role in of_type(resources, "AWS::IAM::Role").items():
        (trusting,) = role["AssumeRolePolicyDocument"]["Statement"]

        service = "lambda" if name in roles else "apigateway"
        assert trusting == {
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }


def test_the_only_policy_of_aws_is_the_one_that_api_gateway_asks_for(resources: Json, roles: Json) -> None:
    others = {name: role for name, role in of_type(resources, "AWS::IAM::Role").items() if name not in roles}

    # One role per account writes the access logs of all its APIs, and has to be allowed whatever that policy allows.
    log_role = others.pop("ApiLogRole")
    assert log_role["ManagedPolicyArns"] == [
        {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"}
    ]
    assert ("Policies" in log_role, others) == (False, {})
    assert not of_type(resources, "AWS::IAM::Policy") | of_type(resources, "AWS::IAM::ManagedPolicy")


def test_nobody_may_scan(roles: Json) -> None:
    assert not [name for name, role in roles.items() if "scan" in json.dumps(statements(role)).lower()]


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_may_write_nothing_but_when_a_key_was_used(roles: Json, reader: str) -> None:
    allowed = {action for action, _ in granted(roles[reader])}

    assert allowed == {
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
        "lambda:InvokeFunction",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "s3:GetObject",
        "s3:ListBucket",
        "secretsmanager:GetSecretValue",
    }
    assert [
        (statement["Action"], statement["Resource"], statement["Condition"])
        for statement in statements(roles[reader])
        if WRITING & set(statement["Action"])
    ] == [(["dynamodb:UpdateItem"], [{"Fn::GetAtt": ["RegisterTable", "Arn"]}], NOTING)]


def test_nobody_may_change_a_key_but_for_the_time_of_its_use(roles: Json) -> None:
    changing = [
        statement["Condition"]
        for role in roles.values()
        for statement in statements(role)
        if "KEY#*" in json.dumps(statement.get("Condition", {})) and WRITING & set(statement["Action"])
    ]

    assert changing == [NOTING] * 17


def test_an_entry_of_the_feed_is_changed_by_the_sweeper_and_noted_on_by_its_writers(roles: Json) -> None:
    changing = {
        name: statement["Condition"]
        for name, role in roles.items()
        for statement in statements(role)
        if "dynamodb:UpdateItem" in statement["Action"] and "FEED#*" in json.dumps(statement.get("Condition", {}))
    }

    feed = {"dynamodb:LeadingKeys": ["FEED#*"]}
    noting = {
        "ForAllValues:StringLike": feed,
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "sk", "prompt", "restamped"]},
    }
    writers = ("OrganisationsWrite", "EventsWrite", "CooperationsWrite", "PartnersWrite", "JobsWorker")
    assert changing == {
        "SweeperRole": {"ForAllValues:StringLike": feed},
        **{f"{writer}Role": noting for writer in writers},
    }


def test_peppers_are_within_reach_of_those_who_recognise_keys(roles: Json) -> None:
    reading = {
        name: resource
        for name, role in roles.items()
        for action, resource in granted(role)
        if action == "secretsmanager:GetSecretValue"
    }

    nouns = ("Organisations", "Events", "Cooperations", "Partners", "Webhooks")
    expected = {f"{noun}{side}Role" for noun in nouns for side in ("Read", "Write")} | {
        "JobsRole",
        "JobsWorkerRole",
        "ChangesRole",
        "SearchReadRole",
        "OverviewReadRole",
        "NetworkReadRole",
        "FeedsReadRole",
        "ExportsReadRole",
    }
    assert reading == dict.fromkeys(expected, '{"Ref": "KeySecret"}')


@pytest.mark.parametrize(
    ("role", "own", "counted"),
    [
        ("OrganisationsWriteRole", "OrganisationsTable", []),
        ("EventsWriteRole", "EventsTable", ["OrganisationsTable", "CooperationsTable"]),
        ("CooperationsWriteRole", "CooperationsTable", ["OrganisationsTable", "EventsTable"]),
    ],
)
def test_a_writer_writes_its_own_records_and_only_counts_at_others(
    roles: Json, role: str, own: str, counted: list[str]
) -> None:
    written = {table: on(roles[role], table) & WRITING for table in NOUN_TABLES}

    assert written == {
        own: {"dynamodb:PutItem", "dynamodb:UpdateItem"},
        **{table: {"dynamodb:UpdateItem"} for table in counted},
        **{table: set() for table in NOUN_TABLES if table not in {own, *counted}},
    }


def test_on_the_register_table_every_right_is_bound_to_keys(roles: Json) -> None:
    bound = {
        tuple(statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"])
        for role in roles.values()
        for statement in statements(role)
        if "RegisterTable" in json.dumps(statement["Resource"])
    }

    assert bound == {
        ("ERASED",),
        ("FEED#*",),
        ("IDEM#*",),
        ("JOB#*",),
        ("KEY#*",),
        ("PARTNER#*",),
        ("QUOTA#*",),
        ("REF#*",),
        ("REF#*", "FEED#*"),
        ("REF#*", "FEED#*", "IDEM#*"),
        ("SWEEP",),
        ("FEED#EPOCH",),
        ("HOOK",),
        ("HOOK", "HOOKSECRET#*"),
        ("HOOK", "HOOKSECRET#*", "HOOKLOG#*", "HOOKREST#*"),
        ("HOOKLINE",),
        ("HOOKLOG#*",),
        ("HOOKOWNER#*",),
        ("HOOKREPLAY",),
        ("HOOKREST#*",),
    }


def test_who_deletes_or_merges_organisations_may_ask_whether_they_have_keys(roles: Json) -> None:
    asking = {
        name: statement["Action"]
        for name, role in roles.items()
        for statement in statements(role)
        if "PARTNER#*" in json.dumps(statement.get("Condition", {}))
    }

    assert asking == {
        "JobsRole": ["dynamodb:GetItem"],
        "JobsWorkerRole": ["dynamodb:GetItem", "dynamodb:ConditionCheckItem"],
        "OrganisationsWriteRole": ["dynamodb:ConditionCheckItem"],
    }


def test_who_knows_the_builder_of_snapshots_may_wake_it_and_needs_it(resources: Json, roles: Json) -> None:
    functions = of_type(resources, "AWS::Lambda::Function").values()
    told = {
        function["Role"]["Fn::GetAtt"][0]
        for function in functions
        if "SNAPSHOT_FUNCTION" in function.get("Environment", {}).get("Variables", {})
    }
    waking = {
        name
        for name, role in roles.items()
        for action, resource in granted(role)
        if action == "lambda:InvokeFunction" and resource.endswith('-snapshot"}')
    }

    assert told == waking == {*READERS, "PartnersWriteRole", "JobsRole", "JobsWorkerRole"}


def test_secrets_of_webhooks_are_within_reach_of_those_who_sign(roles: Json) -> None:
    reading = {
        name: sorted(statement["Action"])
        for name, role in roles.items()
        for statement in statements(role)
        if "HOOKSECRET#*" in json.dumps(statement.get("Condition", {}))
    }

    assert reading == {
        "DelivererRole": ["dynamodb:BatchGetItem"],
        "WebhooksWriteRole": ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"],
    }


def test_messages_are_put_by_those_who_send_and_taken_by_the_deliverer_alone(roles: Json) -> None:
    allowed = {name: on(role, "DeliveryQueue") for name, role in roles.items() if on(role, "DeliveryQueue")}

    assert allowed == {
        "DelivererRole": {
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage",
            "sqs:SendMessage",
        },
        "DispatcherRole": {"sqs:SendMessage"},
        "WebhooksWriteRole": {"sqs:SendMessage"},
    }


def test_personal_data_is_out_of_reach_where_it_is_not_needed(roles: Json) -> None:
    without = {name for name, role in roles.items() if not on(role, "PrivateTable")}

    telling = {"WebhooksReadRole", "WebhooksWriteRole", "DispatcherRole", "DelivererRole"}
    others = {"ChangesRole", "DocumentationRole", "FeedsReadRole", "PartnersReadRole", "SnapshotRole", "SweeperRole"}
    assert without == telling | others | {"ExportsReadRole", "SearchReadRole", "OverviewReadRole", "NetworkReadRole"}


def test_exports_are_written_by_one_function_and_led_to_by_another(roles: Json) -> None:
    allowed = {
        name: {action for action, resource in granted(role) if "/exports/*" in resource} for name, role in roles.items()
    }

    assert {name: actions for name, actions in allowed.items() if actions} == {
        "ExportRole": {"s3:GetObject", "s3:PutObject", "s3:DeleteObjectVersion"},
        "ExportsReadRole": {"s3:GetObject"},
        "JobsWorkerRole": {"s3:PutObject", "s3:DeleteObjectVersion"},
    }


def test_who_knows_the_writer_of_exports_leads_to_them_or_wakes_it(resources: Json, roles: Json) -> None:
    told = {
        function["Role"]["Fn::GetAtt"][0]
        for function in of_type(resources, "AWS::Lambda::Function").values()
        if "EXPORT_FUNCTION" in function.get("Environment", {}).get("Variables", {})
    }
    waking = {
        name
        for name, role in roles.items()
        for action, resource in granted(role)
        if action == "lambda:InvokeFunction" and resource.endswith('-export"}')
    }

    assert waking == {"JobsWorkerRole"}
    assert told == waking | {"ExportsReadRole"}


def test_the_documentation_may_do_nothing_but_log(roles: Json) -> None:
    assert {action for action, _ in granted(roles["DocumentationRole"])} == {
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    }
