from pathlib import Path

import pytest

from infra.template import Function, GatewayResponse, Route, Table, Template, TemplateError

SMALL = Path(__file__).parent / "project" / "template.yaml"
KEYS = ({"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"})
ATTRIBUTES = ({"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"})


def test_everything_that_runs_outside_aws_is_read() -> None:
    names = {"NotesTable": "notes", "NotesTable.Arn": "arn:notes", "AWS::Region": "eu-central-1"}

    template = Template.read(SMALL, names)

    problem = "application/problem+json"
    assert template == Template(
        stage="v1",
        functions=(
            Function(
                logical_id="NotesFunction",
                handler="functions.notes.handler.handler",
                timeout=20,
                memory=512,
                environment={
                    "REGISTER_TABLE": "RegisterTable",
                    "ORGANISATIONS_TABLE": "notes",
                    "EVENTS_TABLE": "notes",
                    "COOPERATIONS_TABLE": "notes",
                    "PRIVATE_TABLE": "notes",
                    "WRITE_ORIGINS": "https://a.example,https://b.example",
                    "SNAPSHOTS": "s3://Bucket",
                    "NOTES_TABLE": "notes",
                    "NOTES_ARN": "arn:notes",
                    "LABEL": "notes-eu-central-1",
                },
                routes=(
                    Route("ANY", "/notes/{id}"),
                    Route("GET", "/notes/mine"),
                    Route("ANY", "/echo/{rest+}"),
                    Route("POST", "/only-post"),
                ),
                schedules=(86_400, 60),
            ),
        ),
        tables=(
            Table("NotesTable", KEYS, ATTRIBUTES, None),
            Table("RegisterTable", KEYS, ATTRIBUTES, "expires_at"),
        ),
        binary_media_types=("*/*",),
        gateway_responses={
            "DEFAULT_4XX": GatewayResponse(
                None,
                {"Access-Control-Allow-Origin": "'*'", "X-Request-Id": "context.requestId"},
                {problem: '{"title":$context.error.messageString,"instance":"urn:uuid:$context.requestId"}'},
            ),
            "MISSING_AUTHENTICATION_TOKEN": GatewayResponse(
                404, {"Access-Control-Allow-Origin": "'*'"}, {problem: '{"title":"There is nothing here","status":404}'}
            ),
            "DEFAULT_5XX": GatewayResponse(None, {"Retry-After": "'1'"}, {problem: '{"title":"The register failed"}'}),
        },
        site_headers={},
    )


def test_a_table_says_how_it_is_created() -> None:
    table = Template.read(SMALL).tables[0]

    arguments = table.create_arguments("notes-of-a-test")

    assert arguments == {
        "TableName": "notes-of-a-test",
        "KeySchema": list(KEYS),
        "AttributeDefinitions": list(ATTRIBUTES),
        "BillingMode": "PAY_PER_REQUEST",
    }


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ('!Sub "${Api}-${!Literal}"', "Api-${Literal}"),
        ('!Sub ["${a}/${b}", {a: !Ref Stage, b: 2}]', "v1/2"),
        ('!Sub "${Api.RootResourceId}"', "Api"),
        ("!Ref Stage", "v1"),
        ("7", "7"),
    ],
)
def test_functions_in_a_value_are_worked_out(tmp_path: Path, value: str, resolved: str) -> None:
    template = Template.read(_with_variable(tmp_path, value))

    assert template.functions[0].environment == {"X": resolved}


@pytest.mark.parametrize("value", ["!Ref Nowhere", "!ImportValue x", "!Select [0, [a]]", "{}"])
def test_what_has_no_meaning_here_is_refused(tmp_path: Path, value: str) -> None:
    path = _with_variable(tmp_path, value)

    with pytest.raises(TemplateError):
        Template.read(path)


@pytest.mark.parametrize("text", ["", "- a", "Resources: 7", "a: [", "Resources: {}"])
def test_what_is_no_template_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(text)

    with pytest.raises(TemplateError):
        Template.read(path)


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"nowhere\.yaml"):
        Template.read(tmp_path / "nowhere.yaml")


def test_a_schedule_without_a_period_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(SMALL.read_text().replace("rate(1 minute)", "cron(0 9 ? * MON *)"))

    with pytest.raises(TemplateError, match="MON"):
        Template.read(path)


def _with_variable(folder: Path, value: str) -> Path:
    path = folder / "template.yaml"
    path.write_text(
        f"""
Parameters: {{Stage: {{Type: String, Default: v1}}}}
Resources:
  Api: {{Type: AWS::Serverless::Api, Properties: {{StageName: v1}}}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b.c
      Environment:
        Variables:
          X: {value}
"""
    )
    return path
