"""The drill: tables of yesterday are taken up again, and nobody goes on from what the restore undid."""

import json
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from infra.template import Template
from shared.tables import keys
from shared.tables.client import connect
from tests.local.register import RunningRegister, admin_key, ask, operate, whole_register

SUFFIX = "_then"


@dataclass(slots=True)
class Office:
    """The whole register on a folder of its own, and the operator's commands beside it."""

    data: Path
    running: list[RunningRegister] = field(default_factory=list)

    def start(self) -> None:
        self.running.append(whole_register(self.data))

    def stop(self) -> None:
        assert self.running[-1].end(signal.SIGTERM) == 0

    def command(self, name: str, *arguments: str) -> tuple[int, str]:
        """The exit status of an operator's command, and what it said."""
        done = operate(self.data, name, *arguments)
        return done.returncode, done.stdout + done.stderr

    def send(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        return ask(self.running[-1].port, admin_key(self.data), method, path, body, **headers)

    def enter(self, name: str, **more: object) -> str:
        status, record = self.send("POST", "/organisations", {"name": name, "kind": "network", **more})
        assert status == 201, record
        return str(record["id"])

    def names(self) -> list[str]:
        status, page = self.send("GET", "/organisations")
        assert status == 200, page
        return [item["name"] for item in page["items"]]

    @property
    def client(self) -> Any:  # noqa: ANN401 - botocore makes its clients at run time
        told = json.loads((self.data / "running.json").read_text(encoding="utf-8"))
        return connect(told["DYNAMODB_ENDPOINT"])


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    for name in ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "eu-central-1")
    office = Office(tmp_path / "data")
    office.start()
    yield office
    for register in office.running:
        register.close()


def test_an_engine_that_was_put_back_is_followed_anew_and_fits_together(office: Office, tmp_path: Path) -> None:
    kept = office.enter("Netz")
    person = {"name": "Erika", "email": "erika@example.org", "visibility": "partners"}
    office.enter("Zweites Netz", people=[person], relations=[{"kind": "related", "organisation_id": kept}])
    office.stop()
    shutil.copytree(office.data / "engine", tmp_path / "backup")
    office.start()
    office.enter("Zu viel")
    merging = {"content_type": "application/merge-patch+json", "if_match": "*"}
    assert office.send("PATCH", f"/organisations/{kept}", {"name": "Anders"}, **merging)[0] == 200
    undone = office.send("GET", "/changes?after=latest")[1]["next"].removeprefix("/v1")
    assert office.names() == ["Anders", "Zu viel", "Zweites Netz"]
    office.stop()

    shutil.rmtree(office.data / "engine")
    shutil.copytree(tmp_path / "backup", office.data / "engine")
    office.start()
    verified = office.command("verify")
    renewed = office.command("renew_epoch")

    assert verified == (0, "2 records in 2 versions, 0 faults.\n")
    assert (renewed[0], renewed[1].startswith("The epoch is 20")) == (0, True)
    assert office.names() == ["Netz", "Zweites Netz"]
    assert office.send("GET", undone)[1]["type"] == "/v1/problems/feed-restarted"
    assert office.command("verify") == verified

    office.client.delete_item(TableName="OrganisationsTable", Key=keys.guard(kept))

    status, told = office.command("verify")
    assert (status, told.splitlines()[-1]) == (1, "2 records in 2 versions, 3 faults.")
    assert {line.partition(":")[0] for line in told.splitlines()[:-1]} == {kept}


def test_tables_that_were_restored_beside_those_in_use_are_made_ready(office: Office) -> None:
    office.enter("Netz", people=[{"name": "Erika Muster"}])
    for table in Template.read().tables:
        office.client.create_table(**table.create_arguments(f"{table.logical_id}{SUFFIX}"))
        for item in office.client.scan(TableName=table.logical_id)["Items"]:
            office.client.put_item(TableName=f"{table.logical_id}{SUFFIX}", Item=item)
    office.enter("Zu viel")
    assert office.send("POST", "/persons/erasure", {"name": "Erika Muster"})[0] == 202

    verified = office.command("verify", "--restored", SUFFIX)
    renewed = office.command("renew_epoch", "--restored", SUFFIX)

    assert verified == (0, "1 records in 1 versions, 0 faults.\n")
    assert renewed[0] == 0
    assert renewed[1].startswith("Erasures brought over: 1.\nThe epoch is 20")
    assert ledger(office, "") == ledger(office, SUFFIX) != []
    assert epoch(office, SUFFIX) != epoch(office, "")
    assert office.names() == ["Netz", "Zu viel"]


def test_without_a_register_it_is_said_where_none_runs(tmp_path: Path, office: Office) -> None:
    office.stop()
    office.data = tmp_path / "nowhere"

    said = {name: office.command(name) for name in ("verify", "renew_epoch")}

    message = f"No register runs on {office.data}; start it with make run, or name another: DATA_DIR=…\n"
    assert said == {"verify": (1, message), "renew_epoch": (1, message)}


def ledger(office: Office, suffix: str) -> list[str]:
    items = office.client.scan(TableName=f"RegisterTable{suffix}")["Items"]
    return sorted(item["wanted"]["S"] for item in items if item["pk"] == keys.erased("")["pk"])


def epoch(office: Office, suffix: str) -> str:
    name: str = office.client.get_item(TableName=f"RegisterTable{suffix}", Key=keys.current_epoch())["Item"]["name"][
        "S"
    ]
    return name
