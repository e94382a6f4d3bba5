/** Who is connected with whom: a picture, and the same in words. */

import { get, network } from "../api.js";
import { facets } from "../choices.js";
import { h, joined } from "../dom.js";
import { part } from "../frame.js";
import { picture } from "../graph.js";
import { layout } from "../layout.js";
import { later, nothing } from "../pieces.js";
import { asking, to, toRecord } from "../router.js";
import { period, said, today, words } from "../words.js";

/** @type {Tie[]} */
const TYPES = ["cooperation", "membership", "event", "relation"];

/**
 * @param {Page} page
 * @returns {View}
 */
export function show(page) {
  const own = words.network;
  const { query, signal } = page;
  const place = h("div", null);
  /** @type {ReturnType<typeof layout> | undefined} */
  let places;
  const fill = () => {
    const asked = new URLSearchParams(location.search);
    page.query = asked;
    place.replaceChildren(
      later(page, () => load(asked, signal), ({ graph, whole, titles }) => {
        places ??= layout(whole.nodes, whole.edges);
        return graph.edges.length ? drawn(graph, places, titles) : nothing(own.empty);
      }),
    );
  };
  fill();
  return {
    title: words.nav.network,
    body: [
      h("h1", null, words.nav.network),
      h("p", { class: "intro" }, own.lead),
      later(page, () => get("/stats", { network }, signal), (/** @type {Stats} */ { years, networks }) => [
        !network && facets(query, [{ name: "root", label: own.around, choices: networks.map(({ id, name }) => ({ value: id, label: name })) }]),
        choices(query, years.map(({ year }) => year), fill),
      ]),
      place,
    ],
  };
}

/**
 * Return the graph as asked for, and the one of all times, which gives the nodes their places.
 *
 * @param {URLSearchParams} query
 * @param {AbortSignal} signal
 * @returns {Promise<{graph: Graph, whole: Graph, titles: Map<string, Localised>}>}
 */
async function load(query, signal) {
  const root = query.get("root");
  const asked = { root, depth: root ? (query.get("depth") ?? "2") : null, network: root ? null : network };
  const [graph, whole, ...records] = await Promise.all([
    get("/graph", { ...asked, as_of: query.get("as_of"), edge: query.get("edge")?.split(",") }, signal),
    get("/graph", asked, signal),
    get("/cooperations", { limit: 200 }, signal),
    get("/events", { limit: 200 }, signal),
  ]);
  return { graph, whole, titles: new Map(records.flatMap(({ items }) => items.map((/** @type {EventSummary} */ { id, title }) => [id, title]))) };
}

/**
 * @param {Graph} graph
 * @param {ReturnType<typeof layout>} places
 * @param {Map<string, Localised>} titles
 */
function drawn(graph, places, titles) {
  const own = words.network;
  const connected = new Set(graph.edges.flatMap(({ source, target }) => [source, target]));
  const shown = { ...graph, nodes: graph.nodes.filter(({ id }) => connected.has(id)) };
  return [
    h("p", null, h("a", { class: "skip", href: "#connections" }, own.table)),
    picture(shown, places, Math.max(320, part("content").clientWidth)),
    graph.truncated && h("p", { class: "small" }, own.truncated),
    table(shown, titles),
  ];
}

/**
 * @param {URLSearchParams} query
 * @param {number[]} years
 * @param {() => void} fill
 */
function choices(query, years, fill) {
  const own = words.network;
  const last = Number(today().slice(0, 4));
  const first = Math.min(...years, last);
  const output = h("output", null);
  const slider = h("input", { type: "range", min: first, max: last + 1, step: 1, value: query.get("as_of")?.slice(0, 4) ?? last + 1, "aria-label": own.year });
  const chosen = query.get("edge")?.split(",") ?? TYPES;
  const boxes = TYPES.map((type) => h("input", { type: "checkbox", name: "edge", value: type, checked: chosen.includes(type) }));
  const tell = () => {
    const all = slider.valueAsNumber > last;
    output.value = all ? own.whole : slider.value;
    slider.setAttribute("aria-valuetext", output.value);
    return all ? null : slider.value;
  };
  let timer = 0;
  const change = () => {
    const asOf = tell();
    const edges = boxes.filter(({ checked }) => checked).map(({ value }) => value);
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const all = edges.length === 0 || edges.length === TYPES.length;
      history.replaceState(history.state, "", asking(new URLSearchParams(location.search), { as_of: asOf, edge: all ? null : edges.join(",") }));
      fill();
    }, 180);
  };
  slider.addEventListener("input", change);
  tell();
  return h(
    "div",
    { class: "facets" },
    h("div", null, h("span", { class: "label" }, own.year), h("span", { class: "slider" }, h("small", null, first), slider, output)),
    h(
      "div",
      { role: "group", "aria-label": own.edges },
      h("span", { class: "label" }, own.edges),
      h("span", { class: "legend", change }, ...TYPES.map((type, index) => h("label", { class: type }, boxes[index], ` ${own.types[type]}`))),
    ),
  );
}

/**
 * @param {Graph} graph
 * @param {Map<string, Localised>} titles
 */
function table({ nodes, edges }, titles) {
  const own = words.network;
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const rank = (/** @type {Edge} */ { type, source }) => `${TYPES.indexOf(type)} ${names.get(source)?.toLowerCase()}`;
  const link = (/** @type {string} */ id) => h("a", { href: to("organisations", id) }, names.get(id));
  /** @param {Edge} edge */
  const proofs = ({ type, evidence }) => {
    const known = (evidence ?? []).map((id) => {
      const title = titles.get(id);
      return title && h("a", { href: toRecord(id) }, said(title));
    });
    return [own.types[type], joined(known).length > 0 && ": ", joined(known)];
  };
  const rows = [...edges].sort((one, other) => rank(one).localeCompare(rank(other), "de"));
  return h(
    "table",
    { class: "ties", id: "connections", tabindex: -1 },
    h("caption", null, own.table),
    h("thead", null, h("tr", null, ...[own.from, own.to, own.through, own.since].map((each) => h("th", { scope: "col" }, each)))),
    h("tbody", null, ...rows.map((edge) => h("tr", null, ...[link(edge.source), link(edge.target), proofs(edge), period(edge)].map((each) => h("td", null, each))))),
  );
}
