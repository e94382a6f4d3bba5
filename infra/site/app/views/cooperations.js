/** Cooperations: who works with whom, by year. */

import { get } from "../api.js";
import { facets, pager } from "../choices.js";
import { h } from "../dom.js";
import { byYear, cooperationEntry, eventEntry, tableLink, yearChoices } from "../entries.js";
import { chosenFacets } from "../facets.js";
import { later, list, nothing, section } from "../pieces.js";
import { narrowed } from "../scope.js";
import { words } from "../words.js";

const FILTERS = ["kind", "region", "topic", "status", "party", "cursor"];

/**
 * @param {Page} page
 * @returns {View}
 */
export function show(page) {
  const { query, signal } = page;
  const said = words.cooperations;
  const year = /^\d{4}$/.exec(query.get("year") ?? "")?.[0];
  const asked = Object.fromEntries(FILTERS.map((name) => [name, query.get(name)]));
  const span = { from: year, to: year };
  return {
    title: year ? `${said.title} ${year}` : said.title,
    description: said.description,
    body: [
      h("h1", null, said.title, year && ` ${year}`),
      later(page, () => choices(signal), (groups) => facets(query, groups)),
      year && h("p", { class: "intro" }, said.running.replace("{}", year)),
      later(
        page,
        () => get("/cooperations", { ...asked, ...span, ...narrowed(query) }, signal),
        ({ items, next }) => [
          items.length ? byYear(items, begun, cooperationEntry) : nothing(),
          pager(query, next),
          tableLink("/cooperations", { ...asked, ...span, ...narrowed(query) }),
        ],
      ),
      year &&
        section(
          said.sameYear.replace("{}", year),
          later(
            page,
            () => get("/events", { ...span, ...narrowed(query) }, signal),
            ({ items }) => list(items.map(eventEntry)),
          ),
        ),
    ],
  };
}

/** @param {CooperationSummary} cooperation */
function begun({ effective_from: from, signed_on: signed }) {
  return from ?? signed;
}

/** @param {AbortSignal} signal */
async function choices(signal) {
  const [{ years }, groups] = await Promise.all([
    get("/stats", narrowed(), signal),
    chosenFacets("cooperations", words.cooperationKinds, signal),
  ]);
  return [yearChoices(years, "cooperations"), ...groups];
}
