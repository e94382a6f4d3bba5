"""Ids of records that are there, to be sent in place of drawn ones: what is not there answers 404 and no more."""

import re
from collections.abc import Mapping
from typing import Any, Final
from zlib import crc32

_ID: Final = re.compile(r"(org|mem|evt|coop|job|whk)_[0-7][0-9a-hjkmnp-tv-z]{25}")
_REF: Final = re.compile(r"[a-z][a-z0-9._-]{1,31}:[ -~]{1,128}$")
_REFERRED: Final = {
    "organisation_id": "org",
    "network_id": "org",
    "member_id": "org",
    "care_of_id": "org",
    "managed_by": "org",
    "event_id": "evt",
    "cooperation_id": "coop",
}
_MADE_IN_USE: Final = 50
"""So many of the newest that a run made itself are sent beside those that it found."""


class Living:
    """The ids of records that a run found, which it may change but not end, and of those that it made."""

    def __init__(self, found: Mapping[str, str | None]) -> None:
        """Take the ids that were there before; with each membership its network."""
        self._found = {prefix: [id for id in found if _prefix(id) == prefix] for prefix in {*map(_prefix, found)}}
        self._made: dict[str, list[str]] = {}
        self._ended: set[str] = set()
        self._networks = {id: network for id, network in found.items() if network is not None}

    def made(self, id: str, network: str | None) -> None:
        """Take the id of a record that the run made."""
        self._made.setdefault(_prefix(id), []).append(id)
        if network is not None:
            self._networks[id] = network

    def ended(self, id: str) -> None:
        """Take the id of a record that the run deleted, or merged into another one."""
        self._ended.add(id)
        made = self._made.get(_prefix(id), [])
        if id in made:
            made.remove(id)

    def sent(self, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Return what to send for a value: the same, with the id of a record in place of each that names none."""
        if isinstance(value, dict):
            return {name: self._referred(name, part) or self.sent(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self.sent(part) for part in value]
        return self._standing_for(value) if isinstance(value, str) and _ID.fullmatch(value) else value

    def _referred(self, name: str, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Return another reference for one by an external id, to a record of the type that the field is for."""
        prefix = _REFERRED.get(name)
        if (
            prefix is None
            or not isinstance(value, dict)
            or value.keys() != {"ref"}
            or not _REF.match(str(value["ref"]))
        ):
            return None
        return {"ref": f"clusterregister:{self._standing_for(f'{prefix}_{value}')}"}

    def to_end(self, id: str) -> str:
        """Return the id of a record that the run made; where there is none left, one that names nothing."""
        made = self._made.get(_prefix(id), [])
        if id in made or id in self._ended:
            return id
        return made[-1] if made else f"{_prefix(id)}_{'0' * 26}"

    def network_of(self, membership: str, otherwise: str) -> str:
        """Return the network to which a membership belongs."""
        return self._networks.get(membership, otherwise)

    def _standing_for(self, id: str) -> str:
        prefix = _prefix(id)
        made, found = self._made.get(prefix, []), self._found.get(prefix, [])
        if id in made or id in found or id in self._ended:
            return id
        known = [*found, *made[-_MADE_IN_USE:]]
        # By the id itself, for what is equal in a request must stay so.
        return known[crc32(id.encode()) % len(known)] if known else id


def _prefix(id: str) -> str:
    return id.partition("_")[0]
