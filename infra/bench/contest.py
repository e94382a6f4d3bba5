"""Who takes part, what everybody is asked, and what DynamoDB says to it."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra.bench import packages, register
from infra.template import Template
from shared.credentials import Credential
from shared.models.ids import new_id
from shared.projection.summaries import summary
from shared.tables import keys
from shared.tables.feed import stamp_of

Json = dict[str, Any]

OURS: Final = "Clusterregister"
BARE: Final = "bare boto3"
WITH_MODEL: Final = "bare boto3 + our model"
WITH_CALLS: Final = "bare boto3 + our model, our calls"
MODULES: Final = "infra.bench.rivals"
STAMP: Final = "2026-11-21T09:30:00.000Z"
KEY: Final = Credential("bench", "0" * 16, "1" * 48)
PEPPER: Final = "pepper"


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to serve the requests: a folder to deploy, and the handler of each request by its name."""

    name: str
    folder: Path
    handlers: Mapping[str, str]


def ours() -> Contestant:
    """The register, as it ships."""
    noun = "functions.organisations"
    handlers = {"one": f"{noun}.read.handler", "page": f"{noun}.read.handler", "create": f"{noun}.write.handler"}
    return Contestant(OURS, packages.ours(), handlers)


def bare() -> Contestant:
    """The handler by which all are measured: no framework and no model."""
    return _rival(BARE, "bare", "dev", ("boto3",))


def bare_with_model() -> Contestant:
    """The same with the register's model in place of checks by hand."""
    return _rival(WITH_MODEL, "bare_pydantic", "dev", ("boto3", "pydantic"))


def bare_with_calls() -> Contestant:
    """The same with the other calls that the register makes for a write; it has no other requests."""
    rival = _rival(WITH_CALLS, "bare_calls", "dev", ("boto3", "pydantic"))
    return Contestant(rival.name, rival.folder, {"create": rival.handlers["create"]})


def contestants() -> list[Contestant]:
    """Build everybody's folder."""
    own = [ours(), bare(), bare_with_model(), bare_with_calls()]
    return [*own, *(_rival(name, module, "bench", *more) for name, module, *more in _FRAMEWORKS)]


_FRAMEWORKS: Final[Sequence[tuple[str, str, *tuple[Sequence[str], ...]]]] = (
    ("powertools, validating", "powertools_validated", ("boto3", "pydantic", "aws-lambda-powertools")),
    ("Chalice", "chalice_app", ("boto3", "pydantic"), ("chalice",)),
    ("Flask + apig-wsgi", "flask_wsgi", ("boto3", "pydantic", "flask", "apig-wsgi")),
    ("FastAPI + Mangum", "fastapi_mangum", ("boto3", "pydantic", "fastapi", "mangum")),
    ("Litestar + Mangum", "litestar_mangum", ("boto3", "pydantic", "litestar", "mangum")),
)
"""Chalice deploys its own module without what its command line requires."""


def _rival(name: str, module: str, environment: str, roots: Sequence[str], alone: Sequence[str] = ()) -> Contestant:
    handler = f"{MODULES}.{module}.handler"
    folder = packages.of_rival(module, environment, roots, alone)
    return Contestant(name, folder, dict.fromkeys(("one", "page", "create"), handler))


def environment(endpoint: str, data: Path) -> dict[str, str]:
    """What every process is told; `data` is a folder for what ours keeps."""
    return {
        **Template.read().functions[0].environment,
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
        "DYNAMODB_ENDPOINT": endpoint,
        "PROJECTION": str(data / "projection.sqlite"),
        "SNAPSHOTS": str(data / "snapshots"),
        "KEY_ENVIRONMENT": KEY.environment,
        "PEPPERS": PEPPER,
        "SECRET": "",
        "PYTHONHASHSEED": "0",
    }


ORGANISATION: Final[Json] = {
    "name": "Netzwerk Müßiggang & Söhne Thüringen e. V.",
    "kind": "network",
    "legal_form": "e.V.",
    "description": {"de": "Bündelt, was Firmen im Land über Software wissen.", "en": "What companies know."},
    "founded": "2007-05~",
    "topics": ["it", "software", "it-security"],
    "regions": ["DE-TH", "DE-ST"],
    "website": "https://netzwerk.example.org/",
    "offices": [
        {
            "kind": "seat",
            "place": {"street": "Leutragraben 1", "postal_code": "07743", "city": "Jena", "region": "DE-TH"},
            "sources": ["press-2018"],
        }
    ],
    "figures": [
        {
            "measure": "members_and_partners",
            "qualifier": "about",
            "value": 50,
            "as_of": "2018-01",
            "sources": ["press-2018"],
        }
    ],
    "external_ids": [],
    "sources": [
        {
            "key": "press-2018",
            "title": "Presseinformation",
            "publisher": "Netzwerk",
            "url": "https://netzwerk.example.org/presse/2018",
            "published_on": "2018-01-15",
        }
    ],
}
"""An organisation of the usual size: of those in the sample data half are shorter."""


def record(number: int = 0) -> Json:
    """The record as the register stores and serves it."""
    envelope = {
        "type": "organisation",
        "id": new_id("organisation", 1_700_000_000_000 + number, bytes(10)),
        "version": 1,
        "created_at": STAMP,
        "updated_at": STAMP,
        "managed_by": None,
    }
    return {**envelope, **ORGANISATION, "name": f"{ORGANISATION['name']} {number}"}


def text(content: Json) -> str:
    """JSON as it is stored."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def answers() -> Json:
    """What the stub says, by operation and table."""
    document = {
        **keys.document(record()["id"]),
        "version": {"N": "1"},
        "updated_at": {"S": STAMP},
        "schema": {"N": "1"},
        "write_id": {"S": "0" * 16},
        "author": {"S": "office"},
        "text": {"S": text(record())},
        "has_private": {"BOOL": False},
    }
    key = {
        **keys.api_key(KEY.id),
        "digest": {"S": KEY.digest(PEPPER)},
        "scopes": {"SS": ["admin"]},
        "created_at": {"S": STAMP},
        "last_used_at": {"S": stamp_of(4_000_000_000)},
    }
    summaries = [{"pk": {"S": each["id"]}, "sk": {"S": "DOC"}, "text": {"S": summary(each)}} for each in first_page()]
    return {
        "GetItem OrganisationsTable": {"Item": document},
        "Query OrganisationsTable": {"Items": summaries, "Count": 50, "ScannedCount": 50},
        "GetItem RegisterTable": {"Item": key},
        "Query RegisterTable": {"Items": [], "Count": 0, "ScannedCount": 0},
        "UpdateItem RegisterTable": {},
        "TransactWriteItems": {},
    }


def first_page() -> list[Json]:
    """The organisations on the first page of a register that `register.build` has made."""
    organisations = [number for number in range(200) if register.KINDS[number % 5] == "organisation"]
    return [register.record(number, STAMP) for number in organisations[:50]]


def event(method: str, resource: str, variables: Json | None = None, body: str | None = None) -> Json:
    """A REST proxy event as API Gateway sends it for a browser's or a partner's request."""
    path = resource.format(**(variables or {}))
    headers = {
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Host": "api.example.org",
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "X-Forwarded-For": "192.0.2.1",
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
    }
    if body is not None:
        headers |= {"Content-Type": "application/json", "Authorization": f"Bearer {KEY.text()}"}
    context = {
        "accountId": "000000000000",
        "apiId": "abc123",
        "domainName": "api.example.org",
        "httpMethod": method,
        "identity": {"sourceIp": "192.0.2.1", "userAgent": headers["User-Agent"]},
        "path": f"/v1{path}",
        "protocol": "HTTP/1.1",
        "requestId": "8d7f5f2e-6f0c-4a57-9d43-0f1f5d9b6a10",
        "requestTime": "21/Nov/2026:09:30:00 +0000",
        "requestTimeEpoch": 1_795_253_400_000,
        "resourceId": "def456",
        "resourcePath": resource,
        "stage": "v1",
    }
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": variables,
        "stageVariables": None,
        "requestContext": context,
        "body": body,
        "isBase64Encoded": False,
    }


EVENTS: Final[Mapping[str, Json]] = {
    "one": event("GET", "/organisations/{id}", {"id": record()["id"]}),
    "page": event("GET", "/organisations"),
    "create": event("POST", "/organisations", body=text(ORGANISATION)),
}
STATUSES: Final = {"one": 200, "page": 200, "create": 201}
