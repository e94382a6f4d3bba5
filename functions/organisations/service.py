"""Memberships live below their network: the path decides which network is meant."""

from typing import Any

from shared.errors import Fault, InvalidContent, NotFound
from shared.models import ids
from shared.tables.references import resolve
from shared.tables.register import Outcome, Register

Json = dict[str, Any]


def enter(register: Register, network_id: str, body: Json) -> Outcome:
    """A new membership in a network; raises `NotFound` or `Gone` for the network, else as `Register.create`."""
    if ids.type_of(network_id) != "organisation":
        raise NotFound
    register.tables.document(network_id)
    return register.create("membership", with_network(register, network_id, body))


def with_network(register: Register, network_id: str, body: Json) -> Json:
    """The body with the network of the path, which it may leave out; raises `InvalidContent` if it names another."""
    named, _ = resolve(register.tables, {"network_id": body.get("network_id")})
    if named["network_id"] not in (None, network_id):
        message = "Leave the network out, or name the one in the path."
        raise InvalidContent(faults=[Fault(message, "other-network", pointer="/network_id")])
    return {**body, "network_id": network_id}
