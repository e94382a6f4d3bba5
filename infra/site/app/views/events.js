/** Events: what comes, what was, a month, and the calendar to subscribe to. */

import { asked as askedOf, get, narrowed } from "../api.js";
import { facets, pager } from "../choices.js";
import { h } from "../dom.js";
import { byYear, eventEntry, tableLink, yearChoices } from "../entries.js";
import { chosenFacets } from "../facets.js";
import { monthView } from "../month.js";
import { later, list, section } from "../pieces.js";
import { asking } from "../router.js";
import { subscription } from "../subscription.js";
import { today, words } from "../words.js";

/**
 * @param {Page} page
 * @returns {View}
 */
export function show(page) {
  const { query, signal } = page;
  const title = words.nav.events;
  const asked = askedOf(page, "kind", "region", "topic", "city", "status", "organiser");
  const month = /^\d{4}-\d\d$/.exec(query.get("month") ?? "")?.[0];
  const span = spanOf(query);
  const calendar = subscription(asked, span, query.has("subscribe"));
  return {
    title,
    alternates: [{ type: "text/calendar", title, href: calendar.href }],
    body: [
      h("h1", null, title),
      h("nav", { class: "tabs", "aria-label": title }, tabs(query)),
      calendar.node,
      later(
        page,
        () => Promise.all([get("/stats", narrowed(), signal), chosenFacets("event", { ...asked, ...span }, words.eventKinds, signal)]),
        ([{ years }, groups]) => facets(query, month ? groups : [yearChoices(years, "events"), ...groups]),
      ),
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
      byYear(items, (/** @type {EventSummary} */ each) => each.when?.start, eventEntry),
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
    ({ items }) => items.length > 0 && h("section", { class: "year" }, h("h2", null, words.dates.none), list(items.map(eventEntry))),
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
