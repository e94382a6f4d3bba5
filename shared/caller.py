"""Who calls, and what that one may do: every rule on ownership stands here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from shared.errors import Forbidden, Unauthorised

Scope = Literal[
    "organisations:write", "events:write", "cooperations:write", "contacts:read", "webhooks:manage", "admin"
]
SCOPES: Final = get_args(Scope)

WRITE_SCOPE: Final[Mapping[str, Scope]] = {
    "organisation": "organisations:write",
    "membership": "organisations:write",
    "event": "events:write",
    "cooperation": "cooperations:write",
}

PUBLIC_SCHEMES: Final = frozenset(
    {"ror", "wikidata", "isil", "lei", "vat", "register", "gnd", "isni", "viaf", "sample"}
)
"""Schemes of external ids that belong to nobody; any other belongs to the partner whose prefix it carries."""


def prefix_of(scheme: str) -> str:
    """What a scheme begins with: `itnet` of `itnet.crm`."""
    return scheme.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Caller:
    """A key's owner; without a key nobody, without an organisation the register's own office."""

    key_id: str | None = None
    organisation_id: str | None = None
    scopes: frozenset[str] = frozenset()
    expires_at: str | None = None
    prefix: str | None = None
    """With which the schemes of its own external ids begin: `itnet` for `itnet.crm`."""

    @property
    def is_admin(self) -> bool:
        """Whether every rule on ownership gives way."""
        return "admin" in self.scopes

    @property
    def name(self) -> str:
        """Who it is, for idempotency, quota and history: an organisation's id, `office` or `anonymous`."""
        if self.key_id is None:
            return "anonymous"
        return self.organisation_id or "office"

    def has(self, scope: Scope) -> bool:
        """Whether the key carries a scope, or `admin`, which carries all."""
        return scope in self.scopes or self.is_admin

    def require(self, scope: Scope) -> None:
        """Raise `Unauthorised` without a key, `Forbidden` without the scope."""
        if self.key_id is None:
            raise Unauthorised
        if not self.has(scope):
            raise Forbidden(f"Ask the register's office for a key with the scope {scope}.")

    def may_change(self, record: Mapping[str, Any]) -> bool:
        """Whether this one's records include this one: its manager, the organisation itself, or its network."""
        if self.is_admin:
            return True
        if self.organisation_id is None:
            return False
        owners = {record.get("managed_by")}
        if record["type"] == "organisation":
            owners.add(record["id"])
        if record["type"] == "membership":
            owners.add(record["network_id"])
        return self.organisation_id in owners

    def require_change(self, record: Mapping[str, Any]) -> None:
        """Raise `Forbidden` where the record is another office's."""
        if not self.may_change(record):
            raise Forbidden("Another office keeps this record; ask it, or the register's own office.")

    def require_entry(self, record: Mapping[str, Any]) -> None:
        """Raise `Forbidden` where one may not put such a record there: a network decides who is in it."""
        if record["type"] == "membership" and not self.is_admin and record["network_id"] != self.organisation_id:
            raise Forbidden("A network enters its own members; ask it, or the register's own office.")

    def require_management(self, record: Mapping[str, Any]) -> None:
        """Raise `Forbidden` unless this one's office keeps the record: only it may hand the record over."""
        if not self.is_admin and (self.organisation_id is None or self.organisation_id != record.get("managed_by")):
            raise Forbidden("Only the office that keeps this record may hand it over.")

    def require_organisation(self, organisation_id: str) -> None:
        """Raise `Forbidden` where one would answer for another organisation."""
        if not self.is_admin and self.organisation_id != organisation_id:
            raise Forbidden("An organisation answers for itself, with a key of its own.")

    def owns_scheme(self, scheme: str) -> bool:
        """Whether a scheme of external ids carries this one's prefix."""
        return self.prefix is not None and prefix_of(scheme) == self.prefix

    def may_use(self, scheme: str) -> bool:
        """Whether this one may give and take external ids of a scheme: a public one, or its own."""
        return self.is_admin or scheme in PUBLIC_SCHEMES or self.owns_scheme(scheme)

    def may_see_contacts(self, record: Mapping[str, Any]) -> bool:
        """Whether `view=full` is open: to those who read contacts, and to those who may write the record."""
        return self.has("contacts:read") or (self.has(WRITE_SCOPE[record["type"]]) and self.may_change(record))


ANONYMOUS: Final = Caller()
OFFICE: Final = Caller(key_id="office", scopes=frozenset({"admin"}))
"""The register's own office where it acts without a key: jobs and operators' commands."""
