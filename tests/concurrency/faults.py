"""Writers whose writes go wrong now and then, in any number of threads."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from random import Random
from threading import Lock, Timer
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from tests.api import samples
from tests.api.client import Api, Json

FAULTS = 0.04
LATEST = 16.0
"""Seconds after it was given up by which a write may commit."""


class Killed(BaseException):
    """The writer's process is gone."""


class Faulty:
    """The real client, of whose writes some go wrong; for any number of threads."""

    def __init__(self, real: Any, random: Random) -> None:  # noqa: ANN401 - botocore makes its clients at run time
        self.real = real
        self.rate = FAULTS
        self.met: Counter[str] = Counter()
        self.late: list[Timer] = []
        self._random = random
        self._lock = Lock()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the client has
        return getattr(self.real, name)

    def transact_write_items(self, **request: Any) -> Any:  # noqa: ANN401 - DynamoDB's JSON
        with self._lock:
            happens = self._random.random() < self.rate
            fault = self._random.choice(["answer lost", "lost", "late", "late and killed", "applied and killed"])
            delay = self._random.uniform(0.05, LATEST)
            self.met[fault] += happens
        if not happens:
            return self.real.transact_write_items(**request)
        if fault.startswith("late"):
            timer = Timer(delay, self._commit, [request])
            self.late.append(timer)
            timer.start()
        elif fault != "lost":
            self._commit(request)
        if fault.endswith("killed"):
            raise Killed
        raise ReadTimeoutError(endpoint_url="https://dynamodb")

    def _commit(self, request: Any) -> None:  # noqa: ANN401 - DynamoDB's JSON
        with suppress(ClientError):
            self.real.transact_write_items(**request)


def write(api: Api, random: Random, count: int, networks: list[str], known: list[str]) -> None:
    """So many writes of all kinds; what they answer does not matter here."""
    for number in range(count):
        network, path = random.choice(networks), random.choice(known)
        change: Json = {"note": str(number)} if "/members/" in path else {"topics": [f"t{number}"]}
        works: list[Callable[[], Any]] = [
            lambda: api.post("/organisations", {"name": f"Firma {number}", "kind": "company"}),  # noqa: B023
            lambda: api.post("/events", samples.least("event", network)),  # noqa: B023
            lambda: api.post("/cooperations", samples.least("cooperation", network)),  # noqa: B023
            lambda: api.post(f"/organisations/{network}/members", {"member_id": random.choice(networks)}),  # noqa: B023
            lambda: api.delete(path, if_match="*"),  # noqa: B023
            *[lambda: api.patch(path, change, if_match="*")] * 5,  # noqa: B023
        ]
        with suppress(Killed):
            answer = random.choice(works)()
            if answer.status == 201:
                known.append(answer.headers["location"].removeprefix("/v1"))
