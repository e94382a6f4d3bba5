"""The catalogue and the counts, as a site shows them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.api import samples
from tests.api.client import Api, Json
from tests.api.conftest import Log

SOURCES = [{"key": "pm", "title": "Meldung", "quote": "rund 50"}, {"key": "other", "title": "Anderes"}]
ABOUT_50: Json = {
    "measure": "members_and_partners",
    "qualifier": "about",
    "value": 50,
    "as_of": "2018-01",
    "sources": ["pm"],
}


@pytest.fixture
def ids(api: Api) -> dict[str, str]:
    """A network of 2005, its member since about 2015, what both offer, an event, a cooperation, and a stranger."""
    network = samples.network(
        api,
        "ITnet",
        founded="2005",
        topics=["it"],
        regions=["DE-TH"],
        website="https://example.org/",
        figures=[ABOUT_50],
        sources=SOURCES,
        offerings=[{"title": {"de": "Zertifikat"}, "kind": "training", "sources": ["pm"], "certainty": "implied"}],
    )
    member = samples.company(
        api,
        "Jäger & Söhne eG",
        topics=["it", "security"],
        offices=[{"kind": "seat", "place": {"city": "Jena", "region": "DE-TH"}}],
        offerings=[
            {"title": {"de": "Überwachung", "en": "Monitoring"}, "kind": "service", "since": "2012"},
            {"title": {"de": "Prüfung der Datensicherheit"}, "topics": ["security"]},
            {"title": {"de": "Faxversand"}, "until": "2010"},
        ],
    )
    api.create(f"/organisations/{network}/members", {"member_id": member, "since": "2015~"})
    samples.plain_event(api, organisers=[{"organisation_id": member}], topics=["it"], when={"start": "2016-05"})
    samples.plain_cooperation(api, network, signed_on="2015-09-16", topics=["security"])
    samples.company(api, "Fremd GmbH", offerings=[{"title": {"de": "Aal"}}])
    return {"network": network, "member": member}


def this_year() -> int:
    return datetime.now(ZoneInfo("Europe/Berlin")).year


def titles(api: Api, query: str) -> list[str]:
    answer = api.get(f"/catalogue?{query}")
    assert answer.status == 200, answer.content
    return [item["title"]["de"] for item in answer.items]


def test_an_offering_is_shown_as_recorded_with_who_offers_it(api: Api, ids: dict[str, str]) -> None:
    page = api.get("/catalogue?q=monitoring").json

    assert page == {
        "items": [
            {
                "title": {"de": "Überwachung", "en": "Monitoring"},
                "kind": "service",
                "since": "2012",
                "organisation": {"id": ids["member"], "name": "Jäger & Söhne eG", "city": "Jena"},
                "networks": [{"id": ids["network"], "name": "ITnet"}],
            }
        ],
        "next": None,
    }
    assert api.get("/catalogue?kind=training").items == [
        {
            "title": {"de": "Zertifikat"},
            "kind": "training",
            "certainty": "implied",
            "sources": ["pm"],
            "organisation": {"id": ids["network"], "name": "ITnet", "website": "https://example.org/"},
            "networks": [],
        }
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Aal", "Prüfung der Datensicherheit", "Überwachung", "Zertifikat"]),
        ("network={network}", ["Prüfung der Datensicherheit", "Überwachung", "Zertifikat"]),
        ("topic=it", ["Überwachung", "Zertifikat"]),
        ("topic=security", ["Prüfung der Datensicherheit", "Überwachung"]),
        ("region=DE-TH&kind=service", ["Überwachung"]),
        ("q=SICHERHEIT+pruefung", ["Prüfung der Datensicherheit"]),
        ("q=jaeger", ["Prüfung der Datensicherheit", "Überwachung"]),
        ("q=jaeger+zertifikat", []),
        ("q=Jäger+%26+Söhne+–+Überwachung", ["Überwachung"]),
        ("q=%26", []),
    ],
)
def test_the_catalogue_takes_filters(api: Api, ids: dict[str, str], query: str, expected: list[str]) -> None:
    assert titles(api, query.format(**ids)) == expected


def test_the_catalogue_is_read_page_by_page(api: Api, ids: dict[str, str]) -> None:
    found, address = [], "/catalogue?limit=3"
    while address:
        page = api.get(address).json
        found += [item["title"]["de"] for item in page["items"]]
        address = (page["next"] or "").removeprefix("/v1")

    assert ids
    assert found == ["Aal", "Prüfung der Datensicherheit", "Überwachung", "Zertifikat"]


def test_who_is_dissolved_offers_nothing(api: Api, ids: dict[str, str]) -> None:
    api.change(f"/organisations/{ids['member']}", {"dissolved": "2020"})

    assert titles(api, "") == ["Aal", "Zertifikat"]


def test_topics_and_regions_tell_how_much_their_lists_give(api: Api, ids: dict[str, str]) -> None:
    topics = api.get("/topics").json
    regions = api.get(f"/regions?network={ids['network']}").json

    assert topics == {
        "items": [
            {"topic": "it", "organisations": 2, "events": 1, "cooperations": 0, "offerings": 2},
            {"topic": "security", "organisations": 1, "events": 0, "cooperations": 1, "offerings": 2},
        ],
        "next": None,
    }
    assert regions == {
        "items": [{"region": "DE-TH", "organisations": 1, "events": 0, "cooperations": 1, "offerings": 3}],
        "next": None,
    }
    assert api.get(api.get("/topics?limit=1").json["next"].removeprefix("/v1")).items == topics["items"][1:]


def test_the_statistics_of_a_network_keep_counts_and_stated_figures_apart(api: Api, ids: dict[str, str]) -> None:
    stats = api.get(f"/stats?network={ids['network']}&as_of=2016").json

    assert stats == {
        "as_of": "2016",
        "organisations": 1,
        "members": 1,
        "events": 1,
        "cooperations": 1,
        "by_kind": {"organisations": {"company": 1}, "events": {"networking": 1}, "cooperations": {"project": 1}},
        "years": [
            {
                "year": year,
                "organisations": 0,
                "members": 1,
                "events": int(year == 2016),
                "cooperations": int(year >= 2015),
                "certain": {
                    "organisations": 0,
                    "members": int(year == 2016),
                    "events": int(year == 2016),
                    "cooperations": int(year == 2015),
                },
            }
            for year in (2014, 2015, 2016)
        ],
        "undated": {"organisations": 1, "members": 0, "events": 0, "cooperations": 0},
        "networks": [
            {
                "id": ids["network"],
                "name": "ITnet",
                "members": 1,
                "events": 1,
                "cooperations": 1,
                "figures": [ABOUT_50],
                "sources": SOURCES[:1],
            }
        ],
    }


def test_without_a_date_the_statistics_count_what_the_lists_give(api: Api, ids: dict[str, str]) -> None:
    api.change(f"/organisations/{ids['member']}", {"dissolved": "2020"})

    stats = api.get("/stats").json

    lists = {noun: len(api.get(f"/{noun}").items) for noun in ("organisations", "events", "cooperations")}
    assert {noun: stats[noun] for noun in lists} == lists
    assert [stats["years"][0]["year"], stats["years"][-1]["year"]] == [2005, this_year()]
    assert api.get("/stats?as_of=2021").json["organisations"] == lists["organisations"] - 1


def test_an_empty_register_is_counted_too(api: Api) -> None:
    nothing = {"organisations": 0, "members": 0, "events": 0, "cooperations": 0}

    assert api.get("/stats").json == {
        **nothing,
        "by_kind": {"organisations": {}, "events": {}, "cooperations": {}},
        "years": [],
        "undated": nothing,
        "networks": [],
    }
    assert [api.get(path).json for path in ("/catalogue", "/topics", "/regions")] == [{"items": [], "next": None}] * 3


@pytest.mark.parametrize("path", ["/catalogue", "/topics", "/regions", "/stats"])
def test_what_has_not_changed_is_a_304(api: Api, ids: dict[str, str], path: str) -> None:
    first = api.get(f"{path}?network={ids['network']}")

    again = api.get(f"{path}?network={ids['network']}", if_none_match=first.etag)

    assert (first.status, again.status, again.content) == (200, 304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/catalogue?as_of=2016",
        "/catalogue?kind=workshop",
        "/catalogue?q=",
        "/catalogue?q=a&q=b",
        "/catalogue?order=desc",
        "/topics?topic=it",
        "/regions?as_of=2016",
        "/stats?as_of=heute",
        "/stats?limit=5",
        "/stats?network=evt_01hzy3v8k2q4w5e6r7t8y9z0ab",
    ],
)
def test_what_these_paths_do_not_know_is_refused(api: Api, path: str) -> None:
    assert api.get(path).status == 400


def test_what_was_searched_for_stands_in_no_log_line(api: Api, log: Log) -> None:
    api.get("/catalogue?q=kanarienvogel")

    assert log.last()["status"] == 200
    assert "kanarienvogel" not in log.text()
