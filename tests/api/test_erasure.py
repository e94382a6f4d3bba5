"""Somebody asks to be forgotten: by every record, every version of it, every copy; the role stays."""

import gzip
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.erase_again import main
from infra.local.functions import FunctionFailed
from shared.tables.erasure import Versions
from tests.api import samples
from tests.api.chaos import killed
from tests.api.client import STAMP, Api, Json, Like
from tests.api.conftest import House, Log

NAME, MAIL = "Konstanze Vogelsang", "vogelsang@example.org"
TRACES = ("konstanze", "vogelsang", "+49 3641 999")
PERSON = {
    "name": NAME,
    "role": {"de": "Vorständin"},
    "function": "chair",
    "affiliation": "Hochschule",
    "email": MAIL,
    "phone": "+49 3641 999",
}
JOB = Like(r"job_[0-7][0-9a-hjkmnp-tv-z]{25}")


BEGUN = 3
"""Calls by which a job is begun: the ledger, its name among the open ones, the job itself."""


@pytest.fixture(autouse=True)
def no_snapshots(house: House) -> Iterator[None]:
    """A register begins from no snapshot of another one, and leaves none to the next."""
    shutil.rmtree(house.snapshots, ignore_errors=True)
    yield
    shutil.rmtree(house.snapshots, ignore_errors=True)


@pytest.fixture
def ids(api: Api, house: House) -> dict[str, str]:
    """The person in every place of every type, in older versions, in a deleted record, in a snapshot."""
    other = samples.company(api, "TowerByte eG")
    partners = {**PERSON, "visibility": "partners"}
    network = api.id("/organisations", samples.organisation(other, people=[PERSON, samples.PUBLIC_PERSON]))
    party = {"organisation_id": network, "roles": ["party"], "signatory": partners}
    cooperation = api.id(
        "/cooperations", samples.cooperation(network, other, parties=[party, {"organisation_id": other}])
    )
    speakers = [{"title": {"de": "Grußwort"}, "speakers": [partners]}]
    event = api.id("/events", samples.event(network, people=[{**PERSON, "visibility": "public"}], programme=speakers))
    former = samples.network(api, "Früher", people=[PERSON])
    api.change(f"/organisations/{former}", {"people": None})
    api.change(f"/organisations/{network}", {"description": {"de": "Zweite Fassung."}})
    gone = samples.plain_event(api, "Irrtum", people=[PERSON])
    assert api.delete(f"/events/{gone}", if_match="*").status == 204
    house.invoke("SnapshotFunction")
    return {"network": network, "cooperation": cooperation, "event": event, "former": former, "gone": gone}


def erase(api: Api, **body: object) -> Json:
    answer = api.post("/persons/erasure", {"name": NAME, **body})
    assert answer.status == 202, answer.content
    job: Json = answer.json
    return job


def remains(house: House) -> dict[str, list[str]]:
    """Traces of the person, by table and file."""
    places = {table: json.dumps(items, ensure_ascii=False).lower() for table, items in house.contents().items()}
    for path in [*house.snapshots.rglob("*"), *house.projection.parent.glob("projection.sqlite*")]:
        if path.is_file():
            content = path.read_bytes()
            text = gzip.decompress(content) if path.suffix == ".gz" else content
            places[path.name] = text.decode("latin-1").lower()
    found = {place: [trace for trace in TRACES if trace in text] for place, text in places.items()}
    return {place: traces for place, traces in found.items() if traces}


def test_nothing_of_the_person_is_left_but_the_role(api: Api, house: House, log: Log, ids: dict[str, str]) -> None:
    assert {"OrganisationsTable", "EventsTable", "CooperationsTable", "PrivateTable"} <= remains(house).keys()

    job = erase(api)

    assert job == {
        "type": "job",
        "id": JOB,
        "kind": "erasure",
        "state": "finished",
        "created_at": STAMP,
        "updated_at": STAMP,
        "progress": {},
        "report": {
            "dry_run": False,
            "records": 5,
            "versions": 6,
            "found": [
                {"id": ids["network"], "pointers": ["/people/0"]},
                {"id": ids["cooperation"], "pointers": ["/parties/0/signatory"]},
                {"id": ids["event"], "pointers": ["/people/0", "/programme/0/speakers/0"]},
                {"id": ids["former"], "pointers": []},
                {"id": ids["gone"], "pointers": ["/people/0"]},
            ],
            "unsure": [],
            "mentions": [],
        },
    }
    assert remains(house) == {}
    assert not [trace for trace in TRACES if trace in log.text().lower()]
    network = api.get(f"/organisations/{ids['network']}?view=full").json
    left, kept = network["people"]
    assert left == {
        "key": left["key"],
        "name": "Name withheld",
        "role": {"de": "Vorständin"},
        "function": "chair",
    }
    assert (network["version"], kept["email"]) == (3, samples.PUBLIC_PERSON["email"])
    assert api.get(f"/organisations/{ids['former']}").json["version"] == 2
    assert api.get("/organisations").status == 200


def test_a_dry_run_reports_the_same_and_changes_nothing(api: Api, house: House, ids: dict[str, str]) -> None:
    before = {name: items for name, items in house.contents().items() if name != "RegisterTable"}

    job = erase(api, dry_run=True)

    assert ids
    assert (job["report"]["dry_run"], job["report"]["records"], job["report"]["versions"]) == (True, 5, 6)
    assert {name: items for name, items in house.contents().items() if name != "RegisterTable"} == before
    assert not [item for item in house.contents()["RegisterTable"] if item["pk"]["S"] == "ERASED"]


def test_with_an_address_another_one_of_that_name_stays_and_is_reported(api: Api) -> None:
    """Known by the address in one version, the person is erased from all; a namesake is left to a human."""
    one = samples.network(api, "Netz", people=[{**PERSON, "key": "kv"}])
    api.change(f"/organisations/{one}", {"people": [{"key": "kv", "name": NAME, "email": None}]})
    namesake = samples.network(api, "Anders", people=[{"name": NAME, "email": "someone@example.org"}])

    report = erase(api, email=MAIL.upper())["report"]

    assert [entry["id"] for entry in report["found"]] == [one]
    assert report["unsure"] == [{"id": namesake, "pointers": ["/people/0/name"]}]
    assert api.get(f"/organisations/{one}").json["people"][0]["name"] == "Name withheld"
    assert api.get(f"/organisations/{namesake}").json["people"][0]["name"] == NAME


def test_a_name_in_a_text_is_reported_for_a_human(api: Api) -> None:
    network = samples.network(api, f"Kanzlei {NAME}", description={"de": f"Gegründet von {NAME.upper()}."})

    report = erase(api)["report"]

    assert report["mentions"] == [{"id": network, "pointers": ["/name", "/description/de"]}]
    assert report["records"] == 0


def test_what_the_partner_sends_unchanged_does_not_bring_the_person_back(api: Api, house: House) -> None:
    network = samples.network(api, people=[PERSON])
    hashes = [item.get("input_hash") for item in house.contents()["OrganisationsTable"] if item["sk"]["S"] == "DOC"]

    erase(api)

    after = [item.get("input_hash") for item in house.contents()["OrganisationsTable"] if item["sk"]["S"] == "DOC"]
    assert network
    assert after == hashes


def test_a_version_that_is_written_meanwhile_is_erased_too(
    api: Api, house: House, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read, late = Versions.of, [ids["network"]]

    def of(versions: Versions, record_id: str) -> list[tuple[int, Json]]:
        found = list(read(versions, record_id))
        if record_id in late:
            api.change(f"/organisations/{late.pop()}", {"description": {"de": "Dritte Fassung."}})
        return found

    monkeypatch.setattr(Versions, "of", of)

    job = erase(api)

    assert job["state"] == "finished"
    assert remains(house) == {}


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, {"/name": "required"}),
        ({"name": " ", "email": "x", "dry_run": 1}, {"/name": "too-short", "/email": "pattern", "/dry_run": "type"}),
        ({"name": NAME, "force": True}, {"/force": "unknown-field"}),
    ],
)
def test_everything_that_is_wrong_is_named_at_once(api: Api, body: Json, faults: dict[str, str]) -> None:
    answer = api.post("/persons/erasure", body)

    assert (answer.status, answer.faults()) == (422, faults)


def test_only_the_office_erases(api: Api, house: House) -> None:
    partner = house.key(samples.network(api), "organisations:write", "contacts:read")

    assert api.post("/persons/erasure", {"name": NAME}, authorization="").status == 401
    assert api.post("/persons/erasure", {"name": NAME}, authorization=f"Bearer {partner}").status == 403


def test_the_same_request_again_is_the_same_job(api: Api) -> None:
    first = api.post("/persons/erasure", {"name": NAME}, idempotency_key="e1")
    again = api.post("/persons/erasure", {"name": NAME}, idempotency_key="e1")

    assert (again.json, again.headers["idempotent-replayed"]) == (first.json, "true")
    assert api.post("/persons/erasure", {"name": "Jemand"}, idempotency_key="e1").status == 422


@pytest.mark.parametrize("email", [None, MAIL])
@pytest.mark.parametrize("at", range(1, 16))
def test_a_kill_anywhere_and_the_worker_finishes_it(
    api: Api, house: House, ids: dict[str, str], at: int, email: str | None
) -> None:
    with killed(house.process.TABLES.client, at):
        api.post("/persons/erasure", {"name": NAME, "email": email})
    if at <= BEGUN:
        api.post("/persons/erasure", {"name": NAME, "email": email})
    house.invoke("JobsWorkerFunction")

    (job,) = (item for item in house.contents()["RegisterTable"] if item["sk"]["S"] == "JOB")
    report = json.loads(job["report"]["S"])
    assert (job["state"]["S"], report["records"], report["versions"]) == ("finished", 5, 6)
    assert remains(house) == {}
    assert api.get(f"/organisations/{ids['network']}").json["people"][0]["name"] == "Name withheld"


def test_after_a_restore_the_ledger_erases_everybody_again(
    api: Api, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    erase(api)
    erase(api, name="Jemand Anders", email="jemand@example.org")
    network = samples.network(api, "Aus der Sicherung", people=[PERSON])
    (tmp_path / "running.json").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PROJECTION", "")

    status = main([])

    assert (status, remains(house)) == (0, {})
    assert api.get(f"/organisations/{network}").json["people"][0]["name"] == "Name withheld"
    said = capsys.readouterr().out
    (job,) = re.findall(r"GET /jobs/(job_\w+)", said)
    assert api.get(f"/jobs/{job}", authorization=f"Bearer {api.key}").json["state"] == "finished"
    assert NAME not in said


@pytest.mark.parametrize("job", [True, None, "", "job_1", "org_01m8h6x8wt9a11b1fmr6ygtc2b"])
def test_the_ledger_is_not_erased_again_under_what_is_no_job(house: House, job: object) -> None:
    before = house.contents()

    with pytest.raises(FunctionFailed):
        house.invoke("JobsWorkerFunction", {"erase_again": job})

    assert house.contents() == before
