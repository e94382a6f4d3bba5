"""Requests of every operation that writes, to be sent as often as one likes, and what in their answers stays."""

from dataclasses import dataclass

from functions.cooperations.routes import ROUTES as COOPERATIONS
from functions.events.routes import ROUTES as EVENTS
from functions.organisations.routes import ROUTES as ORGANISATIONS
from shared.http.routes import Route
from tests.api import samples
from tests.api.client import Answer, Api, Json

WRITES = {route.operation: route for route in (*ORGANISATIONS, *EVENTS, *COOPERATIONS) if route.writes}
PAIR: Json = {"scheme": "crm", "value": "2"}


@dataclass(frozen=True, slots=True)
class Call:
    """A request, to be sent as often as one likes."""

    method: str
    path: str
    body: object = None
    if_match: str = ""

    def __call__(self, api: Api, key: str = "once", **headers: str) -> Answer:
        condition = {"if_match": self.if_match} if self.if_match else {}
        return api.send(self.method, self.path, self.body, idempotency_key=key, **condition, **headers)


def call(api: Api, operation: str) -> Call:
    """A request of that operation that succeeds, on records of its own."""
    route = WRITES[operation]
    noun = samples.noun_of(route)
    collection = f"/organisations/{samples.network(api)}/members" if noun == "membership" else f"/{noun}s"
    body = samples.least(noun, samples.company(api))
    if operation.startswith("create_"):
        return Call("POST", collection, body)
    held = [PAIR] if "{value}" in route.path and not operation.startswith("attach_") else None
    record = api.create(collection, {**body, "external_ids": held})
    path = route.path.replace("{scheme}/{value}", "crm/2")
    if "{party_id}" in path:
        path = path.replace("{party_id}", record["parties"][0]["organisation_id"])
    if "/by-ref/" not in path:
        path = f"{collection}/{record['id']}{path.rpartition('id}')[2]}"
    if operation == "take_back_answer":
        assert api.put(path, {"state": "confirmed"}).status == 200
    sent = _body_for(api, route, record)
    return Call(route.method, path, sent, '"1"' if route.conditional else "")


def _body_for(api: Api, route: Route, record: Json) -> Json | None:
    """What changes the record."""
    changed: Json = {"note": "Anders"} if record["type"] == "membership" else {"topics": ["other"]}
    match route.body:
        case None:
            return None
        case "AnswerInput":
            return {"state": "confirmed"}
        case "ManagedByInput":
            return {"managed_by": samples.network(api)}
        case _:
            return changed if route.method == "PATCH" else {**record, **changed}


def own_path(record: Json) -> str:
    """The address of a record by its id."""
    if record["type"] == "membership":
        return f"/organisations/{record['network_id']}/members/{record['id']}"
    return f"/{record['type']}s/{record['id']}"


def without_replay(answer: Answer) -> tuple[int, bytes, dict[str, str]]:
    """An answer but for what is different each time."""
    varying = {"x-request-id", "x-amzn-requestid", "date", "idempotent-replayed"}
    return answer.status, answer.content, {name: text for name, text in answer.headers.items() if name not in varying}


def refusal(answer: Answer) -> tuple[int, Json, dict[str, str]]:
    """A refusal but for what is different each time."""
    status, _, headers = without_replay(answer)
    return status, {name: value for name, value in answer.json.items() if name != "instance"}, headers


def is_replay(answer: Answer) -> bool:
    return answer.headers.get("idempotent-replayed") == "true"
