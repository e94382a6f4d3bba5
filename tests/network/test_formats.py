"""The graph as a picture and as files for other programs."""

import io
from itertools import combinations
from typing import Any, get_args
from xml.etree import ElementTree as ET

import networkx as nx
import pytest

from functions.network.drawing import MOST_NODES, drawing
from functions.network.files import dot, graphml
from functions.network.layout import layout
from shared.models.vocabulary import OrganisationKind

Json = dict[str, Any]
SVG = "{http://www.w3.org/2000/svg}"
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
HOSTILE = "</title><script>alert(1)</script>\" onload='x' & \\\" ]; }"


def node(number: int, **more: object) -> Json:
    base = {"id": f"org_{number}", "type": "organisation", "name": f"Verband für Wärme und Größe {number}"}
    return {**base, "kind": "company", **more}


def edge(one: int, other: int, kind: str = "membership", **more: object) -> Json:
    ends = {"source": f"org_{one}", "target": f"org_{other}"}
    return {**ends, "type": kind, "weight": 1, "evidence": ["mem_1", "mem_2"], **more}


def star(size: int, **more: object) -> Json:
    edges = [edge(number, 0) for number in range(1, size)]
    return {"nodes": [node(number) for number in range(size)], "edges": edges, "truncated": False, **more}


def picture(graph: Json) -> ET.Element:
    return ET.fromstring(drawing(graph, "org_0", HOSTILE, "/v1/organisations/"))  # noqa: S314 - our own text


def test_a_picture_links_every_node_to_its_record_and_tells_its_whole_name() -> None:
    long = "Sehr langer Name " * 8

    found = picture({**star(2), "nodes": [node(0, name=long), node(1, kind="network", city="Jena")]})

    links = {link.get("href"): link.findtext(f"{SVG}title") for link in found.iter(f"{SVG}a")}
    assert links == {
        "/v1/organisations/org_0": f"{long} · Unternehmen · company",
        "/v1/organisations/org_1": "Verband für Wärme und Größe 1 · Netzwerk · network · Jena",
    }
    assert found.get("role") == "img"
    assert all(len(text.text or "") < 50 for text in found.iter(f"{SVG}tspan"))


def test_hostile_names_are_text_and_nothing_else() -> None:
    found = picture({**star(2), "nodes": [node(0, name=HOSTILE), node(1)]})

    assert found.findtext(f"{SVG}title") == HOSTILE
    tags = {each.tag.removeprefix(SVG) for each in found.iter()}
    assert tags <= {"svg", "title", "desc", "style", "path", "a", "polygon", "circle", "text", "tspan", "g", "rect"}
    assert not [name for each in found.iter() for name in each.attrib if name.startswith("on")]


@pytest.mark.parametrize("kind", get_args(OrganisationKind))
def test_every_kind_has_a_shape_and_a_letter(kind: str) -> None:
    found = picture({**star(1), "nodes": [node(0, kind=kind)]})

    letters = [text for text in found.iter(f"{SVG}text") if text.get("class") == "letter"]
    assert len(letters) == 2
    assert letters[0].text == letters[1].text


@pytest.mark.parametrize("size", [2, 12, 40, MOST_NODES])
def test_no_two_labels_cover_each_other(size: int) -> None:
    ids = [str(number) for number in range(size)]
    boxes = dict.fromkeys(ids, (70.0, 35.0))

    places = layout(ids, [(each, "0") for each in ids[1:]], boxes)

    for one, other in combinations(ids, 2):
        apart = [abs(places[one][side] - places[other][side]) for side in (0, 1)]
        assert apart[0] >= 2 * 70 - 0.01 or apart[1] >= 2 * 35 - 0.01
    assert layout(ids, [(each, "0") for each in ids[1:]], boxes) == places


def test_a_large_graph_is_drawn_in_part_and_says_so() -> None:
    found = picture(star(500))

    assert len([*found.iter(f"{SVG}a")]) == MOST_NODES
    assert "Es gibt mehr" in str(found.findtext(f"{SVG}desc"))


def test_an_empty_graph_is_a_picture_too() -> None:
    assert [*picture({"nodes": [], "edges": [], "truncated": False}).iter(f"{SVG}a")] == []


def test_graphml_has_every_node_and_edge_with_their_values() -> None:
    graph = {**star(2, as_of="2019"), "nodes": [node(0, name=HOSTILE, city="Jena"), node(1)]}

    found = ET.fromstring(graphml(graph))  # noqa: S314 - our own text

    shown = {each.get("id"): values(each) for each in found.iter(f"{GRAPHML}node")}
    assert shown["org_0"] == {"label": HOSTILE, "kind": "company", "city": "Jena"}
    (line,) = found.iter(f"{GRAPHML}edge")
    assert (line.get("source"), line.get("target")) == ("org_1", "org_0")
    assert values(line) == {"type": "membership", "weight": "1", "evidence": "mem_1 mem_2", "mutual": "false"}
    keys = {key.get("id") for key in found.iter(f"{GRAPHML}key")}
    assert {data.get("key") for data in found.iter(f"{GRAPHML}data")} <= keys


def test_networkx_reads_graphml_with_ties_of_all_types_between_the_same_two() -> None:
    ties = [edge(1, 0, kind, weight=2, since="2019") for kind in ("membership", "cooperation", "event", "relation")]
    graph = {**star(2, as_of="2019"), "nodes": [node(0, name=HOSTILE, city="Jena"), node(1)], "edges": ties}

    found = nx.read_graphml(io.BytesIO(graphml(graph).encode()))

    assert found.is_directed()
    assert found.graph == {"as_of": "2019", "truncated": False, "node_default": {}, "edge_default": {}}
    assert dict(found.nodes(data=True))["org_0"] == {"label": HOSTILE, "kind": "company", "city": "Jena"}
    assert [(*ends, said["type"], said["weight"], said["mutual"]) for *ends, said in found.edges(data=True)] == [
        ("org_1", "org_0", "membership", 2, False),
        ("org_1", "org_0", "cooperation", 2, True),
        ("org_1", "org_0", "event", 2, True),
        ("org_1", "org_0", "relation", 2, False),
    ]


def values(element: ET.Element) -> dict[str | None, str | None]:
    return {data.get("key"): data.text for data in element.findall(f"{GRAPHML}data")}


def test_dot_quotes_what_would_end_a_text_or_be_an_entity() -> None:
    graph = {**star(2), "edges": [edge(0, 1, "cooperation", since="2019")]}
    graph["nodes"] = [node(0, name='A "B" \\ R&D &auml; &#65;'), node(1)]

    assert dot(graph).splitlines() == [
        "digraph network {",
        '  graph [overlap=false, splines=true, truncated="false"];',
        "  node [shape=box, style=rounded];",
        '  "org_0" [label="A \\"B\\" \\\\ R&D &amp;auml; &amp;#65;", kind="company"];',
        '  "org_1" [label="Verband für Wärme und Größe 1", kind="company"];',
        '  "org_0" -> "org_1" [type="cooperation", weight="1", since="2019", evidence="mem_1 mem_2", dir="none"];',
        "}",
    ]
