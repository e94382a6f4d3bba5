/** Cooperations: who works with whom, by year. */

import { asked, get, narrowed } from "../api.js";
import { facets, pager } from "../choices.js";
import { h } from "../dom.js";
import { byYear, cooperationEntry, eventEntry, tableLink, yearChoices } from "../entries.js";
import { chosenFacets } from "../facets.js";
import { later, list, section } from "../pieces.js";
import { fill, words } from "../words.js";

/**
 * @param {Page} page
 * @returns {View}
 */
export function show(page) {
  const { query, signal } = page;
  const own = words.cooperations;
  const year = /^\d{4}$/.exec(query.get("year") ?? "")?.[0];
  const span = { from: year, to: year };
  const wanted = { ...asked(page, "kind", "region", "topic", "status", "party", "cursor"), ...span };
  const title = `${words.nav.cooperations}${year ? ` ${year}` : ""}`;
  return {
    title,
    body: [
      h("h1", null, title),
      later(
        page,
        () => Promise.all([get("/stats", narrowed(), signal), chosenFacets("cooperation", wanted, words.cooperationKinds, signal)]),
        ([{ years }, groups]) => facets(query, [yearChoices(years, "cooperations"), ...groups]),
      ),
      year && h("p", { class: "intro" }, fill(own.running, year)),
      later(
        page,
        () => get("/cooperations", wanted, signal),
        ({ items, next }) => [
          byYear(items, (/** @type {CooperationSummary} */ each) => each.effective_from ?? each.signed_on, cooperationEntry),
          pager(query, next),
          tableLink("/cooperations", wanted),
        ],
      ),
      year &&
        section(
          fill(own.sameYear, year),
          later(page, () => get("/events", { ...span, ...narrowed(query) }, signal), ({ items }) => list(items.map(eventEntry))),
        ),
    ],
  };
}
