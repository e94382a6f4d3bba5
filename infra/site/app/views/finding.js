/** The search over everything. */

import { h } from "../dom.js";
import { found, searching } from "../searching.js";
import { fill, words } from "../words.js";

/**
 * @param {Page} page
 * @returns {View}
 */
export function show(page) {
  const own = words.finding;
  const q = page.query.get("q");
  const results = () =>
    page.query.get("q")
      ? found(page, { ...words.cooperationKinds, ...words.eventKinds, ...words.kinds, other: words.otherKind })
      : h("p", { class: "aside" }, own.ask);
  return { title: q ? fill(own.titleFor, q) : own.title, body: [h("h1", null, own.title), searching(page, words.searchHint, results)] };
}
