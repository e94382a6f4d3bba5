/** What several pages are made of. */

import { all, ApiError } from "./api.js";
import { h, joined, nodes } from "./dom.js";
import { to } from "./router.js";
import { fill, period, regionName, topicName, words } from "./words.js";

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
  const draw = async () => {
    place.setAttribute("aria-busy", "true");
    place.replaceChildren(h("p", { class: "waiting" }, words.loading));
    try {
      place.replaceChildren(...nodes([show(await load())]));
    } catch (problem) {
      if (page.signal.aborted) return;
      // What fails together is told once, and tried again together.
      const failed = (page.failed ??= new Set());
      place.replaceChildren(trouble(problem, () => void [...failed].map((each) => failed.delete(each) && each()), failed.size > 0));
      failed.add(draw);
    } finally {
      place.removeAttribute("aria-busy");
    }
  };
  page.wait(draw());
  return place;
}

/**
 * Return a section that shows a record's list, or nothing where there is none.
 *
 * @param {Page} page
 * @param {string} title
 * @param {string} path
 * @param {(items: any[]) => Child} show
 * @param {Query} [query]
 */
export function part(page, title, path, show, query) {
  return later(
    page,
    () => all(path, query, page.signal).catch(withoutPart),
    (items) => items.length > 0 && section(title, show(items)),
  );
}

/**
 * The record is there, so a list of it that is not is one that this register does not offer.
 *
 * @param {unknown} problem
 * @returns {any[]}
 */
function withoutPart(problem) {
  if (problem instanceof ApiError && problem.kind === "missing") return [];
  throw problem;
}

/**
 * Return what a person needs to know of a failure, with the offer to try again where that may help.
 *
 * @param {unknown} problem
 * @param {() => void} again
 * @param {boolean} [told] whether it has been told elsewhere on the page
 */
export function trouble(problem, again, told = false) {
  if (!(problem instanceof ApiError)) console.error(problem);
  const { kind, wait, advice, passing } = problem instanceof ApiError ? problem : new ApiError("unavailable");
  const [title, hint] = words.trouble[kind];
  if (told) return nothing(title);
  return h(
    "div",
    { class: "trouble", role: "alert" },
    h("p", null, h("strong", null, `${title}.`), " ", hint, advice && h("span", { lang: "en" }, ` ${advice}`)),
    passing && wait && h("p", null, fill(words.trouble.wait, wait)),
    passing && h("button", { type: "button", click: again }, words.trouble.again),
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
  return content.length > 0 && h("section", null, h("h2", null, title), h("div", null, content));
}

/**
 * Return fields of a record by name, those with a value.
 *
 * @param {Partial<Record<keyof typeof words.fields, Child>>} values
 */
export function facts(values) {
  const known = Object.entries(values).flatMap(([name, value]) => {
    const shown = nodes([value]);
    return shown.length ? [h("div", null, h("dt", null, words.fields[/** @type {keyof typeof values} */ (name)]), h("dd", null, shown))] : [];
  });
  return known.length > 0 && h("dl", { class: "facts" }, known);
}

/**
 * Return entries in a list, or the word that there are none.
 *
 * @param {Child[]} items
 * @param {string} [style]
 */
export function list(items, style = "entries") {
  return items.length ? h("ul", { class: style }, items.map((item) => h("li", null, item))) : nothing();
}

/** @param {string} [said] */
export function nothing(said = words.nothing) {
  return h("p", { class: "nothing" }, said);
}

/**
 * Return the ways onward from a part of a page.
 *
 * @param {[string, string][]} ways their addresses and what they are called
 */
export function onward(...ways) {
  return h("p", { class: "onward" }, ways.map(([href, label]) => [h("a", { href }, `${label} →`), " "]));
}

/**
 * Return topics or regions, each leading to those who share it.
 *
 * @param {"topic" | "region"} filter
 * @param {readonly string[] | undefined} values
 * @param {string} [page]
 */
export function tags(filter, values, page = "organisations") {
  const name = { topic: topicName, region: regionName }[filter];
  return values?.length
    ? h("span", { class: "tags" }, values.map((value) => [h("a", { href: to(page, null, { [filter]: value }) }, name(value)), " "]))
    : null;
}

/**
 * Return since when a statement holds and how certain it is, small, behind it.
 *
 * @param {Statement} statement
 */
export function remark(statement) {
  return aside(joined([period(statement), statement.certainty && words.certainties[statement.certainty]]));
}

/**
 * Return what is said small, behind something.
 *
 * @param {Child} said
 */
export function aside(said) {
  return nodes([said]).length > 0 && h("span", { class: "remark" }, " ", said);
}
