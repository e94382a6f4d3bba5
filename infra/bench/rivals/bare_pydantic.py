"""No framework, and the model in place of checks by hand."""

import json
from typing import Any

from pydantic import ValidationError

from infra.bench.rivals import store
from infra.bench.rivals.bare import answer, problem
from shared.models.organisation import Organisation, OrganisationInput

Json = dict[str, Any]


def handler(event: Json, _: object) -> Json:
    """Answer a REST proxy event."""
    method, record_id = event["httpMethod"], (event["pathParameters"] or {}).get("id")
    if method == "POST" and event["resource"] == "/organisations":
        return create(event["body"] or "")
    if method == "GET" and event["resource"] == "/organisations":
        return answer(200, json.dumps({"items": [json.loads(text) for text in store.page()]}, ensure_ascii=False))
    if method == "GET" and record_id:
        text = store.find(record_id)
        if text is None:
            return problem(404, "There is no such organisation.")
        return answer(200, Organisation.model_validate_json(text).model_dump_json(exclude_unset=True))
    return problem(405, "There is no such method.")


def create(body: str) -> Json:
    """Enter an organisation."""
    try:
        content = OrganisationInput.model_validate_json(body)
    except ValidationError as error:
        return problem(422, str(error))
    record = store.begun(content.model_dump(exclude_unset=True))
    text = Organisation.model_validate(record).model_dump_json(exclude_unset=True)
    store.enter(record, text)
    return answer(201, text, {"Location": f"/v1/organisations/{record['id']}"})
