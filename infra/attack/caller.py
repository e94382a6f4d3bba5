"""Those who attack: nobody, a partner and the office, each on a register of its own, so that none disturbs another."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Literal, cast

from infra.client import Client
from infra.local.engine import ROOT
from infra.running import Running

Json = dict[str, Any]
Caller = Literal["nobody", "partner", "office"]

_SCOPES: Final = "organisations:write,events:write,cooperations:write,contacts:read,webhooks:manage"
_PREFIX: Final = "attack"
SCHEME: Final = f"{_PREFIX}.crm"
"""The scheme of the external ids that are sent: the partner's own."""


def key_of(caller: Caller, register: Running) -> str | None:
    """Give the key with which somebody attacks a register: the partner is a network of the sample data."""
    if caller == "nobody":
        return None
    if caller == "office":
        return register.key
    network = _listed(Client(register.base_url), "/organisations?kind=network")[0]["id"]
    arguments = ["create", "--organisation", network, "--scopes", _SCOPES, "--prefix", _PREFIX]
    made = subprocess.run(
        [sys.executable, "-m", "infra.keys", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(register.data)},
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.split()[-1]


def records(client: Client, receiver: str) -> dict[str, str | None]:
    """Give the ids of the sample data, with each membership its network, and of a webhook made for the caller."""
    found: dict[str, str | None] = {}
    for noun in ("organisations", "events", "cooperations"):
        found |= dict.fromkeys(each["id"] for each in _listed(client, f"/{noun}"))
    for network in _listed(client, "/organisations?kind=network"):
        members = _listed(client, f"/organisations/{network['id']}/members")
        found |= {each["id"]: network["id"] for each in members}
    if client.key is not None:
        webhook = client.ask("POST", "/webhooks", json.dumps({"url": receiver}).encode())
        found[webhook.content["id"]] = None
    return found


def _listed(client: Client, path: str) -> list[Json]:
    """Give all that a list holds; the sample data fits on a page of each."""
    separator = "&" if "?" in path else "?"
    return cast("list[Json]", client.ask("GET", f"{path}{separator}limit=200").content["items"])


@contextmanager
def receiving() -> Iterator[str]:
    """Give the address of a receiver of webhooks, which answers challenges and takes whatever comes."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Receiver)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


class _Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        message: Mapping[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        content = json.dumps({"challenge": message["data"].get("challenge")}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
