/** Organisations: search as you type, choices with their numbers, a page of entries. */

import { get } from "../api.js";
import { facets, pager, searchField } from "../choices.js";
import { h } from "../dom.js";
import { organisationEntry } from "../entries.js";
import { chosenFacets, foundFacets } from "../facets.js";
import { later, list, nothing } from "../pieces.js";
import { asking } from "../router.js";
import { narrowed } from "../scope.js";
import { words } from "../words.js";

const FILTERS = ["kind", "region", "topic", "city", "network"];

/**
 * @param {Page} page
 * @returns {View}
 */
export function show(page) {
  const said = words.organisations;
  const place = h("div", { "aria-live": "polite" });
  /** @param {URLSearchParams} query */
  const fill = (query) => place.replaceChildren(results(page, query));
  fill(page.query);
  return {
    title: said.title,
    description: said.description,
    body: [
      h("h1", null, said.title),
      searchField({
        label: words.search,
        hint: said.hint,
        value: page.query.get("q") ?? "",
        typed: (text) => {
          history.replaceState(history.state, "", asking(page.query, { q: text }));
          page.query = new URLSearchParams(location.search);
          fill(page.query);
        },
      }),
      place,
    ],
  };
}

/**
 * @param {Page} page
 * @param {URLSearchParams} query
 */
function results(page, query) {
  const asked = Object.fromEntries([...FILTERS, "q", "cursor"].map((name) => [name, query.get(name)]));
  return later(
    page,
    () => (query.get("q") ? found(page, asked) : listed(page, asked)),
    ({ items, next, choices }) => [
      facets(query, choices),
      items.length ? list(items.map(organisationEntry)) : nothing(),
      pager(query, next),
    ],
  );
}

/**
 * @param {Page} page
 * @param {Query} asked
 */
async function found({ signal }, asked) {
  const { items, next, facets: counted } = await get("/search", { type: "organisation", ...asked, ...narrowed(new URLSearchParams(location.search)) }, signal);
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
