/** What narrows a list, and what leads through it; all of it has an address. */

import { h } from "./dom.js";
import { asking } from "./router.js";
import { number, words } from "./words.js";

const CHOICES_SHOWN = 8;

/**
 * Return choices as links: each has its address, and the chosen ones lead back.
 *
 * @param {URLSearchParams} query
 * @param {Group[]} groups
 */
export function facets(query, groups) {
  const shown = groups.filter(({ name, choices }) => choices.length > 1 || query.has(name));
  if (!shown.length) return null;
  const names = shown.flatMap(({ name, choices }) => choices.find(({ value }) => value === query.get(name))?.label ?? []);
  return h(
    "details",
    { class: "facets", open: matchMedia("(min-width: 48rem)").matches },
    h("summary", null, words.filter, names.length > 0 && `: ${names.join(", ")}`),
    shown.map(({ name, label, choices }) => {
      const chosen = query.get(name);
      const known = chosen && !choices.some(({ value }) => value === chosen) ? [{ value: chosen, label: chosen }] : [];
      // The chosen one goes first, where it is seen.
      const links = [...known, ...choices]
        .sort((one, other) => Number(other.value === chosen) - Number(one.value === chosen))
        .map((choice) => [facet(query, name, choice), " "]);
      const rest = links.splice(CHOICES_SHOWN);
      return h(
        "div",
        { role: "group", "aria-label": label },
        h("span", { class: "label" }, label),
        h("span", null, links, rest.length > 0 && h("details", null, h("summary", null, words.others), rest)),
      );
    }),
  );
}

/**
 * @param {URLSearchParams} query
 * @param {string} name
 * @param {Choice} choice
 */
function facet(query, name, { value, label, count }) {
  const chosen = query.get(name) === value;
  return h(
    "a",
    { href: asking(query, { [name]: chosen ? null : value }), class: chosen ? "chosen" : null },
    label,
    count !== undefined && h("small", null, ` ${number(count)}`),
    chosen && [h("span", { "aria-hidden": "true" }, " ×"), h("span", { class: "unseen" }, ` – ${words.remove}`)],
  );
}

/**
 * Return the way to the next page of a list, and back to its beginning.
 *
 * @param {URLSearchParams} query
 * @param {string | null} next
 */
export function pager(query, next) {
  const cursor = next && new URL(next, location.origin).searchParams.get("cursor");
  if (!cursor && !query.has("cursor")) return null;
  return h(
    "p",
    { class: "pager" },
    query.has("cursor") && h("a", { href: asking(query, {}), rel: "first" }, words.first),
    " ",
    cursor && h("a", { href: asking(query, { cursor }), rel: "next" }, `${words.more} →`),
  );
}
