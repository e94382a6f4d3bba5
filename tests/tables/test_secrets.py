"""Peppers from Secrets Manager: read anew now and then, and kept while it is out of reach."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from botocore.exceptions import EndpointConnectionError

from shared.credentials import Credential
from shared.errors import Unauthorised, Unavailable
from shared.settings import Settings
from shared.tables.partners import Partners
from shared.tables.secrets import ASKED_AGAIN, KEPT, Peppers
from shared.tables.tables import Tables
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
    peppers = Peppers(replace(settings, secret="secret"), secrets, lambda: time.now)

    read = [peppers(KEPT), peppers(KEPT)]
    secrets.held = {"pepper": "second", "previous": "first"}
    for seconds in (299.0, 2.0):
        time.pass_by(seconds)
        read.append(peppers(KEPT))

    assert read == [("first",), ("first",), ("first",), ("second", "first")]
    assert secrets.asked == 2


def test_peppers_are_read_anew_when_the_clock_was_set_back(settings: Settings, time: Time) -> None:
    secrets = Secrets(pepper="first")
    peppers = Peppers(replace(settings, secret="secret"), secrets, lambda: time.now)
    peppers(KEPT)
    secrets.held = {"pepper": "second"}

    time.pass_by(-3600.0)

    assert peppers(KEPT) == ("second",)


def test_peppers_out_of_reach_stay_what_they_were(settings: Settings, time: Time) -> None:
    secrets = Secrets(pepper="first")
    peppers = Peppers(replace(settings, secret="secret"), secrets, lambda: time.now)
    peppers(KEPT)
    secrets.is_there = False
    time.pass_by(301.0)

    read = [peppers(kept) for kept in (KEPT, ASKED_AGAIN) * 50]
    asked = secrets.asked
    secrets.is_there, secrets.held = True, {"pepper": "second"}
    time.pass_by(31.0)

    assert set(read) == {("first",)}
    assert asked == 2
    assert peppers(KEPT) == ("second",)


def test_without_any_pepper_nobody_is_told_that_a_key_is_bad(settings: Settings, time: Time) -> None:
    secrets = Secrets()
    secrets.is_there = False

    with pytest.raises(Unavailable):
        Peppers(replace(settings, secret="secret"), secrets, lambda: time.now)(KEPT)


def test_a_key_of_the_newest_pepper_is_good_half_a_minute_after_the_last_question(
    tables: Tables, settings: Settings, time: Time
) -> None:
    deployed, secrets = replace(settings, secret="secret"), Secrets(pepper="first")
    warm = Partners(tables, Peppers(deployed, secrets, lambda: time.now), "test")
    old = warm.create(None, ["admin"])
    secrets.held = {"pepper": "second", "previous": "first"}
    fresh = Partners(tables, Peppers(deployed, secrets, lambda: time.now), "test").create(None, ["admin"])

    good = {}
    for seconds in (30.0, 1.0):
        time.pass_by(seconds)
        good[time.elapsed] = [is_good(warm, key) for key in (old, fresh)]

    assert good == {30.0: [True, False], 31.0: [True, True]}


@pytest.mark.parametrize("exists", [True, False])
def test_bad_keys_ask_for_newer_peppers_twice_a_minute_whether_they_exist_or_not(
    tables: Tables, settings: Settings, time: Time, *, exists: bool
) -> None:
    secrets = Secrets(pepper="first")
    peppers = Peppers(replace(settings, secret="secret"), secrets, lambda: time.now)
    partners = Partners(tables, peppers, "test")
    bad = Credential.new("test")
    if exists:
        bad = replace(bad, id=partners.create(None, ["admin"]).id)

    for _ in range(600):
        time.pass_by(0.5)
        assert not is_good(partners, bad)

    assert 9 <= secrets.asked <= 11


def is_good(partners: Partners, key: Credential) -> bool:
    try:
        partners.authenticate(key.text())
    except Unauthorised:
        return False
    return True
