/** Who might fit together and does not yet, each suggestion with its reasons. */

import { get, narrowed } from "../api.js";
import { facets, pager } from "../choices.js";
import { h, joined } from "../dom.js";
import { chosenFacets } from "../facets.js";
import { later, list, nothing } from "../pieces.js";
import { to, toRecord } from "../router.js";
import { fill, said, word, words } from "../words.js";

/**
 * @param {Page} page
 * @returns {Promise<View>}
 */
export async function show(page) {
  const { id, query, signal } = page;
  const own = words.suggestions;
  const title = id ? fill(own.titleFor, (await get(`/organisations/${id}`, {}, signal)).name) : own.title;
  const of = id ? { organisation: id } : narrowed(query);
  return {
    title,
    body: [
      h("h1", null, title),
      h("p", { class: "intro" }, own.lead),
      !id && later(page, () => chosenFacets("organisation", {}, {}, signal), (groups) => facets(query, groups.filter(({ name }) => name === "network"))),
      later(
        page,
        () => get("/synergies", { ...of, limit: 20, cursor: query.get("cursor") }, signal),
        ({ items, next }) => [
          items.length ? list(items.map((/** @type {Synergy} */ each) => suggestion(each, id)), "suggestions") : nothing(own.none),
          pager(query, next),
        ],
      ),
    ],
  };
}

/**
 * @param {Synergy} synergy
 * @param {string} id the organisation for which it is made; it needs no name
 */
function suggestion({ organisations, reasons }, id) {
  const named = organisations.filter((each) => each.id !== id);
  return [
    h("h2", null, joined(named.map((each) => h("a", { href: to("organisations", each.id) }, each.name)), " + ")),
    h("p", { class: "small" }, joined(named.map(({ kind, city }) => joined([word(words.kinds, kind), city])), " + ")),
    h(
      "ul",
      { class: "statements" },
      reasons.map(({ kind, text, evidence }) =>
        h(
          "li",
          null,
          h("span", { class: "remark" }, `${word(words.suggestions.kinds, kind)} `),
          said(text),
          evidence.slice(0, 5).map((each, index) => {
            const href = toRecord(each);
            return href && h("sup", null, h("a", { href, "aria-label": `${words.suggestions.evidence} ${index + 1}` }, index + 1));
          }),
        ),
      ),
    ),
  ];
}
