/** Who offers what, over all networks. */

import { get } from "../api.js";
import { facets, pager } from "../choices.js";
import { h, joined } from "../dom.js";
import { entry, sourcesOf } from "../entries.js";
import { chosenFacets } from "../facets.js";
import { later, list, nothing, remark } from "../pieces.js";
import { to } from "../router.js";
import { narrowed } from "../scope.js";
import { searching, tellFound } from "../searching.js";
import { said, topicName, word, words } from "../words.js";

const FILTERS = ["q", "kind", "region", "topic", "cursor"];

/**
 * @param {Page} page
 * @returns {View}
 */
export function show(page) {
  const own = words.catalogue;
  return {
    title: own.title,
    description: own.description,
    body: [
      h("h1", null, own.title),
      searching(page, own.hint, () => results(page)),
      h("p", { class: "onward" }, h("a", { href: to("suggestions") }, `${words.suggestions.title} →`)),
    ],
  };
}

/** @param {Page} page */
function results(page) {
  const { query, signal } = page;
  const asked = Object.fromEntries(FILTERS.map((name) => [name, query.get(name)]));
  return later(
    page,
    () => Promise.all([get("/catalogue", { ...asked, ...narrowed(query) }, signal), chosenFacets("offerings", words.offeringKinds, signal)]),
    ([{ items, next }, groups]) => [
      tellFound(items, next),
      facets(query, groups),
      items.length ? list(items.map(offering)) : nothing(),
      pager(query, next),
    ],
  );
}

/** @param {Offering} offering */
function offering({ title, kind, description, topics, organisation, networks, ...statement }) {
  return entry(
    kind && word(words.offeringKinds, kind),
    [said(title), remark(statement), sourcesOf(organisation)],
    [
      description && h("p", null, said(description)),
      h("p", null, joined([
        h("a", { href: to("organisations", organisation.id) }, organisation.name),
        organisation.city,
        joined(networks.map(({ id, name }) => h("a", { href: to("organisations", id) }, name))),
        topics?.map(topicName).join(", "),
      ], " · ")),
    ],
  );
}
