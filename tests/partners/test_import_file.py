"""The command that sends a file of any size, through the real gateway on a socket."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from infra import import_file
from infra.client import Answer, Client
from infra.import_file import ImportFailed, Line, Sender, read
from tests.api import samples
from tests.api.client import Api, Direct, Json
from tests.partners.conftest import Partner
from tests.partners.rows import company, member

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def client(itnet: Partner) -> Direct:
    return Direct("http://register/v1", api=itnet.api)


def written(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def test_a_file_is_sent_in_batches_and_again_is_all_unchanged(
    client: Client, itnet: Partner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_file, "MOST_ROWS", 4)
    rows = [row for number in range(5) for row in (member(itnet.id, number), company(number))]
    path = written(tmp_path / "rows.ndjson", *rows)

    first = Sender(client).send(read(path))
    again = Sender(client).send(read(path))
    rows[9] = company(4, phone="+49 1")
    changed = Sender(client).send(read(written(path, *rows)))

    assert dict(first.verdicts) == {"create": 10}
    assert dict(again.verdicts) == {"unchanged": 10}
    assert dict(changed.verdicts) == {"unchanged": 9, "update": 1}


def test_rows_that_name_rows_of_a_later_batch_are_sent_again(
    client: Client, itnet: Partner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_file, "MOST_ROWS", 2)
    path = written(tmp_path / "rows.ndjson", member(itnet.id, 1), member(itnet.id, 2), company(1), company(2))

    report = Sender(client).send(read(path))

    assert (list(report.lines()), report.bad) == (["4 rows: 4 create"], {})


def test_bad_rows_are_reported_with_their_lines(client: Client, itnet: Partner, tmp_path: Path) -> None:
    path = tmp_path / "rows.ndjson"
    good, bad = json.dumps(company(1)), json.dumps(company(2, phone=""))
    path.write_text(f"{good}\n\n{bad}\nnonsense\n{json.dumps(member(itnet.id, 99))}\n", encoding="utf-8")

    report = Sender(client).send(read(path))

    assert list(report.lines()) == [
        "4 rows: 1 create, 3 invalid",
        "line 3  invalid  itnet.crm:2  /record/phone  Give at least 1 character(s) that can be seen.",
        "line 4  invalid  Mend the JSON text at line 1, column 1.",
        "line 5  invalid  itnet.crm:m99  /record/member_id  Use the scheme and value of a record that exists.",
    ]


def test_a_possible_duplicate_is_reported_with_those_that_it_may_be(client: Client, tmp_path: Path, api: Api) -> None:
    seat: Json = {"offices": [{"kind": "seat", "place": {"city": "Jena"}}]}
    known = samples.company(api, "Firma 1", **seat)
    path = written(tmp_path / "rows.ndjson", company(2), company(1, **seat))

    summary, line = Sender(client).send(read(path)).lines()

    assert summary == "2 rows: 1 create, 1 possible_duplicate"
    assert line.startswith("line 2  possible_duplicate  itnet.crm:1  /record/name  This is most probably")
    assert line.endswith(f"say that this is `new`.  related: {known}")


def test_a_row_that_can_be_no_record_is_not_sent(client: Client, tmp_path: Path) -> None:
    path = written(tmp_path / "rows.ndjson", company(1), company(2, description={"de": "x" * 300_000}))

    report = Sender(client).send(read(path))

    assert list(report.lines()) == ["2 rows: 1 create, 1 invalid", "line 2  invalid  A record may take 96 KB."]


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_file_may_be_one_json_list(client: Client, tmp_path: Path, wrapped: bool) -> None:  # noqa: FBT001 - a parameter
    rows = [company(1), company(2)]
    path = tmp_path / "rows.json"
    path.write_text(json.dumps({"rows": rows} if wrapped else rows, indent=2), encoding="utf-8")

    assert dict(Sender(client).send(read(path)).verdicts) == {"create": 2}


@pytest.mark.parametrize("text", ["", "nonsense", "17", '{"rows": 1}'])
def test_a_file_without_rows_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rows.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ImportFailed):
        list(read(path))


def test_a_dry_run_writes_nothing(client: Client, itnet: Partner, tmp_path: Path) -> None:
    path = written(tmp_path / "rows.ndjson", company(1), member(itnet.id, 1))

    report = Sender(client, is_rehearsal=True).send(read(path))

    assert dict(report.verdicts) == {"create": 2}
    assert itnet.api.get("/organisations/by-ref/itnet.crm/1").status == 404


class Scripted(Client):
    """A register that answers as a test says."""

    sent: list[int]
    verdicts: list[list[str]]

    def ask(self, method: str, path: str, body: bytes | None = None, headers: object = None) -> Answer:  # noqa: ARG002
        count = (body or b"").count(b"\n")
        self.sent.append(count)
        told = self.verdicts.pop(0) if self.verdicts else ["not_attempted"] * count
        items = [{"row": n, "verdict": verdict} for n, verdict in enumerate(told, start=1)]
        return Answer(200, {}, json.dumps({"items": items}).encode())


def scripted(*verdicts: list[str]) -> Scripted:
    client = Scripted("http://register/v1")
    object.__setattr__(client, "sent", [])
    object.__setattr__(client, "verdicts", list(verdicts))
    return client


LINES = [Line(number, b"{}") for number in range(1, 4)]


def test_rows_that_were_not_attempted_go_into_the_next_request() -> None:
    client = scripted(["create", "not_attempted", "not_attempted"], ["create", "not_attempted"], ["create"])

    report = Sender(client).send(LINES)

    assert (client.sent, dict(report.verdicts)) == ([3, 2, 1], {"create": 3})


def test_a_register_that_does_not_get_on_is_given_up() -> None:
    client = scripted()

    with pytest.raises(ImportFailed):
        Sender(client).send(LINES)

    assert client.sent == [3] * 5


def test_the_bar_is_one_line_that_is_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    sender = Sender(scripted(["create"] * 3))
    sender.progress = import_file.bar(6, sys.stderr)

    sender.send(LINES)

    assert capsys.readouterr().err == "\r[############            ] 3/6 rows"


@contextmanager
def refusing(status: int) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def test_the_command_says_why_nothing_went(tmp_path: Path) -> None:
    path = written(tmp_path / "rows.ndjson", company(1))
    command = [sys.executable, "-m", "infra.import_file", str(path)]

    with refusing(401) as url:
        done = subprocess.run(
            [*command, url], check=False, capture_output=True, text=True, cwd=ROOT, env={**os.environ, "KEY": "bad"}
        )

    assert (done.returncode, done.stdout, done.stderr) == (1, "0 rows: none\n", "The register refused an import: 401\n")


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "rows.ndjson"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(company(1)).encode() + b"\r\n")

    assert list(read(path)) == [Line(1, json.dumps(company(1)).encode())]


def test_a_row_with_half_a_character_is_the_registers_to_refuse(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([company(1, focus="\ud800"), company(2)]), encoding="utf-8")

    report = Sender(client).send(read(path))

    assert dict(report.verdicts) == {"create": 1, "invalid": 1}
