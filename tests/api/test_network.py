"""The graph of the network, as a site shows it."""

import csv
import io

import pytest

from tests.api import samples
from tests.api.client import Api, Json


@pytest.fixture
def ids(api: Api) -> dict[str, str]:
    """A network that had another name until 2018, its member since 2016, and what the network signed in 2019."""
    names = [{"value": "Logistik Leipzig-Halle", "kind": "former", "until": "2018"}]
    network = samples.network(api, "Logistik Mitteldeutschland", founded="2008", other_names=names)
    member, other = samples.company(api, "Jäger eG"), samples.network(api, "ITnet")
    api.create(f"/organisations/{network}/members", {"member_id": member, "since": "2016"})
    parties = [{"organisation_id": each, "roles": ["party"]} for each in (network, other)]
    samples.plain_cooperation(api, network, parties=parties, signed_on="2019-06-17")
    return {"network": network, "member": member, "other": other}


def graph(api: Api, query: str) -> Json:
    answer = api.get(f"/graph?{query}")
    assert answer.status == 200, answer.content
    found: Json = answer.json
    return found


def test_a_graph_shows_names_and_ties_of_its_moment(api: Api, ids: dict[str, str]) -> None:
    found = graph(api, f"root={ids['network']}&as_of=2017")

    assert found["nodes"] == [
        {"id": ids["network"], "type": "organisation", "name": "Logistik Leipzig-Halle", "kind": "network"},
        {"id": ids["member"], "type": "organisation", "name": "Jäger eG", "kind": "company"},
    ]
    (edge,) = found["edges"]
    assert edge == {
        "source": ids["member"],
        "target": ids["network"],
        "type": "membership",
        "weight": 1,
        "evidence": edge["evidence"],
        "since": "2016",
    }
    assert api.get(f"/organisations/{ids['network']}/members/{edge['evidence'][0]}").status == 200
    assert (found["as_of"], found["truncated"]) == ("2017", False)


@pytest.mark.usefixtures("ids")
def test_an_agreement_ties_from_the_day_on_which_it_was_signed(api: Api) -> None:
    def types(moment: str) -> list[str]:
        return sorted(edge["type"] for edge in graph(api, f"as_of={moment}")["edges"])

    assert types("2007") == []
    assert types("2019-06-16") == ["membership"]
    assert types("2020") == ["cooperation", "membership"]


def test_only_a_network_and_its_members_are_shown_where_it_is_asked_for(api: Api, ids: dict[str, str]) -> None:
    found = graph(api, f"network={ids['network']}")

    assert {node["id"] for node in found["nodes"]} == {ids["network"], ids["member"]}


def test_an_unknown_root_gives_an_empty_graph(api: Api) -> None:
    assert graph(api, "root=org_01hzy3v8k2q4w5e6r7t8y9z0na") == {"nodes": [], "edges": [], "truncated": False}


@pytest.mark.parametrize(
    ("how", "media_type", "begins"),
    [
        ("svg", "image/svg+xml; charset=utf-8", "<?xml"),
        ("graphml", "application/graphml+xml; charset=utf-8", "<?xml"),
        ("dot", "text/vnd.graphviz; charset=utf-8", "digraph"),
    ],
)
def test_a_graph_comes_as_a_picture_or_a_file(
    api: Api, ids: dict[str, str], how: str, media_type: str, begins: str
) -> None:
    answer = api.get(f"/graph?root={ids['network']}&format={how}")
    accepted = api.get(f"/graph?root={ids['network']}", accept=media_type.partition(";")[0])

    assert accepted.content == answer.content
    assert (answer.status, answer.headers["content-type"]) == (200, media_type)
    assert answer.content.decode().startswith(begins)
    assert "Jäger eG" in answer.content.decode()


def test_partners_are_shown_with_their_ties(api: Api, ids: dict[str, str]) -> None:
    first, second = api.get(f"/organisations/{ids['network']}/partners").items

    assert (first["name"], first["weight"], [tie["type"] for tie in first["ties"]]) == ("ITnet", 5, ["cooperation"])
    assert (second["name"], second["weight"], second["ties"][0]["since"]) == ("Jäger eG", 1, "2016")


def test_who_has_a_partner_in_common_is_suggested_with_a_reason_in_both_languages(
    api: Api, ids: dict[str, str]
) -> None:
    (pair,) = api.get(f"/synergies?organisation={ids['member']}").items

    assert {one["id"] for one in pair["organisations"]} == {ids["member"], ids["other"]}
    assert pair["reasons"] == [
        {
            "kind": "partners",
            "weight": pair["score"],
            "text": {
                "de": "Beide sind verbunden mit: Logistik Mitteldeutschland",
                "en": "Both are tied to: Logistik Mitteldeutschland",
            },
            "evidence": [ids["network"]],
        }
    ]


def table(api: Api, path: str) -> list[Json]:
    answer = api.get(path)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8; header=present")
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def test_partners_and_suggestions_come_as_tables(api: Api, ids: dict[str, str]) -> None:
    partners = table(api, f"/organisations/{ids['network']}/partners?format=csv")
    (pair,) = table(api, f"/synergies?organisation={ids['member']}&format=csv&lang=en")

    assert [(row["name"], row["tie_types"], row["tie_weights"]) for row in partners] == [
        ("ITnet", "cooperation", "1"),
        ("Jäger eG", "membership", "1"),
    ]
    assert sorted(pair["organisation_ids"].split(" | ")) == sorted([ids["member"], ids["other"]])
    assert (pair["reasons"], pair["reason_evidence"]) == (
        "Both are tied to: Logistik Mitteldeutschland",
        ids["network"],
    )
