"""Feeds as a parser reads them, whatever records say."""

import json
from dataclasses import replace

import feedparser
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.feeds.written import Entry, Feed, as_atom, as_json, urn

ENTRY = Entry(
    id="evt_01hzy3v8k2q4w5e6r7t8y9z0na",
    address="https://api.example.org/v1/events/evt_01hzy3v8k2q4w5e6r7t8y9z0na",
    title="Veranstaltung: Müller & Söhne <Tag>",
    published="2026-11-20T12:00:00.000Z",
    updated="2026-11-21T09:30:00.123Z",
    topics=["it"],
    website="https://example.org/?a=1&b=2",
)
BARE = replace(ENTRY, id="org_01hzy3v8k2q4w5e6r7t8y9z0na", topics=(), website=None)
FEED = Feed(
    "{}",
    "Neues: ITnet",
    "de",
    "https://api.example.org/v1/feed.atom?lang=de&limit=50",
    "https://api.example.org/",
    [ENTRY, BARE],
)


def test_a_json_feed_is_one_of_version_1_1() -> None:
    found = json.loads(as_json(FEED))

    assert found == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Neues: ITnet",
        "home_page_url": "https://api.example.org/",
        "feed_url": FEED.address,
        "language": "de",
        "authors": [{"name": "Clusterregister"}],
        "items": [
            {
                "id": urn(ENTRY.id),
                "url": ENTRY.address,
                "external_url": "https://example.org/?a=1&b=2",
                "title": ENTRY.title,
                "content_text": ENTRY.title,
                "date_published": "2026-11-20T12:00:00.000Z",
                "date_modified": "2026-11-21T09:30:00.123Z",
                "tags": ["it"],
            },
            {
                "id": urn(BARE.id),
                "url": BARE.address,
                "title": BARE.title,
                "content_text": BARE.title,
                "date_published": "2026-11-20T12:00:00.000Z",
                "date_modified": "2026-11-21T09:30:00.123Z",
            },
        ],
    }


def test_a_parser_reads_an_atom_feed() -> None:
    found = feedparser.parse(as_atom(FEED).encode())

    assert (found.bozo, found.version) == (False, "atom10")
    about, (first, second) = found.feed, found.entries
    assert [about.id, about.title, about.updated, about.author, about.language] == [
        urn("{}"),
        "Neues: ITnet",
        "2026-11-21T09:30:00.123Z",
        "Clusterregister",
        "de",
    ]
    assert [(link.rel, link.href) for link in (*about.links, *first.links, *second.links)] == [
        ("self", FEED.address),
        ("alternate", "https://api.example.org/"),
        ("alternate", ENTRY.address),
        ("related", ENTRY.website),
        ("alternate", BARE.address),
    ]
    assert [first.id, first.title, first.published, first.updated] == [
        urn(ENTRY.id),
        ENTRY.title,
        "2026-11-20T12:00:00.000Z",
        "2026-11-21T09:30:00.123Z",
    ]
    assert [tag.term for tag in first.tags] == ["it"]


def test_a_feed_without_entries_is_one_all_the_same() -> None:
    found = feedparser.parse(as_atom(replace(FEED, entries=())).encode())

    assert (found.bozo, found.entries, found.feed.updated) == (False, [], "1970-01-01T00:00:00Z")


def test_ids_are_the_same_for_ever() -> None:
    assert urn("evt_01hzy3v8k2q4w5e6r7t8y9z0na") == "urn:uuid:a19d8cc8-87e5-5425-811f-05e179dcb829"


@settings(deadline=None)
@given(title=st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1))
def test_whatever_a_title_says_the_feed_is_well_formed(title: str) -> None:
    found = feedparser.parse(as_atom(replace(FEED, title=title, entries=[replace(ENTRY, title=title)])).encode())

    assert not found.bozo
    assert len(found.entries) == 1
