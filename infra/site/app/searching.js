/** A field to search in, on the pages that have one, and what is found. */

import { asked, get } from "./api.js";
import { facets, pager } from "./choices.js";
import { h, nodes } from "./dom.js";
import { cooperationEntry, eventEntry, organisationEntry } from "./entries.js";
import { foundFacets } from "./facets.js";
import { later, list } from "./pieces.js";
import { asking } from "./router.js";
import { fill, number, topicName, word, words } from "./words.js";

/** Milliseconds without a key. */
const REST = 220;
/** Fields whose match an entry shows by itself. */
const SHOWN = new Set(["name", "title", "city"]);

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
  const show = () => place.replaceChildren(...nodes([results()]));
  let timer = 0;
  /** @param {Event} event */
  const input = ({ target }) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const text = /** @type {HTMLInputElement} */ (target).value.trim();
      history.replaceState(history.state, "", asking(page.query, { q: text }));
      page.query = new URLSearchParams(location.search);
      show();
    }, REST);
  };
  show();
  return [
    h(
      "form",
      { role: "search", "aria-label": hint, class: "find", submit: (/** @type {Event} */ event) => event.preventDefault() },
      h("input", {
        type: "search", name: "q", value: page.query.get("q") ?? "", "aria-label": words.search, placeholder: hint,
        autocomplete: "off", spellcheck: "false", maxlength: 200, input,
      }),
    ),
    place,
  ];
}

/**
 * Return what the search finds, and what narrows it.
 *
 * @param {Page} page
 * @param {Record<string, string>} kinds
 * @param {string} [type] the only one that is looked for
 */
export function found(page, kinds, type) {
  const { query, signal } = page;
  return later(
    page,
    () => get("/search", { ...asked(page, "q", "type", "kind", "region", "topic", "cursor"), ...(type && { type }) }, signal),
    ({ items, facets: counted, next }) => [
      tellFound(items, next),
      facets(query, foundFacets(type ? { ...counted, type: [] } : counted, kinds)),
      list(items.map(hit)),
      pager(query, next),
    ],
  );
}

/** @param {Found} item */
function hit({ summary, highlights }) {
  const [match] = Object.entries(highlights).filter(([field]) => !SHOWN.has(field));
  const [field = "", where] = match ?? [];
  const label = word(words.fields, field);
  return [
    summary.type === "organisation" ? organisationEntry(summary) : summary.type === "event" ? eventEntry(summary) : cooperationEntry(summary),
    where && h("span", { class: "match" }, label !== field && `${label}: `, field === "topics" ? h("mark", null, topicName(where.text)) : marked(where)),
  ];
}

/**
 * Return a text in which what was found stands out.
 *
 * @param {Found["highlights"][string]} match its ranges count code points
 */
function marked({ text, ranges }) {
  const letters = [...text];
  let end = 0;
  const pieces = ranges.map(([from = 0, to = 0]) => {
    const before = letters.slice(end, from).join("");
    end = to;
    return [before, h("mark", null, letters.slice(from, to).join(""))];
  });
  return [...pieces, letters.slice(end).join("")];
}

/**
 * Tell those who do not see it how much was found.
 *
 * @param {unknown[]} items
 * @param {string | null} next
 */
export function tellFound({ length }, next) {
  const told = /** @type {HTMLElement} */ (document.getElementById("status"));
  told.textContent = fill(words.found, `${next ? "> " : ""}${number(length)}`);
  return null;
}
