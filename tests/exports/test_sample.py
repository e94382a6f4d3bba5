"""The sample data go out as a file and into an empty register by the commands that the README names."""

from pathlib import Path

import pytest

from infra import load_sample
from infra.client import Answer, Client
from infra.import_file import Sender, read
from tests.api.client import Api
from tests.api.conftest import House


class Direct(Client):
    """A client that reaches the register of a test without a socket."""

    api: Api

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:  # type: ignore[override]
        sent = {name.lower().replace("-", "_"): value for name, value in (headers or {}).items()}
        answer = self.api.send(method, path, body, **sent)
        return Answer(answer.status, answer.headers, answer.json)


def client(api: Api) -> Client:
    object.__setattr__(made := Direct("http://register/v1"), "api", api)
    return made


@pytest.fixture
def exported(api: Api, tmp_path: Path) -> Path:
    load_sample._loaded(client(api))
    path = tmp_path / "register.ndjson"
    path.write_bytes(api.get("/export").content)
    return path


def test_the_sample_goes_through_a_file_into_an_empty_register(house: House, api: Api, exported: Path) -> None:
    unchanged = Sender(client(api)).send(read(exported))

    with house.emptied(api) as empty:
        report = Sender(client(empty)).send(read(exported))
        again = empty.get("/export").content

    assert dict(unchanged.verdicts) == {"ignored": 1, "unchanged": 89}
    assert dict(report.verdicts) == {"create": 89, "ignored": 1}
    assert report.bad == {}
    assert again == exported.read_bytes()
