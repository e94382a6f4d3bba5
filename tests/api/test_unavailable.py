"""What passes is a 503 that says when to come back; nothing is half-written."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from shared.http import edge
from tests.api import samples
from tests.api.client import Answer, Api, problem
from tests.api.conftest import House

AGAIN = "Send the same request again after the seconds in Retry-After."


def throttled(operation: str) -> ClientError:
    error = {"Code": "ThrottlingException", "Message": "Rate exceeded"}
    return ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": 400}}, operation)  # type: ignore[typeddict-item]


def cut_off(_: str) -> ReadTimeoutError:
    return ReadTimeoutError(endpoint_url="https://dynamodb.example")


@pytest.fixture
def failing(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Lets an operation of the client fail, in a request that has no time for a second attempt."""
    monkeypatch.setattr(edge, "REQUEST_SECONDS", 0.0)

    def fail(method: str, error: Callable[[str], Exception]) -> None:
        def raising(**_: Any) -> None:  # noqa: ANN401 - whatever the client is asked
            raise error(method)

        monkeypatch.setattr(house.process.TABLES.client, method, raising)

    yield fail
    monkeypatch.undo()


def asked(api: Api, network: str) -> list[Answer]:
    return [
        api.get(f"/organisations/{network}"),
        api.get("/organisations"),
        api.patch(f"/organisations/{network}", {"name": "Neu"}, if_match="*"),
    ]


@pytest.mark.parametrize("error", [throttled, cut_off])
def test_reads_that_the_tables_refuse_are_503(
    api: Api, failing: Callable[..., None], error: Callable[[str], Exception]
) -> None:
    network = samples.network(api)
    for method in ("get_item", "query", "batch_get_item"):
        failing(method, error)

    answers = asked(api, network)

    assert [answer.status for answer in answers] == [503] * 3
    assert {answer.headers["retry-after"] for answer in answers} == {"1"}
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
    assert {answer.headers["cache-control"] for answer in answers} == {"private, no-store"}


def test_a_write_that_the_tables_refuse_is_503_and_not_done(
    api: Api, house: House, failing: Callable[..., None]
) -> None:
    network = samples.network(api)
    before = house.contents()
    failing("transact_write_items", throttled)

    answers = [asked(api, network)[2], api.post("/organisations", {"name": "x", "kind": "other"})]

    expected = problem("throttled", 503, "Too much at once", AGAIN)
    assert [(answer.status, answer.headers["retry-after"], answer.json) for answer in answers] == [
        (503, "1", expected)
    ] * 2
    assert house.contents() == before


def test_a_write_without_an_answer_says_that_nobody_knows(api: Api, failing: Callable[..., None]) -> None:
    network = samples.network(api)
    failing("transact_write_items", cut_off)

    answer = asked(api, network)[2]

    expected = problem(
        "outcome-unknown",
        503,
        "Whether the write happened is not known",
        "Read the record before you send the write again.",
    )
    assert (answer.status, answer.headers["retry-after"], answer.json) == (503, "1", expected)


def test_a_write_whose_answer_was_lost_is_found_to_have_happened(
    api: Api, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = samples.network(api)
    write = house.process.TABLES.client.transact_write_items

    def lost(**request: Any) -> None:  # noqa: ANN401 - whatever the client is asked
        write(**request)
        raise cut_off("transact_write_items")

    with monkeypatch.context() as patch:
        patch.setattr(house.process.TABLES.client, "transact_write_items", lost)
        answer = api.patch(f"/organisations/{network}", {"name": "Neu"}, if_match='"1"')

    assert (answer.status, answer.etag, answer.json["name"]) == (200, '"2"', "Neu")
    assert api.get(f"/organisations/{network}").content == answer.content
