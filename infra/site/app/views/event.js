/** One event: when, where, by whom, and what is on the programme. */

import { address, all, get } from "../api.js";
import { h, joined, linked } from "../dom.js";
import { eventEntry } from "../entries.js";
import { article, personLine, placeLine, siteLink } from "../people.js";
import { aside, facts, later, list, section, tags } from "../pieces.js";
import { to } from "../router.js";
import { Sources } from "../statements.js";
import { dated, eventTime, figureOf, fill, language, number, period, plain, said, word, words } from "../words.js";

/**
 * @param {Page} page
 * @returns {Promise<View>}
 */
export async function show(page) {
  const { id, signal } = page;
  const path = `/events/${id}`;
  /** @type {Event_} */
  const event = await get(path, { include: "refs" }, signal);
  const { title, kind, status, when, previous_when: previous, refs, place, part_of: above, cooperation_id: origin } = event;
  const sources = new Sources(event);
  const own = words.event;
  const calendar = address(`${path}.ics`, { lang: language, tentative: "include" });
  const spoken = new Intl.DisplayNames(language, { type: "language" });
  /** @param {"events" | "cooperations"} page @param {string} id */
  const record = (page, id) => h("p", null, h("a", { href: to(page, id) }, said(refs?.[id]?.title ?? id)));
  return {
    title: plain(title),
    description: plain(event.description) || [plain(title), eventTime(when), place?.city].filter(Boolean).join(", "),
    data: path,
    alternates: [{ type: "text/calendar", title: plain(title), href: calendar }],
    body: article(
      sources,
      {
        image: event.image,
        kicker: [word(words.eventKinds, kind), word(words.eventStatus, status), period({ as_of: event.status_as_of })],
        title: h("h1", { class: status === "cancelled" && "off" }, said(title)),
        below: h(
          "p",
          { class: "time" },
          joined([sources.field("when", eventTime) || eventTime(when), place?.city]),
          when?.precision === "minute" && when.timezone !== "Europe/Berlin" && aside(when.timezone && `(${when.timezone})`),
          previous && aside(fill(own.previously, eventTime(previous))),
        ),
      },
      facts({
        place: placeLine(place, refs),
        online_url: place?.online_url && linked(place.online_url, place.online_url),
        audience: event.audience && word(words.audiences, event.audience),
        languages: event.languages?.map((each) => spoken.of(each) ?? each).join(", "),
        other_titles: event.other_titles?.join(", "),
        website: event.website && siteLink(event.website),
        topics: tags("topic", event.topics, "events"),
        calendar: when && h("a", { href: calendar, download: true }, own.calendar),
      }),
      sources.section("organisers", ({ organisation_id: organiser, role }) => [
        h("a", { href: to("organisations", organiser), class: "strong" }, refs?.[organiser]?.name ?? organiser),
        role !== "organiser" && aside(word(words.eventRoles, role)),
      ]),
      section(words.fields.programme, programme(event, sources)),
      section(words.fields.registration, registration(event.registration)),
      sources.section("people", (each) => personLine(each, refs)),
      above && section(words.fields.part_of, record("events", above)),
      origin && section(words.fields.cooperation_id, record("cooperations", origin)),
      later(
        page,
        () => all(`${path}/parts`, {}, signal),
        (items) =>
          section(
            own.parts,
            sources.field("expected_parts", (expected) => fill(own.expectedParts, number(expected))),
            items.length > 0 && list(items.map(eventEntry)),
          ),
      ),
      sources.section("figures", figureOf),
    ),
  };
}

/**
 * @param {Event_} event
 * @param {Sources<Event_>} sources
 */
function programme({ programme: items = [], refs, when }, sources) {
  return items.length > 0 && h(
    "ol",
    { class: "programme" },
    items.map(({ title, starts, ends, abstract, speakers }, index) =>
      h(
        "li",
        null,
        starts && h("span", { class: "margin" }, slot(starts, ends, when?.start)),
        h("strong", null, said(title)),
        sources.cite({}, `/programme/${index}`),
        abstract && h("p", null, said(abstract)),
        sources.list(`programme/${index}/speakers`, speakers, (each) => personLine(each, refs)),
      ),
    ),
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
  const [date = "", time] = starts.split("T");
  if (!time) return dated(starts);
  const clock = [time, ends?.split("T")[1]].filter(Boolean).join("–");
  return date === day?.slice(0, 10) ? clock : [dated(date), `, ${clock}`];
}

/** @param {Event_["registration"]} registration */
function registration(registration) {
  if (!registration) return null;
  const { url, opens_at: opens, closes_at: closes, capacity, fee, required, note } = registration;
  const own = words.event;
  return h("p", null, joined([
    url && linked(url, own.register),
    required && own.required,
    opens && [fill(own.opens), dated(opens)],
    closes && [fill(own.closes), dated(closes)],
    capacity !== undefined && fill(own.capacity, number(capacity)),
    fee,
    note,
  ], " · "));
}
