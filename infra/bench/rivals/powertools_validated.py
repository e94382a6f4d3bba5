"""Powertools' resolver with validation, logger and metrics, as its manual begins."""

import json
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from infra.bench.rivals import store
from shared.models.organisation import Organisation, OrganisationInput

Json = dict[str, Any]

app = APIGatewayRestResolver(enable_validation=True)
logger = Logger(service="organisations")
metrics = Metrics(namespace="register", service="organisations")


@app.get("/organisations/<record_id>")
def get_organisation(record_id: str) -> Organisation:
    """One organisation."""
    text = store.find(record_id)
    if text is None:
        raise NotFoundError
    return Organisation.model_validate_json(text)


@app.get("/organisations")
def list_organisations() -> Json:
    """A page of summaries."""
    return {"items": [json.loads(text) for text in store.page()]}


@app.post("/organisations")
def create_organisation(content: OrganisationInput) -> Response[Organisation]:
    """Enter an organisation."""
    record = store.begun(content.model_dump(exclude_unset=True))
    made = Organisation.model_validate(record)
    store.enter(record, made.model_dump_json(exclude_unset=True))
    headers = {"Location": f"/v1/organisations/{made.id}"}
    return Response(status_code=201, content_type="application/json", body=made, headers=headers)


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: Json, context: LambdaContext) -> Json:
    """Answer a REST proxy event."""
    return app.resolve(event, context)
