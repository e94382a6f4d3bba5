"""Feeds as text: JSON Feed 1.1 and Atom (RFC 4287)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree as ET

from functions.reading import REGISTER
from shared.models.languages import Language
from shared.models.patch import dumps

_NAMES: Final = uuid.UUID("3d8ee1c7-27c2-4c29-9a3e-0f6c35a5d2a4")
"""The name space of the ids of feeds and entries: they stay when the register moves to another address."""
_ATOM: Final = "http://www.w3.org/2005/Atom"
_NEVER: Final = "1970-01-01T00:00:00Z"
_NO_XML: Final = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}
"""Characters that no XML document may hold (XML 1.0, section 2.2), and registers may."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record that was entered: `address` is that of the record, `published` and `updated` are RFC 3339."""

    id: str
    address: str
    title: str
    published: str
    updated: str
    topics: Sequence[str]
    website: str | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, whatever it is written as; `of` names what it is the feed of, for ever, `home` is the page for people."""

    of: str
    title: str
    language: Language
    address: str
    home: str
    entries: Sequence[Entry]


def urn(name: str) -> str:
    """Return the id of a feed or an entry (RFC 9562, section 5.5)."""
    return uuid.uuid5(_NAMES, name).urn


def as_json(feed: Feed) -> str:
    """Return the feed as a JSON Feed."""
    return dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.home,
            "feed_url": feed.address,
            "language": feed.language,
            "authors": [{"name": REGISTER}],
            "items": [_item(entry) for entry in feed.entries],
        }
    )


def _item(entry: Entry) -> dict[str, Any]:
    found = {
        "id": urn(entry.id),
        "url": entry.address,
        "external_url": entry.website,
        "title": entry.title,
        "content_text": entry.title,
        "date_published": entry.published,
        "date_modified": entry.updated,
        "tags": [*entry.topics] or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def as_atom(feed: Feed) -> str:
    """Return the feed as an Atom document."""
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": feed.language})
    _add(root, "id", urn(feed.of))
    _add(root, "title", feed.title)
    _add(root, "updated", max((entry.updated for entry in feed.entries), default=_NEVER))
    _add(_add(root, "author"), "name", REGISTER)
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.address)
    _add(root, "link", rel="alternate", type="text/html", href=feed.home)
    for entry in feed.entries:
        _add_entry(root, entry)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode")


def _add_entry(root: ET.Element, entry: Entry) -> None:
    found = _add(root, "entry")
    _add(found, "id", urn(entry.id))
    _add(found, "title", entry.title)
    _add(found, "published", entry.published)
    _add(found, "updated", entry.updated)
    # Without its media type: feed readers pass over what is no page.
    _add(found, "link", rel="alternate", href=entry.address)
    if entry.website is not None:
        _add(found, "link", rel="related", href=entry.website)
    for topic in entry.topics:
        _add(found, "category", term=topic)
    _add(found, "content", entry.title, type="text")


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    found = ET.SubElement(parent, name, attributes)
    if text:
        found.text = text.translate(_NO_XML)
    return found
