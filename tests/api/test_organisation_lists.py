"""The list of organisations: whole summaries, German order, every filter."""

import pytest

from tests.api import samples
from tests.api.client import STAMP, Api, Json

Ids = dict[str, str]


@pytest.fixture(scope="module")
def ids(register: Api) -> Ids:
    """A network with members past and present, and organisations that differ in one thing each."""
    api = register
    ids = {
        "zwickau": samples.company(api, "zwickau Systeme", topics=["ai"], regions=["DE-SN"]),
        "aerzte": samples.company(api, "Ärztekammer", kind="chamber", topics=["health", "ai"]),
        "abel": samples.company(api, "Abel", offices=[{"kind": "office", "place": {"city": "Gera"}, "until": "2010"}]),
        "strasse": samples.company(api, "Straße & Weg", offices=[{"kind": "seat", "place": {"city": "Jena"}}]),
        "strasser": samples.company(api, "Strasser", regions=["DE-TH", "DE-SN"], kind="university"),
    }
    ids["itnet"] = api.id("/organisations", samples.organisation(ids["abel"]))
    members = f"/organisations/{ids['itnet']}/members"
    api.create(members, {"member_id": ids["aerzte"]})
    api.create(members, {"member_id": ids["strasse"], "since": "2015", "until": "2016"})
    api.create(members, {"member_id": ids["zwickau"], "since": "9998"})
    return ids


def test_a_summary_is_whole(register: Api, ids: Ids) -> None:
    answer = register.get("/organisations?external_id=wikidata:Q42")

    expected = {
        "type": "organisation",
        "id": ids["itnet"],
        "name": "ITnet Thüringen e. V.",
        "kind": "network",
        "legal_form": "e.V.",
        "regions": ["DE-TH", "DE-SN"],
        "topics": ["it", "it-security"],
        "website": "https://example.org/itnet",
        "short_names": ["ITnet"],
        "city": "Jena",
        "version": 1,
        "updated_at": STAMP,
        "managed_by": None,
    }
    assert (answer.status, answer.json) == (200, {"items": [expected], "next": None})


def test_absent_fields_are_left_out_of_a_summary(register: Api, ids: Ids) -> None:
    answer = register.get("/organisations?topic=health")

    expected = {
        "type": "organisation",
        "id": ids["aerzte"],
        "name": "Ärztekammer",
        "kind": "chamber",
        "topics": ["health", "ai"],
        "version": 1,
        "updated_at": STAMP,
        "managed_by": None,
    }
    assert answer.items == [expected]


ALL = ["Abel", "Ärztekammer", "ITnet Thüringen e. V.", "Straße & Weg", "Strasser", "zwickau Systeme"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ALL),
        ("?order=asc", ALL),
        ("?order=desc", ALL[::-1]),
        ("?kind=chamber", ["Ärztekammer"]),
        ("?kind=chamber&kind=university", ["Ärztekammer", "Strasser"]),
        ("?kind=site", []),
        ("?region=DE-SN", ["ITnet Thüringen e. V.", "Strasser", "zwickau Systeme"]),
        ("?region=DE-SN&kind=network&kind=company", ["ITnet Thüringen e. V.", "zwickau Systeme"]),
        ("?topic=ai", ["Ärztekammer", "zwickau Systeme"]),
        ("?topic=ai&topic=health", ["Ärztekammer", "zwickau Systeme"]),
        ("?topic=ai&region=DE-SN", ["zwickau Systeme"]),
        ("?city=Jena", ["ITnet Thüringen e. V.", "Straße & Weg"]),
        ("?city=jena", ["ITnet Thüringen e. V.", "Straße & Weg"]),
        ("?city=Gera", []),
        ("?city=Erfurt", []),
        ("?network={itnet}", ["Ärztekammer"]),
        ("?network={abel}", []),
        ("?related={abel}", ["ITnet Thüringen e. V."]),
        ("?related={itnet}", ["Abel"]),
        ("?external_id=wikidata:Q42&external_id=wikidata:Q43", ["ITnet Thüringen e. V."]),
        ("?external_id=wikidata:q42", []),
        ("?source=https://example.org/none", []),
    ],
)
def test_filters_are_alternatives_within_and_conditions_between(
    register: Api, ids: Ids, query: str, names: list[str]
) -> None:
    answer = register.get(f"/organisations{query.format(**ids)}")

    assert (answer.status, answer.names()) == (200, names)


def test_organisations_are_found_by_the_address_of_a_source(api: Api) -> None:
    sources = [{"key": "a", "url": "https://example.org/presse?x=1"}]
    samples.company(api, "Mit Quelle", sources=sources)
    samples.company(api, "Ohne")

    answer = api.get("/organisations?source=https://example.org/presse%3Fx%3D1")

    assert answer.names() == ["Mit Quelle"]


def test_a_list_is_right_at_once_after_every_write(api: Api) -> None:
    seen = [api.get("/organisations").names()]

    network = samples.network(api, "Beta")
    seen.append(api.get("/organisations").names())
    samples.company(api, "alpha")
    seen.append(api.get("/organisations").names())
    api.change(f"/organisations/{network}", {"name": "Aachen"})
    seen.append(api.get("/organisations").names())
    api.delete(f"/organisations/{network}", if_match="*")
    seen.append(api.get("/organisations").names())

    assert seen == [[], ["Beta"], ["alpha", "Beta"], ["Aachen", "alpha"], ["alpha"]]


def test_updated_since_lists_changes_in_their_order_with_tombstones(api: Api) -> None:
    one, two, three = (samples.company(api, name) for name in ("Eins", "Zwei", "Drei"))
    since = api.get(f"/organisations/{two}").json["updated_at"]
    api.change(f"/organisations/{two}", {"name": "Zwei neu"})
    api.delete(f"/organisations/{one}", if_match="*")

    answer = api.get(f"/organisations?updated_since={since}")

    tombstone = {"type": "organisation", "id": one, "deleted": True, "updated_at": STAMP}
    assert [item["id"] for item in answer.items] == [three, two, one]
    assert answer.items[2] == tombstone
    stamps = [item["updated_at"] for item in answer.items]
    assert stamps == sorted(stamps)
    assert min(stamps) > since


def test_updated_since_is_inclusive_and_takes_any_offset(api: Api) -> None:
    one = api.create("/organisations", {"name": "Eins", "kind": "company"})
    stamp = str(one["updated_at"])

    assert api.get(f"/organisations?updated_since={stamp}").names() == ["Eins"]
    assert api.get(f"/organisations?updated_since={stamp.replace('Z', '%2B00:00')}").names() == ["Eins"]
    assert api.get("/organisations?updated_since=0300-01-01T00:00:00Z").names() == ["Eins"]
    assert api.get("/organisations?updated_since=9998-01-01T00:00:00%2B01:00").names() == []


def test_refs_name_every_id_of_the_page(register: Api, ids: Ids) -> None:
    answer = register.get("/organisations?kind=network&include=refs")

    label: Json = {"type": "organisation", "name": "ITnet Thüringen e. V.", "kind": "network", "city": "Jena"}
    assert answer.json["refs"] == {ids["itnet"]: label}


REFUSED = {
    "limit=0": "invalid-parameter",
    "limit=201": "invalid-parameter",
    "limit=ten": "invalid-parameter",
    "limit=1.5": "invalid-parameter",
    "limit=-1": "invalid-parameter",
    "limit=1&limit=2": "repeated-parameter",
    "order=up": "invalid-parameter",
    "order=asc&order=desc": "repeated-parameter",
    "kind=": "invalid-parameter",
    "kind=club": "invalid-parameter",
    "region=Th%C3%BCringen": "invalid-parameter",
    "topic=IT": "invalid-parameter",
    "network=wikidata:Q1": "invalid-parameter",
    "network=evt_01hzy3v8k2q4w5e6r7t8y9z0ab": "invalid-parameter",
    "external_id=Q42": "invalid-parameter",
    "source=ftp://example.org": "invalid-parameter",
    "updated_since=2026-11-21": "invalid-parameter",
    "updated_since=2026-02-30T00:00:00Z": "invalid-parameter",
    "include=names": "invalid-parameter",
    "as_of=2016": "unknown-parameter",
    "view=full": "unknown-parameter",
    "name=x": "unknown-parameter",
    "Kind=network": "unknown-parameter",
    "cursor=x&cursor=y": "repeated-parameter",
    "topic=a&topic=b&topic=c&topic=d&topic=e&topic=f&topic=g&topic=h&topic=i&topic=j&topic=k": "repeated-parameter",
}


@pytest.mark.parametrize("query", REFUSED)
def test_a_query_that_cannot_be_read_is_400_and_names_the_parameter(register: Api, query: str) -> None:
    answer = register.get(f"/organisations?{query}")

    assert (answer.status, answer.faults()) == (400, {query.partition("=")[0]: REFUSED[query]})


def test_all_that_is_wrong_with_a_query_is_named_at_once(register: Api) -> None:
    answer = register.get("/organisations?limit=0&kind=club&foo=1&topic=A")

    assert answer.faults() == {
        "foo": "unknown-parameter",
        "kind": "invalid-parameter",
        "topic": "invalid-parameter",
        "limit": "invalid-parameter",
    }


def test_ten_values_of_a_filter_are_taken(register: Api) -> None:
    topics = "&".join(f"topic=t{number}" for number in range(10))

    assert register.get(f"/organisations?{topics}").status == 200
