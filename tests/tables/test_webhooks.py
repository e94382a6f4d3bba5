"""Webhooks in the table: of two who change the same version of one, one succeeds."""

from dataclasses import replace

import pytest

from shared.errors import Conflict, PreconditionFailed
from shared.tables.tables import Tables
from shared.tables.webhooks import Secrets, Webhook, Webhooks, new_id
from tests.tables.faulty import NOON

STAMP = "2026-11-21T12:00:00.000Z"
FIRST = Secrets(1, "first")


@pytest.fixture
def webhooks(tables: Tables) -> Webhooks:
    return Webhooks(tables)


@pytest.fixture
def held(webhooks: Webhooks) -> Webhook:
    url = "https://hooks.example.org/"
    webhook = Webhook(new_id(int(NOON * 1000)), "org_1", url, None, "active", 1, STAMP, STAMP)
    webhooks.create(webhook, FIRST, None)
    return webhook


def test_of_two_changes_to_one_version_the_first_stands(webhooks: Webhooks, held: Webhook) -> None:
    changed = replace(held, version=2, types=("event",))
    webhooks.change(held, changed, None)

    with pytest.raises(PreconditionFailed):
        webhooks.change(held, replace(held, version=2, types=("cooperation",)), None)
    with pytest.raises(PreconditionFailed):
        webhooks.delete(held, None)

    assert webhooks.of("org_1") == [webhooks.get(held.id)] == [changed]


def test_of_two_rotations_of_one_secret_the_first_stands(webhooks: Webhooks, held: Webhook) -> None:
    rotated = FIRST.rotated("second", NOON)
    webhooks.rotate(held.id, FIRST, rotated, None)

    with pytest.raises(Conflict):
        webhooks.rotate(held.id, FIRST, FIRST.rotated("third", NOON), None)

    assert webhooks.secrets(held.id) == rotated == Secrets(2, "second", "first", "2026-11-22T12:00:00.000Z")
