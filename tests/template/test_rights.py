"""Each function may do what it does, and nothing else."""

import json
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


def test_no_right_has_a_wildcard_action_or_covers_everything(roles: Json) -> None:
    for role in roles.values():
        for action, resource in granted(role):
            assert "*" not in action
            assert resource.strip('"') != "*"
        assert all(statement["Effect"] == "Allow" for statement in statements(role))


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
