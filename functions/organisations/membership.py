"""A membership is found at its own network only; for readers and writers alike."""

import json

from shared.errors import NotFound
from shared.models import ids
from shared.tables.tables import Document, Tables


def of_network(tables: Tables, network_id: str, membership_id: str) -> Document:
    """The membership of a network.

    Raises `NotFound`, also for one of another network, `Gone`, or `Merged` where the network is another one by now.
    """
    if ids.type_of(membership_id) != "membership":
        raise NotFound
    document = tables.document(membership_id)
    if json.loads(document.text or "{}").get("network_id") != network_id:
        # A tombstone knows whether another network took its place.
        tables.document(network_id)
        raise NotFound
    return document
