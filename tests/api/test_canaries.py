"""A value in every personal field that the public may not see, searched for in everything that leaves the register."""

import base64
import gzip
import json
import re
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from infra.openapi.document import ROUTES
from shared.http.routes import Route
from tests.api import samples
from tests.api.client import Answer, Api, Json
from tests.api.conftest import House, Log

MARK = "kanari"
"""In every canary, in this spelling whatever the field; folded or in capitals it would still be found."""
VARIANTS = {
    "as_of": ("2016",),
    "format": ("jsonld", "csv"),
    "include": ("refs",),
    "updated_since": ("2026-01-01T00:00:00Z",),
    "limit": ("1",),
    "order": ("desc",),
    "view": ("full",),
    "role": ("organiser", "party"),
    "from": ("2000",),
}


class Planted:
    """Draws canaries, and knows which it drew."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._numbers = count(1)

    def text(self, form: str = "{}") -> str:
        self.values.append(form.format(f"{MARK}{next(self._numbers):03}"))
        return self.values[-1]

    def persons(self) -> list[Json]:
        """One for each way of being seen that hides something, with every field that it hides."""
        return [self.open_person(), self.person()]

    def open_person(self) -> Json:
        return {
            "name": "Erika Offen",
            "role": {"de": "Vorständin"},
            "email": self.text("{}@example.org"),
            "phone": self.text("+49 {}"),
        }

    def person(self) -> Json:
        return {
            "name": "Dieter Näther",
            "function": "chair",
            "honorific_prefix": self.text(),
            "affiliation": self.text("Universität {}"),
            "email": self.text("{}@example.org"),
            "phone": self.text("+49 {}"),
            "claim": self.text(),
            "note": self.text("Privat: {}"),
            "since": "1911-11",
            "until": "1911-12",
            "as_of": "1911-12",
            "visibility": "partners",
        }


NOBODY = {"authorization": ""}
HIDDEN_DAYS = ("1911-11", "1911-12")
"""Dates that hidden fields carry, which cannot hold the mark."""


@pytest.fixture(autouse=True)
def no_snapshots(house: House) -> Iterator[None]:
    """A register begins from no snapshot of another one, and leaves none to the next."""
    shutil.rmtree(house.snapshots, ignore_errors=True)
    yield
    shutil.rmtree(house.snapshots, ignore_errors=True)


@pytest.fixture
def planted() -> Planted:
    return Planted()


@pytest.fixture
def ids(api: Api, planted: Planted) -> dict[str, str]:
    """A record of each type with canaries in it, in two versions, and tombstones that had some."""
    other = samples.company(api, "TowerByte eG")
    network = api.id("/organisations", samples.organisation(other, people=planted.persons()))
    member = api.id(f"/organisations/{network}/members", samples.membership(other))
    cooperation = api.id(
        "/cooperations",
        samples.cooperation(
            network,
            other,
            people=planted.persons(),
            parties=[
                {"organisation_id": network, "roles": ["party"], "signatory": planted.person()},
                {"organisation_id": other, "roles": ["party"], "signatory": planted.person()},
            ],
        ),
    )
    programme = [{"title": {"de": "Grußwort"}, "speakers": planted.persons()}]
    event = api.id(
        "/events", samples.event(network, cooperation_id=cooperation, people=planted.persons(), programme=programme)
    )
    samples.plain_event(api, "Teil", part_of=event, people=planted.persons())
    samples.plain_cooperation(api, network, "Projekt", part_of=cooperation, people=planted.persons())
    found = {"organisations": network, "events": event, "cooperations": cooperation, "membership_id": member}
    paths = {noun: f"/{noun}/{record_id}" for noun, record_id in found.items() if noun != "membership_id"}
    for noun, path in {**paths, "memberships": f"/organisations/{network}/members/{member}"}.items():
        assert api.send("PUT", f"{path}/external-ids/sample/{noun}").status == 200
    for noun in paths:
        api.change(f"/{noun}/{found[noun]}", {"description": {"de": "Zweite Fassung."}})
    gone = samples.plain_event(api, "Irrtum", people=planted.persons())
    assert api.delete(f"/events/{gone}", if_match="*").status == 204
    job = api.post("/persons/erasure", {"name": "Dieter Näther", "dry_run": True}).json["id"]
    return {**found, "gone": gone, "jobs": job}


def addresses(route: Route, ids: dict[str, str]) -> Iterator[str]:
    """Yield the address of a read, plain and with each thing that may be asked of it."""
    noun = route.path.split("/")[1]
    values = {"id": ids.get(noun), "membership_id": ids["membership_id"], "scheme": "sample", "value": noun}
    values |= {"slug": "gone", "asset": "page.css"}
    for version in (1, 2) if "{version}" in route.path else (0,):
        path = route.path.format_map({**values, "version": version})
        yield path
        for parameter in route.query:
            yield from (f"{path}?{parameter.name}={value}" for value in VARIANTS.get(parameter.name, ()))


def everything(answer: Answer) -> str:
    """An answer as one text: status, headers, body, and what its cursors say when they are opened."""
    body = gzip.decompress(answer.content) if answer.headers.get("content-encoding") == "gzip" else answer.content
    shown = f"{answer.status} {json.dumps(dict(answer.headers))} {body.decode()}"
    cursors = re.findall(r"cursor=([A-Za-z0-9_-]+)", shown)
    return shown + "".join(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode() for text in cursors)


def betrayed(text: str) -> set[str]:
    """What of the canaries a text shows."""
    return {*re.findall(MARK + r"\d+", text, flags=re.IGNORECASE), *(day for day in HIDDEN_DAYS if day in text)}


def test_no_public_answer_shows_a_hidden_value(api: Api, ids: dict[str, str]) -> None:
    asked = [path for route in ROUTES if route.method == "GET" for path in addresses(route, ids)]
    asked += [f"/events/{ids['gone']}", f"/events/{ids['gone']}?include=refs"]

    plain = {path: betrayed(everything(api.get(path, authorization=""))) for path in asked}
    packed = {path: betrayed(everything(api.get(path, authorization="", accept_encoding="gzip"))) for path in asked}

    assert len(asked) > 80
    assert {path: found for path, found in {**plain, **packed}.items() if found} == {}


def test_every_hidden_value_is_there_for_those_who_may_see_it(
    api: Api, ids: dict[str, str], planted: Planted, house: House
) -> None:
    key = {"authorization": f"Bearer {house.key(None, 'contacts:read')}"}
    records = [f"/{noun}/{ids[noun]}" for noun in ("organisations", "events", "cooperations")]
    records += [f"/{noun}/{item['id']}" for noun in ("events", "cooperations") for item in api.get(f"/{noun}").items]

    shown = "".join(everything(api.get(f"{path}?view=full", **key)) for path in records)
    kept = json.dumps(house.contents()["PrivateTable"])

    deleted = {value for value in planted.values[-8:] if value not in shown}
    assert len(planted.values) == 7 * 8 + 2 * 6
    assert betrayed(" ".join(planted.values)) <= betrayed(kept)
    assert betrayed(" ".join(value for value in planted.values if value not in deleted)) <= betrayed(shown)
    assert len(deleted) == 8


def test_no_refusal_shows_a_hidden_value(api: Api, ids: dict[str, str], house: House, planted: Planted) -> None:
    paths = [f"/{noun}/{ids[noun]}" for noun in ("organisations", "events", "cooperations")]
    other = {"authorization": f"Bearer {house.key(samples.company(api), 'organisations:write', 'events:write')}"}
    twin = {"name": "Zwilling", "kind": "network", "external_ids": [{"scheme": "wikidata", "value": "Q42"}]}
    sent = {"people": [{"name": "Erika", "email": planted.text(), planted.text(): planted.text()}]}
    key = planted.text()

    answers = [
        *(api.get(f"{path}?view=full", **headers) for path in paths for headers in (NOBODY, other)),
        *(api.patch(path, sent, if_match="*") for path in paths),
        *(api.patch(path, sent, if_match='"99"') for path in paths),
        *(api.put(path, {**sent, "people": planted.persons()}, if_match="*") for path in paths),
        *(api.patch(path, {"description": {"de": "x"}}, if_match="*", **other) for path in paths),
        *(api.delete(path, if_match="*", idempotency_key=key) for path in paths),
        api.post("/organisations", {**twin, "people": planted.persons()}, idempotency_key=f"{key}-2"),
        api.post("/organisations", json.dumps(sent)[:-1].encode()),
        api.get("/organisations", authorization=f"Bearer {planted.text()}"),
        api.post("/organisations/match", {"name": planted.text(), "email": planted.text()}),
        api.post("/organisations/match", {"name": planted.values[0], "city": planted.values[1]}),
        *(api.get(f"/organisations?{name}={planted.text()}") for name in ("city", "topic", "source", "cursor", "x")),
    ]

    # A list that finds nothing is no refusal: it repeats what it was asked for in the links to its other forms.
    refused = [answer for answer in answers if answer.status >= 400]
    assert {400, 401, 403, 409, 412, 422} <= {answer.status for answer in refused}
    # The name of an unknown field is repeated, so that its sender finds it; no value ever is.
    names = {value for value in planted.values if f"/{value}" in "".join(map(everything, refused))}
    assert {found for answer in refused for found in betrayed(everything(answer))} <= names
    assert len(names) <= 1


def test_the_answer_to_a_write_shows_no_hidden_value(api: Api, planted: Planted) -> None:
    body = {"name": "Netz", "kind": "network", "people": planted.persons()}
    created = api.post("/organisations", body, idempotency_key="n1")
    path = f"/organisations/{created.json['id']}"
    row = {"type": "organisation", "ref": "sample:3", "record": body}
    rows = [row, {**row, "ref": "sample:4", "record": {**body, "email": planted.text()}}]

    answers = [
        created,
        api.post("/organisations", body, idempotency_key="n1"),
        api.put(path, body, if_match="*"),
        api.patch(path, {"people": planted.persons()}, if_match="*"),
        api.put("/organisations/by-ref/sample/1", {**body, "people": planted.persons()}),
        api.patch("/organisations/by-ref/sample/1", {"people": planted.persons()}),
        api.send("PUT", f"{path}/external-ids/sample/2"),
        api.put(f"{path}/managed-by", {"managed_by": None}, if_match="*"),
        api.post("/imports", {"rows": rows}),
        api.post("/persons/erasure", {"name": "Dieter Näther", "email": planted.text("{}@example.org")}),
    ]

    assert [answer.status for answer in answers] == [201, 201, 200, 200, 201, 200, 200, 200, 200, 202]
    assert {found for answer in answers for found in betrayed(everything(answer))} == set()


def test_only_the_private_table_holds_a_hidden_value(house: House, ids: dict[str, str]) -> None:
    held = house.contents()

    assert ids
    assert {table: betrayed(json.dumps(items)) for table, items in held.items() if table != "PrivateTable"} == {
        "OrganisationsTable": set(),
        "EventsTable": set(),
        "CooperationsTable": set(),
        "RegisterTable": set(),
    }
    assert betrayed(json.dumps(held["PrivateTable"]))


def contents_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        yield path.name, gzip.decompress(content) if path.suffix == ".gz" else content


def test_no_copy_of_the_read_model_holds_a_hidden_value(api: Api, house: House, ids: dict[str, str]) -> None:
    assert api.get("/organisations").items

    house.invoke("SnapshotFunction")

    copies = dict(contents_of(house.snapshots)) | dict(contents_of(house.projection.parent))
    text = {name: content.decode("latin-1") for name, content in copies.items()}
    assert any(ids["organisations"] in content for name, content in text.items() if name.endswith(".sqlite.gz"))
    assert {name: betrayed(content) for name, content in text.items() if betrayed(content)} == {}


def test_no_log_line_holds_a_hidden_value(api: Api, ids: dict[str, str], log: Log, planted: Planted) -> None:
    path = f"/organisations/{ids['organisations']}"
    api.get(f"{path}?view=full", authorization=f"Bearer {api.key}")
    api.patch(path, {"people": [{"name": "x", "email": planted.text()}]}, if_match="*")
    api.get(f"/organisations?city={planted.text()}", user_agent=planted.text())

    assert len(log.lines()) >= 15
    assert betrayed(log.text()) == set()
