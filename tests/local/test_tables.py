"""Tables in the embedded engine, however long that takes."""

import pytest
from botocore.exceptions import ReadTimeoutError

from infra.local import tables
from infra.local.tables import create_tables, patiently
from infra.template import Template


class Slow:
    """An engine that does what it is asked, and says so too late the first time."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.expiring: set[str] = set()
        self.asked: dict[str, int] = {}
        self.exceptions = self

    class ResourceInUseException(Exception):
        """That table is there already."""

    def list_tables(self) -> dict[str, list[str]]:
        self._answer("list")
        return {"TableNames": [*self.made]}

    def create_table(self, **arguments: str) -> None:
        if arguments["TableName"] in self.made:
            raise self.ResourceInUseException
        self.made.append(arguments["TableName"])
        self._answer(arguments["TableName"])

    def update_time_to_live(self, **arguments: str) -> None:
        self.expiring.add(arguments["TableName"])

    def _answer(self, what: str) -> None:
        self.asked[what] = self.asked.get(what, 0) + 1
        if self.asked[what] == 1:
            raise ReadTimeoutError(endpoint_url="http://127.0.0.1")


def test_a_table_whose_answer_came_too_late_is_a_new_one() -> None:
    engine, wanted = Slow(), Template.read().tables

    created = create_tables(engine, wanted)  # type: ignore[arg-type]

    assert created == engine.made == [table.logical_id for table in wanted]
    assert engine.expiring == {table.logical_id for table in wanted if table.ttl_attribute}
    assert create_tables(engine, wanted) == []  # type: ignore[arg-type]


def test_an_engine_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> None:
        raise ReadTimeoutError(endpoint_url="http://127.0.0.1")

    monkeypatch.setattr(tables, "PATIENCE_SECONDS", 0.0)

    with pytest.raises(ReadTimeoutError):
        patiently(never)
