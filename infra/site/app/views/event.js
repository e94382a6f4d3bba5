/** One event: when, where, by whom, and what is on the programme. */

import { address, all, get } from "../api.js";
import { h, joined, web } from "../dom.js";
import { eventEntry } from "../entries.js";
import { illustration, personLine, placeLine } from "../people.js";
import { facts, later, list, section, topicLinks } from "../pieces.js";
import { to } from "../router.js";
import { Sources, statementList } from "../statements.js";
import { dated, figureOf, language, number, periodOf, plain, said, timeOf, word, words } from "../words.js";

/**
 * @param {Page} page
 * @returns {Promise<View>}
 */
export async function show(page) {
  const { id, signal } = page;
  const path = `/events/${id}`;
  /** @type {Event_} */
  const event = await get(path, { include: "refs" }, signal);
  const { title, kind, status, when, previous_when: previous, description, refs, place } = event;
  const sources = new Sources(event);
  const own = words.event;
  const calendar = address(`${path}.ics`, { lang: language, tentative: "include" });
  const link = web(event.website);
  return {
    title: plain(title),
    description: plain(description) || [plain(title), timeOf(when), place?.city].filter(Boolean).join(", "),
    data: path,
    alternates: [{ type: "text/calendar", title: plain(title), href: calendar }],
    body: h(
      "article",
      null,
      h(
        "header",
        null,
        illustration(event.image),
        h("p", { class: "kicker" }, joined([word(words.eventKinds, kind), word(words.eventStatus, status), periodOf({ as_of: event.status_as_of })], " · ")),
        h("h1", { class: status === "cancelled" ? "off" : null }, said(title)),
        h(
          "p",
          { class: "time" },
          joined([timeOf(when), place?.city]),
          when?.precision === "minute" && when.timezone && when.timezone !== "Europe/Berlin" && h("span", { class: "remark" }, ` (${when.timezone})`),
          sources.citeField("/when"),
          previous && h("span", { class: "remark" }, ` ${own.previously.replace("{}", timeOf(previous))}`),
        ),
        description && h("p", { class: "description" }, said(description), sources.citeField("/description")),
      ),
      facts(
        [own.place, place && placeLine(place, refs)],
        [own.online, web(place?.online_url) && h("a", { href: web(place?.online_url) }, place?.online_url)],
        [own.audience, event.audience && word(words.audiences, event.audience)],
        [own.languages, event.languages?.map((each) => new Intl.DisplayNames(language, { type: "language" }).of(each) ?? each).join(", ")],
        [own.otherTitles, event.other_titles?.join(", ")],
        [own.website, link && h("a", { href: link, rel: "external" }, link.replace(/^https?:\/\/(www\.)?|\/$/g, ""))],
        [own.topics, topicLinks(event.topics, "events")],
        [words.footer.calendar, when && h("a", { href: calendar, download: true }, own.calendar)],
      ),
      section(own.organisers, statementList(event.organisers, sources, "organisers", (each) => organiser(each, refs))),
      section(own.programme, programme(event, sources)),
      section(own.registration, registration(event.registration)),
      section(own.people, statementList(event.people, sources, "people", (each) => personLine(each, refs))),
      related(event),
      later(
        page,
        () => all(`${path}/parts`, {}, signal, 2),
        (items) =>
          (items.length > 0 || event.expected_parts !== undefined) &&
          section(
            own.parts,
            event.expected_parts !== undefined && h("p", null, own.expectedParts.replace("{}", number(event.expected_parts)), sources.citeField("/expected_parts")),
            items.length > 0 && list(items.map(eventEntry)),
          ),
      ),
      section(own.figures, statementList(event.figures, sources, "figures", figureOf)),
      sources.list(),
    ),
  };
}

/**
 * @param {NonNullable<Event_["organisers"]>[number]} organiser
 * @param {Event_["refs"]} refs
 */
function organiser({ organisation_id: id, role }, refs) {
  return [
    h("a", { href: to("organisations", id), class: "strong" }, refs?.[id]?.name ?? id),
    role !== "organiser" && h("span", { class: "remark" }, ` ${word(words.eventRoles, role)}`),
  ];
}

/**
 * @param {Event_} event
 * @param {Sources} sources
 */
function programme({ programme: items, refs, when }, sources) {
  return (
    items?.length &&
    h(
      "ol",
      { class: "programme" },
      ...items.map(({ title, starts, ends, abstract, speakers }, index) =>
        h(
          "li",
          null,
          starts && h("span", { class: "margin" }, slot(starts, ends, when?.start)),
          h("strong", null, said(title)),
          sources.cite({}, `/programme/${index}`),
          abstract && h("p", null, said(abstract)),
          statementList(speakers, sources, `programme/${index}/speakers`, (each) => personLine(each, refs)),
        ),
      ),
    )
  );
}

/**
 * Return the time of an item; its day is left out on the day of the event.
 *
 * @param {string} starts
 * @param {string | undefined} ends
 * @param {string | undefined} day
 */
function slot(starts, ends, day) {
  const [date, time] = starts.split("T");
  if (!time) return dated(starts);
  const clock = [time, ends?.split("T")[1]].filter(Boolean).join("–");
  return date === day?.slice(0, 10) ? clock : [dated(date ?? ""), `, ${clock}`];
}

/** @param {Event_["registration"]} registration */
function registration(registration) {
  if (!registration) return null;
  const { url, opens_at: opens, closes_at: closes, capacity, fee, required, note } = registration;
  const own = words.event;
  const link = web(url);
  const found = [
    link && h("a", { href: link, rel: "external" }, own.register),
    required && own.required,
    opens && [own.opens.replace("{}", ""), dated(opens)],
    closes && [own.closes.replace("{}", ""), dated(closes)],
    capacity !== undefined && own.capacity.replace("{}", number(capacity)),
    fee,
    note,
  ];
  return h("p", null, joined(found.map((each) => each && h("span", null, each)), " · "));
}

/** @param {Event_} event */
function related({ part_of: above, cooperation_id: cooperation, refs }) {
  const name = (/** @type {string} */ id) => (refs?.[id]?.title ? said(refs[id].title) : id);
  return [
    above && section(words.event.partOf, h("p", null, h("a", { href: to("events", above) }, name(above)))),
    cooperation && section(words.event.cooperation, h("p", null, h("a", { href: to("cooperations", cooperation) }, name(cooperation)))),
  ];
}
