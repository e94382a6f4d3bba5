"""A client of DynamoDB to which everything happens that can happen on the way, by chance that can be repeated."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from tests.tables.faulty import Time

Request = dict[str, Any]
Call = Callable[..., Request]

READING = {"get_item", "query", "batch_get_item"}
WRITING = {"put_item", "update_item", "transact_write_items"}
TIME_OUT = 2.0
LATEST = 15.0
"""Seconds after the client gave up by which a request may still be carried out."""


class Killed(BaseException):
    """The process is gone, in the middle of a call."""


@contextmanager
def killed(client: object, at: int, *, after: bool = False) -> Iterator[None]:
    """The process that runs the block dies around the n-th call that writes: before it, or after it took effect."""
    calls = 0

    def dies(real: Call) -> Call:
        def called(**request: Any) -> Request:  # noqa: ANN401 - DynamoDB's JSON
            nonlocal calls
            calls += 1
            if calls == at and not after:
                raise Killed
            answer = real(**request)
            if calls == at:
                raise Killed
            return answer

        return called

    with pytest.MonkeyPatch.context() as patch:
        for name in WRITING:
            patch.setattr(client, name, dies(getattr(client, name)))
        with pytest.raises(Killed):
            yield


class Chaos:
    """The real client, of whose calls the given part goes wrong."""

    def __init__(self, client: object, time: Time, random: Random, rate: float) -> None:
        self.real = client
        self.rate = rate
        self.met: Counter[str] = Counter()
        self.calls = 0
        self.meanwhile: Callable[[], None] = lambda: None
        self._time = time
        self._random = random

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the client has
        real = getattr(self.real, name)
        return self._around(name, real) if name in READING | WRITING else real

    def _around(self, name: str, real: Call) -> Call:
        faults: list[Callable[[Call, Request], Request]] = [self._throttled, self._lost, self._broken, self._killed]
        if name in WRITING:
            faults += [self._answer_lost, self._applied_and_broken, self._applied_and_killed, self._late]
        if name == "transact_write_items":
            # A write of which nobody knows is the fault that everything here is for.
            faults += [self._conflict, self._answer_lost, self._late, *[self._applied_and_killed] * 3]

        def call(**request: Any) -> Request:  # noqa: ANN401 - DynamoDB's JSON
            if not self.rate:
                return real(**request)
            self.calls += 1
            if self._random.random() < self.rate / 2 and name == "transact_write_items":
                self.meanwhile()
            if self._random.random() >= self.rate:
                return real(**request)
            fault = self._random.choice(faults)
            self.met[fault.__name__.strip("_").replace("_", " ")] += 1
            return fault(real, request)

        return call

    def _time_out(self) -> ReadTimeoutError:
        self._time.pass_by(TIME_OUT)
        return ReadTimeoutError(endpoint_url="https://dynamodb")

    def _lost(self, _: Call, __: Request) -> Request:
        raise self._time_out()

    def _answer_lost(self, real: Call, request: Request) -> Request:
        with suppress(ClientError):
            real(**request)
        raise self._time_out()

    def _late(self, real: Call, request: Request) -> Request:
        def happen() -> None:
            with suppress(ClientError):
                real(**request)

        moment = self._time.elapsed + self._random.uniform(0.1, TIME_OUT + LATEST)
        self._time.due.append((moment, happen))
        raise self._time_out()

    def _throttled(self, _: Call, __: Request) -> Request:
        raise _error("ThrottlingException", 400)

    def _broken(self, _: Call, __: Request) -> Request:
        raise _error("InternalServerError", 500)

    def _applied_and_broken(self, real: Call, request: Request) -> Request:
        with suppress(ClientError):
            real(**request)
        raise _error("InternalServerError", 500)

    def _conflict(self, _: Call, request: Request) -> Request:
        error = _error("TransactionCanceledException", 400)
        codes = ["TransactionConflict"] + ["None"] * (len(request["TransactItems"]) - 1)
        error.response["CancellationReasons"] = [{"Code": code} for code in codes]
        raise error

    def _killed(self, _: Call, __: Request) -> Request:
        raise Killed

    def _applied_and_killed(self, real: Call, request: Request) -> Request:
        with suppress(ClientError):
            real(**request)
        raise Killed


def _error(code: str, status: int) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        "operation",
    )
