"""An emulated AWS on this machine (ministack, with its roles enforced), and the stack deployed to it.

What the emulator cannot do is taken away in `emulated` and nowhere else, and is asserted on the transformed template by
tests/template instead: answers and CORS of the gateway itself, the firewall, alarms on several metrics at once.
"""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3

from infra import package
from infra.transformed import transformed

Json = dict[str, Any]

ROOT = package.ROOT
BIN = ROOT / ".venv-engine" / "bin"
REGION = "eu-central-1"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
"""The account's root as the emulator knows it."""
METHODS = ("get", "head", "options", "post", "put", "patch", "delete")
ANY_METHOD = "x-amazon-apigateway-any-method"
DEPLOYMENT = "deployment"
STACK = "e2e"
PARAMETERS = {"Firewall": "false", "WritesPerMinute": "100000", "WriteOrigins": "https://office.example"}
_PATIENCE = 90.0


@contextmanager
def emulator(folder: Path) -> Iterator[str]:
    """Give the endpoint of a fresh emulator for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    home = folder / "home"
    home.mkdir()
    environment = {
        "PATH": f"{BIN}:{os.environ['PATH']}",  # its functions run on the first python3 there
        "HOME": str(home),
        "TMPDIR": str(folder),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "IOT_MTLS_ENABLED": "0",
        "AUTH": "true",
        "LAMBDA_EXECUTOR": "local",
    }
    with (folder / "emulator.log").open("wb") as log:
        process = subprocess.Popen(
            [str(BIN / "python"), "-m", "ministack"],
            cwd=home,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    endpoint = f"http://127.0.0.1:{port}"
    try:
        _wait_for(endpoint, process)
        yield endpoint
    finally:
        # The session is its own, and its functions are in it.
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(endpoint: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        connection = http.client.HTTPConnection(urlsplit(endpoint).netloc, timeout=5)
        try:
            connection.request("GET", "/_ministack/health")
            connection.getresponse().read()
        except OSError:
            assert process.poll() is None, "the emulator has ended"
            assert time.monotonic() < deadline, "the emulator does not answer"
            time.sleep(0.2)
        else:
            return
        finally:
            connection.close()


def emulated(template: Json, folder: Path) -> Json:
    """The template without what the emulator does not know; `folder` is for what functions keep."""
    resources = template["Resources"]
    for name in [name for name, resource in resources.items() if _is_unknown(resource)]:
        del resources[name]
    for name, resource in resources.items():
        _adapt(name, resource["Type"], resource.get("Properties", {}), folder)
    rebuilt: Json = _with_arns(template)
    return rebuilt


def _adapt(name: str, kind: str, properties: Json, folder: Path) -> None:
    match kind:
        case "AWS::ApiGateway::RestApi":
            # It drops methods named ANY.
            for methods in properties["Body"]["paths"].values():
                anyone = methods.pop(ANY_METHOD, None)
                if anyone is not None:
                    methods.update({method: anyone for method in METHODS if method not in methods})
        case "AWS::S3::BucketPolicy":
            # It speaks HTTP, which this refuses.
            policy = properties["PolicyDocument"]
            policy["Statement"] = [each for each in policy["Statement"] if each["Sid"] != "OnlyEncryptedTransport"]
        case "AWS::IAM::Role":
            # Whoever may send a message may send several; the emulator asks for an action that AWS does not know.
            for policy in properties.get("Policies", ()):
                for statement in policy["PolicyDocument"]["Statement"]:
                    statement["Action"] = _with_batches(statement["Action"])
        case "AWS::Lambda::Function":
            # All functions share this machine's /tmp, and receivers of webhooks live here as well.
            variables = properties["Environment"]["Variables"]
            files = {each: path for each, path in variables.items() if str(path).startswith("/tmp/")}  # noqa: S108
            variables |= {each: str(folder / f"{name}-{Path(path).name}") for each, path in files.items()}
            variables["WEBHOOKS_TO_LOCALHOST"] = "1"


def _is_unknown(resource: Json) -> bool:
    """Alarms on more than one metric, and policies that say nothing but that transport is encrypted."""
    properties = resource.get("Properties", {})
    match resource["Type"]:
        case "AWS::CloudWatch::Alarm":
            return "Metrics" in properties
        case "AWS::SQS::QueuePolicy":
            return [each["Sid"] for each in properties["PolicyDocument"]["Statement"]] == ["OnlyEncryptedTransport"]
    return False


def _with_batches(actions: str | list[str]) -> list[str]:
    found = [actions] if isinstance(actions, str) else actions
    return [*found, "sqs:SendMessageBatch"] if "sqs:SendMessage" in found else found


def _with_arns(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """`!Ref` of a secret gives its ARN, and in the emulator its name: there only `Id` is the ARN."""
    if value == {"Ref": "KeySecret"}:
        return {"Fn::GetAtt": ["KeySecret", "Id"]}
    if isinstance(value, dict):
        return {name: _with_arns(part) for name, part in value.items()}
    return [_with_arns(part) for part in value] if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Stack:
    """The stack in the emulator."""

    endpoint: str
    folder: Path

    def client(self, service: str) -> Any:  # noqa: ANN401 - one of boto3's many types
        """A client of the account's root."""
        return boto3.client(service, endpoint_url=self.endpoint)  # type: ignore[call-overload]

    def deploy(self, **more: str) -> str:
        """Create the stack, or update it with these parameters; gives its status."""
        parameters = {**PARAMETERS, **more}
        self._upload(parameters)
        cloudformation = self.client("cloudformation")
        exists = any(each["StackName"] == STACK for each in cloudformation.describe_stacks()["Stacks"])
        act = cloudformation.update_stack if exists else cloudformation.create_stack
        act(
            StackName=STACK,
            TemplateURL=f"{self.endpoint}/{DEPLOYMENT}/template.json",
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
            Capabilities=["CAPABILITY_IAM"],
        )
        return self._settled(cloudformation)

    def _upload(self, parameters: Mapping[str, str]) -> None:
        artefact = self.folder / "artefact"
        package.build(package.HOST, artefact)  # bytecode for the emulator's own Python
        packed = shutil.make_archive(str(artefact), "zip", artefact)
        s3 = self.client("s3")
        if DEPLOYMENT not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
            s3.create_bucket(Bucket=DEPLOYMENT, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.upload_file(packed, DEPLOYMENT, "artefact.zip")
        template = emulated(transformed(f"s3://{DEPLOYMENT}/artefact.zip", parameters), self.folder)
        s3.put_object(Bucket=DEPLOYMENT, Key="template.json", Body=json.dumps(template).encode())

    def _settled(self, cloudformation: Any) -> str:  # noqa: ANN401 - one of boto3's many types
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            status = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]
            if not status.endswith("IN_PROGRESS"):
                events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
                failed = [
                    f"{each['LogicalResourceId']}: {each.get('ResourceStatusReason')}"
                    for each in events
                    if each["ResourceStatus"].endswith("FAILED")
                ]
                return "; ".join([status, *failed])
            time.sleep(0.2)
        return "it does not come to an end"

    def physical(self, logical_id: str) -> str:
        """The name that CloudFormation gave a resource."""
        resources = self.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
        (name,) = (each["PhysicalResourceId"] for each in resources if each["LogicalResourceId"] == logical_id)
        return str(name)

    def invoke(self, logical_id: str) -> Json:
        """What a function gives for an event of its schedule."""
        answer = self.client("lambda").invoke(FunctionName=self.physical(logical_id), Payload=b"{}")
        content = json.loads(answer["Payload"].read() or b"null")
        assert "FunctionError" not in answer, content
        return content or {}

    def start_cold(self, logical_id: str) -> None:
        """Let the function's next request begin in an environment that holds nothing yet."""
        client, name = self.client("lambda"), self.physical(logical_id)
        variables = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        fresh = self.folder / f"{logical_id}-{time.time_ns()}.sqlite"
        client.update_function_configuration(
            FunctionName=name, Environment={"Variables": {**variables, "PROJECTION": str(fresh)}}
        )

    def lines(self, logical_id: str) -> list[Json]:
        """What a function has logged, oldest first."""
        logs = self.client("logs")
        group = self.physical(logical_id)
        events = logs.filter_log_events(logGroupName=group)["events"]
        return [json.loads(each["message"]) for each in events if each["message"].startswith("{")]
