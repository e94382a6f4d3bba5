/** What several pages are made of. */

import { ApiError } from "./api.js";
import { h, nodes } from "./dom.js";
import { asking, to } from "./router.js";
import { number, topicName, regionName, words } from "./words.js";

const CHOICES_SHOWN = 8;

/**
 * Return a part of a page that is filled as soon as its data is there; without it, it says why and offers another try.
 *
 * @template Data
 * @param {Page} page
 * @param {() => Promise<Data>} load
 * @param {(data: Data) => Child} show
 */
export function later(page, load, show) {
  const place = h("div", { class: "later" });
  const fill = async () => {
    place.setAttribute("aria-busy", "true");
    place.replaceChildren(h("p", { class: "waiting" }, words.loading));
    try {
      place.replaceChildren(...nodes([show(await load())]));
    } catch (problem) {
      if (page.signal.aborted) return;
      place.replaceChildren(...nodes([trouble(problem, fill)]));
    } finally {
      place.removeAttribute("aria-busy");
    }
  };
  page.wait(fill());
  return place;
}

/**
 * Return what a person needs to know of a failure, with the offer to try again where that may help.
 *
 * @param {unknown} problem
 * @param {() => void} again
 */
export function trouble(problem, again) {
  if (!(problem instanceof ApiError)) console.error(problem);
  const kind = problem instanceof ApiError ? problem.kind : "unavailable";
  const [title, advice] = words.trouble[kind];
  const final = ["missing", "gone", "refused"].includes(kind);
  const detail = problem instanceof ApiError && problem.advice;
  return h(
    "div",
    { class: "trouble", role: "alert" },
    h("p", null, h("strong", null, title), " ", advice, detail && h("span", { lang: "en" }, ` ${detail}`)),
    !final && problem instanceof ApiError && problem.wait && h("p", null, words.trouble.wait.replace("{}", String(problem.wait))),
    !final && h("button", { type: "button", click: again }, words.trouble.again),
  );
}

/**
 * Return a part of a page under a heading in the margin, or nothing where it has no content.
 *
 * @param {string} title
 * @param {Child[]} children
 */
export function section(title, ...children) {
  const content = nodes(children);
  if (!content.length) return null;
  return h("section", null, h("h2", null, title), h("div", null, ...content));
}

/**
 * Return names and values, those with a value.
 *
 * @param {[string, Child][]} facts
 */
export function facts(...facts) {
  const known = facts.filter(([, value]) => nodes([value]).length);
  return known.length
    ? h("dl", { class: "facts" }, ...known.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))))
    : null;
}

/**
 * Return entries in a list, or the word that there are none.
 *
 * @param {Child[]} items
 * @param {string} [style]
 */
export function list(items, style = "entries") {
  return items.length ? h("ul", { class: style }, ...items.map((item) => h("li", null, item))) : nothing();
}

/** @param {string} [said] */
export function nothing(said = words.nothing) {
  return h("p", { class: "nothing" }, said);
}

/**
 * Return topics, each leading to those who share it.
 *
 * @param {readonly string[] | undefined} topics
 * @param {string} [page]
 */
export function topicLinks(topics, page = "organisations") {
  return topics?.length
    ? h("span", { class: "tags" }, ...topics.flatMap((topic) => [h("a", { href: to(page, null, { topic }) }, topicName(topic)), " "]))
    : null;
}

/**
 * Return the regions by name.
 *
 * @param {readonly string[] | undefined} regions
 */
export function regionLinks(regions) {
  return regions?.length
    ? h("span", { class: "tags" }, ...regions.flatMap((region) => [h("a", { href: to("organisations", null, { region }) }, regionName(region)), " "]))
    : null;
}

/**
 * Return choices as links: each has its address, and the chosen ones lead back.
 *
 * @param {URLSearchParams} query
 * @param {{name: string, label: string, choices: {value: string, label: string, count?: number | undefined}[]}[]} groups
 */
export function facets(query, groups) {
  const shown = groups.filter(({ name, choices }) => choices.length > 1 || query.has(name));
  if (!shown.length) return null;
  const wide = matchMedia("(min-width: 48rem)").matches;
  const names = shown.flatMap(({ name, choices }) => choices.find(({ value }) => value === query.get(name))?.label ?? []);
  return h(
    "details",
    { class: "facets", open: wide },
    h("summary", null, words.filter, names.length > 0 && `: ${names.join(", ")}`),
    ...shown.map(({ name, label, choices }) => {
      const chosen = query.get(name);
      const known = chosen && !choices.some(({ value }) => value === chosen) ? [{ value: chosen, label: chosen }] : [];
      // The chosen one goes first, where it is seen.
      const all = [...known, ...choices].sort((one, other) => Number(other.value === chosen) - Number(one.value === chosen));
      return h(
        "div",
        { role: "group", "aria-label": label },
        h("span", { class: "label" }, label),
        h(
          "span",
          null,
          ...all.slice(0, CHOICES_SHOWN).flatMap((choice) => [facet(query, name, choice), " "]),
          all.length > CHOICES_SHOWN &&
            h("details", null, h("summary", null, words.others), ...all.slice(CHOICES_SHOWN).flatMap((choice) => [facet(query, name, choice), " "])),
        ),
      );
    }),
  );
}

/**
 * @param {URLSearchParams} query
 * @param {string} name
 * @param {{value: string, label: string, count?: number | undefined}} choice
 */
function facet(query, name, { value, label, count }) {
  const chosen = query.get(name) === value;
  return h(
    "a",
    {
      href: asking(query, { [name]: chosen ? null : value }),
      class: chosen ? "chosen" : null,
    },
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
  const onward = new URLSearchParams(query);
  if (cursor) onward.set("cursor", cursor);
  return h(
    "p",
    { class: "pager" },
    query.has("cursor") && h("a", { href: asking(query, {}), rel: "first" }, words.first),
    " ",
    cursor && h("a", { href: `${location.pathname}?${onward}`, rel: "next" }, `${words.more} →`),
  );
}

/**
 * Return a field to search in; what is typed is told after a short rest.
 *
 * @param {{label: string, hint?: string, value: string, typed: (text: string) => void}} field
 */
export function searchField({ label, hint, value, typed }) {
  let timer = 0;
  /** @param {Event} event */
  const told = (event) => {
    clearTimeout(timer);
    const text = /** @type {HTMLInputElement} */ (event.target).value.trim();
    timer = window.setTimeout(() => typed(text), 220);
  };
  const input = h("input", {
    type: "search", name: "q", value, "aria-label": label, placeholder: hint ?? label, autocomplete: "off",
    spellcheck: "false", maxlength: 200, input: told,
  });
  return h("form", { role: "search", "aria-label": hint ?? label, class: "find", submit: (/** @type {Event} */ event) => event.preventDefault() }, input);
}
