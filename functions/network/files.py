"""The graph as files for other programs: GraphML 1.0 and the DOT language of Graphviz."""

import re
from typing import Any, Final
from xml.sax.saxutils import escape

from shared.models.vocabulary import DIRECTED

Json = dict[str, Any]

# Per key: what it belongs to, its name and type.
_KEYS: Final = {
    "label": ("node", "label", "string"),
    "kind": ("node", "kind", "string"),
    "city": ("node", "city", "string"),
    "type": ("edge", "type", "string"),
    "weight": ("edge", "weight", "int"),
    "since": ("edge", "since", "string"),
    "until": ("edge", "until", "string"),
    "evidence": ("edge", "evidence", "string"),
    "mutual": ("edge", "mutual", "boolean"),
    "as_of": ("graph", "as_of", "string"),
    "truncated": ("graph", "truncated", "boolean"),
}
_ENTITY: Final = re.compile(r"&(?=#?\w+;)")


def graphml(graph: Json) -> str:
    """Return GraphML 1.0 (graphml.graphdrawing.org), which Gephi, yEd and networkx open; evidence parted by spaces.

    All edges are directed, for networkx reads no file in which some are; `mutual` ones mean the same both ways.
    """
    keys = (
        f'<key id="{key}" for="{owner}" attr.name="{name}" attr.type="{kind}"/>\n'
        for key, (owner, name, kind) in _KEYS.items()
    )
    nodes = (
        f'<node id="{node["id"]}">{_data(label=node["name"], kind=node["kind"], city=node.get("city"))}</node>\n'
        for node in graph["nodes"]
    )
    edges = (
        f'<edge id="e{number}" source="{edge["source"]}" target="{edge["target"]}">{_of_edge(edge)}</edge>\n'
        for number, edge in enumerate(graph["edges"])
    )
    said = _data(as_of=graph.get("as_of"), truncated=_boolean(graph["truncated"]))
    return "".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n',
            *keys,
            f'<graph id="network" edgedefault="directed">{said}\n',
            *nodes,
            *edges,
            "</graph>\n</graphml>\n",
        ]
    )


def _of_edge(edge: Json) -> str:
    return _data(
        type=edge["type"],
        weight=edge["weight"],
        since=edge.get("since"),
        until=edge.get("until"),
        evidence=" ".join(edge["evidence"]),
        mutual=_boolean(edge["type"] not in DIRECTED),
    )


def _boolean(value: object) -> str:
    return "true" if value else "false"


def _data(**values: object) -> str:
    return "".join(
        f'<data key="{key}">{escape(str(value))}</data>' for key, value in values.items() if value is not None
    )


def dot(graph: Json) -> str:
    """Return a digraph in DOT; ties without a direction have `dir=none`."""
    said = _attributes(as_of=graph.get("as_of"), truncated=_boolean(graph["truncated"]))
    lines = ["digraph network {", f"  graph [overlap=false, splines=true, {said}];"]
    lines += ["  node [shape=box, style=rounded];"]
    lines += [
        f"  {_quoted(node['id'])} [{_attributes(label=_label(node), kind=node['kind'], city=node.get('city'))}];"
        for node in graph["nodes"]
    ]
    for edge in graph["edges"]:
        said = _attributes(
            type=edge["type"],
            weight=str(edge["weight"]),
            since=edge.get("since"),
            until=edge.get("until"),
            evidence=" ".join(edge["evidence"]),
            dir=None if edge["type"] in DIRECTED else "none",
        )
        lines.append(f"  {_quoted(edge['source'])} -> {_quoted(edge['target'])} [{said}];")
    return "\n".join([*lines, "}", ""])


def _label(node: Json) -> str:
    """Return a name in which nothing is an entity, which Graphviz would read in a label: R&D stays as it is."""
    return _ENTITY.sub("&amp;", node["name"])


def _attributes(**values: str | None) -> str:
    return ", ".join(f"{name}={_quoted(value)}" for name, value in values.items() if value is not None)


def _quoted(text: str) -> str:
    r"""Return a double-quoted string, in which Graphviz reads `\\` and `\"` and nothing else as more than itself."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
