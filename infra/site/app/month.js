/** A month as a table of weeks; what is known to the month alone stands above it. */

import { all, get } from "./api.js";
import { h } from "./dom.js";
import { eventEntry } from "./entries.js";
import { later, list, nothing } from "./pieces.js";
import { asking, to } from "./router.js";
import { inWords, isExact, language, monthName, parts, said, today, words } from "./words.js";

/**
 * Return a month with its events, and the ways to the months beside it.
 *
 * @param {Page} page
 * @param {string} month such as `2023-09`
 * @param {Query} asked
 */
export function monthView(page, month, asked) {
  const { query, signal } = page;
  const name = inWords(month);
  return [
    h(
      "nav",
      { class: "months", "aria-label": words.events.month },
      h("a", { href: asking(query, { month: monthBeside(month, -1) }), rel: "prev" }, h("span", { "aria-hidden": "true" }, "← "), monthOf(monthBeside(month, -1))),
      h("h2", null, name),
      h("a", { href: asking(query, { month: monthBeside(month, 1) }), rel: "next" }, monthOf(monthBeside(month, 1)), h("span", { "aria-hidden": "true" }, " →")),
    ),
    later(page, () => all("/events", { ...asked, from: month, to: month }, signal), (events) => [
      sometime(events, month),
      h(
        "table",
        { class: "month" },
        h("caption", { class: "unseen" }, name),
        h("thead", null, h("tr", null, ...weekdays(language, "short").map((day, index) => h("th", { scope: "col", abbr: weekdays(language, "long")[index] }, day)))),
        h("tbody", null, ...weeks(month).map((week) => h("tr", null, ...week.map((day) => cell(day, events))))),
      ),
      !events.length && [nothing(), latest(page, asked)],
    ]),
  ];
}

/**
 * @param {string | null} day
 * @param {EventSummary[]} events
 */
function cell(day, events) {
  if (!day) return h("td", { class: "outside" });
  const found = events.filter((event) => isOn(event, day));
  return h(
    "td",
    { class: [found.length ? "busy" : "", day === today() ? "today" : ""].join(" ").trim() || null },
    h("time", { datetime: day }, String(Number(day.slice(8)))),
    found.length > 0 && h("ul", null, ...found.map(({ id, title, city }) => h("li", null, h("a", { href: to("events", id) }, said(title)), city && h("small", null, ` ${city}`)))),
  );
}

/**
 * @param {EventSummary} event
 * @param {string} day
 */
function isOn({ when }, day) {
  if (!when || !exact(when.start)) return false;
  const last = when.end && exact(when.end) ? when.end : when.start;
  return when.start.slice(0, 10) <= day && day <= last.slice(0, 10);
}

/** @param {string} date */
function exact(date) {
  return isExact(date) && Boolean(parts(date)?.day);
}

/**
 * @param {EventSummary[]} events
 * @param {string} month
 */
function sometime(events, month) {
  const open = events.filter(({ when }) => when && !(exact(when.start) && (!when.end || exact(when.end) || when.start.startsWith(month))));
  return open.length > 0 && [h("h3", null, words.events.sometime), list(open.map(eventEntry))];
}

/**
 * @param {Page} page
 * @param {Query} asked
 */
function latest(page, asked) {
  return later(
    page,
    () => get("/events", { ...asked, to: today(), order: "desc", limit: 5 }, page.signal),
    ({ items }) => {
      const dates = items.map((/** @type {EventSummary} */ each) => each.when?.start).filter((/** @type {string | undefined} */ date) => date && parts(date)?.month);
      return dates.length > 0 && h("p", null, h("a", { href: asking(page.query, { month: dates[0].slice(0, 7) }) }, words.events.latest));
    },
  );
}

/** @param {string} month */
function monthOf(month) {
  return monthName(Number(month.slice(5)));
}

/**
 * Return the names of the days of the week, Monday first.
 *
 * @param {string} language
 * @param {"short" | "long"} width
 */
export function weekdays(language, width) {
  const form = new Intl.DateTimeFormat(language, { weekday: width, timeZone: "UTC" });
  return [1, 2, 3, 4, 5, 6, 7].map((day) => form.format(Date.UTC(2024, 0, day)));
}

/**
 * Return the weeks of a month, Monday first: days as `2023-09-01`, null outside the month.
 *
 * @param {string} month such as `2023-09`
 * @returns {(string | null)[][]}
 */
export function weeks(month) {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const before = (new Date(Date.UTC(year, number - 1, 1)).getUTCDay() + 6) % 7;
  const length = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const rows = Math.ceil((before + length) / 7);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: 7 }, (_, column) => {
      const day = row * 7 + column - before + 1;
      return day >= 1 && day <= length ? `${month}-${two(day)}` : null;
    }),
  );
}

/**
 * Return the month so many months away.
 *
 * @param {string} month such as `2023-09`
 * @param {number} months
 */
export function monthBeside(month, months) {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const moved = new Date(Date.UTC(year, number - 1 + months, 1));
  return `${String(moved.getUTCFullYear()).padStart(4, "0")}-${two(moved.getUTCMonth() + 1)}`;
}

/** @param {number} number */
function two(number) {
  return String(number).padStart(2, "0");
}
