"""The sample data go out as a file and into an empty register by the commands that the README names."""

from pathlib import Path

import pytest

from infra import load_sample
from infra.import_file import Sender, read
from tests.api.client import Api, Direct
from tests.api.conftest import House


def client(api: Api) -> Direct:
    return Direct("http://register/v1", api=api)


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
