"""No export keeps a person who was erased, one that is being written at that moment included."""

import gzip

import pytest

from functions.exports.building import Exporter
from functions.exports.stored import MARKER
from shared.errors import Unavailable
from shared.projection.folder import Folder
from shared.tables import waking
from shared.tables.tables import Document, Tables
from tests.api import samples
from tests.api.client import Api
from tests.api.conftest import House, altered

NAME = "Konstanze Vogelsang"
PERSON = {"name": NAME, "function": "chair", "email": "vogelsang@example.org"}


def remains(house: House) -> list[str]:
    """Files below `exports/` in which the person stands."""
    files = [path for path in (house.snapshots / "exports").rglob("*.gz") if path.is_file()]
    return [path.name for path in files if "Vogelsang" in gzip.decompress(path.read_bytes()).decode()]


def erase(api: Api) -> None:
    assert api.post("/persons/erasure", {"name": NAME}).json["state"] == "finished"


def test_every_export_with_the_person_is_deleted(api: Api, house: House) -> None:
    network = samples.network(api, people=[PERSON])
    house.invoke("ExportFunction")
    api.change(f"/organisations/{network}", {"people": None})
    house.invoke("ExportFunction")
    assert len(remains(house)) == 2

    erase(api)

    assert remains(house) == []
    assert not list((house.snapshots / "exports").rglob("*.gz"))
    assert NAME not in api.get("/export").content.decode()


def test_whoever_writes_exports_is_woken_to_write_them_anew(
    api: Api, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples.network(api, people=[PERSON])
    woken: list[str] = []
    monkeypatch.setattr(waking, "invoke", lambda name, _=None: woken.append(name))

    with altered(house.process.SETTINGS, export_function="stack-export"):
        erase(api)
        missing = api.get("/export")
        house.invoke("ExportFunction")
        there = api.get("/export")

    assert woken == ["stack-export"]
    assert (missing.status, missing.json["type"]) == (503, "/v1/problems/export-missing")
    assert missing.headers["retry-after"] == "60"
    assert there.status == 200


@pytest.fixture
def erasing(api: Api, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """The register is erased from between what the next export reads and what it writes; empty once that is done."""
    put, waiting = Folder.put, [True]

    def late(folder: Folder, name: str, content: bytes, served_as: str | None = None) -> None:
        if name.startswith("exports/2") and waiting:
            waiting.clear()
            erase(api)
        put(folder, name, content, served_as)

    monkeypatch.setattr(Folder, "put", late)
    return waiting


def test_one_that_was_begun_before_does_not_bring_the_person_back(api: Api, house: House, erasing: list[bool]) -> None:
    samples.network(api, people=[PERSON])

    house.invoke("ExportFunction")

    assert not erasing
    assert remains(house) == []
    assert "Name withheld" in api.get("/export").content.decode()


def test_nor_does_one_to_which_the_bucket_gives_no_answer(
    api: Api, house: House, monkeypatch: pytest.MonkeyPatch, erasing: list[bool]
) -> None:
    """S3 answers 503 (SlowDown) before and after somebody erases: nothing is not the same as before."""
    samples.network(api, people=[PERSON])
    get, unanswered = Folder.get, [MARKER, MARKER]

    def busy(folder: Folder, name: str) -> bytes | None:
        if name in unanswered:
            unanswered.remove(name)
            return None
        return get(folder, name)

    monkeypatch.setattr(Folder, "get", busy)

    house.invoke("ExportFunction")

    assert (erasing, unanswered) == ([], [])
    assert remains(house) == []


def test_a_record_that_names_a_newer_one_waits_for_it(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read between two entries of the feed may name what stands in the later one."""
    company = samples.company(api)
    network = samples.network(api)
    revisions = Tables.revisions
    missing = [company]

    def behind(tables: Tables, versions: list[tuple[str, int]]) -> dict[tuple[str, int], Document]:
        found = revisions(tables, versions)
        return {key: document for key, document in found.items() if key[0] not in missing or not missing.pop()}

    monkeypatch.setattr(Tables, "revisions", behind)

    content = api.get("/export").content.decode()

    assert not missing
    assert company in content
    assert network in content


def test_a_register_that_never_holds_still_is_no_error_of_the_function(
    api: Api, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples.company(api)
    monkeypatch.setattr(Tables, "revisions", lambda _, __: {})
    process = house.process

    with pytest.raises(Unavailable):
        Exporter(process.TABLES, process.projection(), process.SETTINGS).build()

    assert api.get("/export").status == 503
