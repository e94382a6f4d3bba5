/**
 * What is said, in the language of the page; texts of the register come in the language that they have.
 *
 * Dates are never said more precisely than they are known: `2019`, `2023-09`, `2018-01-11`, each with `~` (about)
 * behind it, `[..D]` (not later), `[D..]` (not earlier), and local times such as `2018-01-11T17:00`.
 *
 * @typedef {typeof import('./words/de.js').default} Words
 */

import config from "../config.js";
import { h } from "./dom.js";

/** Made once: it takes longer than all else that a date needs. @type {Map<string, string[]>} */
const monthNames = new Map();

/** The language of the page. */
export let language = "de";

/** @type {Words} */
export let words;

/** @param {string} chosen */
export async function speak(chosen) {
  words = (await import(`./words/${chosen}.js`)).default;
  language = chosen;
}

/**
 * Return a form with its places, `{}`, filled one after another.
 *
 * @param {string} form
 * @param {(string | number)[]} values
 */
export function fill(form, ...values) {
  return form.replace(/\{\}/g, () => String(values.shift() ?? ""));
}

/**
 * Return a text in the language of the page, or in another one that it has.
 *
 * @param {Localised | string | undefined} text
 * @returns {string}
 */
export function plain(text) {
  if (text === undefined || typeof text === "string") return text ?? "";
  return text[language] ?? Object.values(text)[0] ?? "";
}

/**
 * Return the same as a node that says which language it is in, for voices and hyphenation.
 *
 * @param {Localised | string | undefined} text
 * @returns {Node | string}
 */
export function said(text) {
  if (text === undefined || typeof text === "string" || text[language]) return plain(text);
  return h("span", { lang: Object.keys(text)[0] }, plain(text));
}

/**
 * Return a number as the language writes it.
 *
 * @param {number} value
 */
export function number(value) {
  return new Intl.NumberFormat(language).format(value);
}

/**
 * Return how many there are of something; forms are singular and plural.
 *
 * @param {number} value
 * @param {readonly string[]} forms
 */
export function count(value, forms) {
  return `${number(value)} ${forms[value === 1 ? 0 : 1]}`;
}

/**
 * Return a topic as people write it.
 *
 * @param {string} slug
 */
export function topicName(slug) {
  const words = slug.replaceAll("-", " ");
  return config.topics[slug] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * Return a region's name: the German states by name, others by their code.
 *
 * @param {string} code ISO 3166-2
 */
export function regionName(code) {
  return (code.startsWith("DE-") && words.states[code.slice(3)]) || code;
}

/**
 * Return a word of a closed list, or the key itself where a newer API knows more.
 *
 * @param {Record<string, string>} list
 * @param {string | undefined} key
 */
export function word(list, key = "") {
  return list[key] ?? key;
}

/**
 * Return a figure: "rund 50 Mitglieder und Partner", "8 members", "at least 100 participants".
 *
 * @param {Figure} figure
 */
export function figureOf({ measure, qualifier = "exact", value, min, max, scope }) {
  const amount = [value ?? min, value ?? max].filter((each) => each !== undefined).map(number);
  const qualified = fill(words.qualifiers[qualifier] ?? "{}", [...new Set(amount)].join("–"));
  const forms = words.measures[measure];
  // A scope names another quantity than the measure alone: "about 20 (Unternehmer)".
  const named = forms ? ` ${forms[value === 1 && qualifier === "exact" ? 0 : 1]}` : "";
  return `${qualified}${named}${scope ? (named ? ` (${scope})` : `: ${scope}`) : ""}`;
}

/**
 * Return the parts of a date as they are written, or undefined when it is none.
 *
 * @param {string} text
 * @returns {Parts | undefined}
 */
export function parts(text) {
  const found = /^(\[\.\.|\[)?(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d:\d\d)[\d:.]*)?(~)?(\.\.\]|\])?$/.exec(text);
  if (!found) return undefined;
  const [, open, year, month, day, time, about, end] = found;
  return {
    year: Number(year),
    ...(month && { month: Number(month) }),
    ...(day && { day: Number(day) }),
    ...(time && { time }),
    about: Boolean(about),
    open: open === "[.." ? "start" : end === "..]" ? "end" : "",
  };
}

/**
 * Return a date in words: "September 2023", "etwa 2018", "not later than 16 September 2015".
 *
 * @param {string} text
 */
export function inWords(text) {
  const date = parts(text);
  const { notLater, notEarlier } = words.dates;
  return date ? fill({ "": "{}", start: notLater, end: notEarlier }[date.open], dateOf(date)) : text;
}

/**
 * Return a date in words, marked up where a machine may read it.
 *
 * @param {string} text
 * @param {string} [said]
 */
export function dated(text, said = inWords(text)) {
  return isExact(text) ? h("time", { datetime: text }, said) : said;
}

/**
 * Return whether `<time datetime>` may hold a date: HTML knows no "about" and no "not later than".
 *
 * @param {string} text
 */
export function isExact(text) {
  const date = parts(text);
  return Boolean(date && !date.about && !date.open);
}

/**
 * Return since when something holds and until when, or the day for which it was told; "" when nothing is known.
 *
 * @param {{since?: string, until?: string, as_of?: string}} statement
 */
export function period({ since, until, as_of: asOf }) {
  const forms = words.dates;
  if (since && until) return since === until ? inWords(since) : range(since, until);
  const begun = since && parts(since);
  if (begun) return begun.open === "start" ? fill(forms.sinceNotLater, dateOf(begun)) : fill(forms.since, inWords(since));
  if (until) return fill(forms.until, inWords(until));
  return asOf ? fill(forms.asOf, inWords(asOf)) : "";
}

/**
 * Return when an event is: "15. und 16. Juni 2023", "11 January 2018, 17:00", "ab 11. Januar 2018".
 *
 * @param {When | null | undefined} when
 */
export function eventTime(when) {
  if (!when) return words.dates.none;
  const { start, end } = when;
  const last = end && parts(end);
  if (!last || end === start) return inWords(start);
  return last.open === "end" ? fill(words.dates.from, inWords(start)) : range(start, end);
}

/**
 * Return the earliest year of a date, or undefined where its beginning is open or unknown.
 *
 * @param {string | undefined} text
 */
export function yearOf(text) {
  return text ? parts(text)?.year : undefined;
}

/**
 * Return today as `2026-11-28`, in the register's time zone.
 *
 * @param {Date} now
 */
export function today(now = new Date()) {
  // Swedish writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat("sv", { timeZone: "Europe/Berlin" }).format(now);
}

/**
 * Return the name of a month, 1 to 12.
 *
 * @param {number} month
 */
export function monthName(month) {
  let names = monthNames.get(language);
  if (!names) {
    const form = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
    monthNames.set(language, (names = Array.from({ length: 12 }, (_, index) => form.format(Date.UTC(2024, index, 1)))));
  }
  return names[month - 1] ?? String(month);
}

/**
 * @param {string} first
 * @param {string} last
 */
function range(first, last) {
  const forms = words.dates;
  const [from, to] = [parts(first), parts(last)];
  const bothPlain = from && to && ![from, to].some(({ about, open }) => about || open);
  if (bothPlain && from.day && to.day && from.year === to.year && from.month === to.month) {
    if (!from.time && !to.time) return fill(to.day === from.day + 1 ? forms.and : forms.days, from.day, dateOf(to));
    if (from.time && to.time && from.day === to.day) {
      const { time, ...day } = from;
      return fill(forms.time, dateOf(day), `${time}–${to.time}`);
    }
  }
  return fill(forms.span, inWords(first), inWords(last));
}

/** @param {Parts} date */
function dateOf({ year, month, day, time, about }) {
  const forms = words.dates;
  let said = String(year);
  if (month) said = day ? fill(forms.day, day, monthName(month), said) : `${monthName(month)} ${said}`;
  if (time) said = fill(forms.time, said, time);
  return about ? fill(forms.about, said) : said;
}
