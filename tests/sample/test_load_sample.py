"""The loader posts every record once, goes on where it broke off, and says what the register refused."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from infra.load_sample import LoadError, load
from infra.sample.facts import records

Json = dict[str, Any]
COUNT = len(list(records()))


@dataclass
class Register:
    """The smallest register that a loader can meet: it keeps what is posted, by external id."""

    held: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    interrupt: Callable[[int], tuple[int, Json] | None] = lambda _number: None
    later: str = "0"
    """When what was interrupted is to be asked for again."""
    overlaps: bool = False
    """Whether a membership that is there already is refused as overlapping with itself."""

    def answer(self, path: str, authorization: str | None, body: Json) -> tuple[int, Json, dict[str, str]]:
        self.requests.append((path, authorization))
        interruption = self.interrupt(len(self.requests))
        if interruption is not None:
            return *interruption, {"Retry-After": self.later}
        slug = body["external_ids"][0]["value"]
        if slug in self.held and self.overlaps and body["type"] == "membership":
            return 409, {"type": "/v1/problems/membership-overlap", "related": [self.held[slug]]}, {}
        if slug in self.held:
            return 409, {"type": "/v1/problems/external-id-taken", "related": [self.held[slug]]}, {}
        self.held[slug] = f"id_of_{slug}"
        return 201, {"id": self.held[slug]}, {}


@contextmanager
def served(register: Register) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            slug = self.path.rpartition("/")[2].removeprefix("id_of_")
            self.send(200, {"external_ids": [{"scheme": "sample", "value": slug}]}, {})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send(*register.answer(self.path, self.headers["Authorization"], body))

        def send(self, status: int, content: Json, headers: dict[str, str]) -> None:
            text = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_every_record_is_posted_and_its_id_reported() -> None:
    register = Register()

    with served(register) as url:
        report = load(url)

    assert (report.created, report.present) == (COUNT, 0)
    assert report.ids == register.held
    assert {path for path, _ in register.requests} >= {"/v1/organisations", "/v1/cooperations", "/v1/events"}
    assert ("/v1/organisations/id_of_itnet/members", None) in register.requests


def test_a_load_that_broke_off_goes_on() -> None:
    register = Register()

    with served(register) as url:
        register.interrupt = lambda number: (500, {"detail": "Broken."}) if number > COUNT // 2 else None
        with pytest.raises(LoadError):
            load(url)
        register.interrupt = lambda _number: None
        report = load(url)

    assert (report.created, report.present) == (COUNT - COUNT // 2, COUNT // 2)
    assert report.ids == register.held


def test_a_membership_that_overlaps_with_itself_is_there_already() -> None:
    register = Register(overlaps=True)

    with served(register) as url:
        load(url)
        report = load(url)

    assert (report.created, report.present) == (0, COUNT)
    assert report.ids == register.held


def test_a_membership_that_overlaps_with_another_one_is_refused() -> None:
    register = Register(overlaps=True)

    with served(register) as url:
        load(url)
        register.held["stadt-halle-in-netzwerk-logistik"] = "id_of_another"
        with pytest.raises(LoadError, match="stadt-halle-in-netzwerk-logistik: 409"):
            load(url)


@pytest.mark.parametrize("status", [503, 429, 409], ids=["busy", "quota used up", "still being answered"])
def test_what_passes_is_asked_for_again(status: int) -> None:
    register = Register(interrupt=lambda number: (status, {"detail": "Later."}) if number % 2 else None)

    with served(register) as url:
        report = load(url)

    assert (report.created, report.present) == (COUNT, 0)


def test_what_passes_at_a_date_is_asked_for_again_soon() -> None:
    busy = (503, {"detail": "Later."})
    register = Register(interrupt=lambda number: busy if number == 1 else None, later="Fri, 31 Dec 9999 23:59:59 GMT")

    with served(register) as url:
        assert load(url).created == COUNT


def test_the_key_is_sent_with_every_record() -> None:
    register = Register()

    with served(register) as url:
        load(url, key="crk_test")

    assert {authorization for _, authorization in register.requests} == {"Bearer crk_test"}


def test_a_refusal_names_the_record_and_every_fault() -> None:
    fault = {"pointer": "/kind", "message": "Use one of the kinds.", "code": "unknown-kind"}
    register = Register(interrupt=lambda _number: (422, {"detail": "Mend it.", "errors": [fault]}))

    with served(register) as url, pytest.raises(LoadError) as refused:
        load(url)

    slug = next(records())[0]
    assert str(refused.value) == (
        f"The register refused the sample record {slug}: 422 Mend it.\n  /kind: Use one of the kinds."
    )


def test_a_register_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(Register()) as url:
        pass
    monkeypatch.setattr("infra.client.time.sleep", lambda _seconds: None)

    with pytest.raises(LoadError, match="could not be used after 8 attempts"):
        load(url)
