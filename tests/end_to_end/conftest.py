"""One deployed register for all tests, asked over HTTP by its gateway's own name."""

import http.client
import os
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast
from urllib.parse import urlsplit

import pytest

from infra.keys import partners
from infra.local.gateway import Gateway
from infra.local.wire import Request, Response
from infra.registers import chosen
from shared.budget import spending
from shared.tables.partners import Partners
from tests.api.client import Api
from tests.api.conftest import House
from tests.end_to_end.emulator import CREDENTIALS, STACK, Stack, emulator
from tests.webhooks.receivers import Receiver, receiving


@dataclass(frozen=True, slots=True)
class Deployed:
    """The gateway in the emulator, in the place of the local one."""

    host: str
    port: int

    def respond(self, request: Request) -> Response:
        """Send a request by HTTP."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {**dict(request.headers), "host": self.host}
        try:
            connection.request(request.method, request.target, request.body or None, headers)
            answer = connection.getresponse()
            return Response(answer.status, tuple(answer.getheaders()), answer.read())
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of the deployed register, made as the operator makes them."""

    partners: Partners

    @property
    def process(self) -> SimpleNamespace:
        """What tests of the handlers find in their process."""
        return SimpleNamespace(PARTNERS=self.partners)

    def key(self, organisation_id: str | None, *scopes: str) -> str:
        """A key of a partner or, without one, of the office."""
        return self.partners.create(organisation_id, scopes).text()

    def as_house(self) -> House:
        """The same where the tests of the handlers want their own."""
        return cast("House", self)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("aws")
    with pytest.MonkeyPatch.context() as patch, spending(3600), emulator(folder) as endpoint:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in {**CREDENTIALS, "AWS_ENDPOINT_URL": endpoint}.items():
            patch.setenv(name, value)
        deployed = Stack(endpoint, folder)
        assert deployed.deploy() == "CREATE_COMPLETE"
        # As the stack's outputs advise.
        deployed.invoke("SnapshotFunction")
        deployed.invoke("ExportFunction")
        yield deployed


@pytest.fixture(scope="session")
def keys(stack: Stack) -> Keys:
    assert stack.endpoint
    return Keys(partners(chosen(STACK)))


@pytest.fixture(scope="session")
def api(stack: Stack, keys: Keys) -> Api:
    """The deployed register in the hands of its office."""
    port = urlsplit(stack.endpoint).port
    assert port is not None
    (gateway,) = stack.client("apigateway").get_rest_apis()["items"]
    host = f"{gateway['id']}.execute-api.127.0.0.1:{port}"
    return Api(cast("Gateway", Deployed(host, port)), keys.key(None, "admin"))


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def keyed(api: Api, keys: Keys, organisation_id: str, *scopes: str) -> Api:
    """The same register in the hands of a partner."""
    return Api(api.gateway, keys.key(organisation_id, *scopes))
