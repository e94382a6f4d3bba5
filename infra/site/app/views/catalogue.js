/** Who offers what, over all networks. */

import { get } from "../api.js";
import { facets, pager, searchField } from "../choices.js";
import { h, joined } from "../dom.js";
import { entry } from "../entries.js";
import { chosenFacets } from "../facets.js";
import { later, list, nothing, remark } from "../pieces.js";
import { asking, to } from "../router.js";
import { narrowed } from "../scope.js";
import { said, topicName, word, words } from "../words.js";

const FILTERS = ["q", "kind", "region", "topic", "cursor"];

/**
 * @param {Page} page
 * @returns {View}
 */
export function show(page) {
  const own = words.catalogue;
  const place = h("div", null);
  const fill = () => place.replaceChildren(results(page));
  fill();
  return {
    title: own.title,
    description: own.description,
    body: [
      h("h1", null, own.title),
      searchField({
        label: words.search,
        hint: own.hint,
        value: page.query.get("q") ?? "",
        typed: (text) => {
          history.replaceState(history.state, "", asking(page.query, { q: text }));
          page.query = new URLSearchParams(location.search);
          fill();
        },
      }),
      later(page, () => chosenFacets("offerings", words.offeringKinds, page.signal), (groups) => facets(page.query, groups)),
      place,
    ],
  };
}

/** @param {Page} page */
function results({ query, signal, ...page }) {
  const asked = Object.fromEntries(FILTERS.map((name) => [name, query.get(name)]));
  return later(
    { query, signal, ...page },
    () => get("/catalogue", { ...asked, ...narrowed(query) }, signal),
    ({ items, next }) => [items.length ? list(items.map(offering)) : nothing(), pager(query, next)],
  );
}

/** @param {Offering} offering */
function offering({ title, kind, description, topics, organisation, networks, ...statement }) {
  return entry(
    kind && word(words.offeringKinds, kind),
    [said(title), remark(statement)],
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
