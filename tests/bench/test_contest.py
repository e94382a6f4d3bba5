"""Everybody is asked the same and answers the same, or the figures would mean nothing."""

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from infra.bench import contest, register
from infra.bench.contest import EVENTS, Contestant
from infra.bench.processes import Wrong, started
from infra.bench.stub import answering
from shared.tables.feed import stamp_of

Json = dict[str, Any]
GIVEN = {"id", "created_at", "updated_at"}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    folder = tmp_path_factory.mktemp("bench")
    register.build(folder / "snapshots", 500, stamp_of(time.time() - 60))
    with answering(contest.answers()) as endpoint:
        yield contest.environment(endpoint, folder)


@pytest.fixture(scope="module")
def contestants() -> list[Contestant]:
    return [contest.ours(), contest.bare(), contest.bare_with_model(), contest.bare_with_calls()]


def first(contestant: Contestant, request: str, environment: Mapping[str, str]) -> Json:
    with started(contestant, request, environment) as process:
        again = process.again(EVENTS[request], 3)
        assert again["answer"]["statusCode"] == process.first["answer"]["statusCode"]
        body: Json = json.loads(process.first["answer"]["body"])
    return body


@pytest.mark.parametrize("request_name", ["one", "create", "page"])
def test_all_give_the_same_content(
    contestants: list[Contestant], environment: Mapping[str, str], request_name: str
) -> None:
    asked = [each for each in contestants if request_name in each.handlers]

    bodies = [first(each, request_name, environment) for each in asked]

    if request_name == "page":
        contents: list[Any] = [body["items"] for body in bodies]
        assert [len(items) for items in contents] == [50] * len(asked)
        contents = [[{**item, "updated_at": ""} for item in items] for items in contents]
    else:
        contents = [{name: value for name, value in body.items() if name not in GIVEN} for body in bodies]
        assert contents[0]["name"].startswith(contest.ORGANISATION["name"])
    assert contents[1:] == contents[:1] * (len(asked) - 1)


def test_a_contestant_that_fails_is_found_out(environment: Mapping[str, str]) -> None:
    lost = Contestant("lost", contest.bare().folder, {"one": "infra.bench.rivals.bare.answer"})

    with pytest.raises(Wrong, match="lost answers one with"), started(lost, "one", environment):
        raise AssertionError("It has started.")
