import http.client
import os
import shutil
import signal
import socket
import threading
import time
from http import HTTPStatus
from pathlib import Path

import pytest

from tests.local.register import Project, RunningRegister


def test_it_says_where_it_answers_what_to_try_and_where_the_data_lies(project: Project) -> None:
    register = project.run()

    register.wait_for("stop")

    url = f"http://127.0.0.1:{register.port}/v1"
    kept = project.folder / ".local" / "data" / "admin.key"
    assert register.lines == [
        f"Clusterregister answers at {url}",
        f"  site   http://127.0.0.1:{register.port}/",
        f"  docs   {url}/docs",
        f"  try    curl {url}/organisations",
        f"  data   {project.folder / '.local' / 'data'}",
        f"  log    {project.folder / '.local' / 'data' / 'functions.log'}",
        f"  key    {kept.read_text().strip()} (admin; it stands in {kept})",
        "  stop   Ctrl-C",
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_is_clean_and_the_second_start_quick(project: Project, number: int) -> None:
    register = project.run()
    kept = register.call("PUT", "/v1/notes/a", "{}")

    status = register.end(number)
    began = time.monotonic()
    register = project.run()
    found = register.call("GET", "/v1/notes/a")

    assert time.monotonic() - began < 5
    assert (kept, status, found) == ((201, {"kept": "a"}), 0, (200, {"text": "/notes/a"}))
    assert not [line for line in register.lines if "cut off" in line]


def test_a_killed_server_loses_nothing_and_leaves_no_engine_behind(project: Project) -> None:
    register = project.run()
    acknowledged: list[str] = []
    writing = threading.Thread(target=_write_until_refused, args=(register, acknowledged))
    writing.start()
    time.sleep(0.5)

    register.end(signal.SIGKILL)

    writing.join()
    register = project.run()
    found = [register.call("GET", f"/v1/notes/{name}")[0] for name in acknowledged]
    assert len(acknowledged) > 10
    assert found == [200] * len(acknowledged)
    assert not [line for line in register.lines if "cut off" in line]


def _write_until_refused(register: RunningRegister, acknowledged: list[str]) -> None:
    for number in range(100_000):
        try:
            status, _ = register.call("PUT", f"/v1/notes/n{number}", "{}")
        except (OSError, http.client.HTTPException):
            return
        if status == 201:
            acknowledged.append(f"n{number}")


def test_a_killed_engine_ends_the_server_and_the_next_start_begins_a_new_epoch(project: Project) -> None:
    register = project.run()
    register.call("PUT", "/v1/notes/a", "{}")
    before = _epochs(project.folder)

    os.kill(_engine_of(project.folder), signal.SIGKILL)
    register.wait_for("The DynamoDB engine has ended")
    register.wait_for("(It said nothing: it was killed, or the disk is full.)")
    register = project.run()

    register.wait_for("cut off")
    assert register.call("GET", "/v1/notes/a") == (200, {"text": "/notes/a"})
    assert len(_epochs(project.folder)) > len(before)


def test_the_log_of_the_functions_outlives_a_start_and_a_long_one_goes_aside(project: Project) -> None:
    log = project.folder / ".local" / "data" / "functions.log"
    log.parent.mkdir(parents=True)
    log.write_text("a line of the run before\n", encoding="utf-8")

    project.run().end(signal.SIGTERM)
    kept = log.read_text(encoding="utf-8")
    os.truncate(log, 50_000_001)
    project.run().end(signal.SIGTERM)

    assert kept.startswith("a line of the run before\n")
    assert log.with_name("functions.log.1").stat().st_size == 50_000_001
    assert log.stat().st_size < 50_000_001


def test_work_that_nobody_waits_for_holds_up_no_stop(project: Project) -> None:
    handler = project.folder / "functions" / "notes" / "handler.py"
    endless = "import concurrent.futures, time\nconcurrent.futures.ThreadPoolExecutor(1).submit(time.sleep, 60)\n"
    handler.write_text(endless + handler.read_text())
    register = project.run()

    began = time.monotonic()
    status = register.end(signal.SIGTERM)

    assert (status, time.monotonic() - began < 15) == (0, True)
    assert register.wait_for("Stopped")


def _engine_of(folder: Path) -> int:
    data = str(folder / ".local" / "data" / "engine")
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if data.encode() in words:
                return int(process.name)
    raise AssertionError("no engine runs on the project's data")


def _epochs(folder: Path) -> set[str]:
    lines = (folder / ".local" / "data" / "engine" / "journal.jsonl").read_text().splitlines()
    return {line for line in lines if "FEED#" in line}


def test_changed_code_is_loaded_while_engine_and_address_stay(project: Project) -> None:
    register = project.run()
    register.call("PUT", "/v1/notes/a", "{}")
    engine = _engine_of(project.folder)
    code = project.folder / "functions" / "notes" / "handler.py"

    code.write_text(code.read_text().replace('"first"', '"second"'))

    register.wait_for("The code has changed")
    assert register.call("GET", "/v1/notes/mine") == (200, {"greeting": "second"})
    assert register.call("GET", "/v1/notes/a") == (200, {"text": "/notes/a"})
    assert _engine_of(project.folder) == engine
    assert register.end(signal.SIGTERM) == 0
    assert not (project.folder / ".local" / "data" / "engine" / "running").exists()


def test_broken_code_is_answered_for_until_it_is_mended(project: Project) -> None:
    register = project.run()
    code = project.folder / "functions" / "notes" / "handler.py"
    sound = code.read_text()

    code.write_text("this is no Python")
    register.wait_for("SyntaxError")
    broken = register.call("GET", "/v1/notes/mine")
    code.write_text(sound.replace('"first"', '"mended"'))

    assert broken == (502, {"title": "The register failed"})
    assert once_mended(register) == (200, {"greeting": "mended"})


def once_mended(register: RunningRegister) -> tuple[int, object]:
    deadline = time.monotonic() + 10
    while (answer := register.call("GET", "/v1/notes/mine"))[0] == HTTPStatus.BAD_GATEWAY:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return answer


@pytest.mark.parametrize("module", ["errors.py", "tables/feed.py"])
def test_broken_code_below_the_functions_is_waited_for(project: Project, module: str) -> None:
    register = project.run()
    code = project.folder / "shared" / module
    sound = code.read_text()

    code.write_text("this is no Python")
    register.wait_for("SyntaxError")
    code.write_text(sound)

    register.wait_for("The code has changed")
    assert once_mended(register) == (200, {"greeting": "first"})


def test_a_broken_template_is_waited_for(project: Project) -> None:
    register = project.run()
    template = project.folder / "template.yaml"

    template.write_text("Resources: [")

    register.wait_for("Waiting for it to be mended")
    assert register.call("GET", "/v1/notes/mine") == (200, {"greeting": "first"})


def test_a_second_run_on_the_same_data_is_refused(project: Project) -> None:
    first = project.run()

    second = project.start()

    second.wait_for("The register already runs on")
    second.wait_for(f"http://127.0.0.1:{first.port}")
    assert first.call("GET", "/v1/notes/mine")[0] == 200


def test_a_taken_port_is_named_with_a_way_out(project: Project, occupied_port: int) -> None:
    register = project.start(PORT=str(occupied_port))

    line = register.wait_for("Cannot listen on")

    assert f"PORT={occupied_port + 1} make run" in line


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"PORT": "eighty"}, "PORT is a number"),
        ({"PORT": "99999"}, "PORT is a number"),
        ({"HOST": "192.0.2.1"}, "Is HOST an address of this machine"),
        ({"DATA_DIR": "/dev/null/data"}, "Cannot write to /dev/null/data"),
        ({"ENGINE_PYTHON": "/nowhere/python"}, "The engine's environment is missing"),
        ({"ENGINE_PYTHON": "/bin/false"}, "The DynamoDB engine did not start"),
        ({"DYNAMODB_ENDPOINT": "http://127.0.0.1:9"}, "No DynamoDB answers at http://127.0.0.1:9"),
        ({"DYNAMODB_ENDPOINT": "localhost"}, "No DynamoDB answers at localhost"),
    ],
)
def test_what_is_missing_is_said_without_a_traceback(project: Project, environment: dict[str, str], said: str) -> None:
    register = project.start(**environment)

    register.wait_for(said)

    assert register.end(0) == 1
    assert not [line for line in register.lines if "Traceback" in line]


def test_an_engine_that_is_none_is_said_without_a_traceback(project: Project) -> None:
    other = project.run(DATA_DIR=str(project.folder / "other"))

    register = project.start(DYNAMODB_ENDPOINT=f"http://127.0.0.1:{other.port}")

    register.wait_for(f"No DynamoDB answers at http://127.0.0.1:{other.port}")
    assert register.end(0) == 1
    assert not [line for line in register.lines if "Traceback" in line]


def test_a_missing_template_is_said_without_a_traceback(project: Project) -> None:
    (project.folder / "template.yaml").unlink()

    register = project.start()

    register.wait_for("template.yaml cannot be read")
    assert register.end(0) == 1


def test_sample_data_is_loaded_once(project: Project) -> None:
    loader = project.folder / "infra" / "load_sample.py"
    loader.write_text(
        "import types, urllib.request\n"
        "def load(base_url, *, key):\n"
        "    request = urllib.request.Request(base_url + '/notes/sample', b'{}', method='PUT')\n"
        "    with urllib.request.urlopen(request):\n"
        "        return types.SimpleNamespace(created=1, present=0)\n"
    )
    first = project.run(SAMPLE_DATA="1")
    first.wait_for("The sample data is there: 1 records new, 0 from before.")
    first.end(signal.SIGTERM)

    second = project.run(SAMPLE_DATA="1")
    found = second.call("GET", "/v1/notes/sample")
    time.sleep(0.5)

    assert found == (200, {"text": "/notes/sample"})
    assert not [line for line in second.lines if "sample data" in line]


def test_the_register_runs_without_sample_data_that_cannot_be_loaded(project: Project) -> None:
    (project.folder / "infra" / "load_sample.py").write_text(
        "class LoadError(Exception): ...\n\ndef load(base_url, *, key):\n    raise LoadError('no such file')\n"
    )

    register = project.run(SAMPLE_DATA="1")

    register.wait_for("The sample data could not be loaded: no such file")
    assert register.call("GET", "/v1/notes/mine")[0] == 200


def test_an_engine_of_ones_own_is_used_instead(project: Project, dynamodb_engine: str) -> None:
    register = project.run(DYNAMODB_ENDPOINT=dynamodb_engine)

    register.call("PUT", "/v1/notes/a", "{}")

    assert register.call("GET", "/v1/notes/a") == (200, {"text": "/notes/a"})
    assert not (project.folder / ".local" / "data" / "engine").exists()


def test_the_developers_own_aws_settings_never_reach_the_functions(project: Project) -> None:
    shutil.copy(project.folder / "template.yaml", project.folder / "config")
    code = project.folder / "functions" / "notes" / "handler.py"
    code.write_text(code.read_text().replace('"first"', 'sorted(n for n in os.environ if n.startswith("AWS"))'))
    register = project.run(AWS_PROFILE="mine", AWS_SESSION_TOKEN="mine", AWS_CONFIG_FILE=str(project.folder / "config"))

    _, body = register.call("GET", "/v1/notes/mine")

    assert body == {
        "greeting": [
            "AWS_ACCESS_KEY_ID",
            "AWS_CONFIG_FILE",
            "AWS_DEFAULT_REGION",
            "AWS_REGION",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SHARED_CREDENTIALS_FILE",
        ]
    }


def test_several_requests_are_served_at_once_and_nonsense_harms_none(project: Project) -> None:
    register = project.run()
    answers: list[int] = []

    def write(number: int) -> None:
        with socket.create_connection(("127.0.0.1", register.port), timeout=10) as connection:
            connection.sendall(b"\x00\xffnonsense\r\n\r\n")
            connection.recv(1_000)
        answers.append(register.call("PUT", f"/v1/notes/n{number}", "{}")[0])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [201] * 16
    assert [register.call("GET", f"/v1/notes/n{number}")[0] for number in range(16)] == [200] * 16
