/** What the register is, in ten seconds: how much, what is on, who works with whom. */

import config from "../../config.js";
import { address, get, narrowed, network } from "../api.js";
import { h, joined } from "../dom.js";
import { cooperationEntry, entry, eventEntry, organisationEntry, sourcesOf, telling } from "../entries.js";
import { later, list, onward, remark, section } from "../pieces.js";
import { to, toRecord } from "../router.js";
import { count, dated, figureOf, fill, language, today, words } from "../words.js";

/**
 * @param {Page} page
 * @returns {View}
 */
export function show(page) {
  const { signal } = page;
  const said = words.start;
  const stats = get("/stats", narrowed(), signal);
  return {
    title: config.name,
    alternates: [
      { type: "application/atom+xml", title: said.news, href: address("/feed.atom", { lang: language, ...narrowed() }) },
      { type: "text/calendar", title: words.nav.events, href: address("/events.ics", { lang: language, ...narrowed() }) },
    ],
    body: [
      h("h1", { class: "unseen" }, config.name),
      h("div", { class: "lead" }, later(page, () => stats, lead)),
      later(page, () => comingEvents(signal), events),
      section(said.cooperations, later(page, () => get("/cooperations", { limit: 5, ...narrowed() }, signal), cooperations)),
      section(said.years, h("p", null, said.yearsHint), later(page, () => stats, years)),
      section(network ? said.members : said.networks, network ? later(page, () => get("/organisations", { limit: 24, ...narrowed() }, signal), organisations) : later(page, () => stats, networks)),
      section(said.news, later(page, () => get("/feed.json", { lang: language, limit: 6, ...narrowed() }, signal), news)),
    ],
  };
}

/** @param {Stats} stats */
function lead({ organisations, members, events, cooperations, by_kind: kinds }) {
  const forms = words.counts;
  const numbers = {
    organisations: [to("organisations"), count(organisations, forms.organisations)],
    networks: [to("organisations", null, { kind: "network" }), count(kinds.organisations["network"] ?? 0, forms.networks)],
    members: [to("organisations"), count(members, forms.members)],
    events: [to("events", null, { past: "1" }), count(events, forms.events)],
    cooperations: [to("cooperations"), count(cooperations, forms.cooperations)],
  };
  const sentence = (network ? words.start.leadOwn : words.start.lead).split(/\{(\w+)\}/);
  return [
    h(
      "p",
      { class: "statement" },
      sentence.map((piece, index) => {
        const known = numbers[/** @type {keyof typeof numbers} */ (index % 2 ? piece : "")];
        return known ? h("a", { href: known[0] }, known[1]) : piece;
      }),
    ),
    h("p", { class: "promise" }, words.start.promise, network && [" ", h("a", { href: to("organisations", network) }, fill(words.start.about, config.name))]),
  ];
}

/** @param {AbortSignal} signal */
async function comingEvents(signal) {
  const query = { limit: 6, parts: "exclude", ...narrowed() };
  // The first use of a time zone takes a slow phone its while; the page is seen before.
  await new Promise((resume) => requestAnimationFrame(() => setTimeout(resume)));
  const coming = await get("/events", { from: today(), ...query }, signal);
  if (coming.items.length) return { items: coming.items, coming: true };
  const past = await get("/events", { to: today(), order: "desc", ...query }, signal);
  return { items: past.items, coming: false };
}

/** @param {{items: EventSummary[], coming: boolean}} found */
function events({ items, coming }) {
  return section(
    coming ? words.start.next : words.start.last,
    !coming && h("p", { class: "small" }, words.start.noNext),
    list(items.map(eventEntry)),
    onward([to("events"), words.start.allEvents]),
  );
}

/** @param {{items: CooperationSummary[]}} page */
function cooperations({ items }) {
  return [list(items.map(cooperationEntry)), onward([to("cooperations"), words.start.allCooperations])];
}

/** @param {Stats} stats */
function years({ years: known }) {
  return h(
    "ul",
    { class: "years" },
    telling(known).map(({ year, events, cooperations: together }) =>
      h(
        "li",
        null,
        h("a", { href: to("cooperations", null, { year }) }, year),
        h("small", null, amounts([together, "cooperations"], [events, "events"])),
      ),
    ),
  );
}

/**
 * Return what there is, without what there is not: "3 cooperations, 2 events".
 *
 * @param {[number, "members" | "cooperations" | "events"][]} known
 */
function amounts(...known) {
  return known
    .filter(([number]) => number > 0)
    .map(([number, noun]) => count(number, words.counts[noun]))
    .join(", ");
}

/** @param {Stats} stats */
function networks({ networks: known }) {
  return [
    list(
      known.map(({ id, name, members: own, events, cooperations, figures }) => {
        const figure = figures.at(-1);
        const told = figure && h("span", null, figureOf(figure), remark(figure), sourcesOf({ id, name }));
        return entry(null, h("a", { href: to("organisations", id) }, name), joined([told, amounts([own, "members"], [cooperations, "cooperations"], [events, "events"])], " · "));
      }),
      "entries columns",
    ),
    onward([to("organisations"), words.start.allOrganisations]),
  ];
}

/** @param {{items: OrganisationSummary[]}} page */
function organisations({ items }) {
  return [list(items.map(organisationEntry)), onward([to("organisations"), words.start.allOrganisations])];
}

/** @param {{items: {url: string, title: string, date_published: string}[]}} feed */
function news({ items }) {
  return list(
    items.map(({ url, title, date_published: published }) => {
      const id = /(org|evt|coop)_\w+/.exec(url)?.[0];
      const path = id && toRecord(id);
      return entry(dated(published.slice(0, 10)), path ? h("a", { href: path }, title) : title, null);
    }),
  );
}
