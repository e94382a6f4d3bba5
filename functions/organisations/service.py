"""Memberships live below their network: the path decides which network is meant."""

from typing import Any

from shared.errors import Fault, InvalidContent, NotFound
from shared.models import ids
from shared.tables.references import resolve
from shared.tables.register import Register
from shared.tables.tables import Document

Json = dict[str, Any]


def enter(register: Register, network_id: str, body: Json) -> Document:
    """A new membership in a network; raises `NotFound` or `Gone` for the network, else as `Register.create`."""
    if ids.type_of(network_id) != "organisation":
        raise NotFound
    register.tables.document(network_id)
    return register.create("membership", of_network(register, network_id, body))


def of_network(register: Register, network_id: str, body: Json) -> Json:
    """The body with the network of the path, which it may leave out; raises `InvalidContent` if it names another."""
    named, _ = resolve(register.tables, {"network_id": body.get("network_id")})
    if named["network_id"] not in (None, network_id):
        message = "Leave the network out, or name the one in the path."
        raise InvalidContent(faults=[Fault(message, "other-network", pointer="/network_id")])
    return {**body, "network_id": network_id}


def belonging(register: Register, network_id: str, membership_id: str) -> str:
    """The id of a membership of this network; raises `NotFound` or `Gone`."""
    if ids.type_of(membership_id) != "membership" or ids.type_of(network_id) != "organisation":
        raise NotFound
    text = register.tables.document(membership_id).text or ""
    if f'"network_id":"{network_id}"' not in text:
        raise NotFound
    return membership_id
