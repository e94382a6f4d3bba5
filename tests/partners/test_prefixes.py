"""A prefix of schemes belongs to one partner."""

import pytest

from shared.errors import Conflict, WriteContention
from shared.tables.partners import Partners
from tests.api import samples
from tests.api.client import Api
from tests.api.conftest import House

BUSY = "TransactionConflict"


@pytest.fixture
def partners(house: House) -> Partners:
    found: Partners = house.process.PARTNERS
    return found


def prefix_of(partners: Partners, text: str) -> str | None:
    partners._remembered.clear()
    return partners.authenticate(text).prefix


def test_all_keys_of_a_partner_have_its_prefix(api: Api, partners: Partners) -> None:
    one = samples.network(api)
    early = partners.create(one, ["events:write"])

    late = partners.create(one, ["events:write"], prefix="itnet")
    partners.revoke(early.id)
    again = partners.create(one, ["events:write"])
    partners.revoke(again.id)

    assert prefix_of(partners, late.text()) == "itnet"
    assert prefix_of(partners, partners.rotate(late.id).text()) == "itnet"


def test_a_key_from_before_learns_the_prefix(api: Api, partners: Partners) -> None:
    one = samples.network(api)
    early = partners.create(one, ["events:write"])

    partners.create(one, ["events:write"], prefix="itnet")

    assert prefix_of(partners, early.text()) == "itnet"


def test_a_prefix_is_one_partners_and_a_partner_has_one(api: Api, partners: Partners) -> None:
    one, other = samples.network(api), samples.network(api)
    partners.create(one, ["events:write"], prefix="itnet")

    for organisation, prefix in ((other, "itnet"), (one, "another"), (None, "office")):
        with pytest.raises(Conflict):
            partners.create(organisation, ["events:write"], prefix=prefix)

    assert partners.listed(other) == []


def test_a_prefix_that_another_write_holds_up_is_not_said_to_be_anothers(
    api: Api, partners: Partners, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, client = samples.network(api), partners.tables.client

    def busy(TransactItems: list[object]) -> None:  # noqa: N803 - the SDK's name
        reasons = [{"Code": BUSY}] * len(TransactItems)
        answer = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
        raise client.exceptions.TransactionCanceledException(answer, "TransactWriteItems")  # type: ignore[arg-type]

    monkeypatch.setattr(client, "transact_write_items", busy)

    with pytest.raises(WriteContention):
        partners.create(one, ["events:write"], prefix="itnet")
