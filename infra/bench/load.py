"""`make run` under parallel load: requests a second and how long they take, asked from a process of its own.

The local server is one process on one engine, made for development; what it carries says nothing of Lambda, but a lock
held too long or a queue that grows would show here.
"""

import http.client
import json
import statistics
import threading
import time
from collections.abc import Mapping
from typing import Any, Final

from infra.bench.contest import ORGANISATION, text
from infra.running import running

Json = dict[str, Any]

CLIENTS: Final = 8
SECONDS: Final = 5.0


def measure() -> tuple[Json, str]:
    """Give requests a second and milliseconds by request, and the table that shows them."""
    figures: Json = {}
    with running() as register:
        port = register.port
        found = _ask(port, "GET", "/v1/organisations?limit=1")
        record_id = json.loads(found)["items"][0]["id"]
        for name, (method, path) in {
            "GET one": ("GET", f"/v1/organisations/{record_id}"),
            "GET a page of 50": ("GET", "/v1/organisations"),
            "POST": ("POST", "/v1/organisations"),
        }.items():
            figures[name] = _under_load(port, method, path, register.key)
    heading = [f"| make run, {CLIENTS} clients | requests a second | median, ms | p99, ms |", "|---|---|---|---|"]
    lines = [
        f"| {name} | {each['per_second']:.0f} | {each['median_ms']:.1f} | {each['p99_ms']:.1f} |"
        for name, each in figures.items()
    ]
    return figures, "\n".join([*heading, *lines])


def _ask(port: int, method: str, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path)
    return connection.getresponse().read()


def _under_load(port: int, method: str, path: str, key: str) -> Json:
    body = text(ORGANISATION).encode() if method == "POST" else None
    headers: Mapping[str, str] = (
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"} if method == "POST" else {}
    )
    taken: list[float] = []
    wrong: list[int] = []
    end = time.monotonic() + SECONDS

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < end:
            begun = time.perf_counter()
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            response.read()
            taken.append(time.perf_counter() - begun)
            if response.status not in {200, 201}:
                wrong.append(response.status)
        connection.close()

    clients = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return {
        "per_second": len(taken) / SECONDS,
        "median_ms": statistics.median(taken) * 1000,
        "p99_ms": sorted(taken)[int(len(taken) * 0.99)] * 1000,
        "refused": len(wrong),
    }
