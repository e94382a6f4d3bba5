/** Who offers what, over all networks. */

import { asked, get, narrowed } from "../api.js";
import { facets, pager } from "../choices.js";
import { h, joined } from "../dom.js";
import { entry, sourcesOf } from "../entries.js";
import { foundFacets } from "../facets.js";
import { later, list, onward, remark } from "../pieces.js";
import { to } from "../router.js";
import { searching, tellFound } from "../searching.js";
import { said, topicName, word, words } from "../words.js";

/**
 * @param {Page} page
 * @returns {View}
 */
export function show(page) {
  const title = words.nav.catalogue;
  return {
    title,
    body: [
      h("h1", null, title),
      searching(page, words.catalogue.hint, () => results(page)),
      onward([to("suggestions"), words.suggestions.title]),
    ],
  };
}

/** @param {Page} page */
function results(page) {
  const { query, signal } = page;
  return later(
    page,
    () =>
      Promise.all([
        get("/catalogue", asked(page, "q", "kind", "region", "topic", "cursor"), signal),
        ...["region", "topic"].map((filter) => get(`/${filter}s`, narrowed(), signal)),
      ]),
    ([{ items, next }, regions, topics]) => [
      tellFound(items, next),
      facets(query, foundFacets(
        { kind: Object.keys(words.offeringKinds).map((value) => ({ value })), region: offering("region", regions), topic: offering("topic", topics) },
        words.offeringKinds,
      )),
      list(items.map(offered)),
      pager(query, next),
    ],
  );
}

/**
 * Return the regions or topics in which something is offered, the most frequent first.
 *
 * @param {string} filter
 * @param {{items: any[]}} counted
 * @returns {Counted[]}
 */
function offering(filter, { items }) {
  return items
    .flatMap(({ [filter]: value, offerings: count }) => (count ? [{ value, count }] : []))
    .sort((one, other) => other.count - one.count);
}

/** @param {Offering} offering */
function offered({ title, kind, description, topics, organisation, networks, ...statement }) {
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
