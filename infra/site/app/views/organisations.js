/** Organisations: search as you type, choices with their numbers, a page of entries. */

import { get } from "../api.js";
import { facets, pager } from "../choices.js";
import { h } from "../dom.js";
import { organisationEntry, tableLink } from "../entries.js";
import { chosenFacets, foundFacets } from "../facets.js";
import { later, list, nothing } from "../pieces.js";
import { narrowed } from "../scope.js";
import { searching, tellFound } from "../searching.js";
import { words } from "../words.js";

const FILTERS = ["q", "kind", "region", "topic", "city", "cursor"];

/**
 * @param {Page} page
 * @returns {View}
 */
export function show(page) {
  const said = words.organisations;
  return {
    title: said.title,
    description: said.description,
    body: [
      h("h1", null, said.title),
      searching(page, said.hint, () => results(page)),
    ],
  };
}

/** @param {Page} page */
function results(page) {
  const { query } = page;
  const asked = Object.fromEntries(FILTERS.map((name) => [name, query.get(name)]));
  return later(
    page,
    () => (query.get("q") ? found(page, asked) : listed(page, asked)),
    ({ items, next, choices }) => [
      tellFound(items, next),
      facets(query, choices),
      items.length ? list(items.map(organisationEntry)) : nothing(),
      pager(query, next),
      !query.get("q") && tableLink("/organisations", { ...asked, ...narrowed(query) }),
    ],
  );
}

/**
 * @param {Page} page
 * @param {Query} asked
 */
async function found({ query, signal }, asked) {
  const { items, next, facets: counted } = await get("/search", { type: "organisation", ...asked, ...narrowed(query) }, signal);
  return {
    items: items.map((/** @type {{summary: OrganisationSummary}} */ each) => each.summary),
    next,
    choices: foundFacets(counted, words.kinds),
  };
}

/**
 * @param {Page} page
 * @param {Query} asked
 */
async function listed({ signal, query }, { q: _, ...asked }) {
  const [{ items, next }, choices] = await Promise.all([
    get("/organisations", { ...asked, ...narrowed(query) }, signal),
    chosenFacets("organisations", words.kinds, signal),
  ]);
  return { items, next, choices };
}
