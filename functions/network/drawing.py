"""The graph as a picture (SVG 2) that stands for itself: light and dark, with a legend, and without any script."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, hypot, pi, sin
from typing import Any, Final

from functions.network.layout import Box, Point, layout

Json = dict[str, Any]

MOST_NODES: Final = 120
"""So many can be told apart in one picture, and laid out within a second."""
LONGEST_LABEL: Final = 46
_LETTER: Final = 6.8
"""The mean width of a letter at 12 px."""
_LINE: Final = 14
_RADIUS: Final = 15.0
_MARGIN: Final = 28.0
_LEGEND_WIDTH: Final = 244.0
_ROW: Final = 24.0

# Per kind: corners of its shape (0 is a circle), by how much it is turned, its letter, and its name.
_KINDS: Final[Mapping[str, tuple[int, float, str, str]]] = {
    "network": (6, 0, "N", "Netzwerk · network"),
    "company": (0, 0, "U", "Unternehmen · company"),
    "university": (4, 0.25, "H", "Hochschule · university"),
    "research_institute": (4, 0.25, "F", "Forschung · research"),
    "chamber": (4, 0, "K", "Kammer · chamber"),
    "public_authority": (4, 0, "B", "Behörde · authority"),
    "association": (8, 0.125, "V", "Verband · association"),
    "community": (5, -0.25, "G", "Gemeinschaft · community"),
    "site": (3, -0.25, "S", "Standort · site"),
    "other": (0, 0, "?", "Sonstige · other"),
}
_TYPES: Final[Mapping[str, str]] = {
    "cooperation": "Kooperation · cooperation",
    "membership": "Mitgliedschaft · membership",
    "event": "Veranstaltung · joint event",
    "relation": "Beziehung · relation",
}
_STYLE: Final = """
svg{--paper:#fbfaf7;--ink:#1d2733;--soft:#66707c;--rule:#d9d6cd;--cooperation:#b4451f;--membership:#5d7a94;
--event:#3c7a3f;--relation:#7b559c;--network:#ffd9a0;--company:#cfe3f3;--knowledge:#d9ecd0;--public:#e6dbf2;
--other:#e9e6dd;background:var(--paper);font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
@media (prefers-color-scheme:dark){svg{--paper:#14191f;--ink:#eceae4;--soft:#a3adb8;--rule:#39424d;
--cooperation:#ff9163;--membership:#8fb2d1;--event:#86cf88;--relation:#cfa6ee;--network:#7a5312;--company:#234a68;
--knowledge:#2f5527;--public:#4d3a6b;--other:#454440}}
.edge{fill:none;stroke-linecap:round}.cooperation{stroke:var(--cooperation)}
.membership{stroke:var(--membership);stroke-opacity:.75}.event{stroke:var(--event);stroke-dasharray:7 5}
.relation{stroke:var(--relation);stroke-dasharray:1 5}
.node{stroke:var(--ink);stroke-width:1.4}.root .node{stroke-width:3.4}
.network,.network .node{fill:var(--network)}.company .node{fill:var(--company)}
.university .node,.research_institute .node{fill:var(--knowledge)}
.chamber .node,.public_authority .node,.association .node{fill:var(--public)}
.community .node,.site .node,.other .node{fill:var(--other)}
text{fill:var(--ink)}.letter{font-weight:700;font-size:12px;text-anchor:middle}
.label{text-anchor:middle;stroke:var(--paper);stroke-width:3.5px;stroke-linejoin:round;paint-order:stroke}
.root .label{font-weight:700}.key{fill:var(--paper);stroke:var(--rule)}.small{fill:var(--soft);font-size:11px}
a:focus .node,a:hover .node{stroke-width:3}a:hover .label{text-decoration:underline}
"""


@dataclass(frozen=True, slots=True)
class _Label:
    """The lines of a name, cut where it is long."""

    lines: tuple[str, ...]

    @classmethod
    def of(cls, name: str) -> "_Label":
        cut = name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1].rstrip()}…"
        words, lines = cut.replace("e. V.", "e.\u00a0V.").split(" "), [""]
        for word in words:
            if lines[-1] and len(lines[-1]) + len(word) >= LONGEST_LABEL // 2 + 2 and len(lines) == 1:
                lines.append(word)
            else:
                lines[-1] = f"{lines[-1]} {word}".strip()
        return cls(tuple(lines))

    @property
    def width(self) -> float:
        return max(len(line) for line in self.lines) * _LETTER

    @property
    def box(self) -> Box:
        """The node and the label below it, with some air."""
        return max(self.width / 2, _RADIUS) + 7, _RADIUS + _LINE * len(self.lines) / 2 + 9


def drawing(graph: Json, root: str | None, title: str, addresses: str) -> str:
    """Return the text of an SVG document; `addresses` begins the links to the records.

    Of more than 120 nodes the first are drawn: the nearest to the root, or those with the most records.
    """
    nodes: list[Json] = graph["nodes"][:MOST_NODES]
    ids = {node["id"] for node in nodes}
    edges: list[Json] = [edge for edge in graph["edges"] if edge["source"] in ids and edge["target"] in ids]
    labels = {node["id"]: _Label.of(node["name"]) for node in nodes}
    boxes = {each: label.box for each, label in labels.items()}
    places = layout([*labels], sorted({(edge["source"], edge["target"]) for edge in edges}), boxes)
    left, top, width, height = _frame(places, boxes)
    is_cut = graph["truncated"] or len(nodes) < len(graph["nodes"])
    key = _legend(nodes, edges, is_cut=is_cut)
    # The legend stands beside the network, so it covers nothing.
    high = max(height, key.height + 2 * _MARGIN)
    shift = (high - height) / 2 - top
    spots = {each: (x - left, y + shift) for each, (x, y) in places.items()}
    whole = width + _LEGEND_WIDTH + _MARGIN
    about = _about(graph, nodes, edges, is_cut=is_cut)
    return "".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>\n',
            '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title about" ',
            f'viewBox="0 0 {whole:.0f} {high:.0f}" width="{whole:.0f}" height="{high:.0f}">',
            f'<title id="title">{_text(title)}</title><desc id="about">{_text(about)}</desc>',
            f"<style>{_STYLE}</style>",
            *_lines(edges, spots, {node["id"]: node["name"] for node in nodes}),
            *(_node(node, spots[node["id"]], labels[node["id"]], root, addresses) for node in nodes),
            f'<g transform="translate({width + _MARGIN / 2:.1f} {_MARGIN})">{key.text}</g>',
            "</svg>\n",
        ]
    )


def _text(text: str) -> str:
    return escape(text, quote=True)


def _frame(places: Mapping[str, Point], boxes: Mapping[str, Box]) -> tuple[float, float, float, float]:
    """Return left, top, width and height of what holds all boxes."""
    across = [x + way * boxes[each][0] for each, (x, _) in places.items() for way in (-1, 1)] or [0.0]
    down = [y + way * boxes[each][1] for each, (_, y) in places.items() for way in (-1, 1)] or [0.0]
    left, top = min(across) - _MARGIN, min(down) - _MARGIN
    return left, top, max(across) + _MARGIN - left, max(down) + _MARGIN - top


def _about(graph: Json, nodes: Sequence[Json], edges: Sequence[Json], *, is_cut: bool) -> str:
    moment = f", {graph['as_of']}" if "as_of" in graph else ""
    more = " Es gibt mehr. There is more." if is_cut else ""
    return f"{len(nodes)} Organisationen, {len(edges)} Verbindungen{moment}.{more}"


def _lines(edges: Sequence[Json], spots: Mapping[str, Point], names: Mapping[str, str]) -> Iterator[str]:
    """Yield the ties, light ones first; several of one pair bend away from each other."""
    by_pair: dict[tuple[str, str], list[Json]] = defaultdict(list)
    for edge in edges:
        by_pair[min(edge["source"], edge["target"]), max(edge["source"], edge["target"])].append(edge)
    for (one, other), ties in by_pair.items():
        for number, tie in enumerate(ties):
            bend = (number - (len(ties) - 1) / 2) * 30
            since, until = tie.get("since", ""), tie.get("until", "")
            days = f" ({since}–{until})" if since or until else ""
            told = f"{names[tie['source']]} – {names[tie['target']]}: {_TYPES[tie['type']]}{days}"
            yield (
                f'<path class="edge {tie["type"]}" stroke-width="{_thickness(tie):.1f}" '
                f'd="{_curve(spots[one], spots[other], bend)}"><title>{_text(told)}</title></path>'
            )


def _thickness(tie: Json) -> float:
    weight: int = tie["weight"]
    return min(1.6 + 0.7 * (weight - 1) + (0.8 if tie["type"] == "cooperation" else 0), 6)


def _curve(start: Point, end: Point, bend: float) -> str:
    start, end = (start[0], start[1] - _LINE), (end[0], end[1] - _LINE)
    across, down = end[0] - start[0], end[1] - start[1]
    length = hypot(across, down) or 1
    middle = (start[0] + end[0]) / 2 - bend * down / length, (start[1] + end[1]) / 2 + bend * across / length
    return f"M{start[0]:.1f} {start[1]:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {end[0]:.1f} {end[1]:.1f}"


def _node(node: Json, spot: Point, label: _Label, root: str | None, addresses: str) -> str:
    x, y = spot[0], spot[1] - _LINE
    told = " · ".join(filter(None, (node["name"], _KINDS[node["kind"]][3], node.get("city"))))
    lines = "".join(
        f'<tspan x="{x:.1f}" dy="{_LINE if number else 0}">{_text(line)}</tspan>'
        for number, line in enumerate(label.lines)
    )
    marked = " root" if node["id"] == root else ""
    return (
        f'<a href="{_text(addresses + node["id"])}" class="{node["kind"]}{marked}"><title>{_text(told)}</title>'
        f"{_shape(node['kind'], x, y)}"
        f'<text class="label" x="{x:.1f}" y="{y + _RADIUS + _LINE:.1f}">{lines}</text></a>'
    )


def _shape(kind: str, x: float, y: float) -> str:
    corners, turn, letter, _ = _KINDS[kind]
    written = f'<text class="letter" x="{x:.1f}" y="{y + 4.3:.1f}">{letter}</text>'
    if not corners:
        return f'<circle class="node" cx="{x:.1f}" cy="{y:.1f}" r="{_RADIUS - 1:.1f}"/>{written}'
    radius = _RADIUS * (1.0 if corners > 5 else 1.15)  # noqa: PLR2004 - few corners take away much of the surface
    angles = [2 * pi * (number / corners + turn / 2 * (2 if corners in {3, 5} else 1)) for number in range(corners)]
    points = " ".join(f"{x + radius * cos(angle):.1f},{y + radius * sin(angle):.1f}" for angle in angles)
    return f'<polygon class="node" points="{points}"/>{written}'


@dataclass(frozen=True, slots=True)
class _Legend:
    text: str
    height: float


def _legend(nodes: Sequence[Json], edges: Sequence[Json], *, is_cut: bool) -> _Legend:
    """Return what shapes and lines mean, of those that are drawn."""
    kinds = [kind for kind in _KINDS if kind in {node["kind"] for node in nodes}]
    types = [name for name in _TYPES if name in {edge["type"] for edge in edges}]
    rows = [
        f'<g class="{kind}">{_shape(kind, 0, 0)}</g><text x="28" y="4.3">{_text(_KINDS[kind][3])}</text>'
        for kind in kinds
    ]
    rows += [
        f'<path class="edge {name}" stroke-width="{_thickness({"type": name, "weight": 1}):.1f}" d="M-14 0H18"/>'
        f'<text x="28" y="4.3">{_text(_TYPES[name])}</text>'
        for name in types
    ]
    rows += ['<text class="small" y="4.3">Auszug: es gibt mehr · there is more</text>'] if is_cut else []
    step = _ROW + 16
    height = step * len(rows) + 16
    drawn = "".join(f'<g transform="translate(28 {24 + step * place:.1f})">{row}</g>' for place, row in enumerate(rows))
    return _Legend(
        f'<rect class="key" width="{_LEGEND_WIDTH}" height="{height:.1f}" rx="8"/>{drawn}' if rows else "", height
    )
