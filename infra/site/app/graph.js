/** The graph as a picture: to move and to enlarge by pointer, touch and keyboard. */

import { h, svg } from "./dom.js";
import { bounds, degreesOf } from "./layout.js";
import { toRecord } from "./router.js";
import { words } from "./words.js";

const MARGIN = 90;
const LINE = 14;
/** Beside a name, on either side. */
const AIR = 3;
const LONGEST_LABEL = 26;
const [FARTHEST, NEAREST] = [0.5, 8];
const WHOLE = { x: 0, y: 0, scale: 1 };
const NOWHERE = { x: 0, y: 0 };
const STEP = 60;

/**
 * Return the picture, with its buttons.
 *
 * @param {Graph} graph
 * @param {Map<string, Point>} places
 * @param {number} width in pixels
 */
export function picture(graph, places, width) {
  const height = Math.round(Math.max(440, Math.min(660, width * 0.6)));
  const fitting = fitted(graph, places, width, height);
  const spots = new Map(graph.nodes.map(({ id }, index) => [id, fitting[index] ?? NOWHERE]));
  const degrees = degreesOf(graph.edges);
  /** @type {Map<string, number>} */
  const drawn = new Map();
  const lines = graph.edges.map((edge) => line(edge, spots, drawn));
  const measured = ruler();
  const nodes = graph.nodes
    .map((node) => ({ ...node, degree: degrees.get(node.id) ?? 0, spot: spots.get(node.id) ?? NOWHERE }))
    .sort((one, other) => other.degree - one.degree)
    .map((node) => ({ ...node, shown: mark(node) }))
    .map((node) => ({ ...node, half: measured(node.shown.children[2]?.textContent ?? "") / 2 + AIR }));
  const scene = svg("g", null, svg("g", { class: "lines" }, ...lines), ...nodes.map(({ shown }) => shown));
  const view = { ...WHOLE };
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "graph", tabindex: 0, role: "group", "aria-label": words.network.picture }, scene);

  const move = () => scene.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.scale})`);
  // Marks and names keep their size, lines their width (CSS); so more names find room the nearer one is.
  const draw = () => {
    const taken = nodes.map((node) => round(node, view.scale));
    for (const node of nodes) name(node, view.scale, taken);
    move();
  };
  /** @param {number} x @param {number} y */
  const pan = (x, y) => {
    view.x += x;
    view.y += y;
    move();
  };
  /** @param {number} factor @param {number} [x] @param {number} [y] */
  const zoom = (factor, x = width / 2, y = height / 2) => {
    const before = view.scale;
    view.scale = Math.max(FARTHEST, Math.min(NEAREST, before * factor));
    pan(((x - view.x) * (before - view.scale)) / before, ((y - view.y) * (before - view.scale)) / before);
    draw();
  };
  const fit = () => {
    Object.assign(view, WHOLE);
    draw();
  };
  byPointer(drawing, width, pan, zoom);
  byKeyboard(drawing, pan, zoom, fit);
  attend(drawing, graph.edges, lines, nodes);
  draw();
  return h(
    "figure",
    { class: "network" },
    drawing,
    h(
      "p",
      { class: "buttons" },
      button("+", words.network.larger, () => zoom(1.4)),
      button("−", words.network.smaller, () => zoom(1 / 1.4)),
      button("⤢", words.network.fit, fit),
    ),
  );
}

/** @param {string} sign @param {string} label @param {() => void} click */
function button(sign, label, click) {
  return h("button", { type: "button", "aria-label": label, title: label, click }, sign);
}

/**
 * Return the places within the picture, with room for the names at its edges.
 *
 * @param {Graph} graph
 * @param {Map<string, Point>} places
 * @param {number} width
 * @param {number} height
 */
function fitted(graph, places, width, height) {
  const margin = Math.min(MARGIN, width / 6);
  const known = graph.nodes.map(({ id }) => places.get(id) ?? NOWHERE);
  const box = bounds(known);
  const [right, down] = [(width - 2 * margin) / (box.width || 1), (height - 64) / (box.height || 1)];
  return known.map(({ x, y }) => ({ x: margin + (x - box.left) * right, y: 32 + (y - box.top) * down }));
}

/**
 * @param {Edge} edge
 * @param {Map<string, Point>} spots
 * @param {Map<string, number>} drawn how many edges of each pair there are already, which are bent apart
 */
function line({ source, target, type, weight = 1 }, spots, drawn) {
  const [from, to] = [spots.get(source) ?? NOWHERE, spots.get(target) ?? NOWHERE];
  const pair = [source, target].sort().join();
  const same = drawn.get(pair) ?? 0;
  drawn.set(pair, same + 1);
  const bend = ((same + 1) >> 1) * (same % 2 ? 0.14 : -0.14) * (source < target ? 1 : -1);
  const [x, y] = [(from.x + to.x) / 2 + (to.y - from.y) * bend, (from.y + to.y) / 2 - (to.x - from.x) * bend];
  return svg("path", {
    d: `M${from.x.toFixed(1)} ${from.y.toFixed(1)}Q${x.toFixed(1)} ${y.toFixed(1)} ${to.x.toFixed(1)} ${to.y.toFixed(1)}`,
    class: `edge ${type}`,
    "stroke-width": Math.min(4, 1 + Math.log2(weight)),
  });
}

/** @param {GraphNode} node */
function mark({ id, name, kind }) {
  // Whole words: what is seen is part of the name that is heard (WCAG 2.5.3).
  const short = name.length > LONGEST_LABEL ? name.slice(0, LONGEST_LABEL + 1).replace(/[\s,-]+\S*$/, "") : name;
  return svg("a", { href: toRecord(id), class: `node ${kind}`, "aria-label": name }, svg("title", null, name), svg("circle"), svg("text", null, short));
}

/** Return what tells how wide a name will be: an eye for letters is wrong by a third where there are many wide ones. */
function ruler() {
  const pen = document.createElement("canvas").getContext("2d");
  if (pen) pen.font = `12px ${getComputedStyle(document.documentElement).getPropertyValue("--sans")}`;
  return (/** @type {string} */ text) => pen?.measureText(text).width ?? 0;
}

/**
 * Draw a node's mark, and return the room that it takes.
 *
 * @param {Drawn} node
 * @param {number} scale
 * @returns {Box}
 */
function round({ spot: { x, y }, degree, shown }, scale) {
  const radius = radiusOf(degree);
  set(shown.children[1], { cx: x, cy: y, r: radius / scale });
  return { left: x * scale - radius, right: x * scale + radius, top: y * scale - radius, bottom: y * scale + radius };
}

/**
 * Write a node's name below or above it, or nowhere when a more important one, or a mark, stands there.
 *
 * @param {Drawn} node
 * @param {number} scale
 * @param {Box[]} taken
 */
function name({ spot: { x, y }, degree, half, shown }, scale, taken) {
  const spots = [radiusOf(degree) + 2, -radiusOf(degree) - LINE - 2].map((offset) => ({
    left: x * scale - half,
    right: x * scale + half,
    top: y * scale + offset,
    bottom: y * scale + offset + LINE,
  }));
  const free = spots.find(
    (box) => !taken.some(({ left, right, top, bottom }) => left < box.right && right > box.left && top < box.bottom && bottom > box.top),
  );
  if (free) taken.push(free);
  shown.classList.toggle("quiet", !free);
  set(shown.children[2], { x, y: ((free ?? spots[0])?.bottom ?? 0) / scale - 3 / scale, "font-size": 12 / scale });
}

/** @param {number} degree */
function radiusOf(degree) {
  return 3.5 + Math.min(7, Math.sqrt(degree) * 1.5);
}

/**
 * @param {Element | undefined} element
 * @param {Record<string, number>} values
 */
function set(element, values) {
  for (const [name, value] of Object.entries(values)) element?.setAttribute(name, value.toFixed(2));
}

/**
 * Let the node that is pointed at, or has the focus, stand out with its neighbours.
 *
 * @param {SVGSVGElement} drawing
 * @param {Edge[]} edges
 * @param {SVGPathElement[]} lines
 * @param {{id: string, shown: SVGAElement}[]} nodes
 */
function attend(drawing, edges, lines, nodes) {
  /** @param {string | undefined} id */
  const stress = (id) => {
    const near = new Set(edges.flatMap(({ source, target }) => (source === id ? [target] : target === id ? [source] : [])));
    drawing.classList.toggle("attending", id !== undefined);
    lines.forEach((each, index) => each.classList.toggle("near", edges[index]?.source === id || edges[index]?.target === id));
    for (const node of nodes) node.shown.classList.toggle("near", node.id === id || near.has(node.id));
  };
  for (const { id, shown } of nodes) {
    for (const name of ["pointerenter", "focus"]) shown.addEventListener(name, () => stress(id));
    for (const name of ["pointerleave", "blur"]) shown.addEventListener(name, () => stress(undefined));
  }
}

/**
 * @param {SVGSVGElement} drawing
 * @param {number} width
 * @param {(x: number, y: number) => void} pan
 * @param {(factor: number, x?: number, y?: number) => void} zoom
 */
function byPointer(drawing, width, pan, zoom) {
  /** @type {Map<number, Point>} */
  const down = new Map();
  let moved = 0;
  /** @param {{clientX: number, clientY: number}} event */
  const spot = ({ clientX, clientY }) => {
    const { left, top, width: real } = drawing.getBoundingClientRect();
    return { x: ((clientX - left) * width) / real, y: ((clientY - top) * width) / real };
  };
  drawing.addEventListener("pointerdown", (event) => {
    if (!down.size) moved = 0;
    down.set(event.pointerId, spot(event));
  });
  drawing.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const now = spot(event);
    moved += Math.hypot(now.x - before.x, now.y - before.y);
    if (moved > 4) drawing.setPointerCapture(event.pointerId);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    if (other) zoom(Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y)), other.x, other.y);
    else pan(now.x - before.x, now.y - before.y);
    down.set(event.pointerId, now);
  });
  for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) {
    drawing.addEventListener(name, (event) => down.delete(event.pointerId));
  }
  drawing.addEventListener("dragstart", (event) => event.preventDefault());
  // What began as a drag is no click on the organisation below it.
  drawing.addEventListener("click", (event) => moved > 4 && event.preventDefault(), true);
  drawing.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { x, y } = spot(event);
      zoom(Math.exp(-event.deltaY / 300), x, y);
    },
    { passive: false },
  );
}

/**
 * @param {SVGSVGElement} drawing
 * @param {(x: number, y: number) => void} pan
 * @param {(factor: number) => void} zoom
 * @param {() => void} fit
 */
function byKeyboard(drawing, pan, zoom, fit) {
  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowLeft: () => pan(STEP, 0),
    ArrowRight: () => pan(-STEP, 0),
    ArrowUp: () => pan(0, STEP),
    ArrowDown: () => pan(0, -STEP),
    "+": () => zoom(1.4),
    "-": () => zoom(1 / 1.4),
    0: fit,
  };
  drawing.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
