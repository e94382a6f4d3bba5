/** Organisations: search as you type, choices with their numbers, a page of entries. */

import { asked, get } from "../api.js";
import { facets, pager } from "../choices.js";
import { h } from "../dom.js";
import { organisationEntry, tableLink } from "../entries.js";
import { chosenFacets } from "../facets.js";
import { later, list } from "../pieces.js";
import { found, searching, tellFound } from "../searching.js";
import { words } from "../words.js";

/**
 * @param {Page} page
 * @returns {View}
 */
export function show(page) {
  const title = words.nav.organisations;
  const results = () => (page.query.get("q") ? found(page, words.kinds, "organisation") : listed(page));
  return { title, body: [h("h1", null, title), searching(page, words.organisations.hint, results)] };
}

/** @param {Page} page */
function listed(page) {
  const { query, signal } = page;
  const wanted = asked(page, "kind", "region", "topic", "city", "cursor");
  return [
    later(page, () => chosenFacets("organisation", wanted, words.kinds, signal), (groups) => facets(query, groups)),
    later(
      page,
      () => get("/organisations", wanted, signal),
      ({ items, next }) => [
        tellFound(items, next),
        list(items.map(organisationEntry)),
        pager(query, next),
        tableLink("/organisations", wanted),
      ],
    ),
  ];
}
