"""Chalice."""

import json
from typing import Any

from chalice import BadRequestError, Chalice, NotFoundError, Response
from pydantic import ValidationError

from infra.bench.rivals import store
from shared.models.organisation import Organisation, OrganisationInput

Json = dict[str, Any]

app = Chalice(app_name="register")


@app.route("/organisations/{id}", methods=["GET"])
def get_organisation(id: str) -> Response:
    """One organisation."""
    text = store.find(id)
    if text is None:
        raise NotFoundError
    return _json(200, Organisation.model_validate_json(text))


@app.route("/organisations", methods=["GET"])
def list_organisations() -> Json:
    """A page of summaries."""
    return {"items": [json.loads(text) for text in store.page()]}


@app.route("/organisations", methods=["POST"])
def create_organisation() -> Response:
    """Enter an organisation."""
    try:
        content = OrganisationInput.model_validate_json(app.current_request.raw_body)
    except ValidationError as error:
        raise BadRequestError(str(error)) from error
    record = store.begun(content.model_dump(exclude_unset=True))
    made = Organisation.model_validate(record)
    store.enter(record, made.model_dump_json(exclude_unset=True))
    return _json(201, made, Location=f"/v1/organisations/{made.id}")


def _json(status: int, record: Organisation, **headers: str) -> Response:
    headers["Content-Type"] = "application/json"
    return Response(record.model_dump_json(exclude_unset=True), headers, status)


handler = app
