"""Two partners beside the register's own office, each with a key of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from shared.caller import SCOPES
from tests.api import samples
from tests.api.client import Api
from tests.api.conftest import House, api, house, log, register

__all__ = ["api", "house", "log", "register"]

WRITING = [scope for scope in SCOPES if scope.endswith(":write")]


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation, and the API in the hands of its office."""

    id: str
    api: Api


Enrol = Callable[..., Partner]


@pytest.fixture
def enrol(house: House, api: Api) -> Enrol:
    def partner(name: str, prefix: str | None = None, scopes: Sequence[str] = WRITING) -> Partner:
        organisation = samples.network(api, name)
        key = house.process.PARTNERS.create(organisation, scopes, prefix=prefix).text()
        return Partner(organisation, Api(api.gateway, key))

    return partner


@pytest.fixture
def itnet(enrol: Enrol) -> Partner:
    return enrol("ITnet", "itnet")


@pytest.fixture
def logistik(enrol: Enrol) -> Partner:
    return enrol("Logistiknetz", "logistik")
