"""The lists of cooperations: whole summaries, newest first, every filter, parts."""

from urllib.parse import quote

import pytest

from tests.api import samples
from tests.api.client import STAMP, Api, Json

Ids = dict[str, str]


@pytest.fixture(scope="module")
def ids(register: Api) -> Ids:
    """Cooperations of several times and parties."""
    api = register
    ids = {
        "itnet": samples.network(api, "ITnet", regions=["DE-TH"]),
        "firma": samples.company(api, "Firma", regions=["DE-SN"]),
        "gast": samples.company(api, "Gast"),
    }
    api.create(f"/organisations/{ids['itnet']}/members", {"member_id": ids["firma"]})
    both = [{"organisation_id": ids["itnet"]}, {"organisation_id": ids["firma"], "roles": ["lead", "funder"]}]
    ids["Alt"] = samples.plain_cooperation(api, ids["itnet"], "Alt", effective_from="2006", ended_on="2008")
    ids["Vertrag"] = samples.plain_cooperation(
        api, ids["itnet"], "Vertrag", kind="agreement", parties=both, signed_on="2015-09-16", topics=["it"]
    )
    ids["Beginn"] = samples.plain_cooperation(
        api, ids["gast"], "Beginn", signed_on="2010", effective_from="2019-03", status="proposed", open_to_partners=True
    )
    ids["Ohne"] = samples.plain_cooperation(api, ids["firma"], "Ohne", part_of=ids["Vertrag"], open_to_partners=False)
    return ids


def test_a_summary_is_whole(api: Api) -> None:
    one, other = samples.network(api, "Eins"), samples.network(api, "Zwei")
    record = api.create("/cooperations", samples.cooperation(one, other))

    answer = api.get("/cooperations")

    parties = record["parties"]
    expected = {
        "type": "cooperation",
        "id": record["id"],
        "title": {"de": "Kooperation von ITnet und TowerByte"},
        "kind": "agreement",
        "status": "active",
        "signed_on": "[..2015-09-16]",
        "effective_from": "2015-09",
        "topics": ["skilled-workers"],
        "city": "Jena",
        "parties": [{**parties[0], "name": "Eins"}, {**parties[1], "name": "Zwei"}],
        "version": 1,
        "updated_at": STAMP,
        "managed_by": None,
    }
    assert (answer.status, answer.json) == (200, {"items": [expected], "next": None})


NEWEST = ["Beginn", "Vertrag", "Alt", "Ohne"]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", NEWEST),
        ("?order=desc", NEWEST),
        ("?order=asc", ["Alt", "Vertrag", "Beginn", "Ohne"]),
        ("?kind=agreement", ["Vertrag"]),
        ("?status=proposed&status=ended", ["Beginn"]),
        ("?topic=it", ["Vertrag"]),
        ("?party={itnet}", ["Vertrag", "Alt"]),
        ("?party={firma}&party={gast}", ["Beginn", "Vertrag", "Ohne"]),
        ("?network={itnet}", ["Vertrag", "Alt", "Ohne"]),
        ("?region=DE-SN", ["Vertrag", "Ohne"]),
        ("?region=DE-TH&region=DE-SN", ["Vertrag", "Alt", "Ohne"]),
        ("?open_to_partners=true", ["Beginn"]),
        ("?open_to_partners=false", ["Ohne"]),
        ("?confirmation=unanswered", NEWEST),
        ("?confirmation=confirmed&confirmation=declined", []),
        ("?from=2009&to=2016", ["Vertrag"]),
        ("?from=2007&to=2007", ["Alt"]),
        ("?from=2020", ["Beginn", "Vertrag"]),
        ("?to=2006-06", ["Alt"]),
        ("?to=2006-06&date_match=certain", []),
        ("?party={gast}&kind=agreement", []),
    ],
)
def test_cooperations_newest_first_undated_last(register: Api, ids: Ids, query: str, titles: list[str]) -> None:
    answer = register.get(f"/cooperations{quote(query.format(**ids), safe='?&=')}")

    assert (answer.status, answer.names()) == (200, titles)


@pytest.mark.parametrize(
    ("path", "titles"),
    [
        ("/organisations/{itnet}/cooperations", ["Vertrag", "Alt"]),
        ("/organisations/{firma}/cooperations?role=funder", ["Vertrag"]),
        ("/organisations/{firma}/cooperations?role=party&role=subject", []),
        ("/organisations/{gast}/cooperations?status=active", []),
        ("/cooperations/{Vertrag}/parts", ["Ohne"]),
        ("/cooperations/{Vertrag}/parts?open_to_partners=true", []),
        ("/cooperations/{Ohne}/parts", []),
    ],
)
def test_the_cooperations_of_another_record_take_the_filters_of_the_big_list(
    register: Api, ids: Ids, path: str, titles: list[str]
) -> None:
    answer = register.get(path.format(**ids))

    assert (answer.status, answer.names()) == (200, titles)


def test_a_region_follows_its_party(api: Api) -> None:
    party = samples.company(api, regions=["DE-TH"])
    samples.plain_cooperation(api, party)

    api.change(f"/organisations/{party}", {"regions": ["DE-BE"]})

    assert api.get("/cooperations?region=DE-TH").names() == []
    assert api.get("/cooperations?region=DE-BE").names() == ["Vorhaben"]


def test_refs_name_what_the_cooperations_of_a_page_refer_to(register: Api, ids: Ids) -> None:
    answer = register.get("/cooperations?include=refs&open_to_partners=false")

    firm: Json = {"type": "organisation", "name": "Firma", "kind": "company"}
    assert answer.json["refs"] == {
        ids["Ohne"]: {"type": "cooperation", "title": {"de": "Ohne"}, "kind": "project"},
        ids["Vertrag"]: {"type": "cooperation", "title": {"de": "Vertrag"}, "kind": "agreement"},
        ids["firma"]: firm,
    }


@pytest.mark.parametrize(
    "query", ["party=x", "open_to_partners=yes", "confirmation=maybe", "as_of=2016", "undated=only"]
)
def test_a_query_that_cannot_be_read_is_400(register: Api, query: str) -> None:
    answer = register.get(f"/cooperations?{query}")

    assert (answer.status, list(answer.faults())) == (400, [query.partition("=")[0]])


def test_changes_come_in_the_order_of_the_changes(api: Api) -> None:
    body = {"title": {"de": "K"}, "kind": "project", "status": "active"}
    party = samples.company(api, "A")
    parties = [{"organisation_id": party, "roles": ["party"]}]
    made = [api.id("/cooperations", {**body, "parties": parties}) for _ in range(3)]

    page = api.get("/cooperations?updated_since=2020-01-01T00:00:00Z")

    assert [item["id"] for item in page.items] == made
