"""The guard of an organisation that is on its way into another one."""

from collections.abc import Callable

import pytest

from shared.errors import Conflict
from shared.models.ids import new_id
from shared.tables import keys
from shared.tables.merging import Merging
from shared.tables.register import Register
from shared.tables.tables import Tables
from tests.tables.conftest import enter
from tests.tables.faulty import Contents, Faulty


def test_what_is_deleted_or_was_never_there_goes_nowhere(
    register: Register, tables: Tables, contents: Callable[[], Contents]
) -> None:
    into, deleted = enter(register), enter(register)
    register.delete(deleted, if_match=None)
    before = contents()

    for gone in (deleted, new_id("organisation", 1, bytes(10))):
        with pytest.raises(Conflict):
            Merging(tables, gone, into).close()

    assert contents() == before


def test_what_is_on_its_way_goes_nowhere_else(register: Register, tables: Tables) -> None:
    old, into, other = (enter(register) for _ in range(3))
    begun, rival = Merging(tables, old, into), Merging(tables, old, other)
    begun.close()
    begun.close()

    for step in (rival.close, rival.reopen):
        with pytest.raises(Conflict):
            step()

    assert begun.target() == into
    begun.reopen()
    begun.reopen()
    rival.close()
    assert begun.target() == other


def test_what_was_merged_is_not_opened_again(register: Register, tables: Tables, client: Faulty) -> None:
    old, into = enter(register), enter(register)
    merged = Merging(tables, old, into)
    merged.close()
    client.real.update_item(
        TableName="organisations",
        Key=keys.guard(old),
        UpdateExpression="SET deleted = :yes",
        ExpressionAttributeValues={":yes": {"BOOL": True}},
    )

    with pytest.raises(Conflict):
        merged.reopen()

    assert merged.target() == into
