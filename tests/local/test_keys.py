"""`make key` against a running local register, and the office's own key."""

import json
import re
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.local.register import Project, RunningRegister, admin_key, ask, operate, whole_register

KEY = re.compile(r"crk_local_([0-9a-f]{16})_[0-9a-f]{56}")


@dataclass(frozen=True, slots=True)
class Desk:
    """The whole register on a folder of its own, and the operator's command beside it."""

    register: RunningRegister
    data: Path

    def admin(self) -> str:
        return admin_key(self.data)

    def key(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return operate(self.data, "keys", *arguments, **environment)

    def made(self, *arguments: str) -> str:
        """The key that stands alone on the last line."""
        done = self.key(*arguments)
        assert done.returncode == 0, done.stderr
        key = done.stdout.splitlines()[-1]
        assert KEY.fullmatch(key), done.stdout
        assert done.stdout.count(key) == 1
        return key

    def send(self, method: str, path: str, key: str, body: object = None) -> tuple[int, Any]:
        return ask(self.register.port, key, method, path, body)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    data = tmp_path_factory.mktemp("data")
    register = whole_register(data)
    yield Desk(register, data)
    register.close()


@pytest.fixture
def organisation(desk: Desk) -> str:
    status, record = desk.send("POST", "/organisations", desk.admin(), {"name": "Netz", "kind": "network"})
    assert status == 201
    return str(record["id"])


def id_of(key: str) -> str:
    match = KEY.fullmatch(key)
    assert match
    return match[1]


def test_the_first_start_prints_the_offices_key_and_keeps_it_for_its_owner_alone(desk: Desk) -> None:
    kept = desk.data / "admin.key"

    printed = desk.register.wait_for("  key  ").split()[1]

    assert KEY.fullmatch(printed)
    assert printed == desk.admin()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert desk.send("POST", "/organisations", printed, {"name": "x", "kind": "other"})[0] == 201


@pytest.mark.parametrize("name", ["pepper", "running.json"])
def test_what_keys_hang_on_is_for_the_owner_alone(desk: Desk, name: str) -> None:
    assert stat.S_IMODE((desk.data / name).stat().st_mode) == 0o600


def test_a_created_key_writes_at_once_what_its_scopes_say(desk: Desk, organisation: str) -> None:
    key = desk.made("create", "--organisation", organisation, "--scopes", "events:write,contacts:read")

    event = desk.send("POST", "/events", key, {"title": {"de": "Tag"}, "kind": "series", "status": "planned"})
    network = desk.send("POST", "/organisations", key, {"name": "x", "kind": "other"})

    assert (event[0], event[1]["managed_by"]) == (201, organisation)
    assert (network[0], network[1]["type"]) == (403, "/v1/problems/forbidden")


def test_live_keys_are_listed_without_their_secrets(desk: Desk, organisation: str) -> None:
    key = desk.made(
        "create", "--organisation", organisation, "--scopes", "events:write", "--expires", "2027-12-31T23:59:59Z"
    )

    listed = desk.key("list", "--organisation", organisation)

    (line,) = map(json.loads, listed.stdout.splitlines())
    assert {name: value for name, value in line.items() if name != "created_at"} == {
        "id": id_of(key),
        "scopes": ["events:write"],
        "ends_at": "2027-12-31T23:59:59.000Z",
    }
    assert key.rpartition("_")[2] not in listed.stdout


def test_a_key_is_rotated_without_a_gap_and_the_old_one_revoked(desk: Desk, organisation: str) -> None:
    path, old = (
        f"/organisations/{organisation}?view=full",
        desk.made("create", "--organisation", organisation, "--scopes", "organisations:write"),
    )

    new = desk.made("rotate", id_of(old))
    both = [desk.send("GET", path, key)[0] for key in (old, new)]
    third = desk.key("rotate", id_of(old))
    revoked = desk.key("revoke", id_of(old))

    assert both == [200, 200]
    assert (third.returncode, third.stdout) == (1, "")
    assert third.stderr == "A partner has at most two live keys: revoke one first.\n"
    assert (revoked.returncode, revoked.stdout) == (0, "Revoked; it stops within 30 seconds.\n")
    assert desk.send("GET", path, new)[0] == 200
    listed = desk.key("list", "--organisation", organisation).stdout.splitlines()
    assert [json.loads(line)["id"] for line in listed] == [id_of(new)]


def test_a_key_that_is_revoked_before_its_first_use_is_never_good(desk: Desk, organisation: str) -> None:
    key = desk.made("create", "--organisation", organisation, "--scopes", "organisations:write")
    desk.key("revoke", id_of(key))

    assert desk.send("GET", "/organisations", key)[0] == 401


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["create", "--organisation", "org_00000000000000000000000000", "--scopes", "admin"],
            "There is no organisation",
        ),
        (["create", "--organisation", "x", "--scopes", "admin"], "There is no organisation with that id."),
        (["create", "--scopes", "organisations"], "use some of organisations:write"),
        (["create", "--scopes", ""], "use some of organisations:write"),
        (["create", "--scopes", "admin", "--expires", "tomorrow"], "RFC 3339"),
        (["revoke", "0000000000000000"], "There is no key with that id."),
        (["rotate", "0000000000000000"], "There is no key with that id."),
        ([], "the following arguments are required"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_traceback(desk: Desk, arguments: list[str], said: str) -> None:
    done = desk.key(*arguments)

    assert (done.returncode > 0, done.stdout) == (True, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_running_register_the_way_to_start_one_is_named(desk: Desk, tmp_path: Path) -> None:
    done = desk.key("list", DATA_DIR=str(tmp_path))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"No register runs on {tmp_path}; start it with make run, or name another: DATA_DIR=…\n"


def test_a_register_that_has_stopped_is_given_up_in_time(desk: Desk, tmp_path: Path) -> None:
    told = json.loads((desk.data / "running.json").read_text(encoding="utf-8"))
    (tmp_path / "running.json").write_text(json.dumps({**told, "DYNAMODB_ENDPOINT": "http://127.0.0.1:9"}))

    done = desk.key("list", DATA_DIR=str(tmp_path))

    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr


def test_no_line_of_the_log_shows_a_key(desk: Desk, organisation: str) -> None:
    key = desk.made("create", "--organisation", organisation, "--scopes", "organisations:write")
    desk.send("GET", "/organisations", key)

    text = (desk.data / "functions.log").read_text(encoding="utf-8")

    assert organisation in text
    assert [secret for secret in (key, desk.admin()) if secret.rpartition("_")[2][:16] in text] == []


def test_the_next_start_goes_on_with_the_same_key(project: Project) -> None:
    first = project.run()
    first.wait_for("stop")
    printed = first.wait_for("  key  ")
    first.close()

    second = project.run()

    assert second.wait_for("  key  ") == printed


def test_a_lost_key_is_made_anew_and_the_third_time_refused_with_advice(project: Project) -> None:
    kept = project.folder / ".local" / "data" / "admin.key"
    keys = []
    for _ in range(2):
        register = project.run()
        keys.append(register.wait_for("  key  ").split()[1])
        register.close()
        kept.unlink()

    third = project.start()

    third.wait_for("no other key can be made: A partner has at most two live keys: revoke one first.")
    assert len(set(keys)) == 2
    assert not [line for line in third.lines if "Traceback" in line]
