/**
 * What is said, in the language of the page; texts of the register come in the language that they have.
 *
 * @typedef {typeof import('./words/de.js').default} Words
 */

import config from "../config.js";
import { eventTime, inWords, machine, period } from "./dates.js";
import { h } from "./dom.js";

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
  return words.regions[code] ?? code;
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
 * Return a date in words, marked up where a machine may read it.
 *
 * @param {string} date
 */
export function dated(date) {
  const readable = machine(date);
  const text = inWords(date, language);
  return readable ? h("time", { datetime: readable }, text) : text;
}

/** @param {{since?: string, until?: string, as_of?: string}} statement */
export function periodOf(statement) {
  return period(statement, language);
}

/** @param {When | null | undefined} when */
export function timeOf(when) {
  return when ? eventTime(when, language) : words.noDate;
}

/**
 * Return a figure: "rund 50 Mitglieder und Partner", "8 members", "at least 100 participants".
 *
 * @param {Figure} figure
 */
export function figureOf({ measure, qualifier, value, min, max, scope }) {
  const amount =
    value === undefined ? [min, max].filter((each) => each !== undefined).map((each) => number(each ?? 0)) : [number(value)];
  const qualified = words.qualifiers[qualifier ?? "exact"].replace("{}", amount.join("–"));
  const forms = words.measures[measure];
  // A scope names another quantity than the measure alone: "about 20 (Unternehmer)".
  const named = forms ? ` ${forms[value === 1 && qualifier === "exact" ? 0 : 1]}` : "";
  return `${qualified}${named}${scope ? (named ? ` (${scope})` : `: ${scope}`) : ""}`;
}

