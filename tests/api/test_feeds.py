"""Feeds as a feed reader asks for them."""

import feedparser
import pytest

from tests.api import samples
from tests.api.client import STAMP, Answer, Api, Like

DAY = {"start": "2026-12-01"}
URN = Like(r"urn:uuid:[0-9a-f-]{36}")


def titles(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.content
    return [item["title"] for item in answer.items]


@pytest.fixture
def network(api: Api) -> str:
    """A network with a member, an event and a cooperation, entered in this order, and a stranger."""
    network = samples.network(api, "ITnet", topics=["it"], website="https://example.org/")
    member = samples.company(api, "TowerByte eG", regions=["DE-TH"])
    api.create(f"/organisations/{network}/members", {"member_id": member})
    samples.plain_event(api, "Treffen", organisers=[{"organisation_id": member}], when=DAY)
    samples.plain_cooperation(api, network, "Vorhaben")
    samples.company(api, "Fremd GmbH")
    return network


ALL = [
    "Unternehmen: Fremd GmbH",
    "Zusammenarbeit: Vorhaben (ITnet)",
    "Veranstaltung: Treffen, 1. Dezember 2026",
    "Mitglied von ITnet: TowerByte eG",
    "Unternehmen: TowerByte eG",
    "Netzwerk: ITnet",
]


def test_the_newest_comes_first_in_either_form(api: Api, network: str) -> None:
    answers = [api.get("/feed.json"), api.get("/feed.atom")]

    parsed = feedparser.parse(answers[1].content)
    assert (titles(answers[0]), [entry.title for entry in parsed.entries]) == (ALL, ALL)
    assert [answer.headers["content-type"] for answer in answers] == [
        "application/feed+json",
        "application/atom+xml; charset=utf-8",
    ]
    assert parsed.bozo is False
    assert [entry.id for entry in parsed.entries] == [item["id"] for item in answers[0].items]
    assert network in parsed.entries[-1].link


def test_an_item_leads_to_its_record(api: Api, network: str) -> None:
    feed = api.get("/feed.json?type=organisation&topic=it").json

    address = f"http://127.0.0.1/v1/organisations/{network}"
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Neues: Clusterregister",
        "home_page_url": "http://127.0.0.1/",
        "feed_url": "http://127.0.0.1/v1/feed.json?type=organisation&topic=it&lang=de&limit=50",
        "language": "de",
        "authors": [{"name": "Clusterregister"}],
        "items": [
            {
                "id": URN,
                "url": address,
                "external_url": "https://example.org/",
                "title": "Netzwerk: ITnet",
                "content_text": "Netzwerk: ITnet",
                "date_published": STAMP,
                "date_modified": STAMP,
                "tags": ["it"],
            }
        ],
    }


@pytest.mark.parametrize("accept", ["application/rss+xml", "application/xml, text/xml;q=0.9", "text/html"])
def test_a_feed_is_given_to_readers_that_name_other_media_types(api: Api, accept: str) -> None:
    answers = [api.get(path, accept=accept) for path in ("/feed.json", "/feed.atom")]

    assert [(answer.status, answer.headers["content-type"]) for answer in answers] == [
        (200, "application/feed+json"),
        (200, "application/atom+xml; charset=utf-8"),
    ]


def test_every_item_can_be_read_at_its_address(api: Api, network: str) -> None:
    addresses = [item["url"].removeprefix("http://127.0.0.1/v1") for item in api.get("/feed.json").items]

    assert [api.get(path).status for path in addresses] == [200] * len(ALL)
    assert f"/organisations/{network}" in addresses


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("network={}", ALL[1:]),
        ("organisation={}", [ALL[1], ALL[3], ALL[5]]),
        ("network={}&type=event&type=membership", ALL[2:4]),
        ("region=DE-TH", [ALL[3], ALL[4]]),
        ("limit=2", ALL[:2]),
    ],
)
def test_a_feed_takes_filters(api: Api, network: str, query: str, expected: list[str]) -> None:
    assert titles(api.get(f"/feed.json?{query.format(network)}")) == expected


def test_a_feed_has_the_name_of_its_network_in_the_language_asked_for(api: Api, network: str) -> None:
    feed = api.get(f"/feed.json?network={network}&lang=en&limit=1").json

    assert (feed["title"], feed["language"], feed["items"][0]["title"]) == (
        "News: ITnet",
        "en",
        "Cooperation: Vorhaben (ITnet)",
    )


def test_a_changed_record_keeps_its_id_and_place(api: Api, network: str) -> None:
    before = api.get("/feed.json").items[-1]

    api.change(f"/organisations/{network}", {"name": "ITnet Thüringen"})

    after = api.get("/feed.json").items[-1]
    assert {name for name in before if before[name] != after[name]} == {"title", "content_text", "date_modified"}
    assert after["title"] == "Netzwerk: ITnet Thüringen"


def test_a_deleted_record_is_no_news(api: Api, network: str) -> None:
    event = api.get("/events").items[0]["id"]

    api.delete(f"/events/{event}", if_match="*")

    assert titles(api.get(f"/feed.json?network={network}")) == [ALL[1], *ALL[3:]]


def test_unchanged_news_are_a_304(api: Api, network: str) -> None:
    paths = [f"/feed.json?network={network}", f"/feed.atom?network={network}"]

    first = [api.get(path) for path in paths]
    asked = [api.get(path, if_none_match=answer.etag) for path, answer in zip(paths, first, strict=True)]

    assert [(answer.status, answer.content) for answer in asked] == [(304, b"")] * 2
    assert [api.get(path).content for path in paths] == [answer.content for answer in first]


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("api.example.org", "http://api.example.org"),
        ("[::1]:8000", "http://[::1]:8000"),
        ('a"b.example', ""),
        ("a/b", ""),
        ("", ""),
    ],
)
def test_addresses_begin_with_the_host_that_was_asked_if_it_is_one(api: Api, host: str, origin: str) -> None:
    feed = api.get("/feed.json", host=host).json

    assert feed["feed_url"] == f"{origin}/v1/feed.json?lang=de&limit=50"


def test_behind_a_front_addresses_begin_with_the_name_by_which_that_was_asked(api: Api) -> None:
    feed = api.get("/feed.json", host="api.internal.example", x_forwarded_host="register.example").json

    assert feed["feed_url"] == "http://register.example/v1/feed.json?lang=de&limit=50"


@pytest.mark.parametrize("query", ["cursor=a", "type=person", "lang=fr", "limit=0", "order=asc", "network=1"])
def test_what_a_feed_does_not_know_is_refused(api: Api, query: str) -> None:
    assert [api.get(f"/feed.{form}?{query}").status for form in ("json", "atom")] == [400, 400]
