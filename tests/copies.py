"""moto's transactions in less time: their tables are copied once."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table


@contextmanager
def copied_once() -> Iterator[None]:
    """For as long as the block lasts, a transaction copies each table once, to go back to it where it fails.

    moto itself makes such a copy for each action, all of the same state.
    """
    copies: dict[int, Table] = {}
    transact = DynamoDBBackend.transact_write_items

    def transact_write_items(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        copies.clear()
        transact(backend, transact_items)

    def copy_once(table: Table, memo: dict[int, Any]) -> Table:
        if id(table) not in copies:
            made = copies[id(table)] = object.__new__(type(table))
            vars(made).update(copy.deepcopy(vars(table), memo))
        return copies[id(table)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DynamoDBBackend, "transact_write_items", transact_write_items)
        patch.setattr(Table, "__deepcopy__", copy_once, raising=False)
        yield
