/** Records in one entry each, as lists show them, and the years under which they stand. */

import { address } from "./api.js";
import { h, joined } from "./dom.js";
import { list } from "./pieces.js";
import { to } from "./router.js";
import { dated, eventTime, language, regionName, said, topicName, word, words, yearOf } from "./words.js";

const PARTIES_SHOWN = 5;

/**
 * Return an organisation: name, what it is, where, what about.
 *
 * @param {OrganisationSummary} organisation
 */
export function organisationEntry({ id, name, kind, city, regions, topics }) {
  return entry(
    word(words.kinds, kind),
    h("a", { href: to("organisations", id) }, name),
    joined([city ?? regions?.map(regionName).join(", "), topics?.slice(0, 4).map(topicName).join(", ")], " · "),
  );
}

/**
 * Return an event: when, what, where, by whom.
 *
 * @param {EventSummary} event
 */
export function eventEntry({ id, title, kind, status, when, city, place_name: place, organisers }) {
  const cancelled = status === "cancelled";
  return entry(
    dated(when?.start ?? "", eventTime(when)),
    [
      h("a", { href: to("events", id), class: cancelled && "off" }, said(title)),
      (cancelled || status === "postponed") && h("strong", { class: "status" }, ` ${word(words.eventStatus, status)}`),
    ],
    joined([kind !== "other" && word(words.eventKinds, kind), joined([place, city]), names(organisers)], " · "),
  );
}

/**
 * Return a cooperation: since when, what, who.
 *
 * @param {CooperationSummary} cooperation
 */
export function cooperationEntry({ id, title, kind, status, parties, signed_on: signed, effective_from: begun, ended_on: ended }) {
  const start = begun ?? signed;
  return entry(
    start ? [dated(start), ended && [" – ", dated(ended)]] : words.undated,
    h("a", { href: to("cooperations", id) }, said(title)),
    joined([names(parties), word(words.cooperationKinds, kind), status !== "unknown" && word(words.cooperationStatus, status)], " · "),
  );
}

/**
 * Return entries under the years in which they begin, as they come, or the word that there are none.
 *
 * @template Item
 * @param {Item[]} items
 * @param {(item: Item) => string | undefined} dateOf
 * @param {(item: Item) => Child} show
 */
export function byYear(items, dateOf, show) {
  if (!items.length) return list([]);
  /** @type {Map<string, Item[]>} */
  const groups = new Map();
  for (const item of items) {
    const year = String(yearOf(dateOf(item)) ?? words.undated);
    groups.set(year, [...(groups.get(year) ?? []), item]);
  }
  return [...groups].map(([year, group]) => h("section", { class: "year" }, h("h2", null, year), list(group.map(show))));
}

/**
 * Return the years that tell something: in which an event is, or in which it changes how many work together.
 *
 * @param {Stats["years"]} years
 * @param {("cooperations" | "events")[]} nouns
 */
export function telling(years, nouns = ["cooperations", "events"]) {
  return years.filter((year, index) =>
    nouns.some((noun) => year[noun] > 0 && (noun === "events" || year[noun] !== years[index - 1]?.[noun])),
  );
}

/**
 * Return the telling years as choices, the latest first.
 *
 * @param {Stats["years"]} years
 * @param {"cooperations" | "events"} noun
 * @returns {Group}
 */
export function yearChoices(years, noun) {
  const choices = telling(years, [noun]).map(({ year, [noun]: count }) => ({ value: String(year), label: String(year), count }));
  return { name: "year", label: words.year, choices: choices.reverse() };
}

/**
 * Return the way to take a list along as a table.
 *
 * @param {string} path
 * @param {Query} asked
 */
export function tableLink(path, asked) {
  const href = address(path, { ...asked, cursor: null, limit: 200, format: "csv", lang: language });
  return h("p", { class: "onward" }, h("a", { href, download: true }, words.table));
}

/**
 * Return a mark that leads to the sources of an organisation, for what is told of it elsewhere.
 *
 * @param {{id: string, name: string}} organisation
 */
export function sourcesOf({ id, name }) {
  const href = `${to("organisations", id)}#sources`;
  return h("sup", null, h("a", { href, "aria-label": `${words.sources.title}: ${name}` }, "*"));
}

/**
 * @param {Child} margin
 * @param {Child} title
 * @param {Child} more
 */
export function entry(margin, title, more) {
  return [
    h("span", { class: "margin" }, margin),
    h("span", { class: "body" }, h("span", { class: "title" }, title), h("span", { class: "more" }, more)),
  ];
}

/** @param {readonly {organisation_id: string, name?: string}[]} [parties] */
function names(parties = []) {
  const shown = parties.slice(0, PARTIES_SHOWN).map(({ organisation_id: id, name }) => name && h("a", { href: to("organisations", id) }, name));
  const rest = parties.length - PARTIES_SHOWN;
  return joined([...shown, rest > 0 && `+ ${rest}`]);
}
