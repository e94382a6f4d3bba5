"""The artefact as it ships: built for this interpreter, imported and invoked with nothing else in reach."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from infra import package
from infra.keys import office_key
from infra.local.functions import scheduled_event
from infra.local.tables import create_tables
from infra.template import Function, Template
from shared.errors import ClockBehind
from shared.tables.client import connect
from tests.template.conftest import Json

INVOKE = Path(__file__).with_name("invoke.py")
CALLS = Path(__file__).with_name("calls.py")
FUNCTIONS = Template.read().functions
NOBODY = "http://127.0.0.1:9"
"""The port `discard`, where nobody listens."""
KEYS = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_DEFAULT_REGION": "eu-central-1"}


@pytest.fixture(scope="session")
def artefact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("artefact")
    package.build(package.HOST, folder)
    return folder


@dataclass(frozen=True, slots=True)
class Outcome:
    answers: list[dict[str, Any]]
    modules: set[str]
    foreign: list[str]
    lines: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Artefact:
    folder: Path
    environment: dict[str, str]
    key: str
    """Of the register's own office."""

    def invoke(self, handler: str, *events: dict[str, Any]) -> Outcome:
        task = {"folder": str(self.folder), "handler": handler, "events": events}
        finished = subprocess.run(
            [sys.executable, "-I", "-S", str(INVOKE)],
            check=False,
            input=json.dumps(task),
            capture_output=True,
            text=True,
            env=self.environment,
            timeout=60,
        )
        assert finished.returncode == 0, finished.stderr
        *logged, last = filter(None, finished.stdout.splitlines())
        outcome = json.loads(last)
        lines = [json.loads(line) for line in logged]
        return Outcome(outcome["answers"], set(outcome["modules"]), outcome["foreign"], lines)


@pytest.fixture(scope="session")
def shipped(
    artefact: Path, template: Template, dynamodb_engine: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Artefact]:
    data = tmp_path_factory.mktemp("data")
    environment = {
        **KEYS,
        **template.functions[0].environment,
        "DYNAMODB_ENDPOINT": dynamodb_engine,
        "PROJECTION": str(data / "projection.sqlite"),
        "SNAPSHOTS": str(data / "snapshots"),
        "SNAPSHOT_FUNCTION": "",
        "JOBS_FUNCTION": "",
        "EXPORT_FUNCTION": "",
        "KEY_ENVIRONMENT": "test",
        "PEPPERS": "pepper",
        "SECRET": "",
        "DELIVERIES": str(data / "deliveries.sqlite"),
        "PATH": os.environ["PATH"],
    }
    with pytest.MonkeyPatch.context() as patched:
        for name, value in KEYS.items():
            patched.setenv(name, value)
        client = connect(dynamodb_engine)
        create_tables(client, template.tables)
        yield Artefact(artefact, environment, office_key(environment))
        client.close()


def proxy_event(method: str, resource: str, key: str = "") -> dict[str, Any]:
    """A REST proxy event for a resource, its variables filled with something."""
    variables = dict.fromkeys(re.findall(r"\{(\w+)\}", resource), "something")
    body = "{}" if method in {"POST", "PUT", "PATCH"} else None
    merging = "merge-patch+json" if method == "PATCH" else "json"
    headers = {"Accept": "*/*", "Content-Type": f"application/{merging}", "If-Match": '"1"'}
    if key:
        headers |= {"Authorization": f"Bearer {key}", "Idempotency-Key": "once"}
    return {
        "resource": resource,
        "path": re.sub(r"\{\w+\}", "something", resource),
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": variables or None,
        "requestContext": {"requestId": "8d7f5f2e-6f0c-4a57-9d43-0f1f5d9b6a10", "stage": "v1", "httpMethod": method},
        "body": body,
        "isBase64Encoded": False,
    }


def events_for(function: Function, key: str) -> list[dict[str, Any]]:
    if not function.routes:
        return [scheduled_event()]
    methods = [("GET" if route.method == "ANY" else route.method, route.path) for route in function.routes]
    return [proxy_event(method, path, sent) for method, path in methods for sent in ("", key)]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.logical_id)
def test_every_function_answers_from_the_artefact_alone(shipped: Artefact, function: Function) -> None:
    events = events_for(function, shipped.key)

    outcome = shipped.invoke(function.handler, *events)

    assert outcome.foreign == []
    assert len(outcome.answers) == len(events)
    for event, answer in zip(events, outcome.answers, strict=True):
        assert "httpMethod" not in event or 200 <= answer["statusCode"] < 500, (event["path"], answer)
        assert (answer.get("statusCode") == 401) == (needs_key(event) and "Authorization" not in event["headers"])


def needs_key(event: dict[str, Any]) -> bool:
    kept = {"/me", "/jobs/{id}", "/webhooks", "/webhooks/{id}", "/webhooks/{id}/deliveries"}
    return event.get("httpMethod") in {"POST", "PUT", "PATCH", "DELETE"} or event.get("resource") in kept


@pytest.mark.parametrize("noun", ["organisations", "events", "cooperations"])
def test_a_reader_loads_neither_pydantic_nor_what_only_writers_need(shipped: Artefact, noun: str) -> None:
    outcome = shipped.invoke(f"functions.{noun}.read.handler", proxy_event("GET", f"/{noun}"))

    assert outcome.answers[0]["statusCode"] == 200
    assert outcome.modules & {"pydantic", "pydantic_core", "boto3", "icalendar"} == set()


def test_a_calendar_loads_what_writes_it(shipped: Artefact) -> None:
    outcome = shipped.invoke("functions.events.read.handler", proxy_event("GET", "/events.ics"))

    assert outcome.answers[0]["statusCode"] == 200
    assert outcome.foreign == []
    assert outcome.modules & {"icalendar", "pydantic"} == {"icalendar"}


@pytest.mark.parametrize(
    ("metric", "handler", "event"),
    [
        ("SweeperLateEntriesMetric", "functions.sweeper.handler.handler", scheduled_event()),
        ("DispatcherBehindMetric", "functions.webhooks.dispatcher.handler", scheduled_event()),
        ("SnapshotSnapshotsBuiltMetric", "functions.snapshot.handler.handler", scheduled_event()),
        ("SnapshotBehindMetric", "functions.snapshot.handler.handler", scheduled_event()),
        ("OrganisationsWriteClockBehindMetric", "functions.organisations.write.handler", proxy_event("POST", "/no")),
    ],
)
def test_an_alarm_that_counts_log_lines_finds_them(
    shipped: Artefact, resources: Json, metric: str, handler: str, event: dict[str, Any]
) -> None:
    properties = resources[metric]["Properties"]
    ((field, literal),) = re.findall(r'\{ \$\.(\w+) = "([\w-]+)" \}', properties["FilterPattern"])
    value = properties["MetricTransformations"][0]["MetricValue"]

    outcome = shipped.invoke(handler, event)

    line = next(line for line in outcome.lines if field in line)
    assert literal in ({"dispatch", "sweep", "snapshot"} if field == "message" else {ClockBehind.slug})
    assert line[field] == (literal if field == "message" else "not-found")
    assert value == "1" or isinstance(line[value.removeprefix("$.")], int)


def test_clients_work_with_what_is_left_of_botocore(artefact: Path) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(artefact)!r})\n"
        "import botocore.session\n"
        "session = botocore.session.get_session()\n"
        "for service in ('dynamodb', 'lambda', 's3', 'secretsmanager', 'sqs'):\n"
        "    client = session.create_client(service, region_name='eu-central-1')\n"
        "    print(service, *sorted(client.meta.service_model.operation_names))\n"
    )

    finished = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], check=True, capture_output=True, text=True, env=KEYS
    )

    found = {words[0]: frozenset(words[1:]) for words in map(str.split, finished.stdout.splitlines())}
    assert found == package.OPERATIONS


def test_every_operation_reaches_the_wire_with_what_is_left_of_botocore(artefact: Path) -> None:
    arguments = {
        "dynamodb": {"RequestItems": {}, "TransactItems": []},
        "lambda": {"FunctionName": "function"},
        "s3": {"Bucket": "bucket", "Key": "key"},
        "secretsmanager": {},
        "sqs": {"QueueUrl": f"{NOBODY}/1/queue"},
    }
    task = {"folder": str(artefact), "endpoint": NOBODY, "arguments": arguments}

    finished = subprocess.run(
        [sys.executable, "-I", "-S", str(CALLS)],
        check=False,
        input=json.dumps(task),
        capture_output=True,
        text=True,
        env=KEYS,
    )

    assert finished.returncode == 0, finished.stderr
    reached = {tuple(line.split()) for line in finished.stdout.splitlines()}
    assert reached == {(service, operation) for service, names in package.OPERATIONS.items() for operation in names}


def test_what_every_client_reads_speaks_of_our_services_alone(artefact: Path) -> None:
    endpoints = json.loads((artefact / "botocore/data/endpoints.json").read_text(encoding="utf-8"))

    services = {name for partition in endpoints["partitions"] for name in partition["services"]}

    assert services == package.OPERATIONS.keys()
    assert "eu-central-1" in endpoints["partitions"][0]["services"]["dynamodb"]["endpoints"]


def test_no_function_loads_a_writer_of_documentation(shipped: Artefact) -> None:
    outcome = shipped.invoke("functions.organisations.write.handler", proxy_event("POST", "/organisations"))

    documenting = {name for name in outcome.modules if name.startswith("botocore.docs")}
    assert documenting == {"botocore.docs", "botocore.docs.docstring", "botocore.docs.utils"}
    assert "html.parser" not in outcome.modules


def test_a_module_that_has_moved_gets_no_stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "botocore/docs/bcdoc").mkdir(parents=True)
    monkeypatch.setattr(package, "STAND_INS", {"botocore/elsewhere.py": ""})

    with pytest.raises(package.PackagingError, match=r"botocore/elsewhere\.py is no more"):
        package._put_stand_ins(tmp_path)


def test_every_operation_that_the_code_calls_is_in_the_artefact() -> None:
    session = botocore.session.get_session()
    known = {
        botocore.xform_name(operation): (service, operation)
        for service in package.OPERATIONS
        for operation in session.get_service_model(service).operation_names
    }
    names = {
        name
        for folder in package.SOURCES
        for source in (package.ROOT / folder).rglob("*.py")
        for name in names_in(ast.parse(source.read_text(encoding="utf-8")))
    }

    called = {known[name] for name in names & known.keys()}

    assert ("dynamodb", "TransactWriteItems") in called
    assert {
        (service, operation) for service, operation in called if operation not in package.OPERATIONS[service]
    } == set()


def names_in(tree: ast.AST) -> Iterator[str]:
    """Attributes and words in quotes: a method of a client is named in one of these ways."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_the_same_sources_give_the_same_bytes(artefact: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "CACHE", tmp_path / "cache")

    package.build(package.HOST, tmp_path / "again")

    assert content_of(tmp_path / "again") == content_of(artefact)


def content_of(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode, int(path.stat().st_mtime))
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_artefact_holds_bytecode_for_all_its_sources_and_nothing_idle(artefact: Path) -> None:
    files = [path.relative_to(artefact) for path in artefact.rglob("*") if path.is_file()]
    sources = {path for path in files if path.suffix == ".py"}
    tag = sys.implementation.cache_tag

    compiled = {path.parent.parent / f"{path.name.split('.')[0]}.py" for path in files if path.suffix == ".pyc"}

    assert compiled == sources
    assert all(tag in path.name for path in files if path.suffix == ".pyc")
    assert not [path for path in files if path.suffix == ".pyi" or path.parts[0] in {"tests", "bin"}]
    assert [str(path) for path in files if path.parts[0] == "infra"] == ["infra/openapi.json"]
    assert {path.parts[2] for path in files if path.parts[:2] == ("botocore", "data")} == {
        *package.OPERATIONS,
        *package.BOTOCORE_DATA,
    }


def test_a_shim_that_does_not_run_is_no_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim = tmp_path / "bin" / "python3.999"
    shim.parent.mkdir()
    shim.write_text("#!/bin/sh\nexit 127\n", encoding="ascii")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(shim.parent))

    assert package.Target("none", (3, 999), ()).compiler() is None


def test_the_lambda_artefact_is_for_the_runtime_of_the_template() -> None:
    dotted = ".".join(map(str, package.LAMBDA.version))

    assert f"--python-version={dotted}" in package.LAMBDA.selection
    assert all("aarch64" in option for option in package.LAMBDA.selection if "--platform" in option)
