"""Writes what a version of a record said as its next version: `make restore ID=org_… VERSION=7`.

It works through the API: on the running local register with the office's key from `DATA_DIR`, or on any with `--url`
and the key in `KEY`. All that the version said comes back, contacts of persons included, but for what was erased from
the past. Who keeps the record, and the answers of a cooperation's parties, stay as they are. A deleted record stays
deleted: its content can be entered as a new one, with a new id.
"""

import argparse
import json
import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from infra.client import Answer, Client, Unreachable
from infra.local.engine import ROOT
from shared.models import ids, views
from shared.models.patch import difference

Json = dict[str, Any]

COLLECTIONS = {"organisation": "/organisations", "event": "/events", "cooperation": "/cooperations"}
KEPT = ("type", "id", "version", "created_at", "updated_at", "managed_by", "previous_when")
"""What the register sets itself, and holds as it is."""


class RestoreFailed(Exception):
    """Nothing was written; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Restore:
    """One record, by id; a membership is found at its network."""

    client: Client
    record_id: str
    network: str | None = None

    @property
    def collection(self) -> str:
        """Where such records are entered; raises `RestoreFailed`."""
        record_type = ids.type_of(self.record_id)
        if record_type == "membership":
            if self.network is None:
                raise RestoreFailed("A membership is found at its network: say NETWORK=org_… as well.")
            return f"/organisations/{self.network}/members"
        if record_type is None:
            raise RestoreFailed(f"{self.record_id} is no id of a record.")
        return COLLECTIONS[record_type]

    @property
    def path(self) -> str:
        """The address of the record."""
        return f"{self.collection}/{self.record_id}"

    def run(self, version: int, *, as_new: bool) -> Iterator[str]:
        """Restore the version and yield what is done, in lines; raises `RestoreFailed` or `Unreachable`."""
        past = self.client.ask("GET", f"{self.path}/history/{version}?view=full")
        if past.status == HTTPStatus.GONE:
            raise RestoreFailed(f"Version {version} is the deletion; name the one before it.")
        content = _sendable(_expected(past, HTTPStatus.OK).content)
        held = self.client.ask("GET", f"{self.path}?view=full")
        if held.status in {HTTPStatus.GONE, HTTPStatus.PERMANENT_REDIRECT}:
            yield from self._enter(content, version, as_new=as_new)
        else:
            yield from self._replace(content, version, _expected(held, HTTPStatus.OK))

    def _replace(self, content: Json, version: int, held: Answer) -> Iterator[str]:
        places = [operation["path"] for operation in difference(_sendable(held.content), content)]
        if not places:
            yield f"{self.record_id} says what version {version} said already; nothing is written."
            return
        yield f"{self.record_id} stands at version {held.content['version']}. To be as in version {version}:"
        yield from (f"  {place}" for place in places)
        correcting = "?correction=true" if ids.type_of(self.record_id) == "organisation" else ""
        body = _forgetting(content, held.content)
        answer = self._write("PUT", f"{self.path}{correcting}", body, {"If-Match": held.headers["etag"]})
        written = _expected(answer, HTTPStatus.OK).content
        yield f"Written as version {written['version']}."

    def _enter(self, content: Json, version: int, *, as_new: bool) -> Iterator[str]:
        if not as_new:
            raise RestoreFailed(
                f"{self.record_id} was deleted, and stays so. AS_NEW=1 enters what version {version} said as a new"
                " record, under a new id and with the external ids of the old one."
            )
        answer = _expected(self._write("POST", self.collection, content, {}), HTTPStatus.CREATED)
        yield f"{self.record_id} stays deleted. What its version {version} said is now {answer.content['id']}."

    def _write(self, method: str, path: str, content: Json, headers: dict[str, str]) -> Answer:
        sent = {**headers, "Idempotency-Key": f"restore-{secrets.token_hex(8)}"}
        return self.client.ask(method, path, json.dumps(content, ensure_ascii=False).encode(), sent)


def _sendable(record: Json) -> Json:
    """Return what of a record may be sent: without what the register sets itself."""
    found = {name: value for name, value in record.items() if name not in KEPT}
    if isinstance(found.get("when"), dict):
        found["when"] = {name: value for name, value in found["when"].items() if name != "precision"}
    if "parties" in found:
        found["parties"] = [
            {name: value for name, value in party.items() if name != "confirmation"} for party in found["parties"]
        ]
    return found


def _forgetting(content: Json, held: Json) -> Json:
    """Return the content with null for what a person had not then: hidden fields that are left out would stay."""
    known = {person["key"]: person for _, person in views.persons(held)}
    body: Json = json.loads(json.dumps(content))
    for _, person in views.persons(body):
        person.update(dict.fromkeys(known.get(person["key"], {}).keys() - person.keys()))
    return body


def _expected(answer: Answer, status: HTTPStatus) -> Answer:
    if answer.status != status:
        faults = [f"{fault.get('pointer', '')} {fault['message']}" for fault in answer.content.get("errors", ())]
        raise RestoreFailed("\n  ".join([f"The register refused: {answer.summary}", *faults]))
    return answer


def _client(url: str) -> Client:
    key = os.environ.get("KEY")
    if not key:
        folder = ROOT / (os.environ.get("DATA_DIR") or ".local/data")
        try:
            key = (folder / "admin.key").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise RestoreFailed(f"There is no admin.key in {folder}; name its folder as DATA_DIR, or a KEY.") from None
    return Client(url, key)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; gives the exit status."""
    parser = argparse.ArgumentParser(prog="make restore", description="Restores a version of a record.")
    parser.add_argument("id")
    parser.add_argument("version", type=int)
    parser.add_argument("--network", help="of a membership")
    parser.add_argument("--as-new", action="store_true", help="enter what a deleted record said as a new one")
    parser.add_argument("--url", default=f"http://127.0.0.1:{os.environ.get('PORT') or 8000}/v1")
    options = parser.parse_args(arguments)
    try:
        restore = Restore(_client(options.url), options.id, options.network)
        for line in restore.run(options.version, as_new=options.as_new):
            print(line)
    except (RestoreFailed, Unreachable) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
