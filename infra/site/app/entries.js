/** Records in one entry each, as lists show them, and the years under which they stand. */

import { address } from "./api.js";
import { machine, yearOf } from "./dates.js";
import { h, joined } from "./dom.js";
import { to } from "./router.js";
import { dated, language, regionName, said, timeOf, topicName, word, words } from "./words.js";

const PARTIES_SHOWN = 5;

/**
 * Return an organisation: name, what it is, where, what about.
 *
 * @param {OrganisationSummary} organisation
 */
export function organisationEntry(organisation) {
  const { id, name, kind, city, regions, topics } = organisation;
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
  const time = when && machine(when.start);
  const changed = status === "cancelled" || status === "postponed";
  return entry(
    time ? h("time", { datetime: time }, timeOf(when)) : timeOf(when),
    [
      h("a", { href: to("events", id), class: status === "cancelled" ? "off" : null }, said(title)),
      changed && h("strong", { class: "status" }, ` ${word(words.eventStatus, status)}`),
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
 * Return entries under the years in which they begin, as they come.
 *
 * @template Item
 * @param {Item[]} items
 * @param {(item: Item) => string | undefined} dateOf
 * @param {(item: Item) => Child} show
 */
export function byYear(items, dateOf, show) {
  /** @type {Map<string, Item[]>} */
  const groups = new Map();
  for (const item of items) {
    const year = String(yearOf(dateOf(item)) ?? words.undated);
    groups.set(year, [...(groups.get(year) ?? []), item]);
  }
  return [...groups].map(([year, group]) =>
    h(
      "section",
      { class: "year" },
      h("h2", null, year),
      h("ul", { class: "entries" }, ...group.map((item) => h("li", null, show(item)))),
    ),
  );
}

/**
 * Return the years that tell something: in which an event is, or in which it changes how many work together.
 *
 * @param {Stats["years"]} years
 * @param {("cooperations" | "events")[]} nouns
 */
export function telling(years, nouns = ["cooperations", "events"]) {
  return years.filter(
    ({ events, cooperations }, index) =>
      (nouns.includes("events") && events > 0) ||
      (nouns.includes("cooperations") && cooperations > 0 && cooperations !== years[index - 1]?.cooperations),
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
  return {
    name: "year",
    label: words.facets.year,
    choices: telling(years, [noun])
      .reverse()
      .map(({ year, [noun]: count }) => ({ value: String(year), label: String(year), count })),
  };
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

/**
 * @param {readonly {organisation_id: string, name?: string}[] | undefined} parties
 * @returns {Child}
 */
function names(parties = []) {
  const shown = parties.slice(0, PARTIES_SHOWN).map(({ organisation_id: id, name }) => name && h("a", { href: to("organisations", id) }, name));
  const rest = parties.length - PARTIES_SHOWN;
  return joined([...shown, rest > 0 && `+ ${rest}`]);
}
