/** One cooperation: with whom, to what end, and what came of it. */

import { all, get } from "../api.js";
import { h, joined, linked } from "../dom.js";
import { cooperationEntry, eventEntry } from "../entries.js";
import { article, personLine, placeLine } from "../people.js";
import { aside, facts, later, list, nothing, part, section, tags } from "../pieces.js";
import { to } from "../router.js";
import { Sources } from "../statements.js";
import { dated, figureOf, fill, period, plain, said, topicName, word, words } from "../words.js";

/**
 * @param {Page} page
 * @returns {Promise<View>}
 */
export async function show(page) {
  const { id, signal } = page;
  const path = `/cooperations/${id}`;
  /** @type {Cooperation} */
  const cooperation = await get(path, { include: "refs" }, signal);
  const { title, kind, status, description, parties, refs, part_of: above, documents = [] } = cooperation;
  const sources = new Sources(cooperation);
  const own = words.cooperation;
  return {
    title: plain(title),
    description: plain(description) || parties.map((each) => refs?.[each.organisation_id]?.name).join(", "),
    data: path,
    body: article(
      sources,
      {
        kicker: [word(words.cooperationKinds, kind), word(words.cooperationStatus, status), period({ as_of: cooperation.status_as_of })],
        title: h("h1", null, said(title)),
      },
      facts({
        signed_on: sources.field("signed_on", dated),
        effective_from: sources.field("effective_from", dated),
        planned_end: sources.field("planned_end", dated),
        ended_on: sources.field("ended_on", dated),
        place: placeLine(cooperation.place, refs),
        target_groups: cooperation.target_groups?.join(", "),
        topics: tags("topic", cooperation.topics, "cooperations"),
      }),
      sources.section(
        "parties",
        (each) => party(each, refs),
        cooperation.parties_complete === false && h("p", { class: "small" }, own.others),
        cooperation.open_to_partners && h("p", null, own.open),
      ),
      section(words.fields.results, outcome(page, cooperation)),
      sources.section("goals", ({ text, topics, status: reached }) => [
        said(text),
        aside(joined([reached && word(words.goalStatus, reached), topics?.map(topicName).join(", ")], " · ")),
      ]),
      part(page, own.parts, `${path}/parts`, (items) => list(items.map(cooperationEntry))),
      above && section(words.fields.part_of, h("p", null, h("a", { href: to("cooperations", above) }, said(refs?.[above]?.title ?? above)))),
      sources.section("people", (each) => personLine(each, refs)),
      sources.section("figures", figureOf),
      documents.length > 0 && section(words.fields.documents, list(documents.map((each) => linked(each.url, each.title)), "plain")),
    ),
  };
}

/**
 * @param {Cooperation["parties"][number]} party
 * @param {Cooperation["refs"]} refs
 */
function party({ organisation_id: id, roles, focus, signatory, confirmation }, refs) {
  const own = words.cooperation;
  const known = refs?.[id];
  return joined([
    h("a", { href: to("organisations", id), class: "strong" }, known?.name ?? id),
    known?.city,
    ...(roles ?? []).map((role) => role !== "party" && word(words.cooperationRoles, role)),
    focus && said(focus),
    { confirmed: own.confirmed, declined: own.declined, unanswered: "" }[confirmation?.state ?? "unanswered"],
    signatory && [fill(own.signatory), personLine(signatory, refs)],
  ]);
}

/**
 * Results, the events that came of it among them.
 *
 * @param {Page} page
 * @param {Cooperation} cooperation
 */
function outcome(page, { id, results = [] }) {
  return later(
    page,
    () => all(`/cooperations/${id}/events`, {}, page.signal),
    (events) => [
      results.length > 0 &&
        list(
          results.map(({ title, kind, url, event_id: event }) => [
            event ? h("a", { href: to("events", event) }, said(title)) : linked(url, said(title)),
            kind && aside(word(words.resultKinds, kind)),
          ]),
          "plain",
        ),
      events.length > 0 && list(events.map(eventEntry)),
      !results.length && !events.length && nothing(words.cooperation.noResults),
    ],
  );
}
