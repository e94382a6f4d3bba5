"""Loads the sample records into a running register, through its API as any partner would; safe to run again."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from infra.client import Answer, Client, Unreachable
from infra.sample.facts import records, slug_named


class LoadError(Exception):
    """The register could not be reached or refused a sample record; the message says which and why."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load found and did."""

    created: int
    """Records that the load added."""
    present: int
    """Records that were there already."""
    ids: Mapping[str, str]
    """The id of every sample record by its slug."""


def load(base_url: str, *, key: str | None = None) -> LoadReport:
    """Post all sample records one after another and return their ids; raises `LoadError` at the first refusal.

    `base_url` ends with the stage (`http://127.0.0.1:8000/v1`), `key` is an API key where the register wants one.
    A record whose external id is taken counts as present, so that a load that broke off goes on where it was.
    """
    try:
        return _loaded(Client(base_url, key))
    except Unreachable as problem:
        raise LoadError(str(problem)) from problem


def _loaded(register: Client) -> LoadReport:
    ids: dict[str, str] = {}
    created = 0
    for slug, record in records():
        path = _collection(record, ids)
        answer = register.ask("POST", path, json.dumps(record).encode())
        if answer.status == HTTPStatus.CREATED:
            created += 1
            ids[slug] = answer.content["id"]
            continue
        present = _present(register, path, record, answer)
        if present is None:
            raise LoadError(_refusal(slug, answer))
        ids[slug] = present
    return LoadReport(created, len(ids) - created, ids)


def _collection(record: Mapping[str, Any], ids: Mapping[str, str]) -> str:
    if record["type"] == "membership":
        return f"/organisations/{ids[slug_named(record['network_id']) or '']}/members"
    return f"/{record['type']}s"


def _present(register: Client, path: str, record: Mapping[str, Any], answer: Answer) -> str | None:
    """Return the id of the record that is in the way, if it is the one that was to be added; else None.

    A membership that is there already also overlaps with itself, and the register may name either reason.
    """
    related = answer.content.get("related")
    if answer.status != HTTPStatus.CONFLICT or not related:
        return None
    if not str(answer.content.get("type")).endswith("/external-id-taken"):
        held = register.ask("GET", f"{path}/{related[0]}").content.get("external_ids", ())
        if record["external_ids"][0] not in held:
            return None
    return str(related[0])


def _refusal(slug: str, answer: Answer) -> str:
    faults = "".join(
        f"\n  {fault.get('pointer') or fault.get('parameter') or fault.get('header')}: {fault.get('message')}"
        for fault in answer.content.get("errors", ())
    )
    return f"The register refused the sample record {slug}: {answer.summary}{faults}"


def main() -> int:
    """Load into the register named on the command line and say in one line what came of it."""
    match sys.argv[1:]:
        case [base_url]:
            key = None
        case [base_url, key]:
            pass
        case _:
            print("Usage: python -m infra.load_sample http://127.0.0.1:8000/v1 [API key]", file=sys.stderr)
            return 2
    try:
        report = load(base_url, key=key)
    except LoadError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Sample data: {report.created} records added, {report.present} were there already.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
