/** Offers what the register knows while somebody types; loaded by whoever goes to the search. */

import { get, narrowed } from "./api.js";
import { h } from "./dom.js";
import { word, words } from "./words.js";

/** Milliseconds without a key. */
const REST = 180;
const SHORTEST = 2;

/**
 * Fill the options of a field while it is typed in; without an answer there are none, and one can search all the same.
 *
 * @param {HTMLInputElement} input
 * @param {HTMLDataListElement} options
 */
export function suggest(input, options) {
  let timer = 0;
  const ask = async () => {
    const q = input.value.trim();
    if (q.length < SHORTEST) return options.replaceChildren();
    const { items } = await get("/suggest", { q, ...narrowed() }).catch(() => ({ items: [] }));
    if (q !== input.value.trim()) return;
    options.replaceChildren(
      ...items.map((/** @type {Suggestion} */ { text, type, id }) =>
        h("option", { value: text, label: word(words.recordTypes, type), "data-id": id }),
      ),
    );
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(ask, REST);
  });
}
