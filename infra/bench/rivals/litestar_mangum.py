"""Litestar behind Mangum."""

import json
from typing import Any

from litestar import Litestar, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.plugins.pydantic import PydanticPlugin
from mangum import Mangum

from infra.bench.rivals import store
from shared.models.organisation import Organisation, OrganisationInput

Json = dict[str, Any]


@get("/organisations/{record_id:str}", sync_to_thread=False)
def get_organisation(record_id: str) -> Organisation:
    """One organisation."""
    text = store.find(record_id)
    if text is None:
        raise NotFoundException
    return Organisation.model_validate_json(text)


@get("/organisations", sync_to_thread=False)
def list_organisations() -> Json:
    """A page of summaries."""
    return {"items": [json.loads(text) for text in store.page()]}


@post("/organisations", sync_to_thread=False)
def create_organisation(data: OrganisationInput) -> Response[Organisation]:
    """Enter an organisation."""
    record = store.begun(data.model_dump(exclude_unset=True))
    made = Organisation.model_validate(record)
    store.enter(record, made.model_dump_json(exclude_unset=True))
    return Response(made, headers={"Location": f"/v1/organisations/{made.id}"})


app = Litestar(
    [get_organisation, list_organisations, create_organisation],
    openapi_config=None,
    plugins=[PydanticPlugin(prefer_alias=False, exclude_unset=True)],
)
handler = Mangum(app, lifespan="off")
