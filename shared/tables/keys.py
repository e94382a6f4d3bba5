"""Keys of every item, by table; each builder shows an example. The attributes are `pk` and `sk` in all tables."""

from datetime import date
from typing import Any, Final

Key = dict[str, dict[str, str]]

DOCUMENT: Final = "DOC"
GUARD: Final = "IN"
REVISION_PREFIX: Final = "REV#"
EPOCH_PREFIX: Final = "~"
"""Sorts behind every stamp, so that the last page of a day's entries ends with the epochs begun on it."""


def key(pk: str, sk: str) -> Key:
    """A primary key in DynamoDB's JSON: `{"pk": {"S": "org_01"}, "sk": {"S": "DOC"}}`."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def document(record_id: str) -> Key:
    """`org_01jd… / DOC`: the current version, or the tombstone."""
    return key(record_id, DOCUMENT)


def revision(record_id: str, version: int) -> Key:
    """`org_01jd… / REV#000000000007`: what version 7 said."""
    return key(record_id, f"{REVISION_PREFIX}{version:012d}")


def guard(record_id: str) -> Key:
    """`org_01jd… / IN`: how many records refer to this one."""
    return key(record_id, GUARD)


def pair(network_id: str, member_id: str) -> Key:
    """`PAIR#org_01jd…#org_01je… / PAIR`: the times of all memberships of one organisation in another."""
    return key(f"PAIR#{network_id}#{member_id}", "PAIR")


def reference(scheme: str, value: str) -> Key:
    """`REF#wikidata#Q42 / REF`: which record an external id belongs to."""
    return key(f"REF#{scheme}#{value}", "REF")


def feed_day(day: str) -> str:
    """`FEED#2026-11-21`: the partition of one day's entries (UTC)."""
    return f"FEED#{date.fromisoformat(day).isoformat()}"


def feed_entry(stamp: str, record_id: str, version: int) -> Key:
    """`FEED#2026-11-21 / 2026-11-21T09:30:00.000Z#org_01jd…#7`: that this version exists."""
    return key(feed_day(stamp[:10]), f"{stamp}#{record_id}#{version}")


def epoch(day: str, name: str) -> Key:
    """`FEED#2026-11-21 / ~2026-11-21T09:30:00.000Z#5f3a…`: a new epoch began."""
    return key(feed_day(day), f"{EPOCH_PREFIX}{name}")


def current_epoch() -> Key:
    """`FEED#EPOCH / EPOCH`: the name of the newest epoch."""
    return key("FEED#EPOCH", "EPOCH")


def api_key(key_id: str) -> Key:
    """`KEY#1f2e3d4c5b6a7988 / KEY`: what is kept of a partner's key."""
    return key(f"KEY#{key_id}", "KEY")


def partner(organisation_id: str | None) -> Key:
    """`PARTNER#org_01jd… / KEYS`, `PARTNER#office / KEYS`: which keys of a partner are live."""
    return key(f"PARTNER#{organisation_id or 'office'}", "KEYS")


def prefix(name: str) -> Key:
    """`PREFIX#itnet / PREFIX`: which partner the schemes `itnet.…` of external ids belong to."""
    return key(f"PREFIX#{name}", "PREFIX")


def idempotency(caller: str, name: str) -> Key:
    """`IDEM#org_01jd…#2f8c-nightly / IDEM`: what a request was answered."""
    return key(f"IDEM#{caller}#{name}", "IDEM")


def quota(caller: str, window: int) -> Key:
    """`QUOTA#org_01jd… / 29921040`: the writes of a partner in one minute, counted since 1970."""
    return key(f"QUOTA#{caller}", str(window))


def job(job_id: str) -> Key:
    """`JOB#job_01jd… / JOB`: what an office has asked for that takes longer than a request."""
    return key(f"JOB#{job_id}", "JOB")


def open_jobs() -> Key:
    """`JOB#open / JOBS`: which jobs are not finished."""
    return key("JOB#open", "JOBS")


def erased(digest: str) -> Key:
    """`ERASED / 5f3a…`: that a person was erased, by a keyed hash."""
    return key("ERASED", digest)


def sweep(minute: str) -> Key:
    """`SWEEP / 2026-11-21T09:30`: which entries of that minute the sweeper has seen."""
    return key("SWEEP", minute)


def text(item: dict[str, Any], name: str) -> str | None:
    """A string attribute of an item, or None where it is absent."""
    value: dict[str, str] | None = item.get(name)
    return None if value is None else value["S"]


def number(item: dict[str, Any], name: str) -> int:
    """A whole-number attribute of an item; 0 where it is absent, as ADD sees it."""
    value: dict[str, str] | None = item.get(name)
    return 0 if value is None else int(value["N"])
