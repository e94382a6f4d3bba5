/** Events: what comes, what was, a month, and the calendar to subscribe to. */

import { get } from "../api.js";
import { facets, pager } from "../choices.js";
import { today } from "../dates.js";
import { h } from "../dom.js";
import { byYear, eventEntry, tableLink, yearChoices } from "../entries.js";
import { chosenFacets } from "../facets.js";
import { monthView } from "../month.js";
import { later, list, nothing, section } from "../pieces.js";
import { asking } from "../router.js";
import { narrowed } from "../scope.js";
import { subscription } from "../subscription.js";
import { words } from "../words.js";

const PROPERTIES = ["kind", "region", "topic", "city", "status", "organiser"];

/**
 * @param {Page} page
 * @returns {View}
 */
export function show(page) {
  const { query, signal } = page;
  const said = words.events;
  const asked = { ...Object.fromEntries(PROPERTIES.map((name) => [name, query.get(name)])), ...narrowed(query) };
  const month = /^\d{4}-\d\d$/.exec(query.get("month") ?? "")?.[0];
  const span = spanOf(query);
  const calendar = subscription(asked, span, query.has("subscribe"));
  return {
    title: said.title,
    description: said.description,
    alternates: [{ type: "text/calendar", title: said.title, href: calendar.href }],
    body: [
      h("h1", null, said.title),
      h("nav", { class: "tabs", "aria-label": said.title }, ...tabs(query)),
      calendar.node,
      later(page, () => choices(signal), (groups) => facets(query, month ? groups.slice(1) : groups)),
      month ? monthView(page, month, asked) : agenda(page, asked, span),
      period(page),
    ],
  };
}

/**
 * @param {Page} page
 * @param {Query} asked
 * @param {{from?: string | undefined, to?: string | undefined}} span
 */
function agenda(page, asked, span) {
  const { query, signal } = page;
  const past = query.has("past");
  const listed = { ...asked, cursor: query.get("cursor") };
  return later(
    page,
    async () => {
      if (span.from || span.to) return get("/events", { ...listed, ...span }, signal);
      if (past) return get("/events", { ...listed, to: today(), order: "desc" }, signal);
      const coming = await get("/events", { ...listed, from: today() }, signal);
      if (coming.items.length) return coming;
      return { ...(await get("/events", { ...listed, to: today(), order: "desc", limit: 12 }, signal)), next: null, past: true };
    },
    ({ items, next, past: none }) => [
      none && h("p", { class: "intro" }, words.events.none),
      items.length ? byYear(items, (/** @type {EventSummary} */ each) => each.when?.start, eventEntry) : nothing(),
      pager(query, next),
      tableLink("/events", { ...asked, ...span }),
      !span.from && !span.to && undated(page, asked),
    ],
  );
}

/**
 * Events that are planned while no day is known; they belong to no year.
 *
 * @param {Page} page
 * @param {Query} asked
 */
function undated(page, asked) {
  if (page.query.has("cursor")) return null;
  return later(
    page,
    () => get("/events", { ...asked, undated: "only", limit: 20 }, page.signal),
    ({ items }) => items.length > 0 && h("section", { class: "year" }, h("h2", null, words.noDate), list(items.map(eventEntry))),
  );
}

/**
 * @param {URLSearchParams} query
 * @returns {{from?: string | undefined, to?: string | undefined}}
 */
function spanOf(query) {
  const year = /^\d{4}$/.exec(query.get("year") ?? "")?.[0];
  return { from: query.get("from") ?? year, to: query.get("to") ?? year };
}

/** @param {URLSearchParams} query */
function tabs(query) {
  const said = words.events;
  const none = { past: null, month: null, year: null, from: null, to: null, subscribe: null };
  const mode = query.has("month") ? "month" : query.has("past") ? "past" : ["year", "from", "to"].some((name) => query.has(name)) ? "" : "coming";
  /** @type {[string, string, import('../router.js').Asked][]} */
  const ways = [
    ["coming", said.upcoming, none],
    ["past", said.past, { ...none, past: "1" }],
    ["month", said.month, { ...none, month: query.get("year") ? `${query.get("year")}-01` : today().slice(0, 7) }],
  ];
  return ways.map(([name, label, asked]) => h("a", { href: asking(query, asked), "aria-current": name === mode ? "page" : null }, label));
}

/** @param {Page} page */
function period({ query, go }) {
  const said = words.events;
  /** @param {"from" | "to"} name */
  const field = (name) =>
    h("label", null, h("span", null, said[name]), h("input", { name, value: query.get(name) ?? "", pattern: "\\d{4}(-\\d\\d){0,2}", size: 10, "aria-describedby": "date-hint" }));
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const asked = { from: String(form.get("from") ?? ""), to: String(form.get("to") ?? ""), year: null, past: null, month: null };
    go(asking(query, asked));
  };
  return section(
    said.years,
    h("form", { class: "period", submit }, field("from"), field("to"), h("button", null, words.search), h("small", { id: "date-hint" }, said.dateHint)),
  );
}

/** @param {AbortSignal} signal */
async function choices(signal) {
  const [{ years }, groups] = await Promise.all([
    get("/stats", narrowed(), signal),
    chosenFacets("events", words.eventKinds, signal),
  ]);
  return [yearChoices(years, "events"), ...groups];
}
