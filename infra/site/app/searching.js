/** A field to search in, on the pages that have one. */

import { h, nodes } from "./dom.js";
import { asking } from "./router.js";
import { number, words } from "./words.js";

/** Milliseconds without a key. */
const REST = 220;

/**
 * Return a field to search in, and what is found: anew after each rest in typing, under an address of its own.
 *
 * @param {Page} page
 * @param {string} hint
 * @param {() => Child} results
 * @returns {Child}
 */
export function searching(page, hint, results) {
  const place = h("div", null);
  const fill = () => place.replaceChildren(...nodes([results()]));
  let timer = 0;
  /** @param {Event} event */
  const typed = ({ target }) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const text = /** @type {HTMLInputElement} */ (target).value.trim();
      history.replaceState(history.state, "", asking(page.query, { q: text }));
      page.query = new URLSearchParams(location.search);
      fill();
    }, REST);
  };
  fill();
  return [
    h(
      "form",
      { role: "search", "aria-label": hint, class: "find", submit: (/** @type {Event} */ event) => event.preventDefault() },
      h("input", {
        type: "search", name: "q", value: page.query.get("q") ?? "", "aria-label": words.search, placeholder: hint,
        autocomplete: "off", spellcheck: "false", maxlength: 200, input: typed,
      }),
    ),
    place,
  ];
}

/**
 * Tell those who do not see it how much was found.
 *
 * @param {unknown[]} items
 * @param {string | null} next
 */
export function tellFound({ length }, next) {
  const told = /** @type {HTMLElement} */ (document.getElementById("status"));
  told.textContent = words.found.replace("{}", `${next ? "> " : ""}${number(length)}`);
  return null;
}
