"""No framework: json, boto3's client and checks by hand."""

import json
import logging
import re
from typing import Any

from infra.bench.rivals import store

Json = dict[str, Any]

logging.getLogger().setLevel(logging.INFO)
KINDS = {
    "network",
    "company",
    "university",
    "research_institute",
    "chamber",
    "public_authority",
    "association",
    "community",
    "site",
    "other",
}
TEXTS = ("name", "kind", "legal_form", "founded", "dissolved", "website", "email", "phone")
LISTS = ("topics", "regions", "other_names", "offices", "people", "figures", "offerings", "external_ids", "sources")
MAPPINGS = ("description", "focus", "logo")
TOPIC = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def handler(event: Json, _: object) -> Json:
    """Answer a REST proxy event."""
    method, record_id = event["httpMethod"], (event["pathParameters"] or {}).get("id")
    if method == "POST" and event["resource"] == "/organisations":
        return create(event["body"] or "")
    if method == "GET" and event["resource"] == "/organisations":
        return answer(200, json.dumps({"items": [json.loads(text) for text in store.page()]}, ensure_ascii=False))
    if method == "GET" and record_id:
        text = store.find(record_id)
        return answer(200, text) if text is not None else problem(404, "There is no such organisation.")
    return problem(405, "There is no such method.")


def create(body: str) -> Json:
    """Enter an organisation."""
    try:
        content = json.loads(body)
    except ValueError:
        return problem(400, "The body is no JSON.")
    faults = broken(content)
    if faults:
        return problem(422, "; ".join(faults))
    record = store.begun(content)
    text = json.dumps(record, ensure_ascii=False)
    store.enter(record, text)
    return answer(201, text, {"Location": f"/v1/organisations/{record['id']}"})


def broken(content: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    """What is wrong with the content, as far as anybody would check by hand."""
    if not isinstance(content, dict):
        return ["Send an object."]
    faults = [f"{name} is unknown." for name in content.keys() - {*TEXTS, *LISTS, *MAPPINGS}]
    faults += [f"{name} is a text." for name in TEXTS if not isinstance(content.get(name, ""), str)]
    faults += [f"{name} is a list." for name in LISTS if not isinstance(content.get(name, []), list)]
    faults += [f"{name} is an object." for name in MAPPINGS if not isinstance(content.get(name, {}), dict)]
    if not content.get("name"):
        faults.append("name is missing.")
    if content.get("kind") not in KINDS:
        faults.append("kind is unknown.")
    if not faults:
        faults += ["a topic is no slug." for topic in content.get("topics", ()) if not TOPIC.fullmatch(str(topic))]
    return faults


def answer(status: int, body: str, more: Json | None = None) -> Json:
    """A proxy answer."""
    headers = {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*", **(more or {})}
    return {"statusCode": status, "headers": headers, "body": body}


def problem(status: int, detail: str) -> Json:
    """A refusal."""
    return answer(status, json.dumps({"status": status, "detail": detail}))
