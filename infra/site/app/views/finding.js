/** The search over everything. */

import { get } from "../api.js";
import { facets, pager } from "../choices.js";
import { h } from "../dom.js";
import { cooperationEntry, eventEntry, organisationEntry } from "../entries.js";
import { foundFacets } from "../facets.js";
import { later, list, nothing } from "../pieces.js";
import { narrowed } from "../scope.js";
import { searching, tellFound } from "../searching.js";
import { word, words } from "../words.js";

const FILTERS = ["q", "type", "kind", "region", "topic", "cursor"];
/** Fields whose match an entry shows by itself. */
const SHOWN = new Set(["name", "title", "city"]);

/**
 * @param {Page} page
 * @returns {View}
 */
export function show(page) {
  const own = words.finding;
  const asked = page.query.get("q") ?? "";
  return {
    title: asked ? own.titleFor.replace("{}", asked) : own.title,
    description: own.description,
    body: [
      h("h1", null, own.title),
      searching(page, words.searchHint, () => results(page)),
    ],
  };
}

/** @param {Page} page */
function results(page) {
  const { query, signal } = page;
  if (!query.get("q")) return h("p", { class: "aside" }, words.finding.ask);
  const asked = Object.fromEntries(FILTERS.map((name) => [name, query.get(name)]));
  return later(
    page,
    () => get("/search", { ...asked, ...narrowed(query) }, signal),
    ({ items, facets: counted, next }) => [
      tellFound(items, next),
      facets(query, [
        {
          name: "type",
          label: words.facets.type,
          choices: (counted.type ?? []).map((/** @type {Counted} */ { value, count }) => ({ value, label: word(words.recordTypes, value), count })),
        },
        ...foundFacets(counted, { ...words.cooperationKinds, ...words.eventKinds, ...words.kinds }),
      ]),
      items.length ? list(items.map(found)) : nothing(),
      pager(query, next),
    ],
  );
}

/** @param {Found} item */
function found({ summary, highlights = {} }) {
  const shown =
    summary.type === "organisation" ? organisationEntry(summary) : summary.type === "event" ? eventEntry(summary) : cooperationEntry(summary);
  const [match] = Object.entries(highlights).filter(([field]) => !SHOWN.has(field));
  return [shown, match && h("span", { class: "match" }, "… ", marked(match[1]), " …")];
}

/**
 * Return a text in which what was found stands out.
 *
 * @param {Match} match its ranges count code points
 */
function marked({ text, ranges }) {
  const letters = [...text];
  let end = 0;
  const pieces = ranges.flatMap(([from, to]) => {
    const before = letters.slice(end, from).join("");
    end = to;
    return [before, h("mark", null, letters.slice(from, to).join(""))];
  });
  return [...pieces, letters.slice(end).join("")];
}
