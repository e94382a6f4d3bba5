/** What several pages are made of. */

import { ApiError } from "./api.js";
import { h, joined, nodes } from "./dom.js";
import { to } from "./router.js";
import { periodOf, regionName, topicName, words } from "./words.js";

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
      // What fails together is told once, and tried again together.
      const failed = (page.failed ??= new Set());
      place.replaceChildren(trouble(problem, () => void [...failed].map((each) => failed.delete(each) && each()), failed.size > 0));
      failed.add(fill);
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
 * @param {boolean} [told] whether it has been told elsewhere on the page
 */
export function trouble(problem, again, told = false) {
  if (!(problem instanceof ApiError)) console.error(problem);
  const kind = problem instanceof ApiError ? problem.kind : "unavailable";
  const [title, advice] = words.trouble[kind];
  if (told) return nothing(title);
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
 * Return since when a statement holds and how certain it is, small, behind it.
 *
 * @param {Statement} statement
 */
export function remark(statement) {
  const certainty = statement.certainty && words.certainties[statement.certainty];
  const found = joined([periodOf(statement), certainty]);
  return found.length > 0 && h("span", { class: "remark" }, " ", ...found);
}
