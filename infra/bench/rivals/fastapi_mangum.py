"""FastAPI behind Mangum."""

import json
from typing import Any

from fastapi import FastAPI, HTTPException, Response
from mangum import Mangum

from infra.bench.rivals import store
from shared.models.organisation import Organisation, OrganisationInput

Json = dict[str, Any]

app = FastAPI()


@app.get("/organisations/{record_id}", response_model_exclude_unset=True)
def get_organisation(record_id: str) -> Organisation:
    """One organisation."""
    text = store.find(record_id)
    if text is None:
        raise HTTPException(404)
    return Organisation.model_validate_json(text)


@app.get("/organisations")
def list_organisations() -> Json:
    """A page of summaries."""
    return {"items": [json.loads(text) for text in store.page()]}


@app.post("/organisations", status_code=201, response_model_exclude_unset=True)
def create_organisation(content: OrganisationInput, response: Response) -> Organisation:
    """Enter an organisation."""
    record = store.begun(content.model_dump(exclude_unset=True))
    made = Organisation.model_validate(record)
    store.enter(record, made.model_dump_json(exclude_unset=True))
    response.headers["Location"] = f"/v1/organisations/{made.id}"
    return made


handler = Mangum(app, lifespan="off")
