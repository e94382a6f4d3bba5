"""A clock that the tests move, and a client that fails where it is told to."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from types_boto3_dynamodb.client import DynamoDBClient

Contents = dict[str, dict[tuple[str, str], dict[str, Any]]]
"""Everything that stands in the tables, by table and key."""

NOON = 1_795_262_400.0  # 2026-11-21T12:00:00Z


@dataclass
class Time:
    """A clock that only sleeping and the tests move."""

    now: float = NOON
    elapsed: float = 0.0
    due: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def pass_by(self, seconds: float) -> None:
        self.now += seconds
        self.elapsed += seconds
        for moment, happen in sorted(self.due, key=lambda event: event[0]):
            if moment <= self.elapsed:
                self.due.remove((moment, happen))
                happen()


class Faulty:
    """The real client; the next transactions meet the faults in `script`, in turn."""

    def __init__(self, client: DynamoDBClient, time: Time) -> None:
        self.real = client
        self._time = time
        self.script: list[Callable[[dict[str, Any]], dict[str, Any]]] = []
        self.sent: list[list[dict[str, Any]]] = []
        self._done: dict[str, tuple[object, dict[str, Any]]] = {}
        """What was done by its ClientRequestToken, and its answer; moto does not know tokens."""

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)

    def transact_write_items(self, **request: list[dict[str, Any]]) -> dict[str, Any]:
        self.sent.append(request["TransactItems"])
        if self.script:
            return self.script.pop(0)(request)
        return self.commit(request)

    def commit(self, request: dict[str, Any]) -> dict[str, Any]:
        transact: Any = self.real.transact_write_items
        token = request.get("ClientRequestToken")
        if token in self._done:
            content, given = self._done[token]
            assert content == request["TransactItems"], "IdempotentParameterMismatchException"
            return given
        answer: dict[str, Any] = transact(**request)
        if token is not None:
            self._done[token] = request["TransactItems"], answer
        return answer

    def _time_out(self) -> ReadTimeoutError:
        self._time.pass_by(2.0)
        return ReadTimeoutError(endpoint_url="https://dynamodb")

    def lost_answer(self, request: dict[str, Any]) -> dict[str, Any]:
        self.commit(request)
        raise self._time_out()

    def lost_request(self, _: dict[str, Any]) -> dict[str, Any]:
        raise self._time_out()

    def commits_after(self, seconds: float) -> Callable[[dict[str, Any]], dict[str, Any]]:
        def fault(request: dict[str, Any]) -> dict[str, Any]:
            def happen() -> None:
                with suppress(self.real.exceptions.TransactionCanceledException):
                    self.commit(request)

            self._time.due.append((self._time.elapsed + 2.0 + seconds, happen))
            raise self._time_out()

        return fault

    def never_sent(self, _: dict[str, Any]) -> dict[str, Any]:
        raise EndpointConnectionError(endpoint_url="https://dynamodb")

    def throttled(self, _: dict[str, Any]) -> dict[str, Any]:
        raise client_error("ThrottlingException", 400)

    def broken(self, _: dict[str, Any]) -> dict[str, Any]:
        raise client_error("InternalServerError", 500)

    def conflict(self, request: dict[str, Any]) -> dict[str, Any]:
        response: Any = client_error("TransactionCanceledException", 400).response
        codes = ["TransactionConflict"] + ["None"] * (len(request["TransactItems"]) - 1)
        response["CancellationReasons"] = [{"Code": code} for code in codes]
        raise self.real.exceptions.TransactionCanceledException(response, "TransactWriteItems")

    def killed(self, _: dict[str, Any]) -> dict[str, Any]:
        """The writer's process ends; what it sent may still commit."""
        raise SystemExit

    def freezes(self, seconds: float) -> Callable[[dict[str, Any]], dict[str, Any]]:
        def fault(request: dict[str, Any]) -> dict[str, Any]:
            self._time.pass_by(seconds)
            return self.commit(request)

        return fault

    def after(self, happen: Callable[[], object]) -> Callable[[dict[str, Any]], dict[str, Any]]:
        """Let something else happen between this transaction's reads and its commit."""

        def fault(request: dict[str, Any]) -> dict[str, Any]:
            happen()
            return self.commit(request)

        return fault


def client_error(code: str, status: int) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        "TransactWriteItems",
    )
