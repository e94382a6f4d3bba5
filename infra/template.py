"""What template.yaml says, as plain values, so that neither the local server nor a test types it a second time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

TEMPLATE = Path(__file__).resolve().parent.parent / "template.yaml"

_TYPES = {
    "api": "AWS::Serverless::Api",
    "distribution": "AWS::CloudFront::Distribution",
    "function": "AWS::Serverless::Function",
    "gateway_response": "AWS::ApiGateway::GatewayResponse",
    "table": "AWS::DynamoDB::Table",
}

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_DAILY = re.compile(r"cron\(\d{1,2} \d{1,2} (?:\* \* \?|\? \* \*) \*\)")
_SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}
_PLACEHOLDER = re.compile(r"\$\{(!?)([^}]+)\}")


class TemplateError(Exception):
    """The template cannot be read, or says something that has no meaning here."""


@dataclass(frozen=True, slots=True)
class Route:
    """One entrance of the REST API: a method (or `ANY`) and a path without the stage."""

    method: str
    path: str


@dataclass(frozen=True, slots=True)
class QueueSource:
    """A queue whose messages a function takes: how many at once, for how many seconds, how often at the most."""

    logical_id: str
    batch: int
    hidden: int
    most_receipts: int


@dataclass(frozen=True, slots=True)
class Function:
    """One Lambda function; `timeout` and `schedules` are seconds."""

    logical_id: str
    handler: str
    timeout: int
    memory: int
    environment: Mapping[str, str]
    routes: tuple[Route, ...]
    schedules: tuple[int, ...]
    queues: tuple[QueueSource, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One DynamoDB table, as far as an engine has to know it."""

    logical_id: str
    key_schema: tuple[Mapping[str, str], ...]
    attribute_definitions: tuple[Mapping[str, str], ...]
    ttl_attribute: str | None

    def create_arguments(self, name: str) -> dict[str, Any]:
        """Return the arguments of CreateTable for a table of that name."""
        return {
            "TableName": name,
            "KeySchema": [dict(key) for key in self.key_schema],
            "AttributeDefinitions": [dict(attribute) for attribute in self.attribute_definitions],
            "BillingMode": "PAY_PER_REQUEST",
        }


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """What API Gateway answers by itself; `status` is None where the template leaves the usual one."""

    status: int | None
    headers: Mapping[str, str]
    templates: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Template:
    """The parts of template.yaml that run outside AWS as well."""

    stage: str
    functions: tuple[Function, ...]
    tables: tuple[Table, ...]
    binary_media_types: tuple[str, ...]
    gateway_responses: Mapping[str, GatewayResponse]
    site_headers: Mapping[str, str]
    """What the distribution adds to each answer that is none of the API's."""

    @classmethod
    def read(cls, path: Path = TEMPLATE, names: Mapping[str, str] | None = None) -> "Template":
        """Return what the file says; a `!Ref` becomes what `names` gives for it, else the logical id itself.

        Raises `TemplateError` for a file that is missing or no template.
        """
        try:
            document = _load(path.read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError) as problem:
            raise TemplateError(f"{path.name} cannot be read: {problem}") from problem
        if not isinstance(document, dict) or not isinstance(document.get("Resources"), dict):
            raise TemplateError(f"{path.name} has no Resources.")
        return _Reader(document, names or {}).template()


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags, turned into their long form."""


def _tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    else:
        raise TemplateError(f"!{suffix} stands before something unknown.")
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tag)


def _load(text: str) -> object:
    loader = _Loader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def _period(expression: str) -> int:
    if rate := _RATE.fullmatch(expression):
        return int(rate[1]) * _SECONDS[rate[2]]
    if _DAILY.fullmatch(expression):
        return _SECONDS["day"]
    raise TemplateError(f"The schedule {expression} is neither a rate nor once a day.")


def _security_header(kind: str, config: Mapping[str, Any]) -> tuple[str, str]:
    """Return the header field that CloudFront makes of an entry of SecurityHeadersConfig."""
    match kind:
        case "ContentSecurityPolicy":
            return "Content-Security-Policy", config["ContentSecurityPolicy"]
        case "ContentTypeOptions":
            return "X-Content-Type-Options", "nosniff"
        case "ReferrerPolicy":
            return "Referrer-Policy", config["ReferrerPolicy"]
        case "StrictTransportSecurity":
            return "Strict-Transport-Security", f"max-age={config['AccessControlMaxAgeSec']}"
        case _:
            raise TemplateError(f"{kind} is not understood among the headers of answers.")


@dataclass(frozen=True, slots=True)
class _Reader:
    document: Mapping[str, Any]
    names: Mapping[str, str]
    resources: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "resources", self.document["Resources"])

    def template(self) -> Template:
        api = self.api()
        return Template(
            stage=str(self.resolve(api.get("StageName", ""))),
            functions=tuple(self.function(logical_id) for logical_id in self.of_type("function")),
            tables=tuple(self.table(logical_id) for logical_id in self.of_type("table")),
            binary_media_types=tuple(str(each).replace("~1", "/") for each in api.get("BinaryMediaTypes", ())),
            gateway_responses=self.gateway_responses(api),
            site_headers=self.site_headers(),
        )

    def of_type(self, kind: str) -> list[str]:
        return [logical_id for logical_id, body in self.resources.items() if body.get("Type") == _TYPES[kind]]

    def properties(self, logical_id: str, global_section: str | None = None) -> dict[str, Any]:
        own: dict[str, Any] = self.resources[logical_id].get("Properties") or {}
        shared: dict[str, Any] = (self.document.get("Globals") or {}).get(global_section) or {}
        return {**shared, **own}

    def api(self) -> dict[str, Any]:
        apis = self.of_type("api")
        if len(apis) != 1:
            raise TemplateError(f"One REST API is expected, {len(apis)} stand in the template.")
        return self.properties(apis[0], "Api")

    def function(self, logical_id: str) -> Function:
        properties = self.properties(logical_id, "Function")
        variables: dict[str, Any] = {}
        for section in (
            (self.document.get("Globals") or {}).get("Function") or {},
            self.resources[logical_id].get("Properties") or {},
        ):
            variables |= (section.get("Environment") or {}).get("Variables") or {}
        events = [(event["Type"], event.get("Properties") or {}) for event in (properties.get("Events") or {}).values()]
        return Function(
            logical_id=logical_id,
            handler=properties["Handler"],
            timeout=int(properties.get("Timeout", 3)),
            memory=int(properties.get("MemorySize", 128)),
            environment={name: str(self.resolve(value)) for name, value in variables.items()},
            routes=tuple(Route(each["Method"].upper(), each["Path"]) for kind, each in events if kind == "Api"),
            schedules=tuple(
                _period(each.get("Schedule") or each["ScheduleExpression"])
                for kind, each in events
                if kind in {"Schedule", "ScheduleV2"}
            ),
            queues=tuple(self.queue_source(each) for kind, each in events if kind == "SQS"),
        )

    def queue_source(self, event: Mapping[str, Any]) -> QueueSource:
        match event["Queue"]:
            case {"Fn::GetAtt": [str(logical_id), "Arn"]} if logical_id in self.resources:
                queue = self.properties(logical_id)
                return QueueSource(
                    logical_id,
                    batch=int(event.get("BatchSize", 10)),
                    hidden=int(queue.get("VisibilityTimeout", 30)),
                    most_receipts=int(queue["RedrivePolicy"]["maxReceiveCount"]),
                )
        raise TemplateError("A queue is named as `!GetAtt <its logical id>.Arn`.")

    def table(self, logical_id: str) -> Table:
        properties = self.properties(logical_id)
        ttl = properties.get("TimeToLiveSpecification") or {}
        return Table(
            logical_id=logical_id,
            key_schema=tuple(properties["KeySchema"]),
            attribute_definitions=tuple(properties["AttributeDefinitions"]),
            ttl_attribute=ttl["AttributeName"] if ttl.get("Enabled") else None,
        )

    def gateway_responses(self, api: Mapping[str, Any]) -> dict[str, GatewayResponse]:
        found: dict[str, GatewayResponse] = {}
        for kind, body in (api.get("GatewayResponses") or {}).items():
            parameters = (body.get("ResponseParameters") or {}).get("Headers") or {}
            found[kind] = self.gateway_response(body, parameters)
        for logical_id in self.of_type("gateway_response"):
            body = self.properties(logical_id)
            parameters = {
                name.removeprefix("gatewayresponse.header."): value
                for name, value in (body.get("ResponseParameters") or {}).items()
                if name.startswith("gatewayresponse.header.")
            }
            found[body["ResponseType"]] = self.gateway_response(body, parameters)
        return found

    def gateway_response(self, body: Mapping[str, Any], headers: Mapping[str, Any]) -> GatewayResponse:
        return GatewayResponse(
            status=int(body["StatusCode"]) if "StatusCode" in body else None,
            headers={name: str(self.resolve(value)) for name, value in headers.items()},
            templates={
                media_type: str(self.resolve(text))
                for media_type, text in (body.get("ResponseTemplates") or {}).items()
            },
        )

    def site_headers(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for logical_id in self.of_type("distribution"):
            behaviour = self.properties(logical_id)["DistributionConfig"]["DefaultCacheBehavior"]
            policy = self.properties(str(self.resolve(behaviour["ResponseHeadersPolicyId"])))
            config = policy["ResponseHeadersPolicyConfig"]
            found |= dict(_security_header(*each) for each in config["SecurityHeadersConfig"].items())
            found |= {each["Header"]: each["Value"] for each in config["CustomHeadersConfig"]["Items"]}
        return found

    def resolve(self, value: object) -> object:
        """Return a property's value with the functions that a template may use in it worked out."""
        if not isinstance(value, dict):
            return [self.resolve(each) for each in value] if isinstance(value, list) else value
        match list(value.items()):
            case [("Ref", str(name))]:
                return self.reference(name)
            case [("Fn::GetAtt", [str(name), *attribute])]:
                return self.names.get(".".join([name, *attribute]), self.reference(name))
            case [("Fn::Join", [str(separator), list(parts)])]:
                return separator.join(str(self.resolve(part)) for part in parts)
            case [("Fn::Sub", str(text))]:
                return self.substitute(text, {})
            case [("Fn::Sub", [str(text), dict(extra)])]:
                return self.substitute(text, extra)
            case _:
                raise TemplateError(f"{next(iter(value), 'An empty mapping')} is not understood in a value.")

    def substitute(self, text: str, extra: Mapping[str, Any]) -> str:
        def replaced(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return f"${{{name}}}"
            if name in extra:
                return str(self.resolve(extra[name]))
            return str(self.resolve({"Fn::GetAtt": name.split(".", 1)}) if "." in name else self.reference(name))

        return _PLACEHOLDER.sub(replaced, text)

    def reference(self, name: str) -> str:
        if name in self.names:
            return self.names[name]
        parameters = self.document.get("Parameters") or {}
        if name in parameters:
            return str(parameters[name].get("Default", ""))
        if name in self.resources or name.startswith("AWS::"):
            return name
        raise TemplateError(f"{name} is referred to, but stands nowhere in the template.")
