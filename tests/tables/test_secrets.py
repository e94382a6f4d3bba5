"""Peppers from Secrets Manager: read anew now and then, and kept while it is out of reach."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from botocore.exceptions import EndpointConnectionError

from shared.errors import Unavailable
from shared.settings import Settings
from shared.tables.secrets import Peppers
from tests.tables.faulty import Time


class Secrets:
    """A Secrets Manager that the tests change and cut off."""

    def __init__(self, **held: str) -> None:
        self.held = held
        self.asked = 0
        self.is_there = True

    def __call__(self, name: str) -> Mapping[str, str]:
        assert name == "secret"
        self.asked += 1
        if not self.is_there:
            raise EndpointConnectionError(endpoint_url="https://secretsmanager")
        return self.held


def test_peppers_are_read_anew_every_five_minutes(settings: Settings, time: Time) -> None:
    secrets = Secrets(pepper="first")
    peppers = Peppers(replace(settings, secret="secret"), secrets, lambda: time.elapsed)

    read = [peppers(), peppers()]
    secrets.held = {"pepper": "second", "previous": "first"}
    for seconds in (299.0, 2.0):
        time.pass_by(seconds)
        read.append(peppers())

    assert read == [("first",), ("first",), ("first",), ("second", "first")]
    assert secrets.asked == 2


def test_peppers_out_of_reach_stay_what_they_were(settings: Settings, time: Time) -> None:
    secrets = Secrets(pepper="first")
    peppers = Peppers(replace(settings, secret="secret"), secrets, lambda: time.elapsed)
    peppers()
    secrets.is_there = False
    time.pass_by(301.0)

    read = [peppers() for _ in range(100)]
    asked = secrets.asked
    secrets.is_there, secrets.held = True, {"pepper": "second"}
    time.pass_by(31.0)

    assert set(read) == {("first",)}
    assert asked == 2
    assert peppers() == ("second",)


def test_without_any_pepper_nobody_is_told_that_a_key_is_bad(settings: Settings, time: Time) -> None:
    secrets = Secrets()
    secrets.is_there = False

    with pytest.raises(Unavailable):
        Peppers(replace(settings, secret="secret"), secrets, lambda: time.elapsed)()
