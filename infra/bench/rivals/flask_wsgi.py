"""Flask behind apig-wsgi."""

import json

from apig_wsgi import make_lambda_handler
from flask import Flask, Response, request
from pydantic import ValidationError

from infra.bench.rivals import store
from shared.models.organisation import Organisation, OrganisationInput

app = Flask(__name__)


@app.get("/organisations/<record_id>")
def get_organisation(record_id: str) -> Response:
    """One organisation."""
    text = store.find(record_id)
    if text is None:
        return Response(status=404)
    return _json(200, Organisation.model_validate_json(text))


@app.get("/organisations")
def list_organisations() -> Response:
    """A page of summaries."""
    return app.json.response({"items": [json.loads(text) for text in store.page()]})


@app.post("/organisations")
def create_organisation() -> Response:
    """Enter an organisation."""
    try:
        content = OrganisationInput.model_validate_json(request.get_data())
    except ValidationError as error:
        return Response(str(error), 422)
    record = store.begun(content.model_dump(exclude_unset=True))
    made = Organisation.model_validate(record)
    store.enter(record, made.model_dump_json(exclude_unset=True))
    return _json(201, made, Location=f"/v1/organisations/{made.id}")


def _json(status: int, record: Organisation, **headers: str) -> Response:
    return Response(record.model_dump_json(exclude_unset=True), status, headers, mimetype="application/json")


handler = make_lambda_handler(app)
